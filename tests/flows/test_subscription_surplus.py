"""A second subscription, or one for a workspace that is no more: it is cancelled, its payment goes back, the owners are told."""

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.core import settings
from chalicelib.domain.accounts.records import TenantRow
from chalicelib.domain.subscription import repository
from chalicelib.domain.subscription.model import State
from chalicelib.store import rows
from infra.local.cloud import Cloud
from infra.local.environment import OPERATOR_ADDRESS
from infra.simulators.paypal.subscriptions import Subscription
from tests.conftest import Member
from tests.crash import state
from tests.support.paypal_checkout import Paying

DAY_S = 86_400
RETURNED = "A second subscription was cancelled, and its payment returned"
NOT_RETURNED = "A second subscription was cancelled; its payment comes back later"


@pytest.fixture
def both(cloud: Cloud, paying: Paying, monkeypatch: pytest.MonkeyPatch) -> Callable[[Member], Subscription]:
    """Two owners begin a checkout each, and both approve; the second approval."""

    def approve(owner: Member) -> Subscription:
        monkeypatch.setenv("IKO_RETURN_HOSTS", "app.iko.example")
        settings.current.cache_clear()
        try:
            urls = [paying.checkout(owner), paying.checkout(owner, return_to="https://app.iko.example/")]
        finally:
            monkeypatch.undo()
            settings.current.cache_clear()
        for url in urls:
            paying.answer(url)
            paying.paypal.deliver()
        return [each for each in paying.paypal.subscriptions.all() if each.custom_id == owner.tenant][1]

    return approve


def told(cloud: Cloud, address: str) -> list[str]:
    return [mail["subject"] for mail in cloud.sent_mail() if address in mail["to"]]


def statuses(subscribed: Subscription) -> list[str]:
    return [subscribed.status, *(each.status for each in subscribed.payments)]


def test_the_second_of_two_approvals_is_cancelled_and_paid_back(
    cloud: Cloud, paying: Paying, member: Member, both: Callable[[Member], Subscription]
) -> None:
    second = both(member)
    cloud.drain()
    assert statuses(second) == ["CANCELLED", "REFUNDED"]
    first = repository.read(member.tenant)[1]
    counting = paying.paypal.subscriptions.get(first.paypal_id)
    assert counting
    assert counting is not second
    assert statuses(counting) == ["ACTIVE", "COMPLETED"], "the one that was first goes on"
    assert (first.surplus, first.pending) == ([], None)
    assert told(cloud, member.email).count(RETURNED) == 1
    assert "subscription.surplus" in [each["action"] for each in member.api.get("/v1/audit").json()["items"]]
    paying.paypal.webhooks.tell("BILLING.SUBSCRIPTION.CANCELLED", second)
    paying.paypal.deliver()
    cloud.drain()
    assert told(cloud, member.email).count(RETURNED) == 1
    assert not state.due("surplus", second.id)


def test_a_payment_that_was_not_complete_goes_back_when_it_is(
    cloud: Cloud, paying: Paying, member: Member, both: Callable[[Member], Subscription]
) -> None:
    second = both(member)
    second.payments[0].status = "PENDING"
    cloud.drain()
    assert statuses(second) == ["CANCELLED", "PENDING"]
    assert told(cloud, member.email).count(RETURNED) == 0
    second.payments[0].status = "COMPLETED"
    cloud.advance(DAY_S / 4)
    cloud.drain()
    assert statuses(second) == ["CANCELLED", "REFUNDED"]
    assert told(cloud, member.email).count(RETURNED) == 1


@pytest.mark.parametrize("status", [400, 404, 422])
def test_a_refund_that_paypal_refuses_is_told_to_owner_and_operator(
    cloud: Cloud, paying: Paying, member: Member, both: Callable[[Member], Subscription], status: int, caplog: Any
) -> None:
    second = both(member)
    paying.paypal.fault("status", on="refund", status=status)
    cloud.drain()
    assert statuses(second) == ["CANCELLED", "COMPLETED"]
    assert told(cloud, member.email).count(NOT_RETURNED) == 1
    to_operator = [mail for mail in cloud.sent_mail() if OPERATOR_ADDRESS in mail["to"] and second.id in mail["text"]]
    assert [mail["subject"] for mail in to_operator] == ["A payment at PayPal must be returned by hand"]
    assert '"UnsettledPayments":1' in caplog.text


def test_a_refund_that_paypal_does_not_answer_for_days_is_for_a_person(
    cloud: Cloud, paying: Paying, member: Member, both: Callable[[Member], Subscription]
) -> None:
    second = both(member)
    paying.paypal.fault("status", on="refund", status=403)  # the app at PayPal may not refund
    cloud.drain()
    assert told(cloud, member.email).count(NOT_RETURNED) == 0, "tried again first"
    cloud.advance(3 * DAY_S + 60)
    cloud.drain()
    assert statuses(second) == ["CANCELLED", "COMPLETED"]
    assert told(cloud, member.email).count(NOT_RETURNED) == 1


