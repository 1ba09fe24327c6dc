"""Which records of connections a contact or company was made of, and what becomes of these rows when it goes.

They are found by the names that the contact or company keeps of its sources: `provider:connection id:external id`.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from chalicelib.connectors.port import Provider
from chalicelib.core import ids
from chalicelib.core.ids import SortKey, TenantId
from chalicelib.domain.sources.model import Fate, SourceLinkPayload
from chalicelib.domain.sources.records import SourceLinkRecord
from chalicelib.domain.suppression.model import Mark
from chalicelib.store import batch, rows
from chalicelib.vault import tags
from chalicelib.vault.tags import Identifier

_PREFIX = "cxn"  # of the ids of connections, which are a feature above


@dataclass(frozen=True)
class SourceId:
    """A connection's name for one of its records, taken apart."""

    text: str
    connection: ids.OwnedId
    external_id: str


def parse(source_id: str) -> SourceId | None:
    """Return the parts of a connection's id; None for the id of a file's record."""
    provider, _, rest = source_id.partition(":")
    connection, _, external_id = rest.partition(":")
    owned = ids.parse_owned(connection, _PREFIX)
    if owned is None or not external_id or provider not in set(Provider):
        return None
    return SourceId(source_id, owned, external_id)


def names_of(source: str, source_ids: Iterable[str]) -> list[str]:
    """Return those of a record's names at its sources that this connection (as a source of values) gave."""
    return [name for name in source_ids if name.startswith(f"{source}:")]


def prefix(connection: ids.OwnedId, kind: str = "") -> str:
    """Return the prefix of the sort keys of all copies of a connection, or of those of one kind."""
    whole = ids.key_range(SourceLinkRecord.declared.kind, connection.owner, connection.local)
    return f"{whole}{kind}#" if kind else whole


def copy_sk(connection: ids.OwnedId, kind: str, key: str) -> SortKey:
    """Return the sort key of the copy of the record with that key."""
    return ids.sort_key(SourceLinkRecord.declared.kind, connection.owner, connection.local, kind, key)


def key_of(tenant: TenantId, kind: str, source_id: str) -> str:
    """Return the key of a record: the last part of its copy's sort key. Its contact's or company's id says nothing of it."""
    return tags.natural_key(tenant, f"{kind}\0{source_id}")


def closing(tenant: TenantId, record_sk: SortKey, source_ids: Iterable[str], fate: Fate) -> list[SourceLinkRecord]:
    """Return the rows that keep a contact or company away from now on.

    The call that deletes it writes them too.
    """
    kind = ids.kind_of(record_sk)
    return [
        SourceLinkRecord.build(
            tenant,
            _sk(tenant, kind, each),
            SourceLinkPayload(fate=fate, record=record_sk, external_id=each.external_id),
        )
        for each in _parsed(source_ids)
    ]


def going(tenant: TenantId, kind: str, source_ids: Iterable[str]) -> list[rows.DeleteIfPresent]:
    """Return the deletions of these records' rows, to be written beside that of their contact or company.

    Whatever their connections show of them counts as new from then on.
    """
    return [rows.DeleteIfPresent(SourceLinkRecord, _sk(tenant, kind, each)) for each in _parsed(source_ids)]


def outdate(tenant: TenantId, kind: str, source_ids: Iterable[str]) -> None:
    """Let the next full pass bring these records once more.

    A value that was second to another source's may be wanted now.
    """
    found = batch.get_all(SourceLinkRecord, [(tenant, _sk(tenant, kind, each)) for each in _parsed(source_ids)])
    fresh = []
    for row in found.values():
        payload = row.unsealed(SourceLinkPayload)
        if payload.fate is Fate.STORED and payload.digest:
            fresh.append(SourceLinkRecord.build(tenant, row.sk, payload.model_copy(update={"digest": ""})))
    batch.put_all(fresh)


def moved(tenant: TenantId, kind: str, source_ids: Iterable[str], to: SortKey) -> list[rows.PutIf]:
    """Return the rows of these records as they lead to another contact or company, to be written with what joins or parts these;
    the next full pass brings the records once more. One call."""
    found = batch.get_all(SourceLinkRecord, [(tenant, _sk(tenant, kind, each)) for each in _parsed(source_ids)])
    for row in found.values():
        row.reseal(row.unsealed(SourceLinkPayload).model_copy(update={"record": to, "digest": ""}))
    return [rows.PutIf(row) for row in found.values()]


def drop(tenant: TenantId, kind: str, source_ids: Iterable[str]) -> None:
    """Delete the rows of these records: what their connections show is as new from then on. Safe to repeat."""
    batch.delete_all(SourceLinkRecord, [(tenant, _sk(tenant, kind, each)) for each in _parsed(source_ids)])


def erase_children(tenant: TenantId, marks: Sequence[Mark], _: Sequence[SortKey]) -> None:
    """Delete the links of an erased contact's records at connections: those that these marks name.

    A sync under way may have written them once more. Safe to repeat.
    """
    drop(tenant, "contact", [mark.exact for mark in marks if mark.kind is Identifier.SOURCE])


def _parsed(source_ids: Iterable[str]) -> Iterator[SourceId]:
    return (each for source_id in dict.fromkeys(source_ids) if (each := parse(source_id)))


def _sk(tenant: TenantId, kind: str, each: SourceId) -> SortKey:
    return copy_sk(each.connection, kind, key_of(tenant, kind, each.text))
