"""PayPal's webhooks: out of order, replayed, forged, lying, unknown; and the source that is read after each."""

import json
import uuid
from collections.abc import Callable

import pytest
import requests

from chalicelib.core.errors import Unavailable
from chalicelib.domain.subscription import reconcile, repository
from chalicelib.domain.subscription.records import PayPalRow
from chalicelib.store import rows
from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.support.paypal_checkout import Paying, planned


def test_webhooks_out_of_order_and_replayed(paying: Paying, member: Member) -> None:
    ident = paying.subscribe(member)
    paying.paypal.move(ident, "suspend")
    paying.paypal.move(ident, "activate")
    paying.paypal.move(ident, "cancel")
    paying.paypal.webhooks.waiting.reverse()
    paying.paypal.deliver()
    ended = paying.shown(member)
    assert ended["state"] == "cancelled"
    shows = paying.calls("show")
    for headers, body in list(paying.paypal.webhooks.sent):
        if ident.encode() in body:
            replayed = requests.post(f"{member.api.url}/webhooks/paypal", data=body, headers=headers, timeout=10)
            assert (replayed.status_code, replayed.json()["outcome"]) in ((200, "known"), (200, "ignored"))
    assert paying.calls("show") == shows, "a replay is no reason to look"
    assert paying.shown(member) == ended


def test_a_forged_webhook_is_refused(paying: Paying, member: Member) -> None:
    ident = paying.subscribe(member)
    body = json.dumps(
        {
            "id": f"WH-{uuid.uuid4().hex}",
            "event_type": "BILLING.SUBSCRIPTION.CANCELLED",
            "create_time": "2026-11-01T00:00:00Z",
            "resource": {"id": ident, "status": "CANCELLED"},
        }
    ).encode()
    shows, verifies = paying.calls("show"), paying.calls("verify")
    cert = "https://api.paypal.com.elsewhere.example/v1/notifications/certs/CERT-1"
    for headers in (
        {"PAYPAL_TRANSMISSION_SIG": ""},
        {"PAYPAL_TRANSMISSION_ID": ""},
        {"PAYPAL_CERT_URL": cert},
        {"PAYPAL_CERT_URL": "https://api.paypal.com@elsewhere.example/v1/notifications/certs/CERT-1"},
        {"PAYPAL_CERT_URL": "http://api.paypal.com/v1/notifications/certs/CERT-1"},
        {"PAYPAL_TRANSMISSION_SIG": "x" * 600},
    ):
        refused = paying.webhook(body, **headers)
        assert (refused.status_code, refused.json()["code"]) == (400, "webhook_not_verified"), headers
    assert paying.calls("verify") == verifies, "nobody was asked"
    for headers in (
        {"PAYPAL_TRANSMISSION_SIG": "AAAA"},
        {"PAYPAL_TRANSMISSION_TIME": "2020-01-01T00:00:00Z"},
        {"PAYPAL_CERT_URL": "https://api.paypal.com/v1/notifications/certs/CERT-1"},
    ):
        refused = paying.webhook(body, **headers)
        assert (refused.status_code, refused.json()["code"]) == (400, "webhook_not_verified"), headers
    assert paying.calls("show") == shows
    assert paying.shown(member)["state"] == "active"
    unreadable = paying.webhook(b"{" * 100_000)
    assert unreadable.status_code == 400
    assert paying.webhook(b'{"a": "' + b"x" * 300_000 + b'"}').status_code == 413
    assert paying.webhook(b"x", Content_Type="text/plain").status_code == 415


def test_a_true_signature_on_a_lie_changes_nothing(paying: Paying, member: Member) -> None:
    """What an event says is not believed: the subscription is read at its source."""
    ident = paying.subscribe(member)
    lie = {"id": f"WH-{uuid.uuid4().hex}", "event_type": "BILLING.SUBSCRIPTION.CANCELLED"}
    taken = paying.webhook(json.dumps({**lie, "resource": {"id": ident, "status": "CANCELLED"}}, indent=1).encode())
    assert (taken.status_code, taken.json()["outcome"]) == (200, "recorded")
    assert paying.shown(member)["state"] == "active"


def test_an_unknown_subscription_is_adopted_only_where_a_checkout_waits(
    cloud: Cloud, paying: Paying, member: Member, new_workspace: Callable[..., Member]
) -> None:
    foreign, _ = paying.paypal.subscriptions.add(paying.paypal.rest.plan_id, "somebody-else", ("", ""), "")
    paying.paypal.approval_page.approve(foreign)
    stranger = new_workspace()
    unasked, _ = paying.paypal.subscriptions.add(paying.paypal.rest.plan_id, stranger.tenant, ("", ""), "")
    paying.paypal.approval_page.approve(unasked)
    paying.paypal.deliver()
    assert paying.paypal.webhooks.waiting == []
    assert paying.shown(stranger)["state"] == "none"
    assert repository.tenant_of(foreign.id) is None
    assert planned("subscription", foreign.id) is None
    # Killed between PayPal's answer and our row: the row knows the request only.
    paying.checkout(member)
    row, payload = repository.read(member.tenant)
    assert payload.pending
    ident, payload.pending.paypal_id, payload.known = payload.pending.paypal_id, "", []
    repository.write(member.tenant, row, payload)
    way = rows.get(PayPalRow, f"paypal#{ident}", "paypal")
    assert way
    rows.delete_if_unchanged(way)
    subscribed = paying.paypal.subscriptions.get(ident)
    assert subscribed
    paying.paypal.approval_page.approve(subscribed)
    paying.paypal.deliver()
    assert paying.shown(member)["state"] == "active"


def test_the_verification_down_makes_paypal_send_again(paying: Paying, member: Member) -> None:
    paying.answer(paying.checkout(member))
    paying.paypal.fault("status", on="verify", status=503)
    assert paying.paypal.deliver() == 0
    assert paying.shown(member)["state"] == "pending"
    paying.paypal.heal()
    assert paying.paypal.deliver() == 3
    assert paying.shown(member)["state"] == "active"


def test_the_source_down_is_made_good_by_the_due_row(cloud: Cloud, paying: Paying, member: Member) -> None:
    paying.answer(paying.checkout(member))
    paying.paypal.fault("status", on="show", status=503)
    assert paying.paypal.deliver() == 3, "recorded, so PayPal need not send again"
    assert paying.shown(member)["state"] == "pending"
    with pytest.raises(Unavailable):
        reconcile.refresh(member.tenant)
    cloud.advance(60)
    cloud.drain()
    assert paying.shown(member)["state"] == "pending", "still down"
    paying.paypal.heal()
    cloud.advance(60)
    cloud.drain()
    assert paying.shown(member)["state"] == "active"