@pytest.mark.parametrize("fault", [{"status": 503}, {"status": 422}, {"status": 403}])
def test_payments_that_paypal_does_not_list_for_days_are_for_a_person(
    cloud: Cloud, paying: Paying, member: Member, both: Callable[[Member], Subscription], fault: dict[str, int]
) -> None:
    second = both(member)
    paying.paypal.fault("status", on="transactions", **fault)
    cloud.drain()
    assert told(cloud, member.email).count(NOT_RETURNED) == 0, "tried again first"
    cloud.advance(3 * DAY_S + 60)
    cloud.drain()
    assert statuses(second) == ["CANCELLED", "COMPLETED"]
    assert told(cloud, member.email).count(NOT_RETURNED) == 1
    assert [mail for mail in cloud.sent_mail() if OPERATOR_ADDRESS in mail["to"] and second.id in mail["text"]]
    assert repository.read(member.tenant)[1].surplus == []


def test_a_surplus_one_that_paypal_says_nothing_of_for_days_is_told_of(
    cloud: Cloud, paying: Paying, member: Member, both: Callable[[Member], Subscription]
) -> None:
    second = both(member)
    paying.paypal.fault("down", on="cancel")
    cloud.drain()
    for _ in range(2):
        cloud.advance(3 * DAY_S + 60)
        cloud.drain()
    assert told(cloud, member.email).count("PayPal has not confirmed the end of one of two subscriptions") == 1
    paying.paypal.heal()
    cloud.advance(3600)
    cloud.drain()
    assert statuses(second) == ["CANCELLED", "REFUNDED"]


def test_a_surplus_one_that_paypal_does_not_end_is_tried_again(
    cloud: Cloud, paying: Paying, member: Member, both: Callable[[Member], Subscription]
) -> None:
    second = both(member)
    paying.paypal.fault("deaf")
    cloud.drain()
    assert statuses(second) == ["ACTIVE", "COMPLETED"]
    assert told(cloud, member.email).count(RETURNED) == 0
    paying.paypal.heal()
    cloud.advance(60)
    cloud.drain()
    assert statuses(second) == ["CANCELLED", "REFUNDED"]


def test_a_surplus_one_that_paypal_does_not_end_for_days_is_told_of_as_what_it_is(
    cloud: Cloud, paying: Paying, member: Member, both: Callable[[Member], Subscription]
) -> None:
    second = both(member)
    paying.paypal.fault("deaf")
    cloud.drain()
    for _ in range(2):
        cloud.advance(3 * DAY_S + 60)
        cloud.drain()
    mails = [mail for mail in cloud.sent_mail() if member.email in mail["to"] and "not confirmed" in mail["subject"]]
    assert [mail["subject"] for mail in mails] == ["PayPal has not confirmed the end of one of two subscriptions"]
    assert second.id in mails[0]["text"]
    assert "Your workspace goes on" in mails[0]["text"]
    paying.paypal.heal()
    cloud.advance(DAY_S + 60)
    cloud.drain()
    assert statuses(second) == ["CANCELLED", "REFUNDED"], "asked again every day, as the mail says"
    assert repository.read(member.tenant)[1].state is State.ACTIVE


def test_an_approval_after_the_purge_is_paid_back(
    cloud: Cloud, paying: Paying, new_workspace: Callable[..., Member]
) -> None:
    gone = new_workspace()
    url = paying.checkout(gone)
    repository.forget(gone.tenant)
    for sk, record in (("tenant", TenantRow),):
        row = rows.get(record, f"tenant#{gone.tenant}", sk)
        assert row
        rows.delete_if_unchanged(row)
    paying.answer(url)
    paying.paypal.deliver()
    cloud.drain()
    (late,) = [each for each in paying.paypal.subscriptions.all() if each.custom_id == gone.tenant]
    assert statuses(late) == ["CANCELLED", "REFUNDED"]
    notes = [entry["body"] for entry in paying.paypal.log if entry["operation"] == "refund"]
    assert "workspace" in notes[-1]["note_to_payer"], "PayPal tells whoever paid: we have no address any more"


def test_an_approval_while_the_purge_deletes_is_found_by_the_last_look(
    cloud: Cloud, paying: Paying, new_workspace: Callable[..., Member]
) -> None:
    gone = new_workspace()
    paying.answer(paying.checkout(gone))
    paying.paypal.webhooks.waiting.clear()  # no webhook helps
    repository.forget(gone.tenant)
    row = rows.get(TenantRow, f"tenant#{gone.tenant}", "tenant")
    assert row
    rows.delete_if_unchanged(row)
    cloud.advance(61)
    cloud.drain()
    (late,) = [each for each in paying.paypal.subscriptions.all() if each.custom_id == gone.tenant]
    assert statuses(late) == ["CANCELLED", "REFUNDED"]
