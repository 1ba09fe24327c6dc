"""A subscription from its checkout to its end, whatever order PayPal's webhooks come in and whatever is down."""

import json
import re
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import requests

from chalicelib.core import clock, settings
from chalicelib.core.errors import Unavailable
from chalicelib.domain.accounts.records import TenantRow
from chalicelib.domain.subscription import reconcile, repository
from chalicelib.domain.subscription.records import PayPalRow
from chalicelib.store import rows
from chalicelib.store.due import SK, Due, DueRecord
from infra.local.cloud import Cloud
from infra.simulators.paypal.simulator import Fault
from tests.conftest import Api, Member
from tests.crash import state
from tests.support.paying import Paying

DAY_S = 86_400
EXTERNAL = {"first_name": "New", "emails": ["new@business.example"]}


def planned(kind: str, ident: str) -> datetime | None:
    row = rows.get(DueRecord, Due(kind, ident).pk, SK)
    return clock.parse_rfc3339(row.due_at) if row and row.due_at else None


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_checkout_approval_and_active(paying: Paying, member: Member) -> None:
    before = member.api.get("/v1/subscription")
    assert (before.status_code, before.json()["state"], before.json()["plan"]) == (200, "none", None)
    url = paying.checkout(member)
    assert paying.shown(member)["state"] == "pending"
    assert paying.checkout(member) == url, "asked again while it waits, it is the same approval"
    back = paying.answer(url)
    page = requests.get(back, timeout=10)
    assert back.startswith(f"{member.api.url}/subscription/return?subscription_id=I-")
    assert (page.status_code, page.headers["X-Robots-Tag"]) == (200, "noindex")
    assert "You can go back to the app" in page.text
    assert paying.shown(member)["state"] == "pending", "coming back proves nothing"
    assert paying.paypal.deliver() == 3  # created, activated, paid
    active = paying.shown(member)
    assert (active["state"], active["plan"], active["purge_at"]) == ("active", paying.paypal.rest.plan_id, None)
    assert active["id"].startswith("sub_")
    assert timedelta(0) < moment(active["period_end"]) - clock.now() <= timedelta(seconds=30)
    again = member.api.post("/v1/subscription/checkout", {})
    assert (again.status_code, again.json()["code"]) == (409, "already_subscribed")


def test_the_page_speaks_french_and_declining_changes_nothing(paying: Paying, member: Member) -> None:
    back = paying.answer(paying.checkout(member), "Decline")
    assert "subscription_id" not in back
    page = requests.get(back, headers={"Accept-Language": "fr-FR"}, timeout=10)
    assert '<html lang="fr">' in page.text
    assert paying.shown(member)["state"] == "pending"


def test_only_owners_subscribe_and_cancel_and_all_may_look(
    paying: Paying, member: Member, new_colleague: Callable[[Member], Member]
) -> None:
    paying.subscribe(member)
    colleague = new_colleague(member)
    assert paying.shown(colleague)["state"] == "active"
    for path in ("checkout", "cancel"):
        refused = colleague.api.post(f"/v1/subscription/{path}", {})
        assert (refused.status_code, refused.json()["code"]) == (403, "owner_only"), path
    assert paying.shown(member)["state"] == "active"


def test_the_browser_comes_back_only_to_allowed_hosts(
    cloud: Cloud, paying: Paying, member: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IKO_RETURN_HOSTS", "app.iko.example, m.iko.example")
    settings.current.cache_clear()
    try:
        for bad in (
            "https://elsewhere.example/x",
            "https://app.iko.example@elsewhere.example/",
            "https://app.iko.example.elsewhere.example/",
            "javascript:alert(1)",
            "//app.iko.example/x",
            "https://[",
            "https://app.iko.example\\@elsewhere.example/",
        ):
            refused = member.api.post("/v1/subscription/checkout", {"return_to": bad})
            assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "not_allowed"), bad
        url = paying.checkout(member, return_to="https://m.iko.example/done?x=1")
        assert paying.checkout(member) != url, "another way back needs another approval"
        url = paying.checkout(member, return_to="https://m.iko.example/done?x=1")
        assert paying.answer(url).startswith("https://m.iko.example/done?x=1&subscription_id=I-")
    finally:
        monkeypatch.undo()
        settings.current.cache_clear()


