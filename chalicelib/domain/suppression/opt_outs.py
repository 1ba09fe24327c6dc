"""Opt-outs: who wants no mail of a workspace. One row for each address, whoever of the team learnt of it; it outlives
contact, connection and member, and goes with the workspace, or when the person is erased."""

from collections.abc import Iterable, Iterator

from chalicelib.core import ids
from chalicelib.core.ids import SortKey, TenantId
from chalicelib.domain.audit.model import TEAM
from chalicelib.domain.suppression.model import Mark, Subject
from chalicelib.domain.suppression.records import OptOutPayload, OptOutRecord
from chalicelib.domain.suppression.tombstones import index_pointers
from chalicelib.store import batch, pointers, rows
from chalicelib.store.pointers import Pointer, Role
from chalicelib.vault import tags
from chalicelib.vault.tags import Identifier

KIND = OptOutRecord.declared.kind


def rows_of(
    tenant: TenantId, addresses: Iterable[str], source: str, at: str
) -> Iterator[tuple[OptOutRecord, list[Pointer]]]:
    """Yield for each address (exact form) the row and its pointers, which are to be written first. Writes nothing."""
    for exact in dict.fromkeys(addresses):
        sk = ids.sort_key(KIND, TEAM, tags.subject_tags("suppression", Identifier.EMAIL, exact)[0])
        record = OptOutRecord.build(tenant, sk, OptOutPayload(source=source, at=at))
        yield record, index_pointers(tenant, sk, [Mark(Identifier.EMAIL, exact)])


def standing(tenant: TenantId, addresses: Iterable[str]) -> frozenset[str]:
    """Return those of these addresses (exact forms) whose owner has opted out.

    One call for 100 addresses, none for none.
    """
    keys = {
        exact: {
            (tenant, ids.sort_key(KIND, TEAM, tag)) for tag in tags.subject_tags("suppression", Identifier.EMAIL, exact)
        }
        for exact in addresses
    }
    found = batch.get_all(OptOutRecord, sorted(set[tuple[str, str]]().union(*keys.values()))).keys()
    return frozenset(exact for exact, own in keys.items() if own & found)


def subject_of(tenant: TenantId, record_sk: SortKey, _tag: str | None) -> Subject | None:
    """Return since when the row stands, None where it has gone. It knows its person by a keyed hash only, and its key is
    made of that: whatever tag leads to it is the person's."""
    row = rows.get(OptOutRecord, tenant, record_sk)
    return None if row is None else Subject(row.unsealed(OptOutPayload).at)


def erase(tenant: TenantId, record_sk: SortKey, tag: str | None) -> bool:
    """Delete the row, then the pointer that led to it; whether the row was there. Safe to repeat."""
    found = rows.get(OptOutRecord, tenant, record_sk) is not None
    batch.delete_all(OptOutRecord, [(tenant, record_sk)])
    if tag is not None:
        pointers.delete([Pointer(tenant, tag, Role.HOLDS, record_sk)])
    return found
