"""HubSpot through the whole backend: a member connects it, and what is, changes, merges and ends there shows here."""

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from chalicelib.core.identifiers import EmailAddress
from chalicelib.domain.connections import credentials
from chalicelib.domain.connections.model import SYNC_DUE
from chalicelib.domain.suppression import opt_outs
from chalicelib.domain.suppression.model import marks_of
from chalicelib.domain.suppression.tombstones import entomb
from chalicelib.jobs import sync
from chalicelib.store import rows
from infra.local.cloud import Cloud
from infra.simulators.hubspot.seed import OF_COMPANIES, OF_CONTACTS, forbid
from infra.simulators.hubspot.simulator import HubSpot
from tests.conftest import Member
from tests.crash import state
from tests.support.consent_flow import connect
from tests.support.hubspot_app import emptied
from tests.support.queues import sqs_event
from tests.support.scripted_connection import MuchTime, written

DAY = 86_400


@pytest.fixture
def hubspot(cloud: Cloud) -> Iterator[HubSpot]:
    """The cloud's own, emptied."""
    yield from emptied(cloud)


def at_source(hubspot: HubSpot, method: str, path: str, **body: str) -> Any:
    """As somebody at a shell does it."""
    answer = requests.request(method, hubspot.url + path, json=body, timeout=10)
    assert answer.status_code < 300, answer.text
    return answer.json()


def made(hubspot: HubSpot, of: str, **properties: str) -> str:
    return str(at_source(hubspot, "POST", f"/_{of}", **properties)["id"])


def synced(cloud: Cloud, member: Member, connection: str) -> dict[str, Any]:
    """The connection's health after one more pass."""
    cloud.advance(1000)
    cloud.drain()
    health: dict[str, Any] = member.api.get(f"/v1/connections/{connection}").json()["health"]
    return health


def contacts(member: Member) -> dict[str, dict[str, Any]]:
    """By first name."""
    items = member.api.get("/v1/contacts?limit=100").json()["items"]
    return {each["first_name"]: each for each in items}


def test_what_is_in_hubspot_arrives_changes_and_ends_here(cloud: Cloud, member: Member, hubspot: HubSpot) -> None:
    forbid(hubspot.objects)
    nord = made(hubspot, "companies", name="Nord Papier", domain="nord-papier.example", **OF_COMPANIES)
    told = {"associatedcompanyid": nord, "jobtitle": "CEO", **OF_CONTACTS}
    ada = made(hubspot, "contacts", firstname="Ada", lastname="Ahl", email="ada.ahl@nord-papier.example", **told)
    ben = made(hubspot, "contacts", firstname="Ben", lastname="Berg", email="ben.berg@nord-papier.example")
    eve = made(hubspot, "contacts", firstname="Eve", lastname="Ek", email="eve.ek@nord-papier.example")
    connection = connect(cloud, member, "hubspot")["id"]
    cloud.drain()
    there = contacts(member)
    assert set(there) == {"Ada", "Ben", "Eve"}
    assert (there["Ada"]["title"], there["Ada"]["company_name"], there["Ada"]["phones"]) == ("CEO", "Nord Papier", [])

    at_source(hubspot, "PATCH", f"/_contacts/{ada}", jobtitle="Chair", hs_email_optout="true")
    at_source(hubspot, "DELETE", f"/_contacts/{ben}")
    health = synced(cloud, member, connection)
    assert (health["seen"], health["stored"], health["incomplete"]) == (3, 3, None)
    there = contacts(member)
    assert set(there) == {"Ada", "Eve"}
    assert (there["Ada"]["title"], there["Ada"]["opted_out"]) == ("Chair", True)

    at_source(hubspot, "POST", f"/_contacts/{eve}/merge", into=ada)
    synced(cloud, member, connection)
    assert set(contacts(member)) == {"Ada"}

    assert member.api.delete(f"/v1/connections/{connection}").status_code == 202
    cloud.drain()
    assert "/oauth/2026-03/token/revoke" in [entry["path"] for entry in hubspot.log]
    assert contacts(member) == {}


def test_an_app_that_was_uninstalled_there_waits_for_its_member(cloud: Cloud, member: Member, hubspot: HubSpot) -> None:
    made(hubspot, "contacts", firstname="Ada", email="ada.ahl@nord-papier.example")
    connection = connect(cloud, member, "hubspot")["id"]
    cloud.drain()
    hubspot.fault("revoked")
    synced(cloud, member, connection)
    assert member.api.get(f"/v1/connections/{connection}").json()["state"] == "needs_consent"
    assert set(contacts(member)) == {"Ada"}, "what is here stays until somebody says otherwise"
    again = connect(cloud, member, "hubspot")
    assert (again["id"], again["state"]) == (connection, "active")


