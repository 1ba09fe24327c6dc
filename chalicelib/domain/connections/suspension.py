"""A connection that cannot go on without its member: it stops, says why, and tells the member once. Nothing tries again."""

from chalicelib.core import clock, log
from chalicelib.domain.connections import notices, repository
from chalicelib.domain.connections.model import SYNC_DUE, ConnectionPayload, ConnectionState
from chalicelib.domain.connections.records import ConnectionRecord
from chalicelib.store import rows
from chalicelib.store.due import Due, done, ensure

GRANT_ENDED, TOKENS_BROKEN, REFRESH_REFUSED = "grant_ended", "tokens_broken", "refresh_refused"
_MAILS = {ConnectionState.NEEDS_CONSENT: "needs_consent", ConnectionState.FAILED: "connection_failed"}


def needs_consent(record: ConnectionRecord, reason: str = GRANT_ENDED) -> None:
    """Stop the connection until its member consents again: the provider gives no token any more, or what is kept of it
    opens no more.

    The due row of its sync goes at the end, the caller's lease with it; call it again where it raised, or where a
    worker finds the state with a due row still there. Unavailable where the mail is not taken now.
    """
    _stop(record, ConnectionState.NEEDS_CONSENT, reason)


def failed(record: ConnectionRecord, reason: str) -> None:
    """Stop the connection that the provider refuses for a reason that only an administrator ends (port.NotPermitted's).
    Otherwise as `needs_consent`."""
    _stop(record, ConnectionState.FAILED, reason)


def mended(payload: ConnectionPayload) -> None:
    """Set a failed connection active again, now that the provider no longer refuses; after another refusal, or another silence,
    its member is told once more. The caller saves."""
    payload.mails.pop(notices.ENDS_SOON, None)
    if payload.state is ConnectionState.FAILED:
        payload.state, payload.reason = ConnectionState.ACTIVE, ""
        payload.mails.pop(_MAILS[ConnectionState.FAILED], None)


def _stop(record: ConnectionRecord, state: ConnectionState, reason: str) -> None:
    consented_at = record.unsealed(ConnectionPayload).consented_at
    tell = notices.stopped(record, _MAILS[state])

    def write(current: ConnectionRecord) -> bool:
        payload = current.unsealed(ConnectionPayload).model_copy(deep=True)
        if payload.consented_at != consented_at or payload.state is ConnectionState.ENDING:
            return False  # what failed was of a former consent, or does not matter any more
        payload.state, payload.reason = state, reason
        tell(current, payload)
        log.event("connection_stopped", tenant=record.tenant, provider=str(payload.provider), reason=reason)
        return True

    if rows.settle(record, write):
        notices.plan(record)
    _plan_nothing(record)


def _plan_nothing(record: ConnectionRecord) -> None:
    """No due work any more; unless its member consented again just now, who planned some that this may have taken away."""
    due = Due(SYNC_DUE, repository.work_id(record))
    done(due)
    now = repository.find(record.tenant, repository.public_id(record))
    if now is not None and now.unsealed(ConnectionPayload).state is ConnectionState.ACTIVE:
        ensure(due, clock.now())
