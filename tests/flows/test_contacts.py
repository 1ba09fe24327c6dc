"""Contacts through the HTTP API, as a client uses them."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import Member
from tests.support.answers import same

UNKNOWN = "con_" + "0" * 36

_READ_ONLY = ("id", "owner", "sources", "opted_out", "restricted", "created_at", "updated_at")


def _address() -> str:
    return f"p{uuid.uuid4().hex[:12]}@firma.example"


def _made(member: Member, **fields: Any) -> dict[str, Any]:
    answer = member.api.post("/v1/contacts", fields)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def test_a_contact_lives(member: Member) -> None:
    company = member.api.post("/v1/companies", {"name": "Müller AG"}).json()
    full = {
        "first_name": "Zoë",
        "last_name": "Fischer",
        "emails": [_address(), "Zoe@Bücher.example"],
        "phones": ["+33 6 12 34 56 78"],
        "profile_urls": ["https://www.linkedin.com/in/zoe/"],
        "title": "CTO",
        "company_id": company["id"],
        "notes": "Met at the fair.\n",
    }
    answer = member.api.post("/v1/contacts", full)
    made = answer.json()
    assert answer.status_code == 201
    assert answer.headers["Location"] == f"/v1/contacts/{made['id']}"
    assert answer.headers["ETag"] == '"1"'
    assert {name: made[name] for name in full} == full
    assert made["company_name"] == "Müller AG"
    assert made["owner"] == {"id": member.id, "mine": True}
    assert [source["source"] for source in made["sources"]] == ["member"]
    path = f"/v1/contacts/{made['id']}"
    assert member.api.get(path).json() == made

    changed = member.api.patch(path, {"title": None, "emails": ["zoe@bücher.example"]}, headers={"If-Match": '"1"'})
    assert changed.status_code == 200
    assert changed.headers["ETag"] == '"2"'
    assert changed.json()["title"] is None
    assert changed.json()["emails"] == ["zoe@bücher.example"]
    assert changed.json()["notes"] == full["notes"]
    assert member.api.patch(path, {"title": "CEO"}, headers={"If-Match": '"1"'}).status_code == 412
    assert member.api.patch(path, {}).headers["ETag"] == '"2"'
    assert member.api.patch(path, {}, headers={"If-Match": '"1", W/"2"'}).status_code == 412
    assert member.api.patch(path, {}, headers={"If-Match": '"1", "2"'}).status_code == 200

    assert member.api.delete(path).status_code == 204
    assert member.api.get(path).status_code == 404
    assert member.api.delete(path).status_code == 404


@pytest.mark.parametrize(
    ("fields", "at"),
    [
        ({}, "body"),
        ({"notes": "nobody"}, "body"),
        ({"first_name": " "}, "body"),
        ({"first_name": "A", "phones": ["12"]}, "phones.0"),
        ({"first_name": "A", "profile_urls": ["javascript:alert(1)"]}, "profile_urls.0"),
        ({"first_name": "A", "phones": ["030 123456 bob(at)x.example"]}, "phones.0"),
        ({"first_name": "A", "profile_urls": ["https://a.example/x.com/bob"]}, "profile_urls.0"),
        ({"first_name": "A", "profile_urls": ["https://a.example/#bob(at)x.example"]}, "profile_urls.0"),
        ({"first_name": "A", "company_id": "com_" + "0" * 36}, "company_id"),
        ({"first_name": "A", "notes": "x" * 10_001}, "notes"),
        ({"first_name": "A", "nickname": "x"}, "nickname"),
        ({"first_name": "A", "emails": ["x@y.example"] * 21}, "emails"),
    ],
)
def test_what_cannot_stand_is_named(member: Member, fields: dict[str, Any], at: str) -> None:
    answer = member.api.post("/v1/contacts", fields)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [at]


def test_the_last_identifier_cannot_be_cleared(member: Member) -> None:
    made = _made(member, emails=[_address()])
    assert member.api.patch(f"/v1/contacts/{made['id']}", {"emails": []}).status_code == 422


def test_two_pages_that_differ_in_their_query_are_two_links(member: Member) -> None:
    pages = [
        "https://crm.example/contact?id=1",
        "https://crm.example/contact?id=2",
        "https://crm.example/?id=1",
        "https://crm.example/app#/people/3",
        "https://crm.example/#/people/3",
        "https://crm.example/a%23b",
        "https://crm.example/a#b",
    ]
    assert (
        _made(member, last_name="X", profile_urls=[*pages, pages[0].replace("://", "://www.")])["profile_urls"] == pages
    )


def _is_hidden_from(other: Member, path: str) -> None:
    """On every route it is like a contact that nobody has."""
    unknown = f"/v1/contacts/{UNKNOWN}"
    same(other.api.get(path), other.api.get(unknown))
    same(other.api.patch(path, {"title": "x"}), other.api.patch(unknown, {"title": "x"}))
    same(other.api.delete(path), other.api.delete(unknown))
    assert other.api.get("/v1/contacts").json()["items"] == []
    assert other.api.post("/v1/contacts/search", {"q": "fischer"}).json()["items"] == []


def test_private_unless_shared(
    member: Member, new_colleague: Callable[..., Member], new_workspace: Callable[..., Member]
) -> None:
    colleague, stranger = new_colleague(member), new_workspace()
    company = member.api.post("/v1/companies", {"name": "Acme"}).json()
    made = _made(member, last_name="Fischer", company_id=company["id"], notes="private")
    path = f"/v1/contacts/{made['id']}"
    for other in (colleague, stranger):
        _is_hidden_from(other, path)

    member.api.patch("/v1/me/settings", {"share_contacts": True})
    shown = colleague.api.get(path)
    assert shown.status_code == 200
    assert shown.json() == {
        **made,
        "notes": None,
        "company_id": None,
        "company_name": None,
        "owner": {"id": member.id, "mine": False},
    }
    assert [c["id"] for c in colleague.api.get("/v1/contacts").json()["items"]] == [made["id"]]
    assert [c["id"] for c in colleague.api.post("/v1/contacts/search", {"q": "FISCHER"}).json()["items"]] == [
        made["id"]
    ]
    assert colleague.api.post("/v1/contacts/search", {"q": "acme"}).json()["items"] == []
    assert colleague.api.post("/v1/contacts/search", {"company_id": company["id"]}).json()["items"] == []
    refused = colleague.api.patch(path, {"title": "x"})
    assert (refused.status_code, refused.json()["code"]) == (403, "not_owner")
    assert colleague.api.delete(path).status_code == 403
    assert stranger.api.get(path).status_code == 404

    # What is not shown changes nothing of what is.
    member.api.patch(path, {"notes": "still private"})
    again = colleague.api.get(path)
    assert (again.json(), again.headers["ETag"]) == (shown.json(), shown.headers["ETag"])

    member.api.patch("/v1/me/settings", {"share_tags": True})
    assert colleague.api.get(path).json()["company_id"] == company["id"]
    member.api.patch("/v1/me/settings", {"share_contacts": False})
    same(colleague.api.get(path), colleague.api.get(f"/v1/contacts/{UNKNOWN}"))


def test_pages_walk_own_then_shared(member: Member, new_colleague: Callable[..., Member]) -> None:
    colleagues = [new_colleague(member) for _ in range(2)]
    for who, count in ((member, 3), (colleagues[0], 2), (colleagues[1], 4)):
        for number in range(count):
            _made(who, last_name=f"N{number}")
    member.api.patch("/v1/me/settings", {"share_contacts": False})
    for colleague in colleagues:
        colleague.api.patch("/v1/me/settings", {"share_contacts": True})
    for limit in (1, 2, 3, 4, 9, 100):
        seen: list[str] = []
        mine: list[bool] = []
        cursor, pages = None, 0
        while True:
            query = {"limit": limit, **({"cursor": cursor} if cursor else {})}
            page = member.api.get("/v1/contacts", params=query).json()
            assert 0 < len(page["items"]) <= limit
            seen += [item["id"] for item in page["items"]]
            mine += [item["owner"]["mine"] for item in page["items"]]
            cursor, pages = page["next_cursor"], pages + 1
            if cursor is None:
                break
        assert len(seen) == len(set(seen)) == 9
        assert mine == [True] * 3 + [False] * 6
        assert pages == -(-9 // limit)


def test_a_cursor_fits_its_list_and_member_only(member: Member, new_colleague: Callable[..., Member]) -> None:
    for number in range(3):
        _made(member, last_name=f"N{number}")
    cursor = member.api.get("/v1/contacts", params={"limit": 1}).json()["next_cursor"]
    other = new_colleague(member)
    for answer in (
        other.api.get("/v1/contacts", params={"cursor": cursor}),
        member.api.get("/v1/companies", params={"cursor": cursor}),
        member.api.post("/v1/contacts/search", {"q": "n", "cursor": cursor}),
        member.api.get("/v1/contacts", params={"cursor": "x" + cursor}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid_cursor")


def test_searching(member: Member) -> None:
    client = member.api.post("/v1/companies", {"name": "Łódź Œuvres", "tag": "client"}).json()
    zoe = _made(member, first_name="Zoë", last_name="Straße", emails=["z.s@firma.example"], company_id=client["id"])
    bob = _made(member, first_name="Bob", last_name="Zoeller", company_name="Crème SA")

    def found(**asked: Any) -> list[str]:
        answer = member.api.post("/v1/contacts/search", asked)
        assert answer.status_code == 200, answer.text
        return sorted(item["id"] for item in answer.json()["items"])

    both = sorted([zoe["id"], bob["id"]])
    assert found(q="ZOE") == both
    assert found(q="strasse zoe") == [zoe["id"]]
    assert found(q="z.s@FIRMA") == [zoe["id"]]
    assert found(q="creme") == [bob["id"]]
    assert found(q="„Zoeller, Bob“") == found(q="zöller") == [bob["id"]]
    assert found(q="lodz") == [zoe["id"]]
    assert found(q="") == both
    assert found(q="nobody") == []
    assert found(q="", company_id=client["id"]) == [zoe["id"]]
    assert found(q="", tag="client") == [zoe["id"]]
    assert found(q="zoe", tag="prospect") == []
    first = member.api.post("/v1/contacts/search", {"q": "zoe", "limit": 1}).json()
    rest = member.api.post("/v1/contacts/search", {"q": "zoe", "limit": 1, "cursor": first["next_cursor"]}).json()
    assert sorted(i["id"] for i in first["items"] + rest["items"]) == both
    assert rest["next_cursor"] is None


def test_calls_to_dynamodb(member: Member, dynamodb_calls: Callable[..., Any]) -> None:
    """One of them is the membership. Reads <= 2, writes <= 4 where no pointer is dropped (design, section 10), and one
    more has the contact matched."""
    made = _made(member, last_name="A", emails=[_address()])
    path = f"/v1/contacts/{made['id']}"
    with dynamodb_calls() as create:
        _made(member, last_name="A", emails=[_address()], phones=["+33612345678"], notes="b@x.example")
    with dynamodb_calls() as listing:
        member.api.get("/v1/contacts")
    with dynamodb_calls() as search:
        member.api.post("/v1/contacts/search", {"q": "a"})
    with dynamodb_calls() as read:
        member.api.get(path)
    with dynamodb_calls() as change:
        member.api.patch(path, {"title": "x"})
    with dynamodb_calls() as delete:
        member.api.delete(path)
    assert create == ["Query", "BatchGetItem", "Query", "TransactWriteItems", "UpdateItem"]
    assert listing == search == ["Query", "Query"]
    assert read == ["Query", "GetItem"]
    assert change == ["Query", "GetItem", "BatchGetItem", "TransactWriteItems", "UpdateItem"]
    assert delete == ["Query", "GetItem", "TransactWriteItems", "BatchWriteItem", "UpdateItem"]


def test_a_repeated_key_makes_one_contact(member: Member) -> None:
    fields = {"last_name": "Once"}
    first, second = (member.api.post("/v1/contacts", fields, headers={"Idempotency-Key": "k1"}) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert first.headers["Location"] == second.headers["Location"]
    assert len(member.api.get("/v1/contacts").json()["items"]) == 1


def test_the_name_of_the_company_follows_the_link(member: Member) -> None:
    acme, beta = (member.api.post("/v1/companies", {"name": name}).json() for name in ("Acme", "Beta"))
    path = f"/v1/contacts/{_made(member, last_name='X', company_id=acme['id'])['id']}"

    def patched(**fields: Any) -> tuple[Any, Any]:
        body = member.api.patch(path, fields).json()
        return body["company_id"], body["company_name"]

    assert patched(company_id=beta["id"]) == (beta["id"], "Beta")
    assert patched(company_id=None) == (None, None)
    assert patched(company_name="Own words") == (None, "Own words")
    assert patched(company_id=acme["id"]) == (acme["id"], "Own words")
    assert patched(company_name=None, company_id=acme["id"]) == (acme["id"], "Acme")
    member.api.delete(f"/v1/companies/{acme['id']}")
    shown = member.api.get(path).json()
    echo = {k: v for k, v in shown.items() if k not in _READ_ONLY}
    assert member.api.patch(path, echo).json() == shown
