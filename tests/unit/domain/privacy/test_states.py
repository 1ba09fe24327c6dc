"""A request and its rights go only where they may: every pair of states, and what one move means for the others."""

from datetime import timedelta
from itertools import product

import pytest

from chalicelib.core import clock
from chalicelib.domain.privacy.model import Request
from chalicelib.domain.privacy.rights import Erasing, Right
from chalicelib.domain.privacy.states import (
    IllegalMove,
    Intake,
    RightKind,
    RightState,
    leads_to,
    next_intake,
    next_state,
)
from chalicelib.domain.privacy.workflow import soonest
from chalicelib.store.steps import AGAIN, DONE, later

I, S = Intake, RightState  # noqa: E741 - a table of states is read at a glance
INTAKE = {
    (I.RECEIVED, I.AWAITING_CONFIRMATION),
    (I.RECEIVED, I.VERIFIED),
    (I.AWAITING_CONFIRMATION, I.RECEIVED),
    (I.AWAITING_CONFIRMATION, I.VERIFIED),
    (I.AWAITING_CONFIRMATION, I.LAPSED),
}
DECIDED = {(now, to) for now in (S.FOR_OFFICER, S.NEEDS_MORE) for to in (S.ANSWERED, S.REFUSED, S.SUPERSEDED)} | {
    (S.FOR_OFFICER, S.NEEDS_MORE),
    (S.FOR_OFFICER, S.NO_REQUEST),
    (S.NEEDS_MORE, S.FOR_OFFICER),
    (S.NEEDS_MORE, S.LAPSED),
}
ERASURE = DECIDED | {
    (S.FOR_OFFICER, S.AWAITING_CONFIRMATION),
    (S.FOR_OFFICER, S.CONFIRMED),
    (S.NEEDS_MORE, S.AWAITING_CONFIRMATION),
    (S.NEEDS_MORE, S.CONFIRMED),
    (S.AWAITING_CONFIRMATION, S.CONFIRMED),
    (S.AWAITING_CONFIRMATION, S.LAPSED),
    (S.CONFIRMED, S.CONFIRMED),
    (S.CONFIRMED, S.ERASING),
    (S.ERASING, S.CONFIRMED),
    (S.ERASING, S.SECOND_PASS),
    (S.SECOND_PASS, S.CONFIRMED),
    (S.SECOND_PASS, S.SECOND_PASS),
    (S.SECOND_PASS, S.CLOSED),
}
WISHES = DECIDED | {
    (S.FOR_OFFICER, S.AWAITING_CONFIRMATION),
    (S.FOR_OFFICER, S.CONFIRMED),
    (S.NEEDS_MORE, S.CONFIRMED),
    (S.AWAITING_CONFIRMATION, S.CONFIRMED),
    (S.AWAITING_CONFIRMATION, S.LAPSED),
    (S.CONFIRMED, S.READY),
    (S.CONFIRMED, S.SUPERSEDED),
    (S.READY, S.CLOSED),
    (S.READY, S.FOR_OFFICER),
    (S.READY, S.SUPERSEDED),
    (S.FOR_OFFICER, S.CLOSED),
}
BEGUN = (S.AWAITING_CONFIRMATION, S.CONFIRMED)
ASKING = (
    DECIDED
    | {(now, to) for now in (S.FOR_OFFICER, S.NEEDS_MORE) for to in BEGUN}
    | {(S.FOR_OFFICER, S.GIVEN), (S.FOR_OFFICER, S.CLOSED)}
    | {(S.AWAITING_CONFIRMATION, S.CONFIRMED), (S.AWAITING_CONFIRMATION, S.LAPSED), (S.CONFIRMED, S.READY)}
    | {(S.READY, S.GIVEN), (S.READY, S.CLOSED), (S.READY, S.FOR_OFFICER), (S.GIVEN, S.CLOSED)}
    | {(now, S.SUPERSEDED) for now in (*BEGUN, S.READY, S.GIVEN)}
)
COPIES = (RightKind.ACCESS, RightKind.SOURCE, RightKind.PORTABILITY)
MOVES = {
    **dict.fromkeys(RightKind, DECIDED),
    **dict.fromkeys((RightKind.OBJECTION, RightKind.RESTRICTION, RightKind.CONSENT_WITHDRAWN), WISHES),
    **dict.fromkeys((*COPIES, RightKind.RECTIFICATION), ASKING),
    RightKind.ERASURE: ERASURE,
}


