"""A person whom the member has already, typed in once more: the same rule as for files and connections."""

import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.support.imported_files import contacts, counts, people, send


@pytest.fixture
def bea(member: Member) -> dict[str, Any]:
    """A contact of the member's."""
    return _typed(
        member, first_name="Bea", emails=["bea@nord.example"], profile_urls=["https://xing.com/profile/Bea_K"]
    )


def _typed(member: Member, query: str = "", status: int = 201, **fields: Any) -> dict[str, Any]:
    answer = member.api.post(f"/v1/contacts{query}", fields)
    assert answer.status_code == status, answer.text
    return dict(answer.json())


@pytest.mark.parametrize(
    "fields",
    [
        {"first_name": "Bea", "emails": ["BEA@nord.example"]},
        {"last_name": "Krug", "first_name": "B.", "emails": ["x@y.example", "bea@NORD.example"]},
        {"emails": ["bea@nord.example"]},
        {"first_name": "bea", "profile_urls": ["http://www.xing.com/profile/Bea_K/"]},
    ],
)
def test_who_is_there_is_named(member: Member, bea: dict[str, Any], fields: dict[str, Any]) -> None:
    answer = member.api.post("/v1/contacts", fields)
    assert (answer.status_code, answer.json()["code"], answer.json()["id"]) == (409, "already_there", bea["id"])
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert member.api.get(f"/v1/contacts/{bea['id']}").json() == bea


@pytest.mark.parametrize(
    "fields",
    [
        {"first_name": "Carl", "emails": ["bea@nord.example"]},  # a mailbox of two
        {"first_name": "Bea", "phones": ["+49 30 1234567"]},
        {"first_name": "Bea"},
        {"first_name": "Bea", "profile_urls": ["https://nord.example/team"]},
    ],
)
def test_who_may_be_another_is_made(member: Member, bea: dict[str, Any], fields: dict[str, Any]) -> None:
    assert _typed(member, **fields)["id"] != bea["id"]


def test_who_came_by_a_file_is_there(cloud: Cloud, member: Member) -> None:
    send(member, people([("Dora", "Ek", "dora@ek.example")]))
    cloud.drain()
    (dora,) = contacts(member)
    assert _typed(member, status=409, first_name="Dora", emails=["dora@ek.example"])["id"] == dora["id"]
    again = send(member, people([("Dora", "Ek", "dora@ek.example")]))
    cloud.drain()
    assert counts(member.api.get(f"/v1/jobs/{again.json()['job']['id']}").json()) == (0, 0, 1, 0, 0)


def test_a_merge_adds_and_takes_nothing_away(member: Member) -> None:
    first = _typed(
        member,
        first_name="Emil",
        emails=["e@one.example"],
        phones=["+49 30 1111111"],
        title="CTO",
        notes="Met at the fair.",
    )
    more = {
        "first_name": "Emil",
        "last_name": "Frey",
        "emails": ["e@two.example", "E@one.example"],
        "title": None,
        "notes": "Likes tea.",
    }
    answer = member.api.post("/v1/contacts?merge=true", more)
    assert (answer.status_code, answer.headers["ETag"]) == (200, '"2"')
    both = answer.json()
    assert both == member.api.get(f"/v1/contacts/{first['id']}").json()
    assert (both["first_name"], both["last_name"], both["title"]) == ("Emil", "Frey", "CTO")
    assert both["emails"] == ["E@one.example", "e@two.example"], "the first stays the first"
    assert (both["phones"], both["notes"]) == (["+49 30 1111111"], "Met at the fair.\nLikes tea.")
    for _ in range(2):  # the same once more changes nothing
        assert member.api.post("/v1/contacts?merge=true", more).headers["ETag"] == '"2"'


def test_a_merge_takes_a_note_for_another_unless_its_lines_are_there(member: Member) -> None:
    fields: dict[str, Any] = {"first_name": "Finn", "emails": ["f@one.example"]}
    _typed(member, **fields, notes="Dislikes tea.\nVIP")
    for notes, after in (("VIP", "Dislikes tea.\nVIP"), ("likes tea.", "Dislikes tea.\nVIP\nlikes tea.")):
        assert _typed(member, "?merge=true", 200, **fields, notes=notes)["notes"] == after


