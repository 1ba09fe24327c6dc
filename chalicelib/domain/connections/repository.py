"""A connection's rows: found, listed, written. Its id says whose it is; its credential stands beside it under the same id."""

from collections.abc import Callable, Iterator

from chalicelib.core import clock, ids
from chalicelib.core.actor import Actor
from chalicelib.core.errors import NotFound, Unavailable, VersionConflict
from chalicelib.core.ids import OwnerCode, SortKey, TenantId
from chalicelib.domain.connections.model import KIND, PREFIX, ConnectionPayload, ConnectionState
from chalicelib.domain.connections.records import ConnectionRecord
from chalicelib.store import rows


def public_id(record: ConnectionRecord) -> str:
    """Return the id that clients know."""
    return str(ids.owned_of(PREFIX, record.sk))


def row_sk(ident: ids.OwnedId) -> SortKey:
    """Return the sort key of a connection."""
    return ids.sort_key(KIND, ident.owner, ident.local)


def work_id(record: ConnectionRecord) -> str:
    """Return the id of the connection's due work."""
    return f"{record.tenant}.{public_id(record)}"


def find(tenant: TenantId, connection_id: str) -> ConnectionRecord | None:
    """Return the tenant's connection of the id, whoever owns it and in whatever state: for workers. None where there is
    none."""
    parsed = ids.parse_owned(connection_id, PREFIX)
    return rows.get(ConnectionRecord, tenant, row_sk(parsed)) if parsed else None


def get(actor: Actor, connection_id: str) -> ConnectionRecord:
    """Return the actor's own connection. NotFound for any other, a colleague's too, and for one on its way out."""
    parsed = ids.parse_owned(connection_id, PREFIX)
    record = rows.get(ConnectionRecord, actor.tenant, row_sk(parsed)) if parsed and parsed.owner == actor.code else None
    if record is None or not shown(record):
        raise NotFound
    return record


def shown(record: ConnectionRecord) -> bool:
    """Return whether its member sees the connection."""
    return record.unsealed(ConnectionPayload).state is not ConnectionState.ENDING


def page(actor: Actor, limit: int, after: str | None) -> rows.Page[ConnectionRecord]:
    """Return the actor's connections, also those on their way out."""
    return rows.page(ConnectionRecord, actor.tenant, ids.key_range(KIND, actor.code), limit=limit, after=after)


def of_member(tenant: TenantId, owner_code: OwnerCode) -> Iterator[ConnectionRecord]:
    """Yield every connection of one member."""
    return rows.every(ConnectionRecord, tenant, ids.key_range(KIND, owner_code))


def of_tenant(tenant: TenantId) -> Iterator[ConnectionRecord]:
    """Yield every connection of a workspace."""
    return rows.every(ConnectionRecord, tenant, f"{KIND}#")


def change(record: ConnectionRecord, alter: Callable[[ConnectionPayload], rows.TransactItems]) -> ConnectionPayload:
    """Let `alter` change a copy of what the record holds, write it with the rows that `alter` returns, as `save` does,
    and return the copy; do so again where another wrote meanwhile. VersionConflict where the connection is gone, or on
    its way out."""

    def write(current: ConnectionRecord) -> ConnectionPayload | None:
        payload = current.unsealed(ConnectionPayload).model_copy(deep=True)
        if payload.state is ConnectionState.ENDING:
            return None
        save(current, payload, alter(payload))
        return payload

    written = rows.settle(record, write)
    if written is None:
        raise VersionConflict
    return written


def save(record: ConnectionRecord, payload: ConnectionPayload, transact: rows.TransactItems = ()) -> None:
    """Write the connection over what was read, with `transact` in the same call (see store.rows.put_new); its version
    moves where its member is shown something else. VersionConflict where another write came between, or it is gone: the
    record then holds what it held before."""
    before = record.unsealed(ConnectionPayload)
    visible = before is payload or before.shown() != payload.shown()
    if visible:
        payload.updated_at = clock.now()
    record.reseal(payload)
    try:
        rows.put_if_unchanged(record, transact, visible=visible)
    except (VersionConflict, Unavailable):
        record.reseal(before)
        raise
