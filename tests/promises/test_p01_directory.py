"""P1: who stands in the directory, and who was looked for, is open in the person's own notice alone, and in no log whatever
fails."""

from collections.abc import Callable
from typing import Any

from infra.local.cloud import Cloud
from tests.conftest import Api, Member
from tests.scan import places
from tests.scan.places import CapturedLog
from tests.support.directory import DAY, Person, put_feed
from tests.support.wishes import post

SAID = ("name", "title", "works", "link", "source")
UNSAID = ["badname", "badtitle", "nolink", "asked", "askedworks", "toolong", "hint", "cursor", "forged"]


class Marked(Person):
    """Somebody in a feed with a mark in every field."""

    def __init__(self, cloud: Cloud, mark: Callable[[str], str]) -> None:
        super().__init__(cloud)
        self.address, self.name = f"{mark('notify')}@people.de", mark("name")
        self.fields: dict[str, Any] = {
            "title": mark("title"),
            "company": mark("works"),
            "links": [f"https://www.linkedin.com/in/{mark('link')}"],
            "source_url": f"https://register.example/{mark('source')}",
        }


def refused(member: Member, mark: Callable[[str], str]) -> None:
    """Requests that end in refusals, with a mark in each field."""
    for body in (
        {"name": f"{mark('badname')}@people.example"},
        {"name": "A B", "title": f"write {mark('badtitle')}@people.example"},
        {"links": [f"https://{mark('nolink')}.example/a"]},
    ):
        assert member.api.patch("/v1/directory/me", body).status_code == 422
    for asked in (
        {"q": mark("toolong") * 20},
        {"q": "ada", "hint": mark("hint")},
        {"q": "ada", "cursor": mark("cursor")},
    ):
        assert member.api.post("/v1/directory/search", asked).status_code in (400, 422)
    assert member.api.get(f"/privacy/directory/{mark('forged')}").status_code == 404
    assert post(member.api, f"/privacy/directory/{mark('forged')}", f"confirm={mark('forged')}").status_code == 404


def test_nothing_of_a_profile_or_a_search_stands_open(
    cloud: Cloud, api: Api, member: Member, captured: CapturedLog, mark: Callable[[str], str]
) -> None:
    person = Marked(cloud, mark)
    lines = [person.line(**person.fields), person.line(**person.fields, source="other", seen_at=mark("hint"))]
    put_feed(cloud, f"{mark('file')}.jsonl", lines, more=f'{{"name": "{mark("hint")}"\n'.encode())
    cloud.advance(300)
    cloud.drain()
    cloud.advance(15 * DAY)
    member.api.token = cloud.issuer.token(member.email)
    assert member.api.patch("/v1/me/settings", {"directory_listed": True}).status_code == 200
    own = {"name": f"Ada {mark('own')}", "title": mark("owntitle"), "company": mark("ownworks")}
    assert member.api.patch("/v1/directory/me", own).status_code == 200
    found = member.api.post("/v1/directory/search", {"q": mark("name"), "company": mark("works")}).json()["items"]
    assert [each["title"] for each in found] == [mark("title")]
    nobody = {"q": mark("asked"), "company": mark("askedworks")}
    assert member.api.post("/v1/directory/search", nobody).json()["items"] == []
    refused(member, mark)

    stored, opened = list(places.raw(cloud, captured)), list(places.unsealed(cloud))
    assert {field: places.holding(mark(field), stored) for field in SAID} == {field: ["mail"] for field in SAID}
    for field in ("notify", "own", "owntitle", "ownworks", "file", *UNSAID):
        assert places.holding(mark(field), stored) == [], field
    for field in (*SAID, "notify", "own"):
        assert places.holding(mark(field), opened) == ["table Directory profile"], field
    for field in ("file", *UNSAID):
        assert places.holding(mark(field), opened) == [], "kept, though under a seal"

    assert mark("name") in api.press(person.button()).text or api.get(person.button()).status_code == 200
    assert member.api.delete("/v1/directory/me").status_code == 204
    opened = list(places.unsealed(cloud))
    for field in (*SAID, "notify", "own"):
        assert places.holding(mark(field), opened) == [], field
    assert not [line for line in captured.lines if mark("")[:12] in line]
