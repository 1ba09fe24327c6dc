"""A connection that cannot go on by itself: it stops, says why, and tells its member once. One that needs a new consent waits
for that; one that failed is tried again once a day for a week, for what an administrator forbade may be allowed again."""

from datetime import timedelta

from chalicelib.core import clock, log
from chalicelib.domain.connections import notices, repository
from chalicelib.domain.connections.model import SYNC_DUE, ConnectionPayload, ConnectionState
from chalicelib.domain.connections.records import ConnectionRecord
from chalicelib.store import rows
from chalicelib.store.due import Due, done, ensure

GRANT_ENDED, TOKENS_BROKEN, REFRESH_REFUSED = "grant_ended", "tokens_broken", "refresh_refused"
_TRIED_EVERY, _TRIED_FOR = timedelta(days=1), timedelta(days=7)
_MAILS = {ConnectionState.NEEDS_CONSENT: "needs_consent", ConnectionState.FAILED: "connection_failed"}


def needs_consent(record: ConnectionRecord, reason: str = GRANT_ENDED) -> None:
    """Stop the connection until its member consents again: the provider gives no token any more, or what is kept of it
    opens no more.

    The due row of its sync goes at the end, the caller's lease with it; call it again where it raised, or where a
    worker finds the state with a due row still there. Unavailable where the mail is not taken now.
    """
    _stop(record, ConnectionState.NEEDS_CONSENT, reason)
    _plan_nothing(record)


def failed(record: ConnectionRecord, reason: str) -> timedelta | None:
    """Stop the connection that the provider refuses, for `reason` (of GrantEnded or NotPermitted, or REFRESH_REFUSED), and
    return after which pause the caller tries again; None where nothing does any more. Otherwise as `needs_consent`."""
    stopped = _stop(record, ConnectionState.FAILED, reason)
    if stopped is not None and stopped.failed_at is not None:
        late = clock.now() + _TRIED_EVERY / 2  # each try is a little later than a day after the one before
        if late < stopped.failed_at + _TRIED_FOR:
            return _TRIED_EVERY
    _plan_nothing(record)
    return None


def answered(payload: ConnectionPayload) -> None:
    """Set a failed connection active again and forget refusals, now that the provider has given something. The caller
    saves."""
    payload.refused_since = payload.forbidden_since = None
    if payload.state is ConnectionState.FAILED:
        payload.state, payload.reason = ConnectionState.ACTIVE, ""


def mended(payload: ConnectionPayload) -> None:
    """Do as `answered` where a pass is complete: of a refusal after that, or another silence, the member is told again.
    The caller saves."""
    answered(payload)
    payload.failed_at = None
    for name in (notices.ENDS_SOON, _MAILS[ConnectionState.FAILED]):
        payload.mails.pop(name, None)


def _stop(record: ConnectionRecord, state: ConnectionState, reason: str) -> ConnectionPayload | None:
    """The connection as it has stopped; None where what failed was of a former consent, or does not matter any more."""
    consented_at = record.unsealed(ConnectionPayload).consented_at
    tell = notices.stopped(record, _MAILS[state])

    def write(current: ConnectionRecord) -> ConnectionPayload | None:
        payload = current.unsealed(ConnectionPayload).model_copy(deep=True)
        if payload.consented_at != consented_at or payload.state is ConnectionState.ENDING:
            return None
        stops = payload.state is not state
        payload.state, payload.reason = state, reason
        if state is ConnectionState.FAILED:
            payload.failed_at = payload.failed_at or clock.now()
        tell(current, payload)
        if stops:
            log.event("connection_stopped", tenant=record.tenant, provider=str(payload.provider), reason=reason)
        return payload

    stopped = rows.settle(record, write)
    if stopped is not None:
        notices.plan(record)
    return stopped


def _plan_nothing(record: ConnectionRecord) -> None:
    """No due work any more; unless its member consented again just now, who planned some that this may have taken away."""
    due = Due(SYNC_DUE, repository.work_id(record))
    done(due)
    now = repository.find(record.tenant, repository.public_id(record))
    if now is not None and now.unsealed(ConnectionPayload).state is ConnectionState.ACTIVE:
        ensure(due, clock.now())
