"""Whoever looks at a link of a mail, however often, changes nothing: programs that guard mailboxes open every one, and press what
they find without having read it."""

import re
import uuid
from collections import Counter
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest

from chalicelib.domain.privacy.intake import id_of_mail
from infra.local.cloud import Cloud
from infra.local.environment import OFFICER_ADDRESS
from tests.conftest import Api, Member
from tests.support.directory import Person as Profiled
from tests.support.directory import put_feed
from tests.support.officer import ACCESS, officer
from tests.support.persons import Person, SentTo
from tests.support.privacy_mail import SECOND_PASS_S, link_in, mail
from tests.support.table_backup import TABLES, Backup
from tests.support.wishes import exercise, somebody

RIGHTS = ("erasure", "objection", "restriction", "access", "rectification")
DAY = 86_400
FOUND = {True: (200, 410), False: (200, 404, 410)}
OF_THE_DESK = {"/officer": (401,)}  # our officer has to sign in first
BOTH = "Please send me a copy of my personal data, and correct my job title.\r\n"


def late(cloud: Cloud, member: Member, drop_mail: Callable[..., str], sent_to: SentTo) -> None:
    """A month that nobody answers in: mails to a member with a task, and to our officer, who takes two months more; reminders."""
    person = Person(cloud, drop_mail, sent_to)
    assert member.api.post("/v1/contacts", {"first_name": "A", "emails": [person.address]}).status_code == 201
    assert person.presses(person.writes(BOTH)).status_code == 200
    other = id_of_mail(drop_mail(mail(f"o.{uuid.uuid4().hex}@people.example", ACCESS)))
    cloud.drain()
    assert officer(cloud).post(f"/officer/requests/{other}/extend", {"reason": "complexity"}).status_code == 200
    for days in (19, 4, 4):
        cloud.advance(days * DAY)
        cloud.drain()
    assert len(sent_to(member.email)) >= 2, "its task was not reminded of"
    assert any(person.id in each["text"] for each in sent_to(OFFICER_ADDRESS))


def answered(cloud: Cloud, drop_mail: Callable[..., str], sent_to: SentTo) -> None:
    """A copy and a form of what is right, a wish that is kept, and a notice of the directory."""
    profiled = Profiled(cloud)
    for letter in (BOTH, "Please correct my job title: I am the CEO.\r\n"):
        person = Person(cloud, drop_mail, sent_to)
        assert person.presses(person.writes(letter)).status_code == 200
    exercise(cloud, somebody(), "restriction")
    put_feed(cloud, f"{profiled.name}.jsonl", [profiled.line()])
    cloud.advance(300)
    cloud.drain()


def guesses(page: str) -> dict[str, str]:
    """What a program sends that has not read the hidden values of a page's forms, but their names."""
    return dict.fromkeys(re.findall(r'<input type="hidden" name="(\w+)"', page), "yes")


@pytest.fixture
def links(
    cloud: Cloud,
    api: Api,
    member: Member,
    drop_mail: Callable[..., str],
    sent_to: Callable[[str], list[dict[str, Any]]],
) -> list[str]:
    """Those of all mails that lead somewhere: to persons who asked for one right each, to one who is erased, who had another
    address, and to somebody invited; those of a month without an answer, and of what was given."""
    late(cloud, member, drop_mail, sent_to)
    gone, *people = (f"anna.{uuid.uuid4().hex[:10]}@people.example" for _ in range(len(RIGHTS) + 1))
    drop_mail(mail(gone, "Please delete all my personal data.\r\n"))
    cloud.drain()
    over = link_in(sent_to(gone)[-1]["text"])
    assert api.press(over.removeprefix(cloud.url)).status_code == 200
    for _ in range(3):
        cloud.drain()
        cloud.advance(SECOND_PASS_S)
    for address, right in zip(people, RIGHTS, strict=True):
        assert api.post("/privacy", data={"email": address, "right": right}).status_code == 200
    cloud.drain()
    path = link_in(sent_to(people[0])[-1]["text"]).removeprefix(cloud.url)
    assert api.post(path, data={"other_email": f"{uuid.uuid4().hex}@people.example"}).status_code == 200
    token = cloud.issuer.token(member.email)
    invited = member.api.post("/v1/members", {"email": f"{uuid.uuid4().hex}@team.example"}, token=token)
    assert invited.status_code == 201
    answered(cloud, drop_mail, sent_to)
    cloud.drain()
    lines = {line for sent in cloud.sent_mail() for line in sent["text"].splitlines()}
    return sorted(line for line in lines if line.startswith(cloud.url) and line != over)


def test_looking_at_any_link_of_any_mail_changes_nothing(cloud: Cloud, api: Api, links: list[str]) -> None:
    kinds = {link.removeprefix(cloud.url).split("/")[1].split("?")[0] for link in links}
    assert kinds >= {"privacy", "certificates", ".well-known", "invitations"}
    open_pages = Counter[str]()
    before, mails = Backup(cloud), len(cloud.sent_mail())
    beyond = [link.replace("/confirm/", f"/{page}/") for link in links for page in ("amend", "copy", "requests")]
    for link in dict.fromkeys([*links, *beyond]):
        for _ in range(2):
            shown = api.get(link.removeprefix(cloud.url))
            assert shown.status_code in OF_THE_DESK.get(link.removeprefix(cloud.url), FOUND[link in links]), link
            api.session.head(link, timeout=60, allow_redirects=True)
        for fields in ({}, guesses(shown.text)):  # what presses without having read
            api.session.post(link, data=fields, timeout=60)
        if shown.status_code == 200 and guesses(shown.text):
            open_pages[urlsplit(link).path.split("/")[2]] += 1
    assert open_pages.keys() >= {"confirm", "copy", "amend", "lift", "directory"}, open_pages
    assert open_pages["confirm"] >= 4
    cloud.drain()
    assert {table: before.now(table) for table in TABLES} == before.rows
    assert len(cloud.sent_mail()) == mails
