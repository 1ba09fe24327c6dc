"""Connecting an account: consent, callback, and what its member sees of it."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.core import clock, ids, settings
from chalicelib.domain.connections import repository
from chalicelib.domain.connections.model import SYNC_DUE
from chalicelib.store import due
from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.crash import state
from tests.support.consent_flow import answered, begin, connect, listed, query_of, returned
from tests.support.queues import take_off


@pytest.fixture(autouse=True)
def _unread(cloud: Cloud) -> Iterator[None]:
    """Nothing here needs what the accounts hold: no later test is to wait until it is read."""
    yield
    take_off(cloud, "sync")
    for piece in due.find(clock.now() + timedelta(days=1)):
        if piece.kind == SYNC_DUE:
            due.done(piece)


@pytest.fixture
def app_host(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("IKO_RETURN_HOSTS", "app.iko.example")
    settings.current.cache_clear()
    yield "https://app.iko.example/done?tab=1"
    monkeypatch.undo()
    settings.current.cache_clear()


def test_a_consent_becomes_a_connection_that_only_its_member_sees(
    cloud: Cloud,
    new_workspace: Callable[..., Member],
    new_colleague: Callable[[Member], Member],
) -> None:
    member = new_workspace(name="Nordwerk Sales")
    url = begin(member, "linkedin")
    asked = {name: values[0] for name, values in query_of(url).items()}
    assert asked["redirect_uri"] == f"{cloud.url}/oauth/linkedin/callback"
    page = returned(cloud, answered(url))
    assert page.status_code == 200
    assert "Nordwerk Sales" in page.text
    assert "LinkedIn" in page.text
    (item,) = member.api.get("/v1/connections").json()["items"]
    assert (item["provider"], item["state"], item["tier"], item["reason"]) == ("linkedin", "active", "contacts", None)
    assert item["id"].startswith("cxn_")
    assert item["account"]
    assert item["account"] in page.text
    assert member.email in page.text
    assert "page of connected apps" in page.text
    assert f"mailto:{settings.current().privacy_address}" in page.text
    assert item["health"]["last_complete_at"] is None
    assert item["health"]["stale"] is False
    audit = member.api.get("/v1/audit").json()["items"][0]
    assert (audit["action"], audit["about"]) == ("connection.connected", [item["id"]])
    one = member.api.get(f"/v1/connections/{item['id']}")
    assert (one.status_code, one.json()["id"], one.headers["ETag"]) == (200, item["id"], '"1"')
    for other in (new_colleague(member), new_workspace()):
        assert other.api.get(f"/v1/connections/{item['id']}").status_code == 404
        assert other.api.delete(f"/v1/connections/{item['id']}").status_code == 404
        assert listed(other) == []


def test_x_is_asked_for_a_challenge_and_the_same_account_stays_one_connection(cloud: Cloud, member: Member) -> None:
    url = begin(member, "x", tier="connect")
    asked = {name: values[0] for name, values in query_of(url).items()}
    assert asked["code_challenge_method"] == "S256"
    assert len(asked["state"]) >= 52  # 256 bits in base 32
    first = connect(cloud, member, "x")
    assert returned(cloud, answered(url)).status_code == 200  # begun before, ended after
    again, other = listed(member)[0], connect(cloud, member, "x", account=1)
    assert again["id"] == first["id"] != other["id"]
    assert len(listed(member)) == 2


def test_an_account_with_nothing_to_read_is_looked_at_when_its_member_asks(
    cloud: Cloud, new_workspace: Callable[..., Member]
) -> None:
    member = new_workspace()
    made = connect(cloud, member, "x")["id"]

    def settled() -> dict[str, Any]:
        cloud.drain()
        assert not state.due(SYNC_DUE, f"{member.tenant}.{made}")
        found: dict[str, Any] = member.api.get(f"/v1/connections/{made}").json()
        assert (found["state"], found["health"]["stale"], found["health"]["incomplete"]) == ("active", False, None)
        health: dict[str, Any] = found["health"]
        return health

    first = settled()
    cloud.advance(3 * 86_400)
    member.api.token = cloud.issuer.token(member.email)
    assert settled()["last_complete_at"] == first["last_complete_at"]
    job = member.api.post(f"/v1/connections/{made}/sync").json()["job"]["id"]
    assert settled()["last_complete_at"] > first["last_complete_at"]
    assert member.api.get(f"/v1/jobs/{job}").json()["state"] == "done"


def test_a_state_is_good_once_for_its_provider_and_for_ten_minutes(cloud: Cloud, member: Member) -> None:
    back = answered(begin(member, "x"))
    assert returned(cloud, back).status_code == 200
    again = returned(cloud, back)
    assert again.status_code == 410
    assert "Nothing was connected" in again.text
    other = answered(begin(member, "x"), account=1)
    assert returned(cloud, other.replace("/oauth/x/", "/oauth/linkedin/")).status_code == 410
    assert returned(cloud, other).status_code == 410  # spent at the wrong door
    late = answered(begin(member, "x"), account=1)
    cloud.advance(601)
    assert returned(cloud, late).status_code == 410
    for path in ("/oauth/x/callback", "/oauth/x/callback?state=abc&code=d", "/oauth/nobody/callback?state=abc"):
        assert returned(cloud, f"{cloud.url}{path}").status_code == 410
    assert len(listed(member)) == 1


def test_the_browser_goes_back_to_an_allowed_host_only_with_ids_and_words(
    cloud: Cloud, member: Member, app_host: str
) -> None:
    done = returned(cloud, answered(begin(member, "x", return_to=app_host)))
    assert done.status_code == 303
    (item,) = listed(member)
    assert done.headers["Location"] == f"{app_host}&connection={item['id']}"
    denied = returned(cloud, answered(begin(member, "x", return_to=app_host), answer="deny"))
    assert (denied.status_code, denied.headers["Location"]) == (303, f"{app_host}&error=access_denied")
    for wrong in ("https://evil.example/", "http://app.iko.example.evil.example/", "https://a@app.iko.example/", "//x"):
        answer = member.api.post("/v1/providers/x/authorize", {"return_to": wrong})
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "return_to"), wrong


def test_what_cannot_be_asked_for_is_said(member: Member) -> None:
    unknown = member.api.post("/v1/providers/myspace/authorize", {})
    assert (unknown.status_code, unknown.json()["code"]) == (404, "not_found")
    closed = member.api.post("/v1/providers/facebook/authorize", {})
    assert (closed.status_code, closed.json()["code"]) == (409, "not_connectable")
    tier = member.api.post("/v1/providers/x/authorize", {"tier": "post"})
    assert (tier.status_code, tier.json()["errors"][0]["code"]) == (422, "unknown_tier")
    for provider, login, code in (
        ("salesforce", "evil.example", "unknown_login"),
        ("google", "sandbox", "unknown_login"),
        ("salesforce", "acme.my.salesforce.mil", "login_not_offered"),
    ):
        refused = member.api.post(f"/v1/providers/{provider}/authorize", {"login": login})
        (error,) = refused.json()["errors"]
        assert (refused.status_code, error["field"], error["code"]) == (422, "login", code)


def test_who_has_left_or_whose_workspace_is_locked_connects_nothing(
    cloud: Cloud, new_workspace: Callable[..., Member], new_colleague: Callable[[Member], Member]
) -> None:
    from chalicelib.domain.accounts import membership
    from chalicelib.domain.accounts.model import TenantState

    owner = new_workspace()
    colleague = new_colleague(owner)
    gone, locked = answered(begin(colleague, "x")), answered(begin(owner, "x"))
    assert colleague.api.delete("/v1/me").status_code == 202
    assert returned(cloud, gone).status_code == 403
    membership.set_tenant_state(owner.tenant, TenantState.LOCKED, frozenset({TenantState.ACTIVE}))
    assert returned(cloud, locked).status_code == 403
    assert owner.api.post("/v1/providers/x/authorize", {}).json()["code"] == "workspace_locked"
    assert listed(owner) == []


def test_a_connection_is_stale_by_its_last_consent(cloud: Cloud, member: Member) -> None:
    ident = connect(cloud, member, "salesforce")["id"]
    cloud.advance(settings.current().sync.stale + 1)
    for stale in (True, False):
        member.api.token = cloud.issuer.token(member.email)
        health = member.api.get(f"/v1/connections/{ident}").json()["health"]
        assert (health["stale"], health["lag_s"] > settings.current().sync.stale) == (stale, stale)
        assert connect(cloud, member, "salesforce")["id"] == ident


def test_a_connection_is_exported_and_no_token_is(cloud: Cloud, member: Member) -> None:
    from chalicelib.api.export_views import ApiShapes
    from chalicelib.domain.accounts import member_lookup
    from chalicelib.domain.connections import credentials

    connect(cloud, member, "x")
    account = member_lookup.readable(member.tenant, ids.owner_code(member.id))
    assert account
    (record,) = repository.of_member(member.tenant, account.actor.code)
    shown = ApiShapes().item("ConnectionsOut", account.actor, record)
    assert shown
    assert shown["id"] == repository.public_id(record)
    row = credentials.read(member.tenant, shown["id"])
    assert row
    kept = credentials.opened(row)
    assert kept.refresh_token
    assert kept.access_token not in str(shown)
    assert kept.refresh_token.encode() not in row.tokens
    assert settings.current().tables.credentials == type(row).table_name()


def test_me_shows_the_gmail_tier_and_news_of_the_mailbox_find_the_connection(cloud: Cloud, member: Member) -> None:
    from chalicelib.domain.connections import mailboxes

    assert member.api.get("/v1/me").json()["gmail_tier"] is None
    address = f"mia.{member.id[-8:]}@team.example"
    cloud.connectors.google.accounts.add(address, "Mia Member")
    connected = connect(cloud, member, "google", account=address, tier="headers")
    assert connected["account"] == address
    assert connected["tier"] == "headers"
    assert member.api.get("/v1/me").json()["gmail_tier"] == "headers"
    readers = [(each.tenant, each.connection) for each in mailboxes.find(connected["account"])]
    assert (member.tenant, connected["id"]) in readers
    again = connect(cloud, member, "google", account=address, tier="contacts")  # the member asks for less
    assert (again["id"], again["tier"]) == (connected["id"], "contacts")
    assert member.api.get("/v1/me").json()["gmail_tier"] is None
    assert (member.tenant, connected["id"]) not in [(r.tenant, r.connection) for r in mailboxes.find(again["account"])]


def test_me_shows_the_gmail_tier_that_the_member_ticked(cloud: Cloud, member: Member) -> None:
    address = f"mia.{member.id[-8:]}@team.example"
    cloud.connectors.google.accounts.add(address, "Mia Member")
    for refused, tier in (("gmail.metadata", None), ("", "headers"), ("contacts.readonly", "headers")):
        connect(cloud, member, "google", account=address, tier="headers", refused=refused)
        assert member.api.get("/v1/me").json()["gmail_tier"] == tier, refused


def test_salesforce_is_connected_with_the_address_of_its_org(cloud: Cloud, member: Member) -> None:
    from chalicelib.domain.connections.tokens import ConnectionTokens

    connected = connect(cloud, member, "salesforce")
    tokens = ConnectionTokens(member.tenant, connected["id"])
    assert tokens.grant().base_url == cloud.salesforce.url
    first = tokens.token()
    assert tokens.token(instead_of=first) != first