def test_a_renewal_moves_the_period_and_a_lost_one_is_noticed(cloud: Cloud, paying: Paying, member: Member) -> None:
    ident = paying.subscribe(member)
    first = moment(paying.shown(member)["period_end"])
    cloud.advance(35)
    assert paying.paypal.renew() >= 1
    paying.paypal.deliver()
    second = moment(paying.shown(member)["period_end"])
    assert second > first
    cloud.advance(35)
    paying.paypal.renew()
    paying.paypal.webhooks.waiting.clear()  # this webhook never comes
    cloud.drain()
    assert moment(paying.shown(member)["period_end"]) > second
    later = planned("subscription", ident)
    assert later is not None
    assert later > clock.now()


def test_cancelling_ends_at_the_periods_end_and_is_repeatable(cloud: Cloud, paying: Paying, member: Member) -> None:
    ident = paying.subscribe(member)
    active = paying.shown(member)
    answer = member.api.post("/v1/subscription/cancel", {})
    assert answer.status_code == 200, answer.text
    ended = answer.json()
    assert (ended["state"], ended["period_end"]) == ("cancelled", active["period_end"])
    grace = timedelta(seconds=settings.current().waits.grace)
    assert moment(ended["purge_at"]) == moment(active["period_end"]) + grace
    plan = planned("purge", member.tenant)
    assert plan is not None
    assert abs(plan - moment(active["period_end"])) < timedelta(seconds=1)
    assert planned("subscription", ident) is None
    paying.paypal.deliver()
    cancels = paying.calls("cancel")
    again = member.api.post("/v1/subscription/cancel", {}).json()
    assert (again["state"], again["purge_at"]) == ("cancelled", ended["purge_at"])
    assert paying.calls("cancel") == cancels
    assert member.api.get("/v1/contacts").status_code == 200


def test_cancelling_needs_a_fresh_sign_in(cloud: Cloud, paying: Paying, member: Member) -> None:
    paying.subscribe(member)
    cancels = paying.calls("cancel")
    stale = cloud.issuer.token(member.email, auth_time=clock.epoch() - 600)
    refused = member.api.post("/v1/subscription/cancel", {}, token=stale)
    assert (refused.status_code, refused.json()["code"]) == (401, "fresh_sign_in_required")
    assert paying.calls("cancel") == cancels
    assert paying.shown(member)["state"] == "active"


def test_a_workspace_that_never_subscribed_is_closed_the_same_way(paying: Paying, member: Member) -> None:
    paying.checkout(member)
    ended = member.api.post("/v1/subscription/cancel", {}).json()
    assert ended["state"] == "cancelled"
    assert moment(ended["period_end"]) <= clock.now() < moment(ended["purge_at"])
    assert planned("purge", member.tenant) is not None


def test_cancelled_on_paypals_side(paying: Paying, member: Member) -> None:
    ident = paying.subscribe(member)
    period_end = paying.shown(member)["period_end"]
    paying.paypal.move(ident, "cancel")
    paying.paypal.deliver()
    ended = paying.shown(member)
    assert (ended["state"], ended["period_end"]) == ("cancelled", period_end)
    assert planned("purge", member.tenant) is not None


def test_an_end_that_is_noticed_late_leaves_the_whole_grace(cloud: Cloud, paying: Paying, member: Member) -> None:
    ident = paying.subscribe(member)
    paying.paypal.move(ident, "expire")
    cloud.advance(10 * DAY_S)
    member.api.token = cloud.issuer.token(member.email)
    paying.paypal.deliver()
    ended = paying.shown(member)
    assert ended["state"] == "expired"
    assert moment(ended["purge_at"]) > clock.now()


def test_paypal_down_while_cancelling_changes_nothing(cloud: Cloud, paying: Paying, member: Member) -> None:
    paying.subscribe(member)
    paying.paypal.faults["cancel"] = Fault(status=503)
    refused = member.api.post("/v1/subscription/cancel", {})
    assert (refused.status_code, refused.json()["code"]) == (503, "provider_unavailable")
    assert paying.shown(member)["state"] == "active"
    assert planned("purge", member.tenant) is None
    paying.paypal.faults.clear()
    assert member.api.post("/v1/subscription/cancel", {}).json()["state"] == "cancelled"


