"""Companies and tags through the HTTP API."""

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.core.identifiers import EmailAddress
from chalicelib.domain.suppression.model import marks_of
from chalicelib.domain.suppression.tombstones import entomb
from tests.conftest import Member

UNKNOWN = "/v1/companies/com_" + "0" * 36


def _made(member: Member, **fields: Any) -> dict[str, Any]:
    answer = member.api.post("/v1/companies", {"name": "Acme", **fields})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def test_a_company_lives(member: Member) -> None:
    sent = {
        "name": " Bäckerei Groß ",
        "domain": "https://www.Gross.example/about",
        "industry": "food",
        "country": "de",
        "size": 12,
        "notes": "two\nlines",
        "tag": "prospect",
    }
    answer = member.api.post("/v1/companies", sent)
    made = answer.json()
    assert (answer.status_code, answer.headers["ETag"]) == (201, '"1"')
    assert answer.headers["Location"] == f"/v1/companies/{made['id']}"
    kept = {**sent, "name": "Bäckerei Groß", "domain": "gross.example", "country": "DE"}
    assert {name: made[name] for name in sent} == kept
    path = f"/v1/companies/{made['id']}"
    assert member.api.get(path).json() == made

    changed = member.api.patch(path, {"size": "11-50", "industry": None}, headers={"If-Match": '"1"'}).json()
    assert (changed["size"], changed["industry"], changed["tag"]) == ("11-50", None, "prospect")
    assert changed["created_at"] == made["created_at"]
    assert changed["updated_at"] > made["updated_at"]
    assert member.api.patch(path, {"size": 3}, headers={"If-Match": '"1"'}).status_code == 412

    assert member.api.put(f"{path}/tag", {"tag": "client"}).json()["tag"] == "client"
    assert member.api.put(f"{path}/tag", {"tag": "foe"}).status_code == 422
    untagged = member.api.delete(f"{path}/tag")
    assert (untagged.status_code, untagged.json()["tag"]) == (200, None)
    assert member.api.delete(path).status_code == 204
    assert member.api.get(path).status_code == 404


@pytest.mark.parametrize(
    ("fields", "at"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 301}, "name"),
        ({"country": "ZZ"}, "country"),
        ({"country": "DEU"}, "country"),
        ({"domain": "no domain"}, "domain"),
        ({"domain": "bob＠x.example"}, "domain"),
        ({"domain": "bob(at)x.example"}, "domain"),
        ({"tag": "friend"}, "tag"),
        ({"notes": "x" * 10_001}, "notes"),
        ({"color": "red"}, "color"),
    ],
)
def test_what_cannot_stand_is_named(member: Member, fields: dict[str, Any], at: str) -> None:
    answer = member.api.post("/v1/companies", {"name": "Acme", **fields})
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [at]


def test_the_name_cannot_be_cleared(member: Member) -> None:
    path = f"/v1/companies/{_made(member)['id']}"
    assert member.api.patch(path, {"name": None}).status_code == 422
    assert member.api.patch(path, {"name": ""}).status_code == 422
    assert member.api.patch(path, {}).json()["name"] == "Acme"


def test_filter_and_search(member: Member) -> None:
    ids = [
        _made(member, name=f"Café {n}", domain=f"c{n}.example", tag="client" if n % 3 else None)["id"] for n in range(9)
    ]
    page = member.api.get("/v1/companies", params={"tag": "client", "limit": 4}).json()
    rest = member.api.get("/v1/companies", params={"tag": "client", "limit": 4, "cursor": page["next_cursor"]}).json()
    tagged = [company["id"] for company in page["items"] + rest["items"]]
    assert (len(page["items"]), tagged, rest["next_cursor"]) == (4, sorted(i for n, i in enumerate(ids) if n % 3), None)
    found = member.api.post("/v1/companies/search", {"q": "CAFE c4.ex"}).json()
    assert [company["id"] for company in found["items"]] == [ids[4]]
    assert len(member.api.post("/v1/companies/search", {"q": "cafe", "tag": "client"}).json()["items"]) == 6
    assert member.api.get("/v1/companies", params={"tag": "x"}).status_code == 422


def test_private_unless_tags_are_shared(
    member: Member, new_colleague: Callable[..., Member], new_workspace: Callable[..., Member]
) -> None:
    colleague, stranger = new_colleague(member), new_workspace()
    made = _made(member, notes="private", tag="client")
    path = f"/v1/companies/{made['id']}"
    for other in (colleague, stranger):
        assert other.api.get(path).status_code == other.api.get(UNKNOWN).status_code == 404
        assert other.api.put(f"{path}/tag", {"tag": "client"}).status_code == 404
        assert other.api.get("/v1/companies").json()["items"] == []
    member.api.patch("/v1/me/settings", {"share_contacts": True})
    assert colleague.api.get(path).status_code == 404
    member.api.patch("/v1/me/settings", {"share_tags": True})
    shown = {**made, "notes": None, "owner": {"id": member.id, "mine": False}}
    assert colleague.api.get(path).json() == shown
    assert colleague.api.get("/v1/companies", params={"tag": "client"}).json()["items"] == [shown]
    refused = colleague.api.put(f"{path}/tag", {"tag": "prospect"})
    assert (refused.status_code, refused.json()["code"]) == (403, "not_owner")
    assert stranger.api.get(path).status_code == 404
    member.api.patch("/v1/me/settings", {"share_tags": False})
    assert colleague.api.get(path).status_code == 404


def test_notes_do_not_bring_an_erased_address_back(member: Member) -> None:
    entomb(marks_of([EmailAddress.parse("gone.for.good@firma.example")]), None)
    path = f"/v1/companies/{_made(member)['id']}"
    changed = member.api.patch(path, {"notes": "ask gone.for.good@firma.example or jo@firma.example"})
    assert (changed.status_code, changed.json()["notes"]) == (200, "ask […] or jo@firma.example")
    made = member.api.post("/v1/companies", {"name": "B", "notes": "ask gone.for.good+x@firma.example"})
    assert (made.status_code, made.json()["notes"]) == (201, "ask […]")


def test_calls_to_dynamodb(member: Member, dynamodb_calls: Callable[..., Any]) -> None:
    path = f"/v1/companies/{_made(member)['id']}"
    with dynamodb_calls() as create:
        _made(member, notes="bob@x.example")
    with dynamodb_calls() as listing:
        member.api.get("/v1/companies", params={"tag": "client"})
    with dynamodb_calls() as read:
        member.api.get(path)
    with dynamodb_calls() as tag:
        member.api.put(f"{path}/tag", {"tag": "client"})
    with dynamodb_calls() as delete:
        member.api.delete(path)
    assert create == ["Query", "BatchGetItem", "BatchWriteItem", "TransactWriteItems"]
    assert listing == ["Query", "Query"]
    assert read == ["Query", "GetItem"]
    assert tag == ["Query", "GetItem", "TransactWriteItems"]
    assert delete == ["Query", "GetItem", "TransactWriteItems"]
