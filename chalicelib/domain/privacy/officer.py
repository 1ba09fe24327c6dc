"""What our privacy officer does with a request: open it, decide, answer, extend, pause, run again. Each is noted with the change.

The request is written, and its due work mails what is owed: a kill at any call loses nothing.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from chalicelib.core import clock, ids
from chalicelib.core.codes import Code, FieldCode
from chalicelib.core.errors import Conflict, FieldError, Gone, NotFound, Unprocessable
from chalicelib.domain.privacy import deadlines, letters, replies, verification
from chalicelib.domain.privacy.limits import Way
from chalicelib.domain.privacy.model import DUE_KIND, PersonPayload, Request, Watch
from chalicelib.domain.privacy.notes import OfficerAction
from chalicelib.domain.privacy.reasons import REASONS, Decision, Extension, Opening, Proof, Refusal
from chalicelib.domain.privacy.records import OfficerActionRecord, PersonRecord, RequestRecord
from chalicelib.domain.privacy.repository import find, save_with_person
from chalicelib.domain.privacy.rights import Right
from chalicelib.domain.privacy.states import Intake, RightKind, RightState, may_move
from chalicelib.domain.privacy.written import Later
from chalicelib.store import rows
from chalicelib.store.due import Due, wake
from chalicelib.store.rows import PutIf
from chalicelib.store.steps import send

_PREFIX = "officer_action#"
_KEPT = timedelta(days=OfficerActionRecord.declared.life_days or 0)


@dataclass(frozen=True)
class File:
    """A request that is not over, with what only our officer is shown of it; `changed` is kept with the next write."""

    ident: str
    record: RequestRecord
    request: Request
    kept: PersonRecord
    person: PersonPayload

    def chosen(self, kinds: Collection[RightKind], to: RightState) -> list[Right]:
        """Return the rights that go to that state: those of these kinds, or, where none is named, all that may. Conflict
        (ALREADY_DECIDED) where one that is named may not, or none may."""
        found = [right for right in self.request.rights if may_move(right.kind, right.state, to)]
        named = [right for right in found if right.kind in kinds] if kinds else found
        if not named or set(kinds) - {right.kind for right in named}:
            raise decided()
        return named

    def owe(self, template: str, rights: Sequence[Right], reason: str, text: str) -> None:
        """Owe the person a mail, with these words of our officer."""
        name = letters.owe(self.request, template, rights, reason)
        if text:
            self.person.words[name] = text


# What an action does to a file; the rights that it did it to.
Act = Callable[[File], Sequence[Right]]


def opened(ident: str, by: str, reason: Opening) -> tuple[File, list[OfficerAction]]:
    """Return the request, and what was done to it before; noted first. NotFound, Conflict (ALREADY_DECIDED) where it is over."""
    found = file_of(ident)
    rows.put_new(noted_of(found.record.pk, by, "open", reason, ()))
    return found, history(ident)


def history(ident: str) -> list[OfficerAction]:
    """Return what our officer did to a request, oldest first."""
    return [row.unsealed(OfficerAction) for row in rows.every(OfficerActionRecord, f"request#{ident}", _PREFIX)]


def decide(
    ident: str, by: str, decision: Decision, reason: str, kinds: Sequence[RightKind] = (), text: str = ""
) -> Request:
    """Decide of these rights, or of all that are open to it, and return the request as it is then.

    Unprocessable for a reason that is none of that decision's, that the law does not know for a right, or that what came does
    not bear out: a proof by a mail which anybody can have written. NotFound, Conflict (ALREADY_DECIDED).
    """
    if reason not in {str(each) for each in REASONS[decision]}:
        raise _no_reason("Choose one of the reasons of this decision.")

    def act(file: File) -> Sequence[Right]:
        if decision == Decision.VERIFIED:
            if not _borne_out(Proof(reason), file):
                raise _no_reason("Nothing that came shows that: see how each letter came.")
            return verification.verify_by_officer(file.request, file.person, kinds)
        if decision == Decision.NEEDS_MORE:
            return _ask(file, reason, kinds, text)
        if decision == Decision.NO_REQUEST:
            return _dismiss(file, reason)
        return _refuse(file, Refusal(reason), kinds, text)

    return _do(ident, by, str(decision), reason, act)


def answer(ident: str, by: str, text: str, kinds: Sequence[RightKind] = ()) -> Request:
    """Answer these rights, or all that wait for our officer, by a mail with that text; return the request. Errors as `decide`."""

    def act(file: File) -> Sequence[Right]:
        rights = file.chosen(kinds, RightState.ANSWERED)
        for right in rights:
            right.move(RightState.ANSWERED)
        file.owe("answered", rights, "", text)
        return rights

    return _do(ident, by, "answer", "", act)


def extend(ident: str, by: str, reason: Extension) -> Request:
    """Take two months more for what is open, say so by mail, and return the request. NotFound, Conflict: EXTENSION_TOO_LATE where
    the first month is over or it was extended before."""

    def act(file: File) -> Sequence[Right]:
        request, left = file.request, [right for right in file.request.rights if not right.state.final]
        if request.extended or any(request.due_of(right) <= clock.now() for right in left if right.state.owed):
            raise Conflict(code=Code.EXTENSION_TOO_LATE)
        request.extended, request.watch = str(reason), Watch()
        request.due_at = deadlines.months_after(request.received_at, deadlines.EXTENDED_MONTHS)
        file.owe("extended", left, str(reason), "")
        return left

    return _do(ident, by, "extend", str(reason), act)


def pause(ident: str, by: str, kinds: Sequence[RightKind] = (), *, paused: bool) -> Request:
    """Stop the clock of rights whose person was asked otherwise than by our mail, or let it go on, as the person has answered;
    return the request. Errors as `decide`."""

    def act(file: File) -> Sequence[Right]:
        to = RightState.NEEDS_MORE if paused else RightState.FOR_OFFICER
        rights = file.chosen(kinds, to)
        for right in rights:
            right.move(to)
        file.request.watch = Watch()
        return rights

    return _do(ident, by, "pause" if paused else "resume", "", act)


def rerun(ident: str, by: str) -> Request:
    """Send again what may never have been sent, go on with what runs, and return the request. NotFound."""

    def act(file: File) -> Sequence[Right]:
        for name in file.request.unknown_mails:
            if name != "closed":  # its words stand on the person's page meanwhile
                del file.request.mails[name]
        return [right for right in file.request.rights if not right.state.final]

    return _do(ident, by, "rerun", "", act, over_too=True)


def merge(ident: str, by: str, into: str) -> Request:
    """Hand what a request asks for, and what its person wrote, to another open request of the same address, and end it without a
    mail: both are answered once. Return the other one. Safe to repeat.

    NotFound, Conflict (ALREADY_DECIDED) where something of it is under way; Unprocessable where the other one is no open request
    of that address, or has answered the same already.
    """
    source = file_of(ident)
    moved = source.chosen((), RightState.ANSWERED)  # what is under way cannot be handed on
    if len(moved) < sum(not right.state.final for right in source.request.rights):
        raise decided()
    kinds = [right.kind for right in moved]

    def take(target: File) -> Sequence[Right]:
        request = target.request
        standing = [
            right for right in request.rights if right.state is not RightState.SUPERSEDED or right.kind not in kinds
        ]
        known = {right.kind: right.state.final for right in standing}
        same = target.person.addresses[0].exact == source.person.addresses[0].exact
        if ident == into or not same or any(known.get(kind) for kind in kinds):
            raise _no_target()
        request.rights = [*standing, *(Right(kind=kind) for kind in kinds if kind not in known)]
        request.due_at, request.watch = min(request.due_at, source.request.due_at), Watch()
        letter = Later(text=source.person.text, way=source.request.origin.way)
        target.person.more |= {ident: letter, **source.person.more}
        return [right for right in request.rights if not right.state.final]

    def leave(file: File) -> Sequence[Right]:
        rights = file.chosen(kinds, RightState.ANSWERED)
        for right in rights:
            right.move(RightState.SUPERSEDED)
        return rights

    try:
        merged = _do(into, by, "merge", "", take)
    except (NotFound, Conflict) as error:
        raise _no_target() from error
    _do(ident, by, "merged", "", leave)
    return merged


def _borne_out(proof: Proof, file: File) -> bool:
    later = file.person.more.values()
    if proof is Proof.WROTE_FROM_ADDRESS:
        return Way.PROVEN in {file.request.origin.way, *(each.way for each in later)}
    return proof is Proof.OTHER_PROOF or any(each.quotes for each in later)


def _ask(file: File, reason: str, kinds: Sequence[RightKind], text: str) -> Sequence[Right]:
    rights = file.chosen(kinds, RightState.NEEDS_MORE)
    for right in rights:
        right.move(RightState.NEEDS_MORE, reason)
    file.owe("needs_more", rights, reason, text)
    replies.expect(file.person.addresses[0], file.ident)
    return rights


def _refuse(file: File, reason: Refusal, kinds: Sequence[RightKind], text: str) -> Sequence[Right]:
    rights = file.chosen(kinds, RightState.REFUSED)
    if not all(reason.fits(right.kind) for right in rights):
        raise _no_reason("The law does not know this reason for each of these rights. Name the rights that it is for.")
    for right in rights:
        right.move(RightState.REFUSED, str(reason))
    file.owe("refused", rights, str(reason), text)
    return rights


def _dismiss(file: File, reason: str) -> Sequence[Right]:
    """End all of it without a mail: of a letter that was read, whose address nobody has confirmed, and of which nothing began."""
    if not any(each.action == "open" for each in history(file.ident)):
        raise _no_reason("Open the letter first: nobody has read it.")
    left = [right for right in file.request.rights if not right.state.final]
    if file.request.intake is Intake.VERIFIED or any(right.state is not RightState.FOR_OFFICER for right in left):
        raise decided()
    for right in left:
        right.move(RightState.NO_REQUEST, reason)
    return left


def _do(ident: str, by: str, action: str, reason: str, act: Act, *, over_too: bool = False) -> Request:
    """Act on the request as it stands, write it and the note of it in one, and have its due work go on."""

    def attempt() -> Request:
        file = file_of(ident, over_too=over_too)
        noted = noted_of(file.record.pk, by, action, reason, act(file))
        wake(Due(DUE_KIND, ident), clock.now())
        save_with_person((file.record, file.request), file.kept, file.person, [PutIf(noted, new=True)])
        return file.request

    request = rows.retry(attempt)
    send("deletions", Due(DUE_KIND, ident))
    return request


def file_of(ident: str, *, over_too: bool = False) -> File:
    """Return a request as it stands. NotFound; Conflict (ALREADY_DECIDED) where it is over."""
    found = find(ident) if ids.is_id(ident, "req") else None
    if found is None:
        raise NotFound
    record, request = found[0], found[1].model_copy(deep=True)
    if request.ended and not (over_too and request.unknown_mails):
        raise decided()
    try:
        kept = verification.person_of(record)
    except Gone as error:
        raise decided() from error
    return File(ident, record, request, kept, kept.unsealed(PersonPayload).model_copy(deep=True))


def noted_of(pk: str, by: str, action: str, reason: StrEnum | str, rights: Sequence[Right]) -> OfficerActionRecord:
    """Return the note of what is done, which is written with it."""
    now = clock.now()
    kinds = [right.kind for right in rights]
    payload = OfficerAction(at=now, by=by, action=action, reason=str(reason), rights=kinds)
    return OfficerActionRecord.build(pk, _PREFIX + ids.ulid(), payload, ends=now + _KEPT)


def decided() -> Conflict:
    """Return the refusal of what was decided before."""
    return Conflict("Nothing that is named waits for this. Read how the request stands.", code=Code.ALREADY_DECIDED)


def _no_target() -> Unprocessable:
    return Unprocessable(
        [FieldError("into", FieldCode.NOT_FOUND, "There is no such open request of the same address.")]
    )


def _no_reason(sentence: str) -> Unprocessable:
    return Unprocessable([FieldError("reason", FieldCode.NOT_A_CHOICE, sentence)])
