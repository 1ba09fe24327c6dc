"""A subscription that is cancelled, suspended or replaced: what ends when, and what PayPal's silence changes."""

from datetime import timedelta

from chalicelib.core import clock, settings
from chalicelib.domain.subscription import reconcile, repository
from infra.local.cloud import Cloud
from infra.simulators.paypal.subscriptions import Payment
from tests.conftest import Member
from tests.crash import state
from tests.support.paypal_checkout import Paying, moment, planned

DAY_S = 86_400


def payments(paying: Paying, ident: str) -> list[Payment]:
    found = paying.paypal.subscriptions.get(ident)
    assert found
    return found.payments


EXTERNAL = {"first_name": "New", "emails": ["new@business.example"]}


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
    paying.paypal.fault("status", on="cancel", status=503)
    refused = member.api.post("/v1/subscription/cancel", {})
    assert (refused.status_code, refused.json()["code"]) == (503, "provider_unavailable")
    assert paying.shown(member)["state"] == "active"
    assert planned("purge", member.tenant) is None
    paying.paypal.heal()
    assert member.api.post("/v1/subscription/cancel", {}).json()["state"] == "cancelled"


def test_a_cancellation_whose_answer_was_lost_is_found_out(cloud: Cloud, paying: Paying, member: Member) -> None:
    paying.subscribe(member)
    paying.paypal.fault("status", on="cancel", status=500, after=True, times=3)
    paying.paypal.fault("status", on="show", status=500, times=30)
    paying.paypal.webhooks.waiting.clear()
    assert member.api.post("/v1/subscription/cancel", {}).status_code == 503
    paying.paypal.heal()
    paying.paypal.fault("status", on="cancel", status=500, after=True)
    assert member.api.post("/v1/subscription/cancel", {}).status_code in (200, 503)
    paying.paypal.heal()
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


def test_a_new_subscription_replaces_a_suspended_one(cloud: Cloud, paying: Paying, member: Member) -> None:
    old = paying.subscribe(member)
    paying.paypal.move(old, "suspend")
    paying.paypal.deliver()
    paying.answer(paying.checkout(member))
    paying.paypal.deliver()
    assert paying.shown(member)["state"] == "active"
    cloud.drain()
    assert [each.status for each in payments(paying, old)] == ["COMPLETED"], (
        "what was paid for it while it counted stays paid"
    )
    replaced = paying.paypal.subscriptions.get(old)
    assert replaced
    assert replaced.status == "CANCELLED"
    assert member.api.post("/v1/contacts", EXTERNAL).status_code == 201


def test_what_is_kept_is_forgotten_with_the_tenant(paying: Paying, member: Member) -> None:
    ident = paying.subscribe(member)
    for _ in range(2):
        repository.forget(member.tenant)
    assert repository.tenant_of(ident) is None
    table = settings.current().tables.accounts
    assert state.partition(paying.cloud, table, "pk", f"paypal#{ident}") == [], "its events too"
