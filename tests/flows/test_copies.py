"""A person asks for a copy: it is made after the click, with every value's source, and members give what they hold."""

from collections.abc import Callable
from typing import Any

import pytest

from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.support.persons import Person, SentTo

ACCESS = "Hello, please send me a copy of all personal data that you hold about me.\r\n"
BOTH = "Please send me a copy of my personal data, and then delete all my personal data.\r\n"
DAY = 86_400


@pytest.fixture
def person(cloud: Cloud, drop_mail: Callable[..., str], sent_to: SentTo) -> Person:
    return Person(cloud, drop_mail, sent_to)


def held(member: Member, person: Person, **more: Any) -> str:
    body = {"first_name": "Anna", "title": "CTO", "emails": [person.address], "notes": "a secret of mine", **more}
    made = member.api.post("/v1/contacts", body)
    assert made.status_code == 201, made.text
    ident: str = made.json()["id"]
    return ident


def tasks(member: Member) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = member.api.get("/v1/privacy/tasks").json()["items"]
    return found


def values(told: list[dict[str, Any]], field: str) -> list[str]:
    return [each["value"] for each in told if each["field"] == field]


def test_who_is_held_by_nobody_gets_a_copy_of_the_request(person: Person) -> None:
    link = person.writes(ACCESS)
    assert "/confirm/" in link
    assert person.presses(link).status_code == 200
    page = person.link()
    assert "/privacy/copy/" in page
    found = person.copy(page)
    assert found["customers"] == {"asked": False, "waiting": False, "answers": [], "values": []}
    assert values(found["ours"], "address") == [person.address]
    assert values(found["ours"], "right") == ["access"]
    said = found["ours"][0]["sources"][0]
    assert (said["ground"], bool(said["notice_at"])) == ("legal_obligation", True)
    shown = person.presses(page)
    assert person.address in shown.text
    assert "English" in shown.text.partition("<main")[2], "its language by name"
    assert person.address not in person.api.get(page).text, "looking shows a button only"


def test_a_member_gives_a_copy_without_notes_or_name(cloud: Cloud, person: Person, member: Member) -> None:
    ident = held(member, person)
    person.presses(person.writes(ACCESS))
    asked = tasks(member)
    assert [(each["right"], each["address"], each["answer"]) for each in asked] == [("access", person.address, None)]
    assert asked[0]["held"][0]["id"] == ident
    assert "secret" not in str(asked)
    told = [m["text"] for m in cloud.sent_mail() if member.email in m["to"]]
    assert len(told) == 1
    assert person.address not in told[0]
    first = person.copy(person.link())
    assert first["customers"] == {"asked": True, "waiting": True, "answers": [], "values": []}
    answered = member.api.post(f"/v1/privacy/tasks/{asked[0]['id']}", {"answer": "copy"})
    assert answered.status_code == 200, answered.text
    cloud.drain()
    assert len(person.mails()) == 3
    found = person.copy(person.link())
    given = found["customers"]
    assert (given["asked"], given["waiting"], given["answers"]) == (True, False, ["copy"])
    assert values(given["values"], "title") == ["CTO"]
    assert [said["source"] for each in given["values"] if each["field"] == "title" for said in each["sources"]] == [
        "member"
    ]
    assert "secret" not in str(found)
    assert member.email not in str(found)
    assert member.tenant not in str(found)
    again = member.api.post(f"/v1/privacy/tasks/{asked[0]['id']}", {"answer": "refused", "reason": "no"})
    assert (again.status_code, again.json()["code"]) == (409, "already_decided")


def test_how_many_customers_gave_the_same_is_not_told(
    cloud: Cloud, person: Person, new_workspace: Callable[..., Member]
) -> None:
    teams = [new_workspace() for _ in range(3)]
    for team in teams:
        held(team, person)
    person.presses(person.writes(ACCESS))
    for team in teams[:2]:
        assert team.api.post(f"/v1/privacy/tasks/{tasks(team)[0]['id']}", {"answer": "copy"}).status_code == 200
    refused = teams[2].api.post(f"/v1/privacy/tasks/{tasks(teams[2])[0]['id']}", {"answer": "refused"})
    assert refused.status_code == 422, "a refusal has a reason"
    path = f"/v1/privacy/tasks/{tasks(teams[2])[0]['id']}"
    assert teams[2].api.post(path, {"answer": "refused", "reason": "We are sued."}).status_code == 200
    cloud.drain()
    found = person.copy(person.link())["customers"]
    assert found["answers"] == ["copy", "refused"]
    assert values(found["values"], "emails") == [person.address]
    assert "sued" not in str(found)


def test_the_erasure_is_offered_once_the_copy_is_there_and_not_before(
    cloud: Cloud, person: Person, member: Member
) -> None:
    held(member, person)
    link = person.writes(BOTH)
    _, pressed = person.form(link)
    for _ in range(2):
        assert person.sends(link, pressed).status_code == 200, "pressed twice"
    for _ in range(3):
        cloud.advance(400)
        cloud.drain()
    assert len(member.api.get("/v1/contacts").json()["items"]) == 1, "nothing is erased without its own button"
    page = person.link()
    shown = person.presses(page)
    assert person.address in shown.text
    assert page.replace("/copy/", "/confirm/") in shown.text
    assert person.presses(page.replace("/copy/", "/confirm/")).status_code == 200
    for _ in range(4):
        cloud.advance(400)
        cloud.drain()
    assert member.api.get("/v1/contacts", token=cloud.issuer.token(member.email)).json()["items"] == []
    assert member.api.get("/v1/privacy/tasks", token=cloud.issuer.token(member.email)).json()["items"] == []
    assert "/certificates/" in person.mails()[-1]
    assert person.api.get(page).status_code == 410


def test_who_does_not_answer_is_reminded_and_then_it_is_the_officers(
    cloud: Cloud, person: Person, member: Member
) -> None:
    held(member, person)
    person.presses(person.writes(ACCESS))

    def state() -> tuple[str, int]:
        from chalicelib.domain.privacy import repository

        found = repository.find(person.id)
        assert found
        return str(found[1].rights[0].state), sum(member.email in m["to"] for m in cloud.sent_mail())

    seen = [state()]
    for _ in range(30):
        cloud.advance(DAY)
        cloud.drain()
        if state() != seen[-1]:
            seen.append(state())
    assert seen == [("ready", 1), ("ready", 2), ("ready", 3), ("for_officer", 3)]


def test_the_page_ends_after_its_days_and_the_request_with_it(cloud: Cloud, person: Person) -> None:
    person.presses(person.writes(ACCESS))
    page = person.link()
    for _ in range(6):
        cloud.advance(DAY)
        cloud.drain()
    assert person.presses(page).status_code == 200
    for _ in range(2):
        cloud.advance(DAY)
        cloud.drain()
    assert person.api.get(page).status_code == 410
