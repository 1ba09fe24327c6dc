"""Mails that our officer's word, or a missing word of the person, makes us owe: written down with it, then sent as due work."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from chalicelib.core import clock, settings
from chalicelib.domain.privacy import answering, asking, lifting, mails
from chalicelib.domain.privacy.answering import Wanted
from chalicelib.domain.privacy.model import Letter, PersonPayload, Request
from chalicelib.domain.privacy.records import PersonRecord, RequestRecord
from chalicelib.domain.privacy.repository import save
from chalicelib.domain.privacy.rights import Right
from chalicelib.domain.privacy.states import Intake, RightKind, RightState
from chalicelib.store import rows
from chalicelib.store.steps import Outcome, later
from chalicelib.texts import render


def owe(request: Request, template: str, rights: Sequence[Right], reason: str = "") -> str:
    """Owe the person a mail about these rights, and return its name. The caller writes the request, and our officer's words."""
    name = f"{template}-{len(request.letters) + 1}"
    request.letters.append(Letter(name=name, template=template, rights=[right.kind for right in rights], reason=reason))
    return name


def until(right: Right) -> datetime:
    """Return until when the person may answer what it was asked about a right that needs more."""
    return (right.waits_since or clock.now()) + timedelta(seconds=settings.current().waits.needs_more)


def unanswered(record: RequestRecord, request: Request) -> Outcome | None:
    """Let rights lapse whose person did not answer in time, and owe the mail that says so. Return when to look again."""
    waiting = [right for right in request.rights if right.state is RightState.NEEDS_MORE]
    late = [right for right in waiting if until(right) <= clock.now()]
    for right in late:
        right.move(RightState.LAPSED)
    if late:
        owe(request, "unanswered", late)
        save(record, request)
    left = [until(right) for right in waiting if right.state is RightState.NEEDS_MORE]
    return later(min(left)) if left else None


def owed(record: RequestRecord, request: Request) -> Outcome | None:
    """Send what is owed, in the order in which it came to be. Return when to try again where a limit holds it back.

    Unavailable, VersionConflict as mails.once.
    """
    waiting = [letter for letter in request.letters if letter.name not in request.mails]
    found = rows.get(PersonRecord, record.pk, "person") if waiting else None
    if found is None:
        return None
    person = found.unsealed(PersonPayload)
    for letter in waiting:
        held = _send(record, request, person, letter)
        if held is not None:
            return later(held, "held_back")
    return None


def _send(record: RequestRecord, request: Request, person: PersonPayload, letter: Letter) -> datetime | None:
    values = _values(request, person, letter)
    if letter.template == "suppressed":
        values |= _of_wishes(record, request, person, letter)
    if request.intake is not Intake.VERIFIED:  # the address is nobody's that we know
        wanted = Wanted(letter.name, letter.template, link=values["link"])
        return answering.send(record, request, person, wanted, values=values)
    mails.once(record, request, person, name=letter.name, template=letter.template, values=values)
    return None


def _values(request: Request, person: PersonPayload, letter: Letter) -> dict[str, str]:
    rights, spoken = [right for right in request.rights if right.kind in letter.rights], request.language
    reason = render.word(letter.template, letter.reason, spoken) if letter.reason else ""
    return {
        "understood": render.rights(spoken, letter.rights),
        "said": "\n\n".join(part for part in (reason, person.words.get(letter.name, "")) if part),
        "received": render.day(request.received_at, spoken),
        "due": render.day(max((request.due_of(right) for right in rights), default=request.due_at), spoken),
        "until": render.day(max((until(right) for right in rights), default=request.due_at), spoken),
        "link": answering.form(request),
    }


def _of_wishes(record: RequestRecord, request: Request, person: PersonPayload, letter: Letter) -> dict[str, str]:
    """What was done about an objection and its like, since when, whether customers were asked, the link that takes it back."""
    spoken, proved = request.language, [each.exact for each in person.addresses if each.verified]
    ident, said = mails.request_id(record), [f"kept_{kind}" for kind in letter.rights]
    if asking.asked(record, (RightKind.OBJECTION, RightKind.RESTRICTION)):
        said.append("customers_asked")
    return {
        "said": "\n\n".join(render.sentence(name, spoken) for name in said),
        "done": render.day(request.confirmed_at or clock.now(), spoken),
        "link": lifting.link(ident, proved, spoken),
    }
