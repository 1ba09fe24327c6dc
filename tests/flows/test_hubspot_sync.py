"""HubSpot through the whole backend: a member connects it, and what is, changes, merges and ends there shows here."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from chalicelib.domain.connections import credentials
from chalicelib.domain.connections.model import SYNC_DUE
from chalicelib.store import rows
from infra.local.cloud import Cloud
from infra.local.hubspot.seeding import OF_COMPANIES, OF_CONTACTS, forbid
from infra.local.hubspot.simulator import HubSpot
from tests.conftest import Member
from tests.crash import state
from tests.support.connecting import connect
from tests.support.hubspotting import emptied


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
    rows.replace(row)
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
