"""The directory: a member lists itself, is found by members alone, and takes itself out again."""

import uuid
from collections.abc import Callable

import pytest

from chalicelib.domain.directory import search
from chalicelib.domain.directory.model import Values
from chalicelib.domain.directory.repository import amend
from infra.local.cloud import Cloud
from tests.conftest import Api, Member
from tests.support.directory import LINK, found, listed
from tests.support.table_backup import Backup
from tests.support.wishes import exercise, lift_path


def surname() -> str:
    """A name that nobody else has."""
    return "Quv" + "".join(chr(ord("a") + int(digit, 16)) for digit in uuid.uuid4().hex[:10])


def left(cloud: Cloud) -> int:
    return len(Backup(cloud).rows["directory"])


def test_a_member_is_found_by_its_name_while_it_wishes_to_be(
    member: Member, new_workspace: Callable[..., Member]
) -> None:
    other, name = new_workspace(), surname()
    own = listed(member, f"Ada {name}", title="Head of Sales", company="Nordwerk GmbH", links=[LINK])
    assert (own["listed"], own["links"]) == (True, [LINK])
    shown = found(other, f"ADA {name.lower()}")
    assert shown == [
        {"id": own["id"], "name": f"Ada {name}", "title": "Head of Sales", "company": "Nordwerk GmbH", "links": [LINK]}
    ]
    assert found(other, name, company="nordwerk") == shown
    assert found(other, name, company="Elsewhere") == []
    assert found(other, f"Bea {name}") == []
    assert member.api.patch("/v1/me/settings", {"directory_listed": False}).status_code == 200
    assert found(other, name) == []
    assert member.api.get("/v1/directory/me").json()["listed"] is False


def test_a_new_name_replaces_the_old_one_and_a_deleted_profile_leaves_nothing(
    cloud: Cloud, member: Member, new_workspace: Callable[..., Member]
) -> None:
    before, other, first, second = left(cloud), new_workspace(), surname(), surname()
    listed(member, f"Ada {first}")
    tag = member.api.get("/v1/directory/me").headers["ETag"]
    listed(member, f"Ada {second}")
    assert found(other, first) == []
    assert len(found(other, second)) == 1
    stale = member.api.patch("/v1/directory/me", {"title": "x"}, headers={"If-Match": tag})
    assert stale.status_code == 412
    assert member.api.delete("/v1/directory/me").status_code == 204
    assert found(other, second) == []
    assert member.api.get("/v1/me").json()["settings"]["directory_listed"] is False
    assert left(cloud) == before


def test_nobody_else_searches_it(api: Api, cloud: Cloud, member: Member) -> None:
    assert api.post("/v1/directory/search", {"q": "Ada"}).status_code == 401
    stranger = Api(cloud.url, cloud.issuer.token(f"{uuid.uuid4().hex}@nobody.example"))
    assert stranger.post("/v1/directory/search", {"q": "Ada"}).status_code == 403
    assert member.api.post("/v1/directory/search", {"q": "A"}).status_code == 422


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"name": "ada@people.example"}, "name"),
        ({"name": "Ada", "title": "write ada@people.example"}, "title"),
        ({"name": "Ada", "links": ["https://people.example/ada"]}, "links.0"),
        ({"name": "Ada", "links": ["https://www.linkedin.com/company/nordwerk"]}, "links.0"),
    ],
)
def test_no_address_comes_in_and_no_link_but_a_persons_at_a_network(
    member: Member, fields: dict[str, object], wrong: str
) -> None:
    answer = member.api.patch("/v1/directory/me", fields)
    assert (answer.status_code, [each["field"] for each in answer.json()["errors"]]) == (422, [wrong])