def test_a_cancellation_whose_answer_was_lost_is_found_out(cloud: Cloud, paying: Paying, member: Member) -> None:
    paying.subscribe(member)
    paying.paypal.faults["cancel"] = Fault(status=500, after=True, times=3)
    paying.paypal.faults["show"] = Fault(status=500, times=30)
    paying.paypal.webhooks.waiting.clear()
    assert member.api.post("/v1/subscription/cancel", {}).status_code == 503
    paying.paypal.faults["show"] = Fault(delay_s=0)
    paying.paypal.faults["cancel"] = Fault(status=500, after=True)
    assert member.api.post("/v1/subscription/cancel", {}).status_code in (200, 503)
    paying.paypal.faults.clear()
    paying.paypal.webhooks.waiting.clear()  # nor does its webhook come
    cloud.advance(200)
    cloud.drain()
    assert paying.shown(member)["state"] == "cancelled"


def test_suspended_locks_and_active_unlocks(paying: Paying, member: Member) -> None:
    ident = paying.subscribe(member)
    paying.paypal.move(ident, "fail")
    paying.paypal.deliver()
    assert paying.shown(member)["state"] == "active", "a failed payment alone stops nothing"
    paying.paypal.move(ident, "suspend")
    paying.paypal.deliver()
    assert paying.shown(member)["state"] == "suspended"
    refused = member.api.post("/v1/contacts", EXTERNAL)
    assert (refused.status_code, refused.json()["code"]) == (403, "workspace_locked")
    assert member.api.get("/v1/contacts").status_code == 200
    assert planned("purge", member.tenant) is None, "a suspension deletes nothing"
    paying.paypal.move(ident, "activate")
    paying.paypal.deliver()
    assert paying.shown(member)["state"] == "active"
    assert member.api.post("/v1/contacts", EXTERNAL).status_code == 201


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
    paying.paypal.consent.approve(foreign)
    stranger = new_workspace()
    unasked, _ = paying.paypal.subscriptions.add(paying.paypal.rest.plan_id, stranger.tenant, ("", ""), "")
    paying.paypal.consent.approve(unasked)
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
    paying.paypal.consent.approve(subscribed)
    paying.paypal.deliver()
    assert paying.shown(member)["state"] == "active"


def test_the_verification_down_makes_paypal_send_again(paying: Paying, member: Member) -> None:
    paying.answer(paying.checkout(member))
    paying.paypal.faults["verify"] = Fault(status=503)
    assert paying.paypal.deliver() == 0
    assert paying.shown(member)["state"] == "pending"
    paying.paypal.faults.clear()
    assert paying.paypal.deliver() == 3
    assert paying.shown(member)["state"] == "active"


def test_the_source_down_is_made_good_by_the_due_row(cloud: Cloud, paying: Paying, member: Member) -> None:
    paying.answer(paying.checkout(member))
    paying.paypal.faults["show"] = Fault(status=503)
    assert paying.paypal.deliver() == 3, "recorded, so PayPal need not send again"
    assert paying.shown(member)["state"] == "pending"
    with pytest.raises(Unavailable):
        reconcile.refresh(member.tenant)
    cloud.advance(60)
    cloud.drain()
    assert paying.shown(member)["state"] == "pending", "still down"
    paying.paypal.faults.clear()
    cloud.advance(60)
    cloud.drain()
    assert paying.shown(member)["state"] == "active"


def test_reactivation_before_the_purge(cloud: Cloud, paying: Paying, member: Member) -> None:
    old = paying.subscribe(member)
    assert member.api.post("/v1/subscription/cancel", {}).json()["state"] == "cancelled"
    late = list(paying.paypal.webhooks.waiting)
    paying.paypal.webhooks.waiting.clear()
    url = paying.checkout(member)
    waiting = paying.shown(member)
    assert (waiting["state"], waiting["purge_at"] is not None) == ("cancelled", True), "until the new one is active"
    paying.answer(url)
    paying.paypal.deliver()
    again = paying.shown(member)
    assert (again["state"], again["purge_at"]) == ("active", None)
    assert planned("purge", member.tenant) is None
    paying.paypal.webhooks.waiting.extend(late)  # the old one's end, told late
    assert paying.paypal.deliver() == len(late)
    assert paying.shown(member)["state"] == "active"
    assert planned("purge", member.tenant) is None
    assert reconcile.refresh(member.tenant).paypal_id != old


