"""A subscription from its checkout to its renewals: who may, where the browser comes back to, what is charged once."""

import json
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import requests

from chalicelib.core import clock, settings
from chalicelib.domain.accounts.records import TenantRow
from chalicelib.domain.subscription import reconcile, repository
from chalicelib.store import rows
from infra.local.cloud import Cloud
from tests.conftest import Api, Member
from tests.support.paypal_checkout import Paying, moment, planned


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
    cloud.drain()
    assert paying.shown(member)["state"] == "active"
    own = [each for each in paying.paypal.subscriptions.all() if each.custom_id == member.tenant]
    assert sorted(each.status for each in own) == ["ACTIVE", "CANCELLED"]
    assert repository.read(member.tenant)[1].surplus == []


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


def test_a_subscription_of_a_workspace_that_is_gone_is_ended(
    cloud: Cloud, paying: Paying, new_workspace: Callable[..., Member]
) -> None:
    gone = new_workspace()
    ident = paying.subscribe(gone)
    row = rows.get(TenantRow, f"tenant#{gone.tenant}", "tenant")
    assert row
    rows.delete_if_unchanged(row)
    reconcile.refresh_one(ident)
    cloud.drain()
    found = paying.paypal.subscriptions.get(ident)
    assert found
    assert found.status == "CANCELLED"


def test_nothing_of_the_payer_is_in_what_a_client_gets(api: Api, paying: Paying, member: Member) -> None:
    paying.subscribe(member)
    assert set(paying.shown(member)) == {"id", "state", "plan", "period_end", "purge_at", "created_at", "updated_at"}
    schemas = json.dumps(api.get("/openapi.json").json()["components"]["schemas"]["SubscriptionOut"]).lower()
    assert not re.search(r"card|iban|payer|bank|last_digits", schemas)
