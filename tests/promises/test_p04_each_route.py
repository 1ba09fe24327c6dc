"""P2, P4: each of the two sharing switches, in each position, on each route that shows companies or contacts."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from tests.conftest import Member


@dataclass
class Team:
    """A member with a client company and a contact there, and a contact that names a firm but is linked to none."""

    owner: Member
    colleague: Member
    company: str
    linked: str
    loose: str


@pytest.fixture
def team(new_workspace: Callable[..., Member], new_colleague: Callable[[Member], Member]) -> Team:
    owner = new_workspace()
    colleague = new_colleague(owner)
    company = owner.api.post("/v1/companies", {"name": "Acme", "domain": "acme.example", "tag": "client"}).json()["id"]
    linked = owner.api.post("/v1/contacts", {"first_name": "Ann", "company_id": company}).json()["id"]
    loose = owner.api.post("/v1/contacts", {"first_name": "Bob", "company_name": "Acme"}).json()["id"]
    return Team(owner, colleague, company, linked, loose)


def ids(answer: Any) -> set[str]:
    assert answer.status_code == 200, answer.text
    return {item["id"] for item in answer.json()["items"]}


@pytest.mark.parametrize("contacts", [False, True], ids=["contacts private", "contacts shared"])
@pytest.mark.parametrize("tags", [False, True], ids=["tags private", "tags shared"])
def test_what_a_colleague_sees_on_each_route(team: Team, tags: bool, contacts: bool) -> None:
    switches = {"share_tags": tags, "share_contacts": contacts}
    assert team.owner.api.patch("/v1/me/settings", switches).status_code == 200
    api = team.colleague.api
    companies = {team.company} if tags else set()
    people = {team.linked, team.loose} if contacts else set()
    by_company = {team.linked} if tags and contacts else set()

    assert ids(api.get("/v1/companies")) == companies
    assert ids(api.get("/v1/companies?tag=client")) == companies
    assert ids(api.get("/v1/companies?tag=prospect")) == set()
    for asked in ({"q": "acme"}, {"q": "acme.example"}, {"tag": "client"}, {}):
        assert ids(api.post("/v1/companies/search", asked)) == companies, asked
    assert ids(api.get("/v1/contacts")) == people
    assert ids(api.post("/v1/contacts/search", {})) == people
    assert ids(api.post("/v1/contacts/search", {"q": "ann"})) == people & {team.linked}
    # The company of a contact is a company: found by it only where companies are shown too.
    assert ids(api.post("/v1/contacts/search", {"company_id": team.company})) == by_company
    assert ids(api.post("/v1/contacts/search", {"tag": "client"})) == by_company
    named = {team.loose} if contacts else set()
    assert ids(api.post("/v1/contacts/search", {"q": "acme"})) == named | by_company

    assert api.get(f"/v1/companies/{team.company}").status_code == (200 if tags else 404)
    for contact in (team.linked, team.loose):
        assert api.get(f"/v1/contacts/{contact}").status_code == (200 if contacts else 404)
    if contacts:
        seen = api.get(f"/v1/contacts/{team.linked}").json()
        assert (seen["company_id"], seen["company_name"]) == ((team.company, "Acme") if tags else (None, None))
    mine = {"first_name": "Eve", "company_id": team.company}
    assert api.post("/v1/contacts", mine).json()["errors"][0]["code"] == "unknown_company"


@pytest.mark.parametrize("shared", [False, True], ids=["private", "shared"])
def test_what_a_colleague_changes_on_each_route(team: Team, shared: bool) -> None:
    team.owner.api.patch("/v1/me/settings", {"share_tags": shared, "share_contacts": shared})
    status = 403 if shared else 404
    for method, path, body in (
        ("PATCH", f"/v1/companies/{team.company}", {"industry": "x"}),
        ("PUT", f"/v1/companies/{team.company}/tag", {"tag": "prospect"}),
        ("DELETE", f"/v1/companies/{team.company}/tag", None),
        ("DELETE", f"/v1/companies/{team.company}", None),
        ("PATCH", f"/v1/contacts/{team.linked}", {"title": "x"}),
        ("DELETE", f"/v1/contacts/{team.linked}", None),
    ):
        assert team.colleague.api(method, path, json=body).status_code == status, (method, path)
    company = team.owner.api.get(f"/v1/companies/{team.company}").json()
    assert (company["tag"], company["industry"]) == ("client", None)


def test_a_list_that_is_being_read_ends_where_sharing_ends(team: Team) -> None:
    team.owner.api.patch("/v1/me/settings", {"share_contacts": True})
    first = team.colleague.api.get("/v1/contacts?limit=1").json()
    assert len(first["items"]) == 1
    team.owner.api.patch("/v1/me/settings", {"share_contacts": False})
    following = team.colleague.api.get(f"/v1/contacts?limit=1&cursor={first['next_cursor']}").json()
    assert following == {"items": [], "next_cursor": None}


def test_what_is_shared_goes_no_further_than_the_team(team: Team, new_workspace: Callable[..., Member]) -> None:
    team.owner.api.patch("/v1/me/settings", {"share_tags": True, "share_contacts": True})
    stranger = new_workspace().api
    for path in ("/v1/companies", "/v1/contacts"):
        assert ids(stranger.get(path)) == ids(stranger.post(f"{path}/search", {})) == set()
    assert stranger.get(f"/v1/companies/{team.company}").status_code == 404
    assert stranger.get(f"/v1/contacts/{team.linked}").status_code == 404


def test_the_language_of_our_mails_is_a_setting_like_any_other(team: Team) -> None:
    api = team.owner.api
    assert api.get("/v1/me").json()["settings"]["language"] == "en"
    assert api.patch("/v1/me/settings", {"language": "fr"}).json()["settings"]["language"] == "fr"
    assert api.patch("/v1/me/settings", {"share_tags": True}).json()["settings"]["language"] == "fr"
    assert api.patch("/v1/me/settings", {"language": "de"}).status_code == 422
    assert api.get("/v1/me").json()["settings"]["language"] == "fr"
