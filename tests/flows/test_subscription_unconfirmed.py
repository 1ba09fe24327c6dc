"""Cancelling where PayPal refuses, or says yes and goes on: never a yes of ours while PayPal may still charge."""

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.core import clock
from infra.local.cloud import Cloud
from infra.local.environment import OPERATOR_ADDRESS
from tests.conftest import Api, Member
from tests.support.paypal_checkout import Paying, moment, planned

DAY_S = 86_400


@pytest.fixture(autouse=True)
def _heal(paying: Paying) -> None:
    paying.paypal.log.clear()


def audited(cloud: Cloud, member: Member) -> list[str]:
    member.api.token = cloud.issuer.token(member.email)
    listed = member.api.get("/v1/audit").json()["items"]
    return [each["action"] for each in listed if each["action"].startswith("subscription.")]


def told(cloud: Cloud, address: str) -> list[str]:
    return [mail["subject"] for mail in cloud.sent_mail() if address in mail["to"]]


@pytest.mark.parametrize("status", [400, 404, 409, 422])
def test_a_refused_cancellation_is_no_yes_and_is_tried_again(
    cloud: Cloud, paying: Paying, member: Member, status: int
) -> None:
    ident = paying.subscribe(member)
    paying.paypal.fault("status", on="cancel", status=status, times=1)
    answer = member.api.post("/v1/subscription/cancel", {})
    assert (answer.status_code, answer.json()["state"], answer.json()["purge_at"]) == (202, "cancelling", None)
    assert "subscription.cancelled" not in audited(cloud, member)
    assert "subscription.cancelling" in audited(cloud, member)
    assert planned("purge", member.tenant) is None
    again = member.api.post("/v1/subscription/checkout", {})
    assert (again.status_code, again.json()["code"]) == (409, "already_subscribed")
    cloud.advance(60)
    cloud.drain()
    there = paying.paypal.subscriptions.get(ident)
    assert there
    assert there.status == "CANCELLED"
    ended = paying.shown(member)
    assert ended["state"] == "cancelled"
    assert moment(ended["purge_at"]) > clock.now()
    assert audited(cloud, member).count("subscription.cancelled") == 1
    assert planned("purge", member.tenant) is not None


def test_a_yes_of_paypals_is_read_again(cloud: Cloud, paying: Paying, member: Member) -> None:
    paying.subscribe(member)
    paying.paypal.fault("deaf")
    for _ in range(2):
        answer = member.api.post("/v1/subscription/cancel", {})
        assert (answer.status_code, answer.json()["state"]) == (202, "cancelling")
    assert audited(cloud, member).count("subscription.cancelling") == 1
    paying.paypal.heal()
    done = member.api.post("/v1/subscription/cancel", {})
    assert (done.status_code, done.json()["state"]) == (200, "cancelled")
    assert audited(cloud, member).count("subscription.cancelled") == 1


def test_one_that_paypal_says_it_does_not_know_is_not_said_to_have_ended(
    cloud: Cloud, paying: Paying, member: Member
) -> None:
    paying.subscribe(member)
    for operation in ("cancel", "show"):
        paying.paypal.fault("status", on=operation, status=404)
    answer = member.api.post("/v1/subscription/cancel", {})
    assert (answer.status_code, answer.json()["state"]) == (202, "cancelling")
    assert "subscription.cancelled" not in audited(cloud, member)


def test_after_three_days_owners_and_operator_are_told_once_and_it_is_still_tried(
    cloud: Cloud, paying: Paying, member: Member, new_colleague: Callable[[Member], Member], caplog: Any
) -> None:
    colleague = new_colleague(member)
    ident = paying.subscribe(member)
    paying.paypal.fault("status", on="cancel", status=422)
    assert member.api.post("/v1/subscription/cancel", {}).status_code == 202
    tries = paying.calls("cancel")
    for _ in range(20):
        cloud.advance(DAY_S / 8)
        cloud.drain()
    assert 3 < paying.calls("cancel") - tries < 40
    assert "PayPal has not confirmed your cancellation" not in told(cloud, member.email)
    for _ in range(3):
        cloud.advance(DAY_S)
        cloud.drain()
    assert told(cloud, member.email).count("PayPal has not confirmed your cancellation") == 1
    to_operator = [mail for mail in cloud.sent_mail() if OPERATOR_ADDRESS in mail["to"] and ident in mail["text"]]
    assert [mail["subject"] for mail in to_operator] == ["PayPal does not end a subscription"]
    assert "PayPal has not confirmed your cancellation" not in told(cloud, colleague.email)
    assert '"UnsettledPayments":1' in caplog.text
    assert audited(cloud, member).count("subscription.not_cancelled") == 1
    paying.paypal.heal()
    cloud.advance(DAY_S + 60)
    cloud.drain()
    member.api.token = cloud.issuer.token(member.email)
    assert paying.shown(member)["state"] == "cancelled"


@pytest.mark.parametrize(
    "fault", [{"kind": "down"}, {"kind": "status", "status": 503}, {"kind": "status", "status": 422}]
)
def test_who_gets_no_answer_of_paypals_for_three_days_is_told_as_well(
    cloud: Cloud, paying: Paying, member: Member, fault: dict[str, Any]
) -> None:
    ident = paying.subscribe(member)
    paying.paypal.fault("status", on="cancel", status=422)
    assert member.api.post("/v1/subscription/cancel", {}).status_code == 202
    paying.paypal.fault(**fault, on="show")
    cloud.advance(2.9 * DAY_S)
    cloud.drain()
    assert told(cloud, member.email).count("PayPal has not confirmed your cancellation") == 0
    for _ in range(2):
        cloud.advance(DAY_S / 2)
        cloud.drain()
    assert told(cloud, member.email).count("PayPal has not confirmed your cancellation") == 1
    assert [mail["subject"] for mail in cloud.sent_mail() if OPERATOR_ADDRESS in mail["to"] and ident in mail["text"]]
    paying.paypal.heal()
    cloud.advance(3600)
    cloud.drain()
    member.api.token = cloud.issuer.token(member.email)
    assert paying.shown(member)["state"] == "cancelled"


@pytest.mark.parametrize("status", [400, 404, 409, 422])
def test_what_paypal_refuses_at_a_checkout_is_an_answer_of_ours_and_stops_no_later_one(
    api: Api, paying: Paying, member: Member, status: int
) -> None:
    paying.paypal.fault("status", on="create", status=status, times=1)
    refused = member.api.post("/v1/subscription/checkout", {})
    assert (refused.status_code, refused.json()["code"]) == (502, "provider_refused")
    assert paying.shown(member)["state"] == "none"
    assert paying.subscribe(member)


@pytest.mark.parametrize("status", [400, 409, 422])
def test_what_paypal_refuses_when_it_is_asked_how_it_stands(paying: Paying, member: Member, status: int) -> None:
    paying.subscribe(member)
    paying.paypal.fault("status", on="show", status=status)
    refused = member.api.post("/v1/subscription/cancel", {})
    assert (refused.status_code, refused.json()["code"]) == (502, "provider_refused")
    assert paying.shown(member)["state"] == "active"
