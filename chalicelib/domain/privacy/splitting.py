"""A letter of two wishes, or about two persons, becomes two requests: each is then decided, answered and watched by itself."""

from collections.abc import Sequence

from chalicelib.core import clock
from chalicelib.core.codes import FieldCode
from chalicelib.core.errors import FieldError, Unprocessable
from chalicelib.core.identifiers import EmailAddress
from chalicelib.domain.privacy import joining, open_requests, replies
from chalicelib.domain.privacy.limits import Origin, Way
from chalicelib.domain.privacy.model import ANSWERED_ELSEWHERE, DUE_KIND, Address, PersonPayload, Request
from chalicelib.domain.privacy.officer import File, file_of, noted_of
from chalicelib.domain.privacy.records import PersonRecord, RequestRecord
from chalicelib.domain.privacy.repository import find, save_with_person
from chalicelib.domain.privacy.rights import Right
from chalicelib.domain.privacy.states import Intake, RightKind, RightState, waits_for
from chalicelib.store import rows
from chalicelib.store.due import Due, fresh, wake
from chalicelib.store.rows import PutIf
from chalicelib.store.steps import send
from chalicelib.vault import tags
from chalicelib.vault.keys import ring


def split(ident: str, by: str, kinds: Sequence[RightKind], about: EmailAddress | None = None) -> tuple[str, Request]:
    """Make a request of its own of these rights, with the letter and its clock, and return its id and itself.

    Without `about` the rights leave the first request, which keeps the others. `about`: the address of somebody else whom the
    letter is about as well; the rights are then that person's, nobody is believed to be that person, and the first request
    keeps all of its own. No mail goes by it: the letter was acknowledged. Safe to repeat.

    NotFound; Conflict (ALREADY_DECIDED) for a right that is not open to our officer; Unprocessable where no other right would be
    left, where an erasure would part from what is to be answered before it, or where `about` is the writer's own address.
    """

    def attempt() -> tuple[str, Request]:
        number = 0
        while (known := find(made := _id(ident, kinds, about, number))) is not None and known[1].ended:
            number += 1
        return made, known[1] if known is not None else _made(ident, made, by, kinds, about)

    made, request = rows.retry(attempt)
    for each in (ident, made):
        send("deletions", Due(DUE_KIND, each))
    return made, request


def _made(ident: str, made: str, by: str, kinds: Sequence[RightKind], about: EmailAddress | None) -> Request:
    file, pk = file_of(ident), f"request#{made}"
    request, person = _about(file, about, kinds) if about else _leaving(file, kinds)
    noted = noted_of(file.record.pk, by, "split", "", [Right(kind=kind) for kind in kinds])
    ring.create(pk)
    if any(right.state is RightState.NEEDS_MORE for right in request.rights):
        replies.expect(person.addresses[0], made)
    joining.note(person.addresses[0], joining.PARTED, made)
    wake(Due(DUE_KIND, ident), clock.now())
    new = (  # with its due work and its place on the desk: nothing of it is there before all of it is
        noted,
        RequestRecord.build(pk, "request", request),
        PersonRecord.build(pk, "person", person),
        fresh(Due(DUE_KIND, made), clock.now()),
        open_requests.row(made),
    )
    save_with_person((file.record, file.request), file.kept, file.person, [PutIf(row, new=True) for row in new])
    return request


def _id(ident: str, kinds: Sequence[RightKind], about: EmailAddress | None, number: int) -> str:
    """The same for the same split; `number`: how often it was made and is over, as where the parts came together again."""
    named = "\0".join([ident, about.exact if about else "", *sorted(kinds), str(number)])
    return "req_" + str(tags.platform_digest("split", named))[:26]


def _leaving(file: File, kinds: Sequence[RightKind]) -> tuple[Request, PersonPayload]:
    """Some rights of the same person, who is as much believed as before."""
    moved = file.chosen(kinds, RightState.ANSWERED)
    left = [right.kind for right in file.request.rights if not right.state.final and right not in moved]
    if not left:
        raise _not("rights", "Leave at least one right with the first request.")
    parted = [(one, other) for one in kinds for other in left if RightKind.ERASURE in (one, other)]
    if any(waits_for(one, other) or waits_for(other, one) for one, other in parted):
        raise _not("rights", "An erasure stays with the rights that are answered before it.")
    request = _like(file, [right.model_copy(deep=True) for right in moved], file.request.origin)
    request.intake, request.confirmed_at = file.request.intake, file.request.confirmed_at
    if request.intake is Intake.AWAITING_CONFIRMATION:
        request.intake = Intake.RECEIVED  # what is confirmed by the link stays behind
    for right in moved:
        right.move(RightState.SUPERSEDED)
    return request, _words(file, file.person.addresses[0].model_copy())


def _about(file: File, about: EmailAddress, kinds: Sequence[RightKind]) -> tuple[Request, PersonPayload]:
    """The same letter as a request of somebody else, whom nobody has heard yet."""
    if about.exact == file.person.addresses[0].exact:
        raise _not("about", "This is the address of the letter itself. Leave it out to part rights of one person.")
    # Whoever wrote, that other person did not: what is mailed there counts as unproven.
    unproven = Origin(way=Way.UNPROVEN, digest=file.request.origin.digest)
    request = _like(file, [Right(kind=kind) for kind in dict.fromkeys(kinds)], unproven)
    person = _words(file, Address(text=about.text, exact=about.exact))
    person.message_id = ""  # of a mail that they never saw: what we write to them is no answer to it
    return request, person


def _like(file: File, rights: Sequence[Right], origin: Origin) -> Request:
    source = file.request
    return Request(
        rights=list(rights),
        language=source.language,
        written_in=source.written_in,
        unread=source.unread,
        marks=source.marks,
        complaint_told=source.complaint_told,
        received_at=source.received_at,
        due_at=source.due_at,
        extended=source.extended,
        mails={"first": ANSWERED_ELSEWHERE},
        origin=origin,
    )


def _words(file: File, address: Address) -> PersonPayload:
    person = file.person
    return PersonPayload(
        addresses=[address], text=person.text, raw=person.raw, more=dict(person.more), message_id=person.message_id
    )


def _not(field: str, sentence: str) -> Unprocessable:
    return Unprocessable([FieldError(field, FieldCode.NOT_ALLOWED, sentence)])
