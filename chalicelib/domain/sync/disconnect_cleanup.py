"""What came only from one connection goes with it: all that it brought, its own places, passes and runs, when it could not be
read, and what its mailbox was counted for."""

import itertools
from collections.abc import Callable, Iterator

from chalicelib.connectors.port import Stream
from chalicelib.core import ids
from chalicelib.core.actor import Lives
from chalicelib.core.ids import OwnerCode, TenantId
from chalicelib.domain.companies.model import KIND as COMPANY
from chalicelib.domain.companies.model import CompanyPayload
from chalicelib.domain.companies.records import CompanyRecord
from chalicelib.domain.connections import repository
from chalicelib.domain.connections.model import PREFIX, ConnectionPayload, source_of
from chalicelib.domain.contacts.model import KIND as CONTACT
from chalicelib.domain.contacts.model import ContactPayload
from chalicelib.domain.contacts.records import ContactRecord
from chalicelib.domain.ingest.companies import Companies
from chalicelib.domain.ingest.contacts import Contacts
from chalicelib.domain.ingest.linked import Connected
from chalicelib.domain.ingest.removal import take_away
from chalicelib.domain.network import message_counter
from chalicelib.domain.sources import links
from chalicelib.domain.sources.model import SourceLinkPayload
from chalicelib.domain.sources.records import SourceLinkRecord
from chalicelib.domain.sync import unread
from chalicelib.domain.sync.checkpoint import Checkpoint
from chalicelib.domain.sync.records import CheckpointPayload, CheckpointRecord, PassRecord, RunRecord
from chalicelib.store import batch, rows

_AT_ONCE = 100
_OF = ((CONTACT, Stream.CONTACTS), (COMPANY, Stream.COMPANIES))


def forget(tenant: TenantId, connection_id: str, has_time: Callable[[], bool]) -> bool:
    """Delete what the connection brought, but for what is kept of it, and return whether all of it is gone. Safe to repeat.

    VersionConflict where a sync began that did not see the end.
    """
    parsed, record = ids.parse_owned(connection_id, PREFIX), repository.find(tenant, connection_id)
    if parsed is None:
        return True
    if record is not None:
        payload = record.unsealed(ConnectionPayload)
        source = source_of(payload.provider, connection_id)
        keeps = payload.ending is None or payload.ending.keeps
        for kind, stream in _OF:
            if not _contents(tenant, parsed, source, kind, stream, has_time, keeps=keeps):
                return False
    for kept in (PassRecord, RunRecord, CheckpointRecord):
        for page in rows.keys(kept, tenant, ids.key_range(kept.declared.kind, parsed.owner, parsed.local)):
            if page and not has_time():
                return False
            batch.delete_all(kept, [(tenant, sk) for sk in page])
    if record is not None:
        unread.forget(record)
    return message_counter.forget(tenant, parsed.owner, parsed.local, has_time)


def forget_mail(tenant: TenantId, owned: ids.OwnedId, has_time: Callable[[], bool]) -> bool:
    """Delete the counts of the connection's mailbox and the place of its reading. Return whether all is gone.

    For the worker that has the connection. Safe to repeat. VersionConflict where another has it.
    """
    checkpoint = Checkpoint(tenant, owned.owner, owned.local, Stream.MAIL)
    checkpoint.claim()
    # Its version moves on, so that a worker which is only slow counts nothing more; should mail be read again, it begins anew.
    checkpoint.save(CheckpointPayload())
    return message_counter.forget(tenant, owned.owner, owned.local, has_time)


def _contents(
    tenant: TenantId,
    owned: ids.OwnedId,
    source: str,
    kind: str,
    stream: Stream,
    has_time: Callable[[], bool],
    *,
    keeps: bool,
) -> bool:
    origin = None
    found = itertools.chain(_copies(tenant, links.prefix(owned, kind)), _left(tenant, owned, source, kind))
    for chunk in batch.chunks(found, _AT_ONCE):
        if origin is None:
            # Claimed, so that a worker which is only slow writes nothing of this stream any more.
            checkpoint = Checkpoint(tenant, owned.owner, owned.local, stream)
            checkpoint.claim()
            origin = Connected.of(tenant, owned, source, Lives(), checkpoint.row)
        if kind == CONTACT:
            take_away(Contacts(origin, keeps=keeps), origin, dict(chunk))
        else:
            take_away(Companies(origin, keeps=keeps), origin, dict(chunk))
        if not has_time():
            return False
    return True


def _copies(tenant: TenantId, prefix: str) -> Iterator[tuple[str, SourceLinkPayload]]:
    for row in rows.every(SourceLinkRecord, tenant, prefix):
        yield row.sk.removeprefix(prefix), row.unsealed(SourceLinkPayload)


def _left(tenant: TenantId, owned: ids.OwnedId, source: str, kind: str) -> Iterator[tuple[str, SourceLinkPayload]]:
    """What still names the connection: a worker that was killed had written it, and no copy of it yet."""
    begin = f"{source}:"
    for sk, names in (_contacts if kind == CONTACT else _companies)(tenant, owned.owner):
        for name in names:
            if name.startswith(begin):
                copy = SourceLinkPayload(record=sk, external_id=name.removeprefix(begin))
                yield links.key_of(tenant, kind, name), copy


def _contacts(tenant: TenantId, owner: OwnerCode) -> Iterator[tuple[str, list[str]]]:
    for row in rows.every(ContactRecord, tenant, ids.key_range(CONTACT, owner)):
        yield row.sk, row.unsealed(ContactPayload).source_ids


def _companies(tenant: TenantId, owner: OwnerCode) -> Iterator[tuple[str, list[str]]]:
    for row in rows.every(CompanyRecord, tenant, ids.key_range(COMPANY, owner)):
        yield row.sk, row.unsealed(CompanyPayload).source_ids
