"""The steps of an objection, a restriction and a withdrawn consent: the wish is kept for each address that was proved,
everywhere; members who hold the person are asked to keep to it wherever they have it; and the person is told since when it holds,
by which link to take it back, and which answers came. May be killed anywhere and done again."""

import functools
from collections.abc import Sequence
from datetime import timedelta

from chalicelib.core import clock
from chalicelib.domain.privacy import answering, asking, letters, mails
from chalicelib.domain.privacy.asking import Question
from chalicelib.domain.privacy.model import PersonPayload, Request
from chalicelib.domain.privacy.records import RequestRecord
from chalicelib.domain.privacy.repository import RightStep, save
from chalicelib.domain.privacy.rights import Right
from chalicelib.domain.privacy.states import WISHES, RightKind, RightState
from chalicelib.domain.privacy.subject_tags import Registry
from chalicelib.domain.privacy.verification import VerifiedRequest, person_of, verified
from chalicelib.domain.suppression import wishes
from chalicelib.domain.suppression.records import Wish
from chalicelib.store.steps import AGAIN, Outcome, Turn, after, later
from chalicelib.texts import render

_LOOK_AGAIN = timedelta(days=1)


def steps(registry: Registry) -> Sequence[RightStep]:
    """Return the steps of each right of WISHES. The first of a request's that runs does them for all of these."""
    return functools.partial(_keep, registry), _end_lifted, _finish


def asked_as(kind: RightKind) -> RightKind:
    """Return what members are asked of a wish: they are not told that an objection is a consent withdrawn."""
    return RightKind.RESTRICTION if kind is RightKind.RESTRICTION else RightKind.OBJECTION


def _keep(registry: Registry, turn: Turn, record: RequestRecord, request: Request, right: Right) -> Outcome | None:
    """Keep the wishes, then ask members, then tell the person."""
    if right.state is not RightState.CONFIRMED or _erased(request):
        return None  # an erasure goes further, and its tombstones stand already
    rights = [each for each in request.rights if each.kind in WISHES and each.state is RightState.CONFIRMED]
    person = person_of(record).unsealed(PersonPayload)
    proved = verified(record, person)
    for exact in proved.addresses:
        wishes.record(exact, [Wish(each.kind) for each in rights], turn.id, clock.now())
    if not _ask(registry, turn, record, request, rights, proved, person.addresses[0].text):
        return AGAIN
    for each in rights:
        each.move(RightState.READY)
        each.ready_at = clock.now()
    letters.owe(request, "suppressed", rights)
    save(record, request)
    return letters.owed(record, request)


def _ask(
    registry: Registry,
    turn: Turn,
    record: RequestRecord,
    request: Request,
    rights: Sequence[Right],
    proved: VerifiedRequest,
    written: str,
) -> bool:
    """Give members their tasks, one for each that is asked; whether all have them."""
    by_kind = {asked_as(each.kind): each for each in rights}
    return all(
        asking.ask(
            Question(record, request, each.model_copy(update={"kind": kind}), proved.addresses, written, {}),
            registry,
            turn.has_time,
        )
        for kind, each in by_kind.items()
    )


def _end_lifted(turn: Turn, record: RequestRecord, request: Request, right: Right) -> Outcome | None:
    """Close the right where the person took back what it said: nobody is asked any more, and no answer is told."""
    kind = asked_as(right.kind)
    if not _erased(request) and not _stands(turn.id, record, kind):
        asking.take_back(row for row, payload in asking.asked(record, [kind]) if payload.open)
        request.close(right.kind)
        save(record, request)
    return None


def _finish(_turn: Turn, record: RequestRecord, request: Request, right: Right) -> Outcome | None:
    """Close the right when members have answered, who are reminded until then, and tell the person which answers came."""
    if _erased(request):
        return None
    found = asking.asked(record, [asked_as(right.kind)])
    late, again = asking.look(found)
    if any(payload.open for _, payload in found):
        if late and right.state is RightState.READY:
            right.move(RightState.FOR_OFFICER)  # who answers what members have not; theirs may come yet
            save(record, request)
        return later(again) if again is not None else after(_LOOK_AGAIN)
    if answers := asking.answers(found):
        _tell(record, request, right, "refused" if "refused" in answers else "answered")
    request.close(right.kind)
    save(record, request)
    return None


def _stands(ident: str, record: RequestRecord, kind: RightKind) -> bool:
    """Whether something of what the request said stands that members are asked so."""
    addresses = verified(record, person_of(record).unsealed(PersonPayload)).addresses
    said = {wish for exact in addresses for wish in wishes.stands(wishes.place_of(exact), ident)}
    return any(asked_as(each) is kind for each in WISHES if Wish(each) in said)


def _tell(record: RequestRecord, request: Request, right: Right, customers: str) -> None:
    """Unavailable, VersionConflict as mails.once."""
    name = f"{asked_as(right.kind)}_answered"
    if name not in request.mails:
        values = {
            "received": render.day(request.received_at, request.language),
            "understood": render.rights(request.language, [right.kind]),
            "customers": render.sentence(f"customers_{customers}", request.language),
            "link": answering.form(request),
        }
        person = person_of(record).unsealed(PersonPayload)
        mails.once(record, request, person, name=name, template="customers_answered", values=values)


def _erased(request: Request) -> bool:
    return request.erasure is not None and request.erasure.running and not request.held_back(RightKind.ERASURE)
