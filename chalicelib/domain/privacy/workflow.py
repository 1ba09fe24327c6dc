"""What is to be done next for a request: write, remind, let lapse, carry out each right's own steps, watch the clock, forget. All
of it repeatable."""

import functools
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from chalicelib.core import clock, settings
from chalicelib.core.errors import KeyShredded
from chalicelib.domain.privacy import (
    amend_steps,
    answering,
    asking,
    checkpoint,
    copy_steps,
    erasure_steps,
    letters,
    mails,
    open_requests,
    own_part,
    watch,
    wish_steps,
)
from chalicelib.domain.privacy.answering import Wanted
from chalicelib.domain.privacy.model import ANSWERED_ELSEWHERE, DUE_KIND, PersonPayload, Request
from chalicelib.domain.privacy.records import PersonRecord, RequestRecord
from chalicelib.domain.privacy.repository import Found, RightStep, find, save
from chalicelib.domain.privacy.states import COPIES, WISHES, Intake, RightKind, RightState
from chalicelib.domain.privacy.subject_tags import Registry
from chalicelib.domain.privacy.verification import person_of
from chalicelib.store import rows
from chalicelib.store.steps import DONE, NEXT, Outcome, Turn, Work, after, later
from chalicelib.vault.keys import ring

_AFTER_END = timedelta(days=30)
_COMES_AGAIN_WITHIN = timedelta(days=15)  # a queue keeps a mail for 14 days at most
_LOOK_AGAIN = timedelta(hours=1)


def work(registry: Registry) -> Work:
    """Return requests as due work, by their ids. A right without steps here is answered by our officer."""
    by_right: Mapping[RightKind, Sequence[RightStep]] = {
        **dict.fromkeys(COPIES, copy_steps.steps(registry)),
        RightKind.RECTIFICATION: amend_steps.steps(registry),
        **dict.fromkeys(WISHES, wish_steps.steps(registry)),
        RightKind.ERASURE: erasure_steps.steps(registry),
    }
    return Work(DUE_KIND, "deletions", (functools.partial(_go_on, by_right), _forget_ended))


def _go_on(by_right: Mapping[RightKind, Sequence[RightStep]], turn: Turn) -> Outcome | None:
    """What its person has still to be sent or to say; the rights that run; who is told that the time runs out.

    For that last one it is read once more: rights may run for minutes, in which our officer may answer it, extend its time or
    stop its clock, and an alarm that was raised before a write failed would stand.
    """
    found = find(turn.id)
    if found is None:
        return None
    outcomes = [letters.unanswered(*found), letters.owed(*found)]
    if found[1].intake in (Intake.RECEIVED, Intake.AWAITING_CONFIRMATION) and not found[1].ended:
        outcomes.append(_answer(*found) or _remind(*found))
    if found[1].intake is Intake.VERIFIED and not found[1].ended:
        outcomes.append(_offer(*found))
    if any(right.running for right in found[1].rights):
        outcomes.append(_carry_out(by_right, turn, found))
        found = find(turn.id)
    if found is not None and not found[1].ended:
        outcomes.append(watch.look(*found))
    return soonest([outcome for outcome in outcomes if outcome is not None])


def _answer(record: RequestRecord, request: Request) -> Outcome | None:
    """The mails that a limit held back."""
    held = answering.waiting(record, request)
    # A month after it came nobody waits for the link any more; what our officer has to answer says more than the first mail.
    return later(held, "held_back") if held is not None and clock.now() < request.due_at else None


def _offer(record: RequestRecord, request: Request) -> Outcome | None:
    """What the person of a verified request has still to begin itself: a link to it, another one where that was not used, and the
    end of what was never begun."""
    offered = request.offered()
    if not offered:
        return None
    lives = timedelta(seconds=settings.current().waits.confirm_link)
    if _link_ends(request) <= clock.now() and "offer" not in request.mails:
        person = person_of(record).unsealed(PersonPayload)
        values = {**answering.about(request), "link": mails.link_for(record, request, 0, clock.now() + lives)}
        mails.once(record, request, person, name="offer", template="confirm_request", values=values)
    if clock.now() < _link_ends(request):
        return later(_link_ends(request))
    for right in offered:
        right.move(RightState.LAPSED)
    letters.owe(request, "unanswered", offered)
    save(record, request)
    return letters.owed(record, request)


def _link_ends(request: Request) -> datetime:
    """When the last link to the person's first address ends."""
    return max((link.expires_at for link in request.links if link.address == 0), default=request.received_at)


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
    return _lapse(record, request, own=own)


def _lapse(record: RequestRecord, request: Request, *, own: bool) -> Outcome | None:
    """End what nobody confirmed, and say so where the first mail had said what was to be done."""
    alone = all(right.state is RightState.AWAITING_CONFIRMATION for right in request.rights)
    held = _lapsed(record, request) if own and alone else None
    if held is not None:
        return later(held, "held_back")
    request.lapse()
    if request.ended:
        return end(record, request)
    letters.owe(request, "unanswered", [right for right in request.rights if right.state is RightState.LAPSED])
    save(record, request)
    return letters.owed(record, request)


def _reminded(record: RequestRecord, request: Request) -> datetime | None:
    person = person_of(record).unsealed(PersonPayload)
    return answering.send(
        record,
        request,
        person,
        Wanted("reminder", answering.worded(request, "reminder")),
        values=answering.understood(request),
    )


def _lapsed(record: RequestRecord, request: Request) -> datetime | None:
    person = person_of(record).unsealed(PersonPayload)
    wanted = Wanted("lapsed", answering.worded(request, "lapsed"), link=answering.form(request))
    return answering.send(record, request, person, wanted, values=answering.understood(request))


def _carry_out(by_right: Mapping[RightKind, Sequence[RightStep]], turn: Turn, found: Found) -> Outcome | None:
    """Every right that runs, as far as it can go now; None where none of them is to be looked at again."""
    outcomes, fresh = list[Outcome | None](), True
    request = found[1]
    for kind in [right.kind for right in request.rights if right.running and not request.held_back(right.kind)]:
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
    if found is None and _may_come_again(turn.id):
        return after(_LOOK_AGAIN, "not_recorded")
    forget(turn.id)
    return None


def _may_come_again(ident: str) -> bool:
    """Whether a letter was recorded in part, as its reader was killed: its mail comes again, and is sealed by the same key."""
    person = rows.get(PersonRecord, f"request#{ident}", "person")
    try:
        received_at = person.unsealed(PersonPayload).received_at if person else None
    except KeyShredded:
        return False
    return received_at is not None and clock.now() < received_at + _COMES_AGAIN_WITHIN


def end(record: RequestRecord, request: Request) -> Outcome:
    """Finish a request that has ended, and return what is left of it to do.

    Where a last mail's outcome is unknown, the salt stays readable by the link for 30 days, and our officer may send its words
    again.
    """
    expires_at: datetime | None = record.expires_at
    if expires_at is None:
        request.links = [link for link in request.links if link.address == 0]
        record.expires_at = expires_at = clock.now() + _AFTER_END
        save(record, request)
    if request.unknown_mails:
        return later(expires_at)
    forget(mails.request_id(record))
    return DONE


def forget(ident: str) -> None:
    """Delete the person's addresses, text and traces, and the key that sealed them: backups lose them too. Our officer is shown
    the request no more."""
    pk = f"request#{ident}"
    open_requests.remove(ident)
    checkpoint.forget(pk)
    own_part.forget(pk)
    asking.withdraw(pk)
    person = rows.get(PersonRecord, pk, "person")
    if person is not None:
        rows.delete_if_unchanged(person)
    ring.shred(pk)