def test_two_approvals_are_never_charged_twice(
    cloud: Cloud, paying: Paying, member: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IKO_RETURN_HOSTS", "app.iko.example")
    settings.current.cache_clear()
    try:
        first, second = paying.checkout(member), paying.checkout(member, return_to="https://app.iko.example/")
    finally:
        monkeypatch.undo()
        settings.current.cache_clear()
    paying.answer(second)
    paying.paypal.deliver()
    paying.answer(first)
    paying.paypal.deliver()
    assert paying.shown(member)["state"] == "active"
    own = [each for each in paying.paypal.subscriptions.all() if each.custom_id == member.tenant]
    assert sorted(each.status for each in own) == ["ACTIVE", "CANCELLED"]
    assert repository.read(member.tenant)[1].surplus == []


def test_a_new_subscription_replaces_a_suspended_one(paying: Paying, member: Member) -> None:
    old = paying.subscribe(member)
    paying.paypal.move(old, "suspend")
    paying.paypal.deliver()
    paying.answer(paying.checkout(member))
    paying.paypal.deliver()
    assert paying.shown(member)["state"] == "active"
    replaced = paying.paypal.subscriptions.get(old)
    assert replaced
    assert replaced.status == "CANCELLED"
    assert member.api.post("/v1/contacts", EXTERNAL).status_code == 201


def test_an_approval_that_never_came_is_forgotten(cloud: Cloud, paying: Paying, member: Member) -> None:
    url = paying.checkout(member)
    ident = repository.read(member.tenant)[1].known[-1]
    paying.paypal.subscriptions.forget(ident)
    fresh = paying.checkout(member)
    assert fresh != url
    paying.paypal.subscriptions.forget(repository.read(member.tenant)[1].known[-1])
    cloud.advance(60)
    cloud.drain()
    assert paying.shown(member)["state"] == "none"


def test_a_token_that_paypal_no_longer_takes_is_renewed(paying: Paying, member: Member) -> None:
    paying.subscribe(member)
    tokens = paying.calls("token")
    reconcile.refresh(member.tenant)
    assert paying.calls("token") == tokens, "one token for many calls"
    paying.paypal.rest.expire_tokens()
    assert reconcile.refresh(member.tenant).state == "active"
    assert paying.calls("token") == tokens + 1


def test_what_is_kept_is_forgotten_with_the_tenant(paying: Paying, member: Member) -> None:
    ident = paying.subscribe(member)
    for _ in range(2):
        repository.forget(member.tenant)
    assert repository.tenant_of(ident) is None
    table = settings.current().tables.accounts
    assert state.partition(paying.cloud, table, "pk", f"paypal#{ident}") == [], "its events too"


def test_a_subscription_of_a_workspace_that_is_gone_is_ended(
    paying: Paying, new_workspace: Callable[..., Member]
) -> None:
    gone = new_workspace()
    ident = paying.subscribe(gone)
    row = rows.get(TenantRow, f"tenant#{gone.tenant}", "tenant")
    assert row
    rows.delete_if_unchanged(row)
    reconcile.refresh_one(ident)
    found = paying.paypal.subscriptions.get(ident)
    assert found
    assert found.status == "CANCELLED"


def test_nothing_of_the_payer_is_in_what_a_client_gets(api: Api, paying: Paying, member: Member) -> None:
    paying.subscribe(member)
    assert set(paying.shown(member)) == {"id", "state", "plan", "period_end", "purge_at", "created_at", "updated_at"}
    schemas = json.dumps(api.get("/openapi.json").json()["components"]["schemas"]["SubscriptionOut"]).lower()
    assert not re.search(r"card|iban|payer|bank|last_digits", schemas)