def test_a_merge_finds_by_what_an_earlier_one_brought(member: Member) -> None:
    made = _typed(member, first_name="Gus", emails=["g@one.example"])
    _typed(member, "?merge=true", 200, first_name="Gus", emails=["g@one.example", "g@two.example"])
    assert _typed(member, status=409, emails=["g@two.example"])["id"] == made["id"]
    assert member.api.post("/v1/contacts/search", {"q": "g@two.example"}).json()["items"][0]["id"] == made["id"]


def test_a_merge_of_somebody_new_is_made(member: Member) -> None:
    assert _typed(member, "?merge=true", first_name="Hanna", emails=["h@one.example"])["first_name"] == "Hanna"


def test_a_merge_beyond_the_room_there_is_is_told(member: Member) -> None:
    many = [f"i{number}@one.example" for number in range(20)]
    made = _typed(member, first_name="Ida", emails=many, notes="n" * 9_999)
    for more, code in (({"emails": [many[0], "i@two.example"]}, "too_many"), ({"notes": "more"}, "too_long")):
        answer = member.api.post("/v1/contacts?merge=true", {"emails": many[:1], **more})
        assert (answer.status_code, [each["code"] for each in answer.json()["errors"]]) == (422, [code])
    assert member.api.get(f"/v1/contacts/{made['id']}").json() == made


def test_a_change_may_make_two_of_one_person(member: Member) -> None:
    one, other = (_typed(member, first_name="Jan", emails=[f"jan@{name}.example"]) for name in ("one", "two"))
    changed = member.api.patch(f"/v1/contacts/{other['id']}", {"emails": ["jan@one.example"]})
    assert (changed.status_code, changed.json()["emails"]) == (200, ["jan@one.example"])
    assert _typed(member, status=409, first_name="Jan", emails=["jan@one.example"])["id"] == one["id"], "the older one"


def test_a_colleagues_contact_is_never_told_of(
    new_workspace: Callable[..., Member], new_colleague: Callable[[Member], Member]
) -> None:
    owner = new_workspace()
    colleague = new_colleague(owner)
    address = f"{uuid.uuid4().hex}@nord.example"
    theirs = _typed(colleague, first_name="Kim", emails=[address])
    for shares in (False, True):
        colleague.api.patch("/v1/me/settings", {"share_contacts": shares})
        for query in ("", "?merge=true"):
            mine = _typed(owner, query, first_name="Kim", emails=[address], title="of mine")
            assert mine["owner"]["mine"]
            assert owner.api.delete(f"/v1/contacts/{mine['id']}").status_code == 204
    assert colleague.api.get(f"/v1/contacts/{theirs['id']}").json()["title"] is None


def test_a_repeated_key_gives_the_same_merge(member: Member) -> None:
    made = _typed(member, first_name="Lea", emails=["lea@one.example"])
    fields = {"first_name": "Lea", "emails": ["lea@one.example"], "title": "CEO"}
    one, two = (
        member.api.post("/v1/contacts?merge=true", fields, headers={"Idempotency-Key": "again"}) for _ in range(2)
    )
    assert [(each.status_code, each.json()["id"]) for each in (one, two)] == [(200, made["id"])] * 2
    assert two.headers["Idempotency-Replayed"] == "true"


@pytest.mark.parametrize("query", ["", "?merge=true"])
def test_equal_requests_at_once_make_one_contact(member: Member, query: str) -> None:
    address = f"{uuid.uuid4().hex}@nord.example"
    with ThreadPoolExecutor(8) as clients:
        fields = {"first_name": "Bea", "emails": [address, f"x{address}"]}
        answers = list(clients.map(lambda _: member.api.post(f"/v1/contacts{query}", fields), range(8)))
    statuses = sorted(answer.status_code for answer in answers)
    assert statuses == [201, *[409] * 7] if not query else [*[200] * 7, 201]
    assert len({answer.json()["id"] for answer in answers}) == 1
    found = member.api.post("/v1/contacts/search", {"q": address}).json()["items"]
    assert len(found) == 1


def test_a_couple_at_once_are_two(member: Member) -> None:
    address = f"{uuid.uuid4().hex}@nord.example"
    with ThreadPoolExecutor(2) as clients:
        people = [{"first_name": name, "last_name": "Krug", "emails": [address]} for name in ("Ann", "Bob")]
        answers = list(clients.map(lambda fields: member.api.post("/v1/contacts", fields), people))
    assert [answer.status_code for answer in answers] == [201, 201]
