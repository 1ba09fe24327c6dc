"""Deletions that a connection holds back, since its source suddenly shows much less than it did: its health says so, and its
member is told of each once."""

from collections.abc import Iterable
from datetime import timedelta

from chalicelib.connectors.mail.sending import Outgoing
from chalicelib.connectors.port import Stream
from chalicelib.core import clock, ids, log
from chalicelib.core.errors import VersionConflict
from chalicelib.domain.accounts import member_lookup
from chalicelib.domain.accounts.model import MemberPayload
from chalicelib.domain.connections import letters, repository
from chalicelib.domain.connections.model import PREFIX, ConnectionPayload, ConnectionState, Health, Held
from chalicelib.domain.connections.records import ConnectionRecord
from chalicelib.domain.work import mails
from chalicelib.store import rows

_MAIL = "deletions_held"
_MEANT_FOR = timedelta(days=1)  # a confirmation may wait in a phone's queue


def say(record: ConnectionRecord, stream: Stream, held: Held | None) -> None:
    """Write what the stream holds back, None for nothing, where the connection does not say so yet.

    VersionConflict where the connection is gone, or on its way out.
    """

    def write(current: ConnectionRecord) -> bool:
        payload = current.unsealed(ConnectionPayload).model_copy(deep=True)
        if payload.state is ConnectionState.ENDING:
            return False
        said = payload.health.held
        payload.health.held = [*(each for each in said if each.stream != stream), *([held] if held else [])]
        if payload.health.held != said:
            held_now = _claims(payload.health.held)
            if not {*_claims(said)} <= {*held_now}:
                payload.held_before = clock.now()
            for name in [each for each in payload.mails if each.startswith(f"{_MAIL}.") and each not in held_now]:
                del payload.mails[name]
            repository.save(current, payload)
            log.event("deletions_held" if held else "deletions_released", tenant=record.tenant)
        return True

    if not rows.settle(record, write):
        raise VersionConflict


def note(payload: ConnectionPayload, now: Health) -> None:
    """Note, where a pass is complete, whether something is held no more; forget that once a full pass holds nothing that is
    complete so much later that nobody can mean it any more. The caller saves."""
    if len(now.held) < len(payload.health.held):
        payload.held_before = clock.now()
    elif payload.held_before and now.last_full_at and not now.held:
        payload.held_before = payload.held_before if now.last_full_at < payload.held_before + _MEANT_FOR else None


def tell(record: ConnectionRecord) -> None:
    """Mail to the member all that the connection holds back, where some of it was not told yet.

    The reading does not wait for it: where the mail is not taken now, the next run tells.
    """

    def write(current: ConnectionRecord) -> None:
        payload = current.unsealed(ConnectionPayload).model_copy(deep=True)
        claims = _claims(payload.health.held)
        if payload.state is ConnectionState.ENDING or all(each in payload.mails for each in claims):
            return
        mail = _letter(current, payload)
        if mail is not None:
            mails.once(payload.mails, _MAIL, mail, lambda: repository.save(current, payload), claims)

    try:
        rows.settle(record, write)
    except mails.NotTaken as error:
        log.failure("deletions_held_not_told", error, tenant=record.tenant)


def _claims(held: Iterable[Held]) -> list[str]:
    return [f"{_MAIL}.{each.stream}.{each.since.isoformat()}" for each in held]


def _letter(record: ConnectionRecord, payload: ConnectionPayload) -> Outgoing | None:
    found = member_lookup.readable(record.tenant, ids.owned_of(PREFIX, record.sk).owner)
    if found is None:
        return None
    to = found.own.unsealed(MemberPayload)
    return letters.written(to, _MAIL, payload, **letters.held(payload))
