"""While a stream cannot be read, nobody knows whether what came of it is still there: that time does not count as one in which
the connection did not show it."""

from collections.abc import Collection, Iterable

from chalicelib.connectors.port import Stream
from chalicelib.core import clock, ids
from chalicelib.core.actor import Lives, Unread
from chalicelib.domain.accounts import unread_streams
from chalicelib.domain.companies.model import KIND as COMPANY
from chalicelib.domain.connections import repository
from chalicelib.domain.connections.model import PREFIX, ConnectionPayload, StreamHealth, StreamState, source_of
from chalicelib.domain.connections.records import ConnectionRecord
from chalicelib.domain.contacts.model import KIND as CONTACT

_KINDS = {Stream.CONTACTS: CONTACT, Stream.COMPANIES: COMPANY}


def note(record: ConnectionRecord, lives: Lives, streams: Iterable[StreamHealth], held: Collection[Stream]) -> None:
    """Note which of these streams, as this very run found them, cannot be read or hold deletions back (`held`): nobody knows what
    is there then. One that can be read, and is complete, counts again. No call where nothing is news; `lives` is what was
    known before."""
    changed: dict[str, Unread | None] = {}
    for each in streams:
        name = _name(record, each.stream)
        before = lives.unread.get(name)
        if each.stream not in _KINDS:
            continue
        is_unclear = each.state is StreamState.UNREADABLE or each.stream in held
        if is_unclear and (before is None or before.until):
            since = before.since if before else clock.rfc3339(each.last_complete_at or clock.now())
            changed[name] = Unread(since)
        elif each.state is StreamState.OK and before is not None and not is_unclear:
            changed[name] = None
    _change(record, changed)


def stop(record: ConnectionRecord, lives: Lives, but: Collection[Stream] = ()) -> None:
    """Note that the connection shows nothing from now on, because nobody tries to read it or nothing answers; `but` for these
    streams, which something was heard of just now."""
    names = {_name(record, stream) for stream in _KINDS if stream not in but}
    known = {name: lives.unread[name] for name in names if name in lives.unread}
    now = clock.rfc3339(clock.now())
    _change(record, {name: Unread(each.since, now) for name, each in known.items() if not each.until})


def forget(record: ConnectionRecord) -> None:
    """Forget what was noted of the connection. Safe to repeat."""
    _change(record, {_name(record, stream): None for stream in _KINDS})


def _change(record: ConnectionRecord, changed: dict[str, Unread | None]) -> None:
    if changed:
        unread_streams.change(record.tenant, ids.owned_of(PREFIX, record.sk).owner, changed)


def _name(record: ConnectionRecord, stream: Stream) -> str:
    source = source_of(record.unsealed(ConnectionPayload).provider, repository.public_id(record))
    return f"{_KINDS.get(stream, '')}:{source}"
