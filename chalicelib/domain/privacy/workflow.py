"""What is to be done next for a request: remind, let lapse, carry out each right's own steps, forget. All of it repeatable."""

import functools
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from chalicelib.core import clock, settings
from chalicelib.domain.privacy import answering, checkpoint, erasure_steps, mails
from chalicelib.domain.privacy.answering import Wanted
from chalicelib.domain.privacy.intake import FOR_OFFICER_DAYS
from chalicelib.domain.privacy.model import ANSWERED_ELSEWHERE, DUE_KIND, PersonPayload, Request
from chalicelib.domain.privacy.records import PersonRecord, RequestRecord
from chalicelib.domain.privacy.repository import Found, RightStep, find, save
from chalicelib.domain.privacy.states import Intake, RightKind
from chalicelib.domain.privacy.subject_tags import Registry
from chalicelib.domain.privacy.verification import person_of
from chalicelib.store import rows
from chalicelib.store.steps import DONE, NEXT, Outcome, Turn, Work, later
from chalicelib.vault.keys import ring

_AFTER_END = timedelta(days=30)


def work(registry: Registry) -> Work:
    """Return requests as due work, by their ids. A right without steps here is answered by our officer."""
    by_right: Mapping[RightKind, Sequence[RightStep]] = {RightKind.ERASURE: erasure_steps.steps(registry)}
    return Work(DUE_KIND, "deletions", (functools.partial(_go_on, by_right), _forget_ended))


def _go_on(by_right: Mapping[RightKind, Sequence[RightStep]], turn: Turn) -> Outcome | None:
    """What its person has still to be sent or to confirm; then the rights that run."""
    found = find(turn.id)
    if found is None:
        return None
    waits = None
    if found[1].intake in (Intake.RECEIVED, Intake.AWAITING_CONFIRMATION):
        waits = _answer(*found) or _remind(*found)
    return waits or _carry_out(by_right, turn, found)


def _answer(record: RequestRecord, request: Request) -> Outcome | None:
    """The mails that a limit held back. What our officer has to answer stays, and is not looked at again until its end."""
    now = clock.now()
    held = answering.waiting(record, request)
    if request.intake is Intake.RECEIVED:
        ends_at = request.received_at + timedelta(days=FOR_OFFICER_DAYS)
        return later(held or ends_at) if now < ends_at else None
    # A month after it came nobody waits for the answer any more.
    return later(held, "held_back") if held is not None and now < request.due_at else None


def _remind(record: RequestRecord, request: Request) -> Outcome | None:
    if request.intake is not Intake.AWAITING_CONFIRMATION:
        return None
    now, waits = clock.now(), settings.current().waits
    lives = timedelta(seconds=waits.confirm_link)
    asked_at = max((link.expires_at - lives for link in request.links), default=request.received_at)
    remind_at = asked_at + timedelta(seconds=waits.reminder)
    if now < remind_at:
        return later(remind_at)
    own = "first" in request.mails and request.mails["first"] != ANSWERED_ELSEWHERE
    held = _reminded(record, request) if own else None
    if held is not None:
        return later(held, "held_back")
    ends_at = max(
        (link.expires_at for link in request.links), default=remind_at + timedelta(seconds=waits.confirm_link)
    )
    if now < ends_at:
        return later(ends_at)
    held = _lapsed(record, request) if own else None
    if held is not None:
        return later(held, "held_back")
    request.lapse()
    return end(record, request)


def _reminded(record: RequestRecord, request: Request) -> datetime | None:
    person = person_of(record).unsealed(PersonPayload)
    return answering.send(record, request, person, Wanted("reminder", "reminder"))


def _lapsed(record: RequestRecord, request: Request) -> datetime | None:
    person = person_of(record).unsealed(PersonPayload)
    return answering.send(record, request, person, Wanted("lapsed", "lapsed", link=answering.form(request)))


def _carry_out(by_right: Mapping[RightKind, Sequence[RightStep]], turn: Turn, found: Found) -> Outcome | None:
    """Every right that runs, as far as it can go now; None where none of them is to be looked at again."""
    outcomes, fresh = list[Outcome | None](), True
    for kind in [right.kind for right in found[1].rights if right.running]:
        outcomes.append(_through(by_right[kind], kind, turn, found if fresh else None))
        fresh = False  # the steps of the right before have written it
    return soonest([outcome for outcome in outcomes if outcome is not None])


def _through(steps: Sequence[RightStep], kind: RightKind, turn: Turn, found: Found | None) -> Outcome | None:
    """`found`: the request as it was just read; None where it is to be read."""
    for step in steps:
        found = found or find(turn.id)
        right = found[1].right(kind) if found else None
        if found is None or right is None or not right.running:
            return None
        outcome = step(turn, *found, right)
        if outcome is not None and outcome is not NEXT:
            return outcome
        found = None
    return None


def soonest(outcomes: Sequence[Outcome]) -> Outcome | None:
    """Return the outcome of several rights together: the one that is to go on first. None where there is none."""
    return min(outcomes, key=lambda each: (not each.send, each.at is None, each.at or clock.now()), default=None)


def _forget_ended(turn: Turn) -> Outcome | None:
    """Of a request that has ended, or is gone, nothing of the person is kept, once no link reads the salt any more."""
    found = find(turn.id)
    if found is not None and found[1].ended:
        return end(*found)
    forget(turn.id)
    return None


def end(record: RequestRecord, request: Request) -> Outcome:
    """Finish a request that has ended, and return what is left of it to do.

    Where the last mail's outcome is unknown, the salt stays readable by the link for 30 days.
    """
    expires_at: datetime | None = record.expires_at
    if expires_at is None:
        request.links = [link for link in request.links if link.address == 0]
        record.expires_at = expires_at = clock.now() + _AFTER_END
        save(record, request)
    if request.last_mail_unknown:
        return later(expires_at)
    forget(mails.request_id(record))
    return DONE


def forget(ident: str) -> None:
    """Delete the person's addresses, text and traces, and the key that sealed them: backups lose them too."""
    pk = f"request#{ident}"
    checkpoint.forget(pk)
    person = rows.get(PersonRecord, pk, "person")
    if person is not None:
        rows.delete_if_unchanged(person)
    ring.shred(pk)
