"""The steps of a copy: gather what we hold ourselves, ask members for theirs, give it on the person's page for some days.

Access, the source of the data and portability are answered by one copy. Each step may be killed anywhere and done again.
"""

import functools
from collections.abc import Sequence
from datetime import datetime, timedelta

from chalicelib.core import clock, settings
from chalicelib.domain.privacy import asking, mails, own_part
from chalicelib.domain.privacy.asking import Question
from chalicelib.domain.privacy.model import PersonPayload, Request
from chalicelib.domain.privacy.records import RequestRecord
from chalicelib.domain.privacy.repository import RightStep, save
from chalicelib.domain.privacy.rights import Right
from chalicelib.domain.privacy.states import COPIES, RightState
from chalicelib.domain.privacy.subject_tags import Registry
from chalicelib.domain.privacy.verification import person_of, verified
from chalicelib.store.steps import AGAIN, Outcome, Turn, later
from chalicelib.texts import render


def steps(registry: Registry) -> Sequence[RightStep]:
    """Return the steps of a copy of what every record class of `registry` declares that it tells."""
    return functools.partial(_make, registry), _give


def _make(registry: Registry, turn: Turn, record: RequestRecord, request: Request, right: Right) -> Outcome | None:
    """Gather and ask, again where another address of the person was verified since."""
    person = person_of(record).unsealed(PersonPayload)
    addresses = verified(record, person).addresses
    own = own_part.read(record.pk)
    if right.state is not RightState.CONFIRMED and own is not None and own.addresses == list(addresses):
        return None
    own_part.gather(record.pk, registry, addresses)
    asked_by = request.right(next(kind for kind in COPIES if request.right(kind) is not None)) or right
    question = Question(record, request, asked_by, addresses, person.addresses[0].text, {})
    if not asking.ask(question, registry, turn.has_time):
        return AGAIN
    if right.state is RightState.CONFIRMED:
        right.move(RightState.READY)
        right.ready_at = clock.now()
        save(record, request)
    return None


def _give(_turn: Turn, record: RequestRecord, request: Request, right: Right) -> Outcome | None:
    """Mail the page's link when our own part is there, and again when all members have answered; end when its days are over."""
    found = asking.asked(record, COPIES)
    waiting = any(payload.open for _, payload in found)
    _mail(record, request, "copy_ready", "asked" if waiting else "no_more")
    if right.state is RightState.GIVEN:
        if right.given_until is not None and clock.now() < right.given_until:
            return later(right.given_until)
        request.close(right.kind)
        save(record, request)
        return None
    late, again = asking.look(found)
    if any(payload.open for _, payload in found):
        if late and right.state is RightState.READY:
            right.move(RightState.FOR_OFFICER)  # who answers what members have not; theirs may come yet
            save(record, request)
        return later(again) if again is not None else None
    if any(payload.answer is not None for _, payload in found) and request.mails.get("copy_ready"):
        _mail(record, request, "copy_complete", "answered")
    right.move(RightState.GIVEN)
    right.given_until = _until(request)
    save(record, request)
    return later(right.given_until)


def _mail(record: RequestRecord, request: Request, name: str, customers: str) -> None:
    """Unavailable, VersionConflict as mails.once."""
    if name in request.mails:
        return
    person = person_of(record).unsealed(PersonPayload)
    until = clock.now() + timedelta(seconds=settings.current().waits.confirm_link)
    offers = any(offered.state is RightState.AWAITING_CONFIRMATION for offered in request.rights)
    values = {
        "link": mails.link_for(record, request, 0, until, "copy"),
        "until": render.day(until, request.language),
        "customers": render.sentence(f"customers_{customers}", request.language),
        "next": render.sentence("copy_next" if offers else "copy_last", request.language),
    }
    mails.once(record, request, person, name=name, template="copy_ready", values=values)


def _until(request: Request) -> datetime:
    """Until when the last link that was mailed shows the page."""
    week = clock.now() + timedelta(seconds=settings.current().waits.confirm_link)
    return max((link.expires_at for link in request.links if link.address == 0), default=week)
