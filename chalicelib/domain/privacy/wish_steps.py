"""The step of an objection, a restriction and a withdrawn consent: the wish is kept for each address that was proved, everywhere,
and its person is told since when it holds, and by which link to take it back. May be killed anywhere and done again."""

from collections.abc import Sequence

from chalicelib.core import clock
from chalicelib.domain.privacy import letters
from chalicelib.domain.privacy.model import PersonPayload, Request
from chalicelib.domain.privacy.records import RequestRecord
from chalicelib.domain.privacy.repository import RightStep, save
from chalicelib.domain.privacy.rights import Right
from chalicelib.domain.privacy.states import WISHES, RightKind, RightState
from chalicelib.domain.privacy.verification import person_of, verified
from chalicelib.domain.suppression import wishes
from chalicelib.domain.suppression.records import Wish
from chalicelib.store.steps import Outcome, Turn


def steps() -> Sequence[RightStep]:
    """Return the steps of each right of WISHES. The first of a request's that runs does them for all of these."""
    return (_keep,)


def _keep(turn: Turn, record: RequestRecord, request: Request, _right: Right) -> Outcome | None:
    if request.erasure is not None and request.erasure.running and not request.held_back(RightKind.ERASURE):
        return None  # it goes further, and its tombstones stand already
    rights = [each for each in request.rights if each.kind in WISHES and each.running]
    proved = verified(record, person_of(record).unsealed(PersonPayload))
    for exact in proved.addresses:
        wishes.record(exact, [Wish(each.kind) for each in rights], turn.id, clock.now())
    for each in rights:
        each.move(RightState.CLOSED)
    letters.owe(request, "suppressed", rights)
    save(record, request)
    return letters.owed(record, request)
