"""P1: what a person asks for and members answer, copies and corrections: sealed until the request ends, and in no log whatever
fails."""

from collections.abc import Callable
from typing import Any

from infra.local.cloud import Cloud
from infra.local.environment import OFFICER_ADDRESS, OFFICER_AUDIENCE
from tests.conftest import Api, Member
from tests.scan import places
from tests.scan.places import CapturedLog
from tests.support.officer_desk import Browser
from tests.support.persons import Person, SentTo
from tests.support.wishes import post

WANTED = "Please send me a copy of my personal data, and correct my job title. {mark}\r\n"
GIVEN = ("first", "held", "address")
UNSAID = ["query", "badtoken", "badfield", "badanswer", "extra", "nobody", "noid"]


def refused(person: Person, member: Member, task: str, mark: Callable[[str], str]) -> None:
    """What is not taken, with a mark in each part of it: pages' addresses, fields of forms, answers to a task."""
    pages, api = ("confirm", "copy", "amend", "requests"), person.api
    for page in pages:
        assert api.get(f"/privacy/{page}/{mark('badtoken')}?lang={mark('query')}").status_code in (404, 410, 422)
        answer = post(
            api, f"/privacy/{page}/{mark('badtoken')}", f"confirm={mark('badfield')}&title={mark('badfield')}"
        )
        assert answer.status_code in (403, 404, 405, 410)
    for body in ({"answer": mark("badanswer")}, {"answer": "copy", "extra": mark("extra")}):
        assert member.api.post(f"/v1/privacy/tasks/{task}", body).status_code == 422
    other = member.api.post(f"/v1/privacy/tasks/{mark('noid')}", {"answer": "refused", "reason": mark("nobody")})
    assert other.status_code == 404


def of_right(member: Member, right: str) -> str:
    (found,) = [each for each in member.api.get("/v1/privacy/tasks").json()["items"] if each["right"] == right]
    return str(found["id"])


def begun(person: Person, member: Member, mark: Callable[[str], str]) -> str:
    """The person asks, confirms, looks at its copy and corrects; the path of the copy."""
    person.address = f"{mark('address')}@people.example"
    made = {"first_name": mark("first"), "title": mark("held"), "emails": [person.address], "notes": mark("note")}
    assert member.api.post("/v1/contacts", made).status_code == 201
    confirm = person.writes(WANTED.format(mark=mark("letter")))
    assert person.presses(confirm).status_code == 200
    copy, amend = (confirm.replace("/confirm/", f"/{page}/") for page in ("copy", "amend"))
    assert person.address in person.presses(copy).text
    assert person.presses(amend, title=mark("right"), company=mark("rightworks")).status_code == 200
    return copy


def test_what_is_asked_given_and_refused_stands_open_nowhere(
    cloud: Cloud,
    member: Member,
    captured: CapturedLog,
    mark: Callable[[str], str],
    drop_mail: Callable[..., str],
    sent_to: SentTo,
) -> None:
    person = Person(cloud, drop_mail, sent_to)
    copy = begun(person, member, mark)
    refused(person, member, of_right(member, "access"), mark)
    path = f"/v1/privacy/tasks/{of_right(member, 'rectification')}"
    assert member.api.post(path, {"answer": "refused", "reason": mark("why")}).status_code == 200
    assert member.api.post(f"/v1/privacy/tasks/{of_right(member, 'access')}", {"answer": "copy"}).status_code == 200
    cloud.drain()
    assert mark("held") in person.presses(copy).text

    fields = (*GIVEN, "note", "letter", "right", "rightworks", "why", *UNSAID)
    stored = list(places.raw(cloud, captured))
    assert {field: found for field in fields if (found := places.holding(mark(field), stored))} == {}
    opened = list(places.unsealed(cloud))
    assert places.holding(mark("note"), opened) == ["table TenantData contact"], "given to nobody"
    for field in ("right", "why"):
        assert places.holding(mark(field), opened), f"{field}: this test would not find it"
    for field in UNSAID:
        assert places.holding(mark(field), opened) == [], "kept, though under a seal"


def test_who_signs_in_at_the_desk_or_tries_to_is_named_nowhere_open(
    cloud: Cloud, captured: CapturedLog, mark: Callable[[str], str], ask: Callable[[], str]
) -> None:
    ident = ask()
    assert Browser(cloud).sign_in(f"{mark('officer')}@iko.example").status == 403
    browser = Browser(cloud)
    assert browser.sign_in().status == 200
    page = browser.send(browser.get(f"/officer/desk/{ident}").form("/open"), reason="decide")
    assert browser.send(page.form("/answer"), text=mark("answer")).status == 200
    claims: dict[str, Any] = {"aud": OFFICER_AUDIENCE, "sub": mark("subject")}
    token = cloud.issuer.token(f"{mark('direct')}@iko.example", **claims)
    assert Api(cloud.url, token).get("/officer/requests").status_code == 200
    for wrong in (f"{token}{mark('signature')}", mark("bearer")):
        assert Api(cloud.url, wrong).get("/officer/requests").status_code in (401, 403)
    stranger = cloud.issuer.token(f"{mark('stranger')}@iko.example")
    assert Api(cloud.url, stranger).get("/officer/requests").status_code in (401, 403)
    fields = ["officer", "subject", "direct", "signature", "bearer", "stranger"]
    stored = list(places.raw(cloud, captured))
    assert {field: found for field in fields if (found := places.holding(mark(field), stored))} == {}
    assert places.holding(mark("answer"), [each for each in stored if each.place != "mail"]) == []
    assert not [line for line in captured.lines if OFFICER_ADDRESS in line]
