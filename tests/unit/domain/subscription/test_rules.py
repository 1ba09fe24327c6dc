"""What a look at PayPal means, case by case."""

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from chalicelib.connectors.paypal.model import Status, Subscription
from chalicelib.core import ids
from chalicelib.domain.subscription import rules
from chalicelib.domain.subscription.model import Checkout, State, SubscriptionPayload, Surplus

NOW = datetime(2026, 11, 1, tzinfo=UTC)
LATER = NOW + timedelta(days=20)
MEMBER = ids.new_member()
GRACE = timedelta(hours=72)


def payload(state: State = State.NONE, paypal_id: str = "", **more: object) -> SubscriptionPayload:
    return SubscriptionPayload.model_validate(
        {"state": state, "paypal_id": paypal_id, "created_at": NOW, "updated_at": NOW, **more}
    )


def seen(status: Status, ident: str = "I-NEW", ends: datetime | None = None) -> Subscription:
    return Subscription(ident, status, plan="P-1", next_billing_at=ends)


def waiting(ident: str = "I-NEW") -> Checkout:
    return Checkout(request="r", at=NOW, paypal_id=ident)


def after(old: SubscriptionPayload, look: Subscription, now: datetime = NOW) -> SubscriptionPayload:
    return rules.after(old, look, now, GRACE)


def test_an_approval_makes_it_active_until_the_next_payment() -> None:
    new = after(payload(State.PENDING, pending=waiting()), seen(Status.ACTIVE, ends=LATER))
    assert (new.state, new.paypal_id, new.period_end, new.purge_at, new.pending) == (
        State.ACTIVE,
        "I-NEW",
        LATER,
        None,
        None,
    )


@pytest.mark.parametrize(("status", "state"), [(Status.CANCELLED, State.CANCELLED), (Status.EXPIRED, State.EXPIRED)])
def test_the_end_keeps_what_is_paid_for_and_is_reckoned_once(status: Status, state: State) -> None:
    new = after(payload(State.ACTIVE, "I-NEW", period_end=LATER), seen(status))
    assert (new.state, new.period_end, new.purge_at) == (state, LATER, LATER + GRACE)
    again = after(new, seen(status), NOW + timedelta(days=1))
    assert (again.period_end, again.purge_at) == (LATER, LATER + GRACE)


def test_an_end_noticed_late_gives_the_whole_grace_from_now() -> None:
    new = after(payload(State.ACTIVE, "I-NEW", period_end=NOW), seen(Status.CANCELLED), LATER)
    assert (new.period_end, new.purge_at) == (NOW, LATER + GRACE)


def test_the_end_of_what_no_longer_counts_ends_nothing() -> None:
    old = payload(State.ACTIVE, "I-NEW", period_end=LATER)
    for status in Status:
        if not status.live:
            new = after(old, seen(status, "I-OLD"))
            assert (new.state, new.paypal_id, new.surplus) == (State.ACTIVE, "I-NEW", [])


def test_a_second_live_one_is_surplus_unless_a_checkout_waits_for_it() -> None:
    for old in (payload(State.ACTIVE, "I-OLD"), payload(State.ACTIVE, "I-OLD", pending=waiting())):
        surplus = after(old, seen(Status.ACTIVE))
        assert (surplus.paypal_id, surplus.surplus) == ("I-OLD", [Surplus(id="I-NEW", refund=True)])
        assert surplus.pending is None
        again = after(surplus, seen(Status.ACTIVE))
        assert again.surplus == surplus.surplus
    replaced = after(payload(State.SUSPENDED, "I-OLD", pending=waiting()), seen(Status.ACTIVE))
    assert (replaced.paypal_id, replaced.surplus) == ("I-NEW", [Surplus(id="I-OLD", refund=False)])


def test_what_is_surplus_never_counts_again() -> None:
    old = payload(State.CANCELLED, "I-OLD", period_end=NOW, surplus=[Surplus(id="I-NEW", refund=True)])
    assert after(old, seen(Status.ACTIVE)).state is State.CANCELLED


def test_a_cancellation_that_paypal_does_not_confirm_stands_until_it_does() -> None:
    asked = rules.cancelling(payload(State.ACTIVE, "I-NEW", period_end=NOW), MEMBER, NOW)
    assert asked.state is State.CANCELLING
    for status in (Status.ACTIVE, Status.SUSPENDED):
        renewed = after(asked, seen(status, ends=LATER))
        assert (renewed.state, renewed.period_end) == (State.CANCELLING, LATER)
    assert rules.cancelling(renewed, MEMBER, LATER).cancelling == asked.cancelling, "since the first time"
    assert rules.unknown_there(renewed, "I-NEW", NOW).state is State.CANCELLING
    ended = after(renewed, seen(Status.CANCELLED))
    assert (ended.state, ended.cancelling, ended.purge_at) == (State.CANCELLED, None, LATER + GRACE)
    for state in (State.NONE, State.CANCELLED):
        assert rules.cancelling(payload(state), MEMBER, NOW).state is state


def test_until_the_new_one_is_active_the_old_end_stands() -> None:
    old = payload(State.CANCELLED, "I-OLD", period_end=NOW, purge_at=LATER, pending=waiting())
    for status in (Status.APPROVAL_PENDING, Status.APPROVED):
        new = after(old, seen(status))
        assert (new.state, new.purge_at, new.pending) == (State.CANCELLED, LATER, waiting())
    assert after(old, seen(Status.ACTIVE, ends=LATER)).purge_at is None


def test_whatever_the_order_of_looks_the_last_state_stands() -> None:
    """Each webhook leads to a look at what is true by then: the last one, however often."""
    for order in permutations([Status.ACTIVE, Status.SUSPENDED, Status.ACTIVE]):
        standing = payload(State.PENDING, pending=waiting())
        for status in (*order, Status.CANCELLED, Status.CANCELLED):
            standing = after(standing, seen(status, ends=None if status.ended else LATER))
        assert (standing.state, standing.period_end) == (State.CANCELLED, LATER)


def test_one_that_paypal_does_not_know_ends_no_workspace() -> None:
    assert rules.unknown_there(payload(State.ACTIVE, "I-NEW"), "I-NEW", NOW).state is State.ACTIVE
    dropped = rules.unknown_there(payload(State.PENDING, pending=waiting()), "I-NEW", NOW)
    assert (dropped.state, dropped.pending) == (State.NONE, None)


def test_closing_touches_nothing_that_has_ended_or_lives() -> None:
    for state in (State.ACTIVE, State.SUSPENDED, State.CANCELLED, State.EXPIRED):
        assert rules.closed(payload(state, "I-NEW", period_end=LATER), NOW, GRACE).period_end == LATER
    new = rules.closed(payload(State.PENDING, pending=waiting()), NOW, GRACE)
    assert (new.state, new.period_end, new.purge_at, new.pending) == (State.CANCELLED, NOW, NOW + GRACE, None)