def test_a_hundred_profiles_a_day_and_then_no_more_whatever_is_asked(
    cloud: Cloud, member: Member, new_colleague: Callable[[Member], Member], monkeypatch: pytest.MonkeyPatch
) -> None:
    colleague, name = new_colleague(member), surname()
    monkeypatch.setattr(search, "SHOWN_A_DAY", 3)
    listed(member, f"Ada {name}")
    listed(colleague, f"Bea {name}")
    assert len(found(member, name)) == 2
    assert len(found(member, name)) == 1, "the third of three"
    for q in (name, surname()):
        refused = member.api.post("/v1/directory/search", {"q": q})
        assert (refused.status_code, refused.json()["code"]) == (429, "too_many_profiles")
        assert 0 < int(refused.headers["Retry-After"]) <= 86_400
    assert len(found(colleague, name)) == 2, "another member has its own"
    cloud.advance(86_400)
    for each in (member, colleague):
        each.api.token = cloud.issuer.token(each.email)
    assert len(found(member, name)) == 2


def test_pages_are_bounded_and_go_on(member: Member, new_colleague: Callable[[Member], Member]) -> None:
    name = surname()
    for each in (member, new_colleague(member), new_colleague(member)):
        listed(each, f"Ada {name}")
    first = member.api.post("/v1/directory/search", {"q": name, "limit": 2}).json()
    assert (len(first["items"]), bool(first["next_cursor"])) == (2, True)
    more = {"q": name, "limit": 2, "cursor": first["next_cursor"]}
    second = member.api.post("/v1/directory/search", more).json()
    assert (len(second["items"]), second["next_cursor"]) == (1, None)
    assert len({each["id"] for page in (first, second) for each in page["items"]}) == 3
    assert member.api.post("/v1/directory/search", {**more, "q": surname()}).json()["code"] == "invalid_cursor"


def test_what_was_shown_stands_in_the_log(member: Member) -> None:
    own = listed(member, f"Ada {(name := surname())}")
    found(member, name)
    newest = member.api.get("/v1/audit?limit=1").json()["items"][0]
    assert (newest["action"], newest["about"]) == ("directory.searched", [own["id"]])


def test_an_objection_hides_and_an_erasure_ends_it(
    cloud: Cloud, api: Api, member: Member, new_workspace: Callable[..., Member], erased: Callable[..., str]
) -> None:
    before, name, viewer = left(cloud), surname(), new_workspace()
    listed(member, f"Ada {name}")
    answer = exercise(cloud, member.email, "objection")
    assert found(viewer, name) == []
    own = member.api.get("/v1/directory/me").json()
    assert (own["listed"], own["hidden"]) == (False, True), "nobody finds it"
    assert "Taken back" in api.press(lift_path(cloud, answer)).text
    assert len(found(viewer, name)) == 1
    own = member.api.get("/v1/directory/me").json()
    assert (own["listed"], own["hidden"]) == (True, False)
    erased(member.email)
    viewer.api.token = cloud.issuer.token(viewer.email)
    assert found(viewer, name) == []
    member.api.token = cloud.issuer.token(member.email)
    refused = member.api.patch("/v1/directory/me", {"name": "Ada"})
    assert (refused.status_code, refused.json()["code"]) == (409, "address_not_storable")
    assert left(cloud) <= before + 1, "more than where the member's own profile stood is left"


def test_who_leaves_is_found_no_more(cloud: Cloud, member: Member, new_colleague: Callable[[Member], Member]) -> None:
    before, colleague, name = left(cloud), new_colleague(member), surname()
    listed(colleague, f"Ada {name}")
    assert len(found(member, name)) == 1
    assert colleague.api.delete("/v1/me").status_code == 202
    assert found(member, name) == []
    for _ in range(3):
        cloud.drain()
        cloud.advance(400)
    assert left(cloud) == before


def test_what_the_person_set_right_stands(member: Member) -> None:
    name = surname()
    listed(member, "Ada Wrong", title="Boss")
    assert amend(member.email, Values(name=f"Ada {name}"), ["name"]) == 1
    assert [(each["name"], each["title"]) for each in found(member, name)] == [(f"Ada {name}", "Boss")]
