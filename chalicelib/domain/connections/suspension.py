"""A connection that cannot go on without its member: it stops, says why, and tells the member once. Nothing tries again."""

from chalicelib.connectors.mail.sending import Outgoing
from chalicelib.core import clock, ids, log
from chalicelib.domain.accounts import member_lookup
from chalicelib.domain.accounts.model import MemberPayload
from chalicelib.domain.connections import repository
from chalicelib.domain.connections.model import PREFIX, SYNC_DUE, ConnectionPayload, ConnectionState
from chalicelib.domain.connections.records import ConnectionRecord
from chalicelib.domain.work import mails
from chalicelib.store import rows
from chalicelib.store.due import Due, done, ensure
from chalicelib.texts import render

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
    """Set a failed connection active again, now that the provider no longer refuses; after another refusal its member
    is told once more. The caller saves."""
    if payload.state is ConnectionState.FAILED:
        payload.state, payload.reason = ConnectionState.ACTIVE, ""
        payload.mails.pop(_MAILS[ConnectionState.FAILED], None)


def _stop(record: ConnectionRecord, state: ConnectionState, reason: str) -> None:
    consented_at = record.unsealed(ConnectionPayload).consented_at

    def write(current: ConnectionRecord) -> None:
        payload = current.unsealed(ConnectionPayload).model_copy(deep=True)
        if payload.consented_at != consented_at or payload.state is ConnectionState.ENDING:
            return  # what failed was of a former consent, or does not matter any more
        payload.state, payload.reason = state, reason
        _tell(current, payload)
        log.event("connection_stopped", tenant=record.tenant, provider=str(payload.provider), reason=reason)

    rows.settle(record, write)
    _plan_nothing(record)


def _tell(record: ConnectionRecord, payload: ConnectionPayload) -> None:
    """Write the state, and mail once: the claim of the mail is in the very write that makes the state."""
    owner = ids.owned_of(PREFIX, record.sk).owner
    found = member_lookup.readable(record.tenant, owner)
    name = _MAILS[payload.state]
    if found is None or name in payload.mails:
        repository.save(record, payload)
        return
    member = found.own.unsealed(MemberPayload)
    language = member.settings.language
    provider = render.provider(payload.provider, language)
    account = payload.address or payload.account or provider
    days = str(found.actor.lives.copy_days)
    meaning = render.meaning(payload.reason, language)
    text = render.mail(name, language, provider=provider, account=account, days=days, meaning=meaning)
    mail = Outgoing(to=member.email, subject=text.subject, text=text.text, html=text.html)
    mails.once(payload.mails, name, mail, lambda: repository.save(record, payload))


def _plan_nothing(record: ConnectionRecord) -> None:
    """No due work any more; unless its member consented again just now, who planned some that this may have taken away."""
    due = Due(SYNC_DUE, repository.work_id(record))
    done(due)
    now = repository.find(record.tenant, repository.public_id(record))
    if now is not None and now.unsealed(ConnectionPayload).state is ConnectionState.ACTIVE:
        ensure(due, clock.now())
