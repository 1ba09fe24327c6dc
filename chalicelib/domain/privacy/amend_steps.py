"""The steps of a rectification: put what the person says is right into what we hold ourselves, and ask members for theirs."""

import functools
from collections.abc import Sequence
from datetime import timedelta

from chalicelib.core import clock
from chalicelib.core.told import Changes
from chalicelib.domain.privacy import answering, asking, mails
from chalicelib.domain.privacy.asking import Question
from chalicelib.domain.privacy.model import PersonPayload, Request
from chalicelib.domain.privacy.records import RequestRecord
from chalicelib.domain.privacy.repository import RightStep, save
from chalicelib.domain.privacy.rights import Right
from chalicelib.domain.privacy.states import RightKind, RightState
from chalicelib.domain.privacy.subject_tags import Registry
from chalicelib.domain.privacy.verification import person_of, verified
from chalicelib.store.steps import AGAIN, Outcome, Turn, after, later
from chalicelib.texts import render

FIELDS = ("first_name", "last_name", "title", "company_name", "emails", "phones", "profile_urls")
_LOOK_AGAIN = timedelta(days=1)


def steps(registry: Registry) -> Sequence[RightStep]:
    """Return the steps of a rectification of what every record class of `registry` declares that it takes."""
    return functools.partial(_apply, registry), _finish


def put_in(registry: Registry, addresses: Sequence[str], changes: Changes) -> None:
    """Put what is right into what the platform itself holds of these addresses, above every source. Safe to repeat."""
    for record in registry:
        if record.declared.correct_at is not None:
            for exact in addresses:
                record.declared.correct_at.load()(exact, changes)


def _apply(registry: Registry, turn: Turn, record: RequestRecord, request: Request, right: Right) -> Outcome | None:
    """Our own part at once, then a task for each member who holds the person."""
    if right.state is not RightState.CONFIRMED:
        return None
    person = person_of(record).unsealed(PersonPayload)
    addresses = verified(record, person).addresses
    put_in(registry, addresses, person.changes)
    question = Question(record, request, right, addresses, person.addresses[0].text, person.changes)
    if not asking.ask(question, registry, turn.has_time):
        return AGAIN
    right.move(RightState.READY)
    right.ready_at = clock.now()
    save(record, request)
    return None


def _finish(_turn: Turn, record: RequestRecord, request: Request, right: Right) -> Outcome | None:
    """Tell the person what was done, and once more when members have answered, who are reminded until then."""
    found = asking.asked(record, [RightKind.RECTIFICATION])
    late, again = asking.look(found)
    waiting = any(payload.open for _, payload in found)
    _mail(record, request, "amended", "asked" if waiting else "no_more")
    if waiting:
        if late and right.state is RightState.READY:
            right.move(RightState.FOR_OFFICER)  # who answers what members have not; theirs may come yet
            save(record, request)
        return later(again) if again is not None else after(_LOOK_AGAIN)
    answers = asking.answers(found)
    if answers:
        _mail(record, request, "amend_complete", "refused" if "refused" in answers else "answered")
    request.close(RightKind.RECTIFICATION)
    save(record, request)
    return None


def _mail(record: RequestRecord, request: Request, name: str, customers: str) -> None:
    """Unavailable, VersionConflict as mails.once."""
    if name not in request.mails:
        person = person_of(record).unsealed(PersonPayload)
        told = render.sentence(f"customers_{customers}", request.language)
        values = {"customers": told, "link": answering.form(request)}
        mails.once(record, request, person, name=name, template="amended", values=values)