def test_tokens_that_open_no_more_wait_for_their_member(
    cloud: Cloud, member: Member, hubspot: HubSpot, sent_to: Any, caplog: pytest.LogCaptureFixture
) -> None:
    made(hubspot, "contacts", firstname="Ada", email="ada.ahl@nord-papier.example")
    connection = connect(cloud, member, "hubspot")["id"]
    cloud.drain()
    row = credentials.read(member.tenant, connection)
    assert row
    assert row.tokens
    row.tokens = row.tokens[:-1] + bytes([row.tokens[-1] ^ 1])
    rows.put_if_unchanged(row)
    synced(cloud, member, connection)
    seen = member.api.get(f"/v1/connections/{connection}").json()
    assert (seen["state"], seen["reason"]) == ("needs_consent", "tokens_broken")
    assert len(sent_to(member.email)) == 1
    assert not state.due(SYNC_DUE, f"{member.tenant}.{connection}")
    assert ['"event":"tokens_broken"' in line for line in caplog.messages].count(True) == 1
    assert ['"BrokenTokens":1' in line for line in caplog.messages].count(True) == 1
    again = connect(cloud, member, "hubspot")
    assert (again["id"], again["state"]) == (connection, "active")
    assert synced(cloud, member, connection)["incomplete"] is None
    assert set(contacts(member)) == {"Ada"}


def read_alone(cloud: Cloud, member: Member, connection: str, after: float = 1000) -> dict[str, Any]:
    """The connection's health after a pass of it alone: no other reads the same account meanwhile."""
    cloud.advance(after)
    sync.handle(sqs_event({"kind": "sync", "id": f"{member.tenant}.{connection}"}), MuchTime())
    member.api.token = cloud.issuer.token(member.email)
    health: dict[str, Any] = member.api.get(f"/v1/connections/{connection}").json()["health"]
    return health


def listings(hubspot: HubSpot) -> int:
    """How often everybody was listed so far."""
    lists = [entry for entry in hubspot.log if entry["method"] == "GET" and entry["path"].endswith("/contacts")]
    return sum(entry["query"].get("archived") != "true" for entry in lists)


def test_who_opts_out_there_is_known_of_though_nothing_of_it_is_here(
    cloud: Cloud, member: Member, hubspot: HubSpot
) -> None:
    address = {name: f"{name}-{uuid.uuid4().hex}@quiet.example".lower() for name in ("Ada", "Ben", "Eve")}
    ids = {name: made(hubspot, "contacts", firstname=name, email=email) for name, email in address.items()}
    connection = connect(cloud, member, "hubspot")["id"]
    cloud.drain()
    for name in ("Ada", "Eve"):
        assert member.api.delete(f"/v1/contacts/{contacts(member)[name]['id']}").status_code == 204
    entomb(marks_of([EmailAddress.parse(address["Eve"])]), None)
    assert member.api.patch("/v1/me/settings", {"retention_days": 20}).status_code == 200
    cloud.advance(21 * DAY)
    for name in ("Ada", "Ben", "Eve"):  # deleted here; past its life, and nobody has noticed yet; erased
        at_source(hubspot, "PATCH", f"/_contacts/{ids[name]}", hs_email_optout="true")
    read_alone(cloud, member, connection)
    assert opt_outs.standing(member.tenant, address.values()) == {address["Ada"], address["Ben"]}
    assert state.unpointed(cloud, member.tenant) == []

    with written() as seen:
        read_alone(cloud, member, connection, 8 * DAY)
    run = member.api.get(f"/v1/connections/{connection}/runs").json()["items"][0]
    assert (run["outcome"], run["skipped"]) == ("complete", {"dropped_here": 2, "life_ended": 1})
    assert (seen["opt_out"], seen["subject"]) == (0, 0)


def test_what_is_new_there_and_no_contact_costs_no_full_pass(cloud: Cloud, member: Member, hubspot: HubSpot) -> None:
    made(hubspot, "contacts", firstname="Ada", email="ada.ahl@nord-papier.example")
    made(hubspot, "contacts", jobtitle="CEO")
    connection = connect(cloud, member, "hubspot")["id"]
    cloud.drain()
    before = listings(hubspot)
    made(hubspot, "contacts", jobtitle="Chair")
    health = read_alone(cloud, member, connection)  # HubSpot shows the first one again, which is not new
    assert (health["seen"], health["stored"], health["incomplete"]) == (3, 1, None)
    made(hubspot, "contacts", jobtitle="Clerk")
    made(hubspot, "contacts", firstname="Front", email="info@nord-papier.example")
    health = read_alone(cloud, member, connection)
    assert (health["seen"], health["stored"], health["incomplete"]) == (5, 1, None)
    assert health["skipped"] == {"nobody": 3, "address_not_storable": 1}
    assert listings(hubspot) == before
