"""A subscription's steps killed at any call, to AWS or to PayPal: in the end it stands here as it stands there."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.subscription import repository
from chalicelib.domain.subscription.model import State
from chalicelib.domain.subscription.records import EventRow
from chalicelib.store import rows
from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.crash import state
from tests.crash.conftest import CRASHED, Crasher, points
from tests.support.paypal_checkout import Paying

pytestmark = pytest.mark.crash
JOBS = "tests.crash.paying_jobs"
Say = Callable[[str, int, int], None]


@pytest.fixture(autouse=True)
def _long_periods(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    """No period ends, and nothing is purged, while leases and due rows are waited for."""
    monkeypatch.setattr(cloud.paypal.subscriptions, "period", timedelta(days=30))


def killed_everywhere(
    crasher: Crasher,
    job: str,
    begin: Callable[[], list[Any]],
    check: Callable[[list[Any]], None],
    say: Say,
    shift: int,
) -> None:
    """Once alive to count the calls, then killed before and after each; `check` lets it go on and looks at the end."""
    arguments = begin()
    alive = crasher.run(f"{JOBS}:{job}", arguments)
    assert alive["code"] == 0, alive
    check(arguments)
    kills = 0
    for call, when in points(alive["calls"], shift):
        arguments = begin()
        killed = crasher.run(f"{JOBS}:{job}", arguments, call, when)
        assert killed["code"] == CRASHED, (call, when, killed)
        kills += 1
        check(arguments)
    say(f"subscription, {job}", alive["calls"], kills)
    assert kills


def test_a_webhook_killed_at_any_call(
    paying: Paying, new_workspace: Callable[..., Member], crasher: Crasher, settle: Callable[[], None], say: Say
) -> None:
    owners: list[Member] = []

    def begin() -> list[Any]:
        owners.append(new_workspace())
        paying.answer(paying.checkout(owners[-1]))
        paying.paypal.webhooks.waiting[:] = [e for e in paying.paypal.webhooks.waiting if e.type.endswith(".ACTIVATED")]
        event = paying.paypal.webhooks.waiting[0]
        return [paying.paypal.webhooks.headers(event.body), event.body.decode()]

    def check(_: list[Any]) -> None:
        event, tenant = paying.paypal.webhooks.waiting[0], owners[-1].tenant
        recorded = rows.get(EventRow, f"paypal_event#{event.id}", "paypal_event") is not None
        settle()
        if recorded:
            assert repository.read(tenant)[1].state is State.ACTIVE, "recorded, and yet lost"
        assert paying.paypal.deliver() == 1, "PayPal sends again what was not answered"
        settle()
        payload = repository.read(tenant)[1]
        assert (payload.state, payload.pending, payload.surplus) == (State.ACTIVE, None, [])
        assert state.due("subscription", payload.paypal_id), "nobody would notice its end"
        assert not state.due("purge", tenant)

    killed_everywhere(crasher, "webhook", begin, check, say, 0)


def test_a_checkout_killed_at_any_call(
    cloud: Cloud,
    paying: Paying,
    new_workspace: Callable[..., Member],
    crasher: Crasher,
    settle: Callable[[], None],
    say: Say,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    owners: list[Member] = []

    def begin() -> list[Any]:
        owners.append(new_workspace())
        return [owners[-1].tenant, owners[-1].id]

    def check(arguments: list[Any]) -> None:
        settle()
        assert crasher.run(f"{JOBS}:start_checkout", arguments)["code"] == 0, "the owner tries again"
        own = [each for each in paying.paypal.subscriptions.all() if each.custom_id == arguments[0]]
        assert len(own) == 1, "one checkout, one subscription"
        paying.paypal.approval_page.approve(own[0])
        paying.paypal.deliver()
        payload = repository.read(arguments[0])[1]
        assert (payload.state, payload.paypal_id, payload.pending) == (State.ACTIVE, own[0].id, None)

    killed_everywhere(crasher, "start_checkout", begin, check, say, 3)


def test_a_cancellation_killed_at_any_call(
    paying: Paying, new_workspace: Callable[..., Member], crasher: Crasher, settle: Callable[[], None], say: Say
) -> None:
    def begin() -> list[Any]:
        owner = new_workspace()
        paying.subscribe(owner)
        return [owner.tenant, owner.id]

    def check(arguments: list[Any]) -> None:
        tenant = arguments[0]
        paying.paypal.webhooks.waiting.clear()  # no webhook helps
        settle()
        payload = repository.read(tenant)[1]
        there = paying.paypal.subscriptions.get(payload.paypal_id)
        assert there
        assert str(payload.state).upper() == there.status, "it stands here as it stands at PayPal"
        assert crasher.run(f"{JOBS}:cancel_subscription", arguments)["code"] == 0, "the owner tries again"
        ended = repository.read(tenant)[1]
        assert (ended.state, there.status) == (State.CANCELLED, "CANCELLED")
        assert ended.purge_at
        assert ended.period_end == payload.period_end
        assert state.due("purge", tenant)

    killed_everywhere(crasher, "cancel_subscription", begin, check, say, 5)


def test_closing_without_a_subscription_killed_at_any_call(
    paying: Paying, new_workspace: Callable[..., Member], crasher: Crasher, say: Say
) -> None:
    def begin() -> list[Any]:
        owner = new_workspace()
        return [owner.tenant, owner.id]

    def check(arguments: list[Any]) -> None:
        if repository.read(arguments[0])[1].state is State.CANCELLED:
            assert state.due("purge", arguments[0]), "closed, and never purged"
        assert crasher.run(f"{JOBS}:cancel_subscription", arguments)["code"] == 0, "the owner tries again"
        assert repository.read(arguments[0])[1].state is State.CANCELLED
        assert state.due("purge", arguments[0])

    killed_everywhere(crasher, "cancel_subscription", begin, check, say, 1)


def test_a_cancellation_that_paypal_refused_first_killed_at_any_call(
    paying: Paying,
    new_workspace: Callable[..., Member],
    crasher: Crasher,
    settle: Callable[[], None],
    say: Say,
) -> None:
    """Whatever is killed, the owner's word stands, and is asked for again."""

    def begin() -> list[Any]:
        owner = new_workspace()
        ident = paying.subscribe(owner)
        paying.paypal.fault("deaf", times=1)
        assert owner.api.post("/v1/subscription/cancel", {}).status_code == 202
        paying.paypal.webhooks.waiting.clear()
        return [ident]

    def check(arguments: list[Any]) -> None:
        paying.paypal.webhooks.waiting.clear()
        settle()
        tenant = repository.tenant_of(arguments[0])
        there = paying.paypal.subscriptions.get(arguments[0])
        assert tenant
        assert there
        ended = repository.read(tenant)[1]
        assert (ended.state, ended.cancelling, there.status) == (State.CANCELLED, None, "CANCELLED")
        assert state.due("purge", tenant)

    killed_everywhere(crasher, "look_again", begin, check, say, 2)