@pytest.mark.parametrize(("now", "to"), list(product(Intake, Intake)))
def test_an_intake_goes_only_where_it_may(now: Intake, to: Intake) -> None:
    if (now, to) in INTAKE:
        assert next_intake(now, to) is to
    else:
        with pytest.raises(IllegalMove):
            next_intake(now, to)


@pytest.mark.parametrize("kind", RightKind)
@pytest.mark.parametrize(("now", "to"), list(product(RightState, RightState)))
def test_a_right_goes_only_where_it_may(kind: RightKind, now: RightState, to: RightState) -> None:
    right = Right(kind=kind, state=now)
    if (now, to) in MOVES[kind]:
        assert next_state(kind, now, to) is to
        right.move(to)
        assert right.state is to
    else:
        with pytest.raises(IllegalMove):
            right.move(to)
        assert right.state is now


@pytest.mark.parametrize("kind", RightKind)
@pytest.mark.parametrize("state", RightState)
def test_nothing_follows_a_final_state_and_every_other_leads_to_one(kind: RightKind, state: RightState) -> None:
    moves = MOVES[kind]
    follows = any(now is state for now, _ in moves)
    known = any(state in pair for pair in moves)
    assert follows is (known and not state.final)
    if follows:
        assert any(leads_to(kind, state, end) for end in RightState if end.final)


def request(*kinds: RightKind) -> Request:
    now = clock.now()
    return Request(rights=[Right(kind=kind) for kind in kinds], language="en", received_at=now, due_at=now)


def states(of: Request) -> list[RightState]:
    return [right.state for right in of.rights]


def verified(*kinds: RightKind) -> Request:
    made = request(*kinds)
    made.await_confirmation()
    made.verify(clock.now())
    return made


def test_rights_without_steps_stay_with_the_officer_while_the_erasure_waits_and_runs() -> None:
    made = request(RightKind.ERASURE, RightKind.AUTOMATED_DECISIONS)
    assert (made.intake, states(made), made.ended) == (I.RECEIVED, [S.FOR_OFFICER, S.FOR_OFFICER], False)
    made.await_confirmation()
    assert (made.intake, states(made)) == (I.AWAITING_CONFIRMATION, [S.AWAITING_CONFIRMATION, S.FOR_OFFICER])
    at = clock.now()
    made.verify(at)
    assert (made.intake, states(made), made.confirmed_at) == (I.VERIFIED, [S.CONFIRMED, S.FOR_OFFICER], at)
    assert [right.running for right in made.rights] == [True, False]
    with pytest.raises(IllegalMove):
        made.verify(at)


def test_a_request_that_nobody_confirms_ends_but_for_what_our_officer_decides() -> None:
    made = request(RightKind.ERASURE)
    with pytest.raises(IllegalMove):
        made.lapse()
    made.await_confirmation()
    made.lapse()
    assert (made.intake, states(made), made.ended) == (I.LAPSED, [S.LAPSED], True)
    with pytest.raises(IllegalMove):
        made.verify(clock.now())
    several = request(RightKind.ERASURE, RightKind.AUTOMATED_DECISIONS)
    several.await_confirmation()
    several.lapse()
    assert (several.intake, states(several), several.ended) == (I.RECEIVED, [S.LAPSED, S.FOR_OFFICER], False)


@pytest.mark.parametrize("kind", [RightKind.AUTOMATED_DECISIONS, RightKind.UNCLEAR])
def test_nothing_is_erased_before_our_officer_has_answered_what_needs_the_data(kind: RightKind) -> None:
    made = verified(RightKind.ERASURE, kind)
    assert states(made) == [S.CONFIRMED, S.FOR_OFFICER]
    assert made.held_back(RightKind.ERASURE)
    assert not made.held_back(kind)
    made.rights[1].move(S.ANSWERED)
    assert not made.held_back(RightKind.ERASURE)


@pytest.mark.parametrize("kind", COPIES)
def test_an_erasure_is_offered_once_our_own_copy_is_ready(kind: RightKind) -> None:
    made = verified(RightKind.ERASURE, kind)
    assert (states(made), made.offered()) == ([S.AWAITING_CONFIRMATION, S.CONFIRMED], [])
    with pytest.raises(IllegalMove):
        made.begin(RightKind.ERASURE)
    made.rights[1].move(S.READY)
    made.rights[1].ready_at = clock.now()
    assert made.offered() == [made.rights[0]], "members' tasks hold nothing back"
    made.begin(RightKind.ERASURE)
    assert states(made) == [S.CONFIRMED, S.READY]
    assert not made.held_back(RightKind.ERASURE)


