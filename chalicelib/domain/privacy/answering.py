"""Mails to addresses that nobody has proved yet: within the limits, else later, and then one for all who wait for the same."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from chalicelib.core import clock, log, settings
from chalicelib.core.errors import Unavailable, VersionConflict
from chalicelib.core.identifiers import EmailAddress
from chalicelib.domain.privacy import limits, mails, turns
from chalicelib.domain.privacy.limits import Origin
from chalicelib.domain.privacy.model import ANSWERED_ELSEWHERE, Address, PersonPayload, Request
from chalicelib.domain.privacy.parsing.marks import ATTACHED
from chalicelib.domain.privacy.records import AnsweredRecord, PersonRecord, RequestRecord
from chalicelib.domain.privacy.repository import answered_pk, save
from chalicelib.domain.privacy.states import Intake, RightKind
from chalicelib.store import batch, rows
from chalicelib.texts import render

_REMEMBERED = timedelta(days=40)  # longer than any request waits for its answer


@dataclass(frozen=True)
class Wanted:
    """A mail of a request: its name there, its words, to which of the person's addresses. Without a `link` it gets a new one
    that works once. `follows`: it says where the person sees how far the request is."""

    name: str
    template: str
    address: int = 0
    link: str = ""
    follows: bool = False


def waiting(record: RequestRecord, request: Request) -> datetime | None:
    """Send what a request that nobody has confirmed waits for: its first mail, and the links to other addresses. Return when to
    try again where a limit holds something back, else None. Unavailable, VersionConflict as mails.once."""
    found = rows.get(PersonRecord, record.pk, "person")
    if found is None:
        return None
    person = found.unsealed(PersonPayload)
    held = [_first(record, request, person)]
    others = [at for at, kept in enumerate(person.addresses) if at and not kept.verified]
    held += [send(record, request, person, other(at)) for at in others]
    return min((at for at in held if at is not None), default=None)


def _first(record: RequestRecord, request: Request, person: PersonPayload) -> datetime | None:
    if "first" in request.mails:
        return None
    template, address = first_template(request), person.addresses[0]
    if _said_since(address, template, request.asked_at):
        request.mails["first"] = ANSWERED_ELSEWHERE
        save(record, request)
        return None
    begins = template.startswith("confirm_")
    wanted = Wanted("first", template, link="" if begins else form(request), follows=not begins)
    held = send(record, request, person, wanted, values=about(request))
    if held is None:
        _remember(address, template)
    return held


def _notes(request: Request) -> str:
    """Why a person of ours reads the mail, and what of it nobody has read yet, each in a line."""
    said = [render.sentence(f"why_{mark}", request.language) for mark in request.marks]
    files = [each.removeprefix(ATTACHED) for each in request.unread if each.startswith(ATTACHED)]
    if files:
        said.append(
            render.sentence("attached", request.language, files=", ".join(f".{each}" for each in sorted(files)))
        )
    return "\n".join(said)


def about(request: Request) -> dict[str, str]:
    """Return what first mails say of a request: until when it is answered, what was understood, and what was not read."""
    return {
        "due": render.day(request.due_at, request.language),
        **understood(request),
        "notes": _notes(request),
        "foreword": render.foreword(request.written_in, form(request)),
    }


def first_template(request: Request) -> str:
    """Return the mail that says what the person can do next: confirm, say what it wishes, or wait for our officer."""
    if request.intake is Intake.AWAITING_CONFIRMATION:
        return "confirm_erasure" if _erases_first(request) else "confirm_request"
    return "choose_right" if request.right(RightKind.UNCLEAR) else "with_officer"


def worded(request: Request, template: str) -> str:
    """Return the template of a mail as it is worded for what the request asks for: an erasure, or something else."""
    return template if _erases_first(request) else f"{template}_request"


def _erases_first(request: Request) -> bool:
    """Whether what the person can begin now is the erasure: else it is offered after its copy."""
    return any(right.kind is RightKind.ERASURE for right in request.offered())


def understood(request: Request) -> dict[str, str]:
    """Return what a mail says of the rights that were read."""
    return {"understood": render.rights(request.language, [right.kind for right in request.rights])}


def other(address: int) -> Wanted:
    """Return the mail that sends another of the person's addresses a link of its own."""
    return Wanted(f"verify-{address}", "verify_address", address)


def send(
    record: RequestRecord,
    request: Request,
    person: PersonPayload,
    wanted: Wanted,
    origin: Origin | None = None,
    values: Mapping[str, str] = MappingProxyType({}),
) -> datetime | None:
    """Send a mail to an address that is not proved, once. Return None, or when to try again where a limit holds it back.

    `origin`: who asks for it now, the request's own where nobody is named. Unavailable, VersionConflict as mails.once.
    """
    if wanted.name in request.mails:
        return None
    to, asking = person.addresses[wanted.address], origin or request.origin
    address = EmailAddress(to.text, to.exact)
    ahead = turns.ahead(address, wanted.template, request.asked_at)
    asked_at, held = clock.epoch(), limits.hold(address, asking, ahead)
    if held is not None:
        turns.wait(address, wanted.template, request.asked_at, held)
        log.event("mail_held_back", kind=wanted.template, state=str(asking.way))
        return held
    expires = clock.now() + timedelta(seconds=settings.current().waits.confirm_link)
    link = wanted.link or mails.link_for(record, request, wanted.address, expires)
    told = {**values, "link": link, **(_followed(record, request) if wanted.follows else {})}
    try:
        mails.once(
            record, request, person, name=wanted.name, template=wanted.template, address=wanted.address, values=told
        )
    except (Unavailable, VersionConflict):
        if request.mails.get(wanted.name) != "sent":  # nothing went: SES took none, or the claim was overtaken
            limits.release(address, asking, asked_at)
        raise
    turns.over(address, wanted.template)
    return None


def _followed(record: RequestRecord, request: Request) -> dict[str, str]:
    """Where the person sees how far the request is: by a link that is over for everything else, as it begins nothing."""
    page = mails.link_for(record, request, 0, clock.now(), page="requests")
    return {"status": f"{render.sentence('status', request.language)}\n\n{page}"}


def form(request: Request) -> str:
    """Return the address of the form, in the language of a request."""
    return f"{settings.current().public_url}/privacy?lang={request.language}"


def _key(address: Address, template: str) -> tuple[str, str]:
    return answered_pk(address.exact), f"answered#{template}"


def _said_since(address: Address, template: str, asked_at: datetime) -> bool:
    """Whether the address had that mail on a later day than somebody asked: it serves all who were held back."""
    row = rows.get(AnsweredRecord, *_key(address, template))
    return row is not None and clock.parse_rfc3339(row.at).date() > asked_at.date()


def _remember(address: Address, template: str) -> None:
    now = clock.now()
    batch.put_all([AnsweredRecord.build(*_key(address, template), ends=now + _REMEMBERED, at=clock.rfc3339(now))])
