"""P8: what only a CRM says is visible to nobody but its member, whatever the settings, and in no word of another's answers."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from infra.local.cloud import Cloud
from infra.local.hubspot.simulator import HubSpot
from tests.conftest import Member
from tests.support.connecting import connect
from tests.support.hubspotting import emptied


@pytest.fixture
def hubspot(cloud: Cloud) -> Iterator[HubSpot]:
    yield from emptied(cloud)


def answers(member: Member) -> str:
    """Everything that the member is answered of contacts and companies, and of what changed of them."""
    asked: list[Any] = [
        member.api.get("/v1/contacts?limit=100"),
        member.api.get("/v1/companies?limit=100"),
        member.api.post("/v1/contacts/search", {"q": ""}),
        member.api.post("/v1/companies/search", {"q": ""}),
        member.api.get("/v1/changes"),
        member.api.get("/v1/connections"),
    ]
    assert {answer.status_code for answer in asked} == {200}
    items = [item for answer in asked[:2] for item in answer.json()["items"]]
    asked += [member.api.get(f"/v1/contacts/{item['id']}") for item in items if item["id"].startswith("con_")]
    told = [{key: value for key, value in answer.json().items() if key != "next_cursor"} for answer in asked]
    return json.dumps(told, ensure_ascii=False)


def test_a_colleague_sees_nothing_that_only_a_crm_says(
    cloud: Cloud, member: Member, new_colleague: Callable[[Member], Member], hubspot: HubSpot
) -> None:
    colleague = new_colleague(member)
    switched = member.api.patch("/v1/me/settings", {"share_contacts": True, "share_tags": True})
    assert switched.status_code == 200
    member.api.post("/v1/contacts", {"first_name": "Mia", "last_name": "Mutual", "emails": ["mia@mutual.example"]})
    before = answers(colleague)
    firm = hubspot.objects.add("companies", {"name": "Secretwerk", "domain": "secretwerk.example"})
    for name, address in (("Mutual", "mia@mutual.example"), ("Hidden", "hana@secretwerk.example")):
        told = {"firstname": "Mia", "lastname": name, "email": address, "jobtitle": "Kingmaker"}
        hubspot.objects.add("contacts", {**told, "associatedcompanyid": firm, "hs_email_optout": "true"})
    connect(cloud, member, "hubspot")
    cloud.drain()
    own = answers(member)
    for word in ("Secretwerk", "Hidden", "Kingmaker", "hubspot:cxn_"):
        assert word in own, word
    (company,) = member.api.get("/v1/companies").json()["items"]
    (mutual,) = [c for c in member.api.get("/v1/contacts").json()["items"] if c["last_name"] == "Mutual"]
    assert (mutual["company_id"], mutual["opted_out"]) == (company["id"], True)

    seen = answers(colleague)
    for word in ("ecretwerk", "Hidden", "Kingmaker", "hubspot", "cxn_", company["id"], '"opted_out": true'):
        assert word not in seen, word
    assert seen == before, "nor does anything else of the colleague's answers change"

    member.api.put(f"/v1/companies/{company['id']}/tag", {"tag": "client"})
    linked = member.api.post("/v1/contacts", {"last_name": "Linked", "company_id": company["id"]}).json()
    assert linked["company_name"] == "Secretwerk"
    seen = answers(colleague)
    assert "Linked" in seen
    assert "ecretwerk" not in seen