def test_a_surplus_subscription_killed_at_any_call(
    cloud: Cloud,
    paying: Paying,
    new_workspace: Callable[..., Member],
    crasher: Crasher,
    settle: Callable[[], None],
    say: Say,
) -> None:
    owners: list[Member] = []

    def begin() -> list[Any]:
        owner = new_workspace()
        owners.append(owner)
        paying.subscribe(owner)
        second, _ = paying.paypal.subscriptions.add(paying.paypal.rest.plan_id, owner.tenant, ("", ""), "")
        repository.remember(second.id, owner.tenant)
        paying.paypal.approval_page.approve(second)
        paying.paypal.deliver()
        return [second.id]

    def check(arguments: list[Any]) -> None:
        settle()
        second = paying.paypal.subscriptions.get(arguments[0])
        assert second
        assert [second.status, *(each.status for each in second.payments)] == ["CANCELLED", "REFUNDED"]
        payload = repository.read(owners[-1].tenant)[1]
        assert (payload.state, payload.surplus) == (State.ACTIVE, [])
        told = [mail for mail in cloud.sent_mail() if owners[-1].email in mail["to"] and "returned" in mail["subject"]]
        assert len(told) <= 1, "a mail whose sending was killed is not sent twice"

    killed_everywhere(crasher, "end_surplus", begin, check, say, 4)