def test_a_form_comes_after_the_copy_and_only_its_words_begin_it() -> None:
    alone = verified(RightKind.RECTIFICATION)
    assert (states(alone), [right.kind for right in alone.offered()]) == (
        [S.AWAITING_CONFIRMATION],
        [RightKind.RECTIFICATION],
    )
    alone.begin(RightKind.RECTIFICATION)
    assert states(alone) == [S.CONFIRMED]
    both = verified(RightKind.ACCESS, RightKind.RECTIFICATION)
    assert both.offered() == []
    both.rights[0].ready_at = clock.now()
    assert [right.kind for right in both.offered()] == [RightKind.RECTIFICATION]


@pytest.mark.parametrize("kind", [RightKind.RECTIFICATION, RightKind.OBJECTION, RightKind.RESTRICTION])
def test_what_an_erasure_ends_holds_it_not_back(kind: RightKind) -> None:
    made = verified(RightKind.ERASURE, kind)
    assert states(made)[0] is S.CONFIRMED
    assert not made.held_back(RightKind.ERASURE)


def test_an_erasure_that_a_backup_shows_as_not_begun_is_begun_again_without_its_copy() -> None:
    made = request(RightKind.ACCESS, RightKind.ERASURE)
    made.await_confirmation()
    made.resume(clock.now())
    assert states(made) == [S.SUPERSEDED, S.CONFIRMED]


def test_the_clock_of_a_right_stands_while_its_person_is_asked() -> None:
    made = request(RightKind.ACCESS, RightKind.AUTOMATED_DECISIONS)
    access, decisions = made.rights
    due, day = made.due_at, timedelta(days=1)
    assert made.owed_by == due
    access.move(S.NEEDS_MORE, "identity")
    assert (access.reason, made.owed_by) == ("identity", due), "the other one's clock runs"
    decisions.move(S.ANSWERED)
    assert [right.state.owed for right in made.rights] == [False, False]
    clock.advance(10 * day.total_seconds())
    access.move(S.FOR_OFFICER)
    assert made.owed_by is not None
    assert timedelta(0) <= made.owed_by - due - 10 * day < timedelta(minutes=1)


def test_a_finished_erasure_ends_what_else_was_asked_for() -> None:
    made = verified(RightKind.RECTIFICATION, RightKind.ERASURE)
    with pytest.raises(IllegalMove):
        made.close(RightKind.ERASURE)
    erasure = made.erasure
    assert erasure
    erasure.move(S.ERASING)
    erasure.move(S.SECOND_PASS)
    made.close(RightKind.ERASURE)
    assert (states(made), made.ended) == ([S.SUPERSEDED, S.CLOSED], True)


def test_an_erasure_begins_anew_without_what_its_passes_found() -> None:
    made = verified(RightKind.ERASURE)
    erasure, at = made.rights[0], clock.now()
    erasure.move(S.ERASING)
    erasure.move(S.SECOND_PASS)
    erasure.erasing = Erasing(deleted_at=at, next_pass_at=at, passes=2, certificate_id="x", kinds="v")
    made.begin_anew()
    assert (erasure.state, erasure.erasing) == (S.CONFIRMED, Erasing(deleted_at=at))
    assert made.certificate_id == "", "an erasure that is not done shows none"


@pytest.mark.parametrize("state", [S.AWAITING_CONFIRMATION, S.CONFIRMED, S.ERASING, S.SECOND_PASS])
def test_a_restored_request_catches_up_with_its_end(state: RightState) -> None:
    made = request(RightKind.ERASURE, RightKind.ACCESS)
    made.rights[0].state = state
    made.catch_up(RightKind.ERASURE)
    assert (made.intake, states(made), made.ended) == (I.VERIFIED, [S.CLOSED, S.SUPERSEDED], True)


def test_a_restored_request_does_not_catch_up_from_another_end() -> None:
    made = request(RightKind.ERASURE)
    made.await_confirmation()
    made.lapse()
    with pytest.raises(IllegalMove):
        made.catch_up(RightKind.ERASURE)


def test_a_request_of_no_plain_right_waits_for_the_officer() -> None:
    assert not request().ended


def test_of_several_rights_the_one_that_goes_on_first_plans_the_next_turn() -> None:
    now = clock.now()
    soon, late = later(now), later(now + timedelta(days=1))
    assert soonest([]) is None
    assert soonest([late, soon, DONE]) is soon
    assert soonest([soon, AGAIN]) is AGAIN
    assert soonest([DONE]) is DONE
