"""What a member is told of a connection that shows nothing any more: when it stops, and once more 7 days before the first contact
or company goes. Counts, never names."""

from collections.abc import Callable
from datetime import timedelta

from chalicelib.core import clock, ids
from chalicelib.domain.accounts import member_lookup
from chalicelib.domain.accounts.membership import Membership
from chalicelib.domain.accounts.model import MemberPayload
from chalicelib.domain.connections import letters, repository, silence
from chalicelib.domain.connections.model import NOTICE_DUE, PREFIX, STOPPED, ConnectionPayload, ConnectionState
from chalicelib.domain.connections.records import ConnectionRecord
from chalicelib.domain.connections.silence import Loss
from chalicelib.domain.work import mails
from chalicelib.store.due import Due, ensure
from chalicelib.store.steps import DONE, Outcome, Turn, Work, after, later
from chalicelib.texts import render

BEFORE = timedelta(days=7)
ENDS_SOON = "connection_ends_soon"
_SAID = "said"  # in the place of a mail's claim: another one, just before, said it
# Between two mails at least, and two looks; and how long a provider may fail before that is a silence.
_APART = timedelta(days=1)
_SECONDS = (
    20  # that a worker counts for the first mail; its invocation ends 30 s after it was last asked whether it has time
)


def stopped(record: ConnectionRecord, name: str) -> Callable[[ConnectionRecord, ConnectionPayload], None]:
    """Count what goes now that the connection stops; return what writes the state, and sends the mail `name` unless it was sent:
    the claim of the mail is in that very write. Unavailable where the mail is not taken now."""
    found = _member(record)
    if found is None or name in record.unsealed(ConnectionPayload).mails:
        return repository.save
    until = clock.monotonic() + _SECONDS
    loss = silence.loss(found.actor, record, lambda: clock.monotonic() < until)

    def write(current: ConnectionRecord, payload: ConnectionPayload) -> None:
        if name in payload.mails:
            repository.save(current, payload)
            return
        if loss.first_at is not None and loss.first_at - BEFORE < clock.now() + _APART:
            payload.mails.setdefault(ENDS_SOON, _SAID)
        _send(current, payload, found, name, loss)

    return write


def plan(record: ConnectionRecord) -> None:
    """See to it that the member is told 7 days before something goes, as long as the connection shows nothing."""
    ensure(Due(NOTICE_DUE, repository.work_id(record)), clock.now())


def watch(record: ConnectionRecord) -> bool:
    """See to the same where the connection, which is still tried, has failed for a day or longer. Return whether it has."""
    payload = record.unsealed(ConnectionPayload)
    last = payload.health.last_complete_at or payload.consented_at or payload.created_at
    is_silent = clock.now() - last >= _APART
    if is_silent:
        plan(record)
    return is_silent


def _advance(turn: Turn) -> Outcome:
    """Wait until 7 days before the first goes, and tell. Nothing is told of a connection that is back, gone or on its way out."""
    record = repository.find(turn.due.tenant, turn.due.about)
    found = _member(record) if record else None
    if record is None or found is None:
        return DONE
    payload = record.unsealed(ConnectionPayload).model_copy(deep=True)
    if ENDS_SOON in payload.mails or not _shows_nothing(payload):
        return DONE
    loss = silence.loss(found.actor, record, turn.has_time)
    if loss.first_at is None:  # one that is still tried may show something yet, and be silent then
        return DONE if loss.complete and payload.state in STOPPED else after(_APART)
    if loss.first_at - BEFORE > clock.now():  # or sooner, where what is kept is kept for fewer days from then on
        return later(min(loss.first_at - BEFORE, clock.now() + _APART))
    _send(record, payload, found, ENDS_SOON, loss)
    return DONE


# By `tenant.connection`. Where the key is gone the workspace was purged.
WORK = Work(NOTICE_DUE, "sync", (_advance,), shredded=lambda _: DONE)


def _shows_nothing(payload: ConnectionPayload) -> bool:
    return payload.state in STOPPED or (payload.state is ConnectionState.ACTIVE and payload.failures > 0)


def _member(record: ConnectionRecord) -> Membership | None:
    return member_lookup.readable(record.tenant, ids.owned_of(PREFIX, record.sk).owner)


def _send(record: ConnectionRecord, payload: ConnectionPayload, found: Membership, name: str, loss: Loss) -> None:
    member = found.own.unsealed(MemberPayload)
    language = member.settings.language
    mail = letters.written(
        member,
        name,
        payload,
        meaning=render.meaning(payload.reason, language),
        loss=_told(loss, payload, language, found.actor.lives.copy_days, again=ENDS_SOON not in {*payload.mails, name}),
        date=render.day(loss.first_at, language) if loss.first_at else "",
    )
    mails.once(payload.mails, name, mail, lambda: repository.save(record, payload))


def _told(loss: Loss, payload: ConnectionPayload, language: str, days: int, *, again: bool) -> str:
    """The paragraphs that say what goes, when, what stays, what becomes of what is held back, and whether we write again."""

    def number(counted: int) -> str:
        return str(counted) if loss.complete else render.sentence("at_least", language, n=str(counted))

    goes = loss.first_at is not None
    first = render.sentence(
        "goes" if goes else "nothing_goes",
        language,
        date=render.day(loss.first_at, language) if loss.first_at else "",
        days=str(days),
        contacts=number(loss.contacts),
        companies=number(loss.companies),
    )
    kept = loss.kept_contacts or loss.kept_companies
    stays = render.sentence(
        "stays" if kept else "nothing_annotated",
        language,
        contacts=number(loss.kept_contacts),
        companies=number(loss.kept_companies),
    )
    held = [render.sentence("still_held", language, **letters.held(payload))] if payload.health.held else []
    last = render.sentence("written_again" if again and goes else "not_written_again", language)
    return "\n\n".join([first, stays, *held, last])
