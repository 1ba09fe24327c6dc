"""P13: an erased person stands in no text of anybody's records: cut at the erasure and out of whatever is written later."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

from chalicelib.domain.accounts.model import TERMS_VERSION
from infra.local.cloud import Cloud
from infra.simulators.hubspot.simulator import HubSpot
from tests.conftest import Member
from tests.scan import places
from tests.support.consent_flow import connect
from tests.support.hubspot_app import emptied

CONTACT_TEXTS = ("first_name", "last_name", "title", "company_name", "notes")
COMPANY_TEXTS = ("name", "industry", "size", "notes")


@pytest.fixture
def hubspot(cloud: Cloud) -> Iterator[HubSpot]:
    yield from emptied(cloud)


def stored(cloud: Cloud, text: str) -> list[str]:
    """Where the text stands, in whatever is stored, opened with every key."""
    return sorted({found.place for found in places.unsealed(cloud) if text.encode() in found.content})


def described(text: str) -> dict[str, Any]:
    return dict.fromkeys(CONTACT_TEXTS, f"About {text}")


def test_an_erasure_cuts_the_person_out_of_every_text(
    cloud: Cloud,
    new_workspace: Callable[..., Member],
    new_colleague: Callable[[Member], Member],
    mark: Callable[[str], str],
    erased: Callable[..., str],
    run_import: Callable[..., dict[str, Any]],
) -> None:
    name = mark("who")
    address, page = f"{name}@people.example", f"linkedin.com/in/{name}"
    team, other = new_workspace(), new_workspace()
    colleague = new_colleague(team)
    colleague.api.patch("/v1/me/settings", {"share_contacts": True, "share_tags": True})
    team.api.post(
        "/v1/contacts", {"first_name": "Zoe", "last_name": "Gone", "emails": [address], "profile_urls": [page]}
    )
    for each in (team, colleague, other):
        assert each.api.post("/v1/contacts", described(address)).status_code == 201
        assert each.api.post("/v1/companies", dict.fromkeys(COMPANY_TEXTS, f"With {address}")).status_code == 201
        run_import(each, f"First Name,Email,Title\r\nAnn,{mark('ann')}@people.example,Aide of {address}\r\n")
        run_import(each, f"First Name,Email,Job Title\r\nAnn,{mark('ann')}@people.example,Aide\r\n")
    team.api.post("/v1/contacts", {"first_name": "Zoe", "title": f"Chief of {page}", "company_name": "Zoe Gone AG"})
    assert stored(cloud, name)
    erased(address)
    cut = dict.fromkeys(CONTACT_TEXTS, "About […]")
    shown = {key: None if key == "notes" else value for key, value in cut.items()}
    items = team.api.get("/v1/contacts?limit=100").json()["items"]
    texts = [{key: item[key] for key in CONTACT_TEXTS} for item in items]
    assert cut in texts
    assert shown in texts
    assert {"first_name": "Zoe", "title": "Chief of […]", "company_name": "Zoe Gone AG"}.items() <= next(
        item for item in items if item["first_name"] == "Zoe"
    ).items()
    companies = team.api.get("/v1/companies").json()["items"]
    assert {item["industry"] for item in companies} == {"With […]"}
    assert stored(cloud, name) == []


def test_a_file_brings_no_text_back(
    cloud: Cloud,
    member: Member,
    mark: Callable[[str], str],
    erased: Callable[..., str],
    run_import: Callable[..., dict[str, Any]],
) -> None:
    name = mark("back")
    address, others = f"{name}@people.example", f"{mark('ann')}@people.example"
    file = f"First Name,Email,Title,Company\r\nAnn,{others},Aide of {address},Office of {name}(at)people.example\r\n"
    assert run_import(member, file)["created"] == 1
    member.api.post("/v1/contacts", {"first_name": "Gone", "emails": [address]})
    erased(address)
    (cut,) = member.api.get("/v1/contacts").json()["items"]
    assert (cut["title"], cut["company_name"]) == ("Aide of […]", "Office of […]")
    assert run_import(member, file)["unchanged"] == 1
    assert member.api.get(f"/v1/contacts/{cut['id']}").json() == cut
    assert run_import(member, file.replace("Ann,", "Ann Lee,").replace(others, f"new{others}"))["created"] == 1
    assert stored(cloud, name) == []


def test_a_sync_brings_no_text_back(
    cloud: Cloud, member: Member, mark: Callable[[str], str], erased: Callable[..., str], hubspot: HubSpot
) -> None:
    name = mark("crm")
    address = f"{name}@people.example"

    def at_source(method: str, path: str, **body: str) -> Any:
        answer = requests.request(method, f"{hubspot.url}/{path}", json=body, timeout=10)
        assert answer.status_code < 300, answer.text
        return answer.json().get("id")

    def run() -> tuple[str, str]:
        cloud.advance(1000)
        cloud.drain()
        (contact,), (company,) = (member.api.get(f"/v1/{of}").json()["items"] for of in ("contacts", "companies"))
        return contact["title"], company["name"]

    person = at_source(
        "POST", "_contacts", firstname="Ann", email=f"{mark('ann')}@p.example", jobtitle=f"Aide, {address}"
    )
    firm = at_source("POST", "_companies", name=f"Office {address}")
    connect(cloud, member, "hubspot")
    assert run() == (f"Aide, {address}", f"Office {address}")
    erased(address)
    assert run() == ("Aide, […]", "Office […]")
    at_source("PATCH", f"_contacts/{person}", jobtitle=f"Right hand of {address}")
    at_source("PATCH", f"_companies/{firm}", name=f"{name.upper()}＠people.example AG")
    assert run() == ("Right hand of […]", "[…] AG")
    assert stored(cloud, name) == []


def test_fields_that_need_no_text_take_no_identifier(
    cloud: Cloud,
    new_workspace: Callable[..., Member],
    mark: Callable[[str], str],
    run_import: Callable[..., dict[str, Any]],
) -> None:
    """Anybody's, erased or not, so that the refusal tells nothing."""
    name, member = mark("some"), new_workspace()
    for spelt in (f"{name}@people.example", f"{name}(at)people.example", f"x linkedin.com/in/{name}"):
        mapping = {"name": spelt, "columns": {"A": "email"}}
        for body in (mapping, {"name": "mine", "columns": {spelt: "email"}}):
            assert member.api.post("/v1/import-mappings", body).status_code == 422, spelt
        assert member.api.post("/v1/companies", {"name": "A", "domain": spelt}).status_code == 422, spelt
        urls = [f"https://acme.example/{spelt}", f"https://acme.example/?q={spelt}", f"https://acme.example/#{spelt}"]
        for url in (*urls, f"https://linkedin.com/in/somebody?from={spelt}"):
            answer = member.api.post("/v1/contacts", {"first_name": "A", "profile_urls": [url.replace(" ", "%20")]})
            assert answer.status_code == 422, url
        token = cloud.issuer.token(f"new{name[-4:]}@team.example")
        workspace = {"name": spelt, "accept_terms": TERMS_VERSION}
        assert member.api.post("/v1/workspaces", workspace, token=token).json()["errors"][0]["code"] == "holds_address"
        run_import(member, f"Record ID,First Name,Last Name,Email,{spelt}\r\n{spelt},Ann,Lee,ann@p.example,\r\n")
    assert stored(cloud, name) == []
