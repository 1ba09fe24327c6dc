"""A company whom the member has already, typed in once more: by its domain, as files ask."""

import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.conftest import Member


@pytest.fixture
def domain() -> str:
    return f"{uuid.uuid4().hex[:12]}.example"


def test_what_is_there_is_named(member: Member, domain: str) -> None:
    made = member.api.post("/v1/companies", {"name": "Nord", "domain": domain}).json()
    again = member.api.post("/v1/companies", {"name": "Nordwerk", "domain": f"https://www.{domain}/about"})
    assert (again.status_code, again.json()["code"], again.json()["id"]) == (409, "already_there", made["id"])
    assert member.api.get(f"/v1/companies/{made['id']}").json() == made
    assert member.api.post("/v1/companies", {"name": "Nord"}).status_code == 201, "a name alone is no reason"
    assert member.api.post("/v1/companies", {"name": "Nord", "domain": f"x{domain}"}).status_code == 201


def test_it_is_brought_into_what_is_there(member: Member, domain: str) -> None:
    made = member.api.post("/v1/companies", {"name": "Nord", "domain": domain, "notes": "old", "size": 5}).json()
    sent = {"name": "Nordwerk", "domain": domain, "notes": "new", "tag": "client", "country": None}
    merged = member.api.post("/v1/companies?merge=true", sent)
    assert (merged.status_code, merged.json()["id"]) == (200, made["id"])
    told = merged.json()
    assert (told["name"], told["notes"], told["tag"], told["size"]) == ("Nordwerk", "old\nnew", "client", 5)
    again = member.api.post("/v1/companies?merge=true", sent).json()
    assert again == told, "once more changes nothing"


@pytest.mark.parametrize("query", ["", "?merge=true"])
def test_equal_requests_at_once_make_one(member: Member, domain: str, query: str) -> None:
    with ThreadPoolExecutor(8) as clients:
        fields = {"name": "Nord", "domain": domain}
        answers = list(clients.map(lambda _: member.api.post(f"/v1/companies{query}", fields), range(8)))
    assert sorted(answer.status_code for answer in answers).count(201) == 1
    assert len({answer.json()["id"] for answer in answers}) == 1


def test_a_colleagues_is_not_looked_at(member: Member, new_colleague: Callable[[Member], Member], domain: str) -> None:
    member.api.patch("/v1/me/settings", {"share_tags": True})
    member.api.post("/v1/companies", {"name": "Nord", "domain": domain, "tag": "client"})
    assert new_colleague(member).api.post("/v1/companies", {"name": "Nord", "domain": domain}).status_code == 201
