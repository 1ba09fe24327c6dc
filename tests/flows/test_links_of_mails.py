"""Whoever looks at a link of a mail, however often, changes nothing: programs that guard mailboxes open every one, and press what
they find without having read it."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest

from infra.local.cloud import Cloud
from tests.conftest import Api, Member
from tests.support.privacy_mail import SECOND_PASS_S, link_in, mail
from tests.support.table_backup import TABLES, Backup

RIGHTS = ("erasure", "objection", "restriction", "access", "rectification")


@pytest.fixture
def links(
    cloud: Cloud,
    api: Api,
    member: Member,
    drop_mail: Callable[..., str],
    sent_to: Callable[[str], list[dict[str, Any]]],
) -> list[str]:
    """Those of all mails that lead somewhere: to persons who asked for one right each, to one who is erased, who had another
    address, and to somebody invited."""
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
    cloud.drain()
    lines = {line for sent in cloud.sent_mail() for line in sent["text"].splitlines()}
    return sorted(line for line in lines if line.startswith(cloud.url) and line != over)


def test_looking_at_any_link_of_any_mail_changes_nothing(cloud: Cloud, api: Api, links: list[str]) -> None:
    kinds = {link.removeprefix(cloud.url).split("/")[1].split("?")[0] for link in links}
    assert kinds >= {"privacy", "certificates", ".well-known", "invitations"}
    assert sum("/privacy/confirm/" in link for link in links) >= 4, links
    before, mails = Backup(cloud), len(cloud.sent_mail())
    for link in links:
        for _ in range(2):
            shown = api.get(link.removeprefix(cloud.url))
            assert shown.status_code == 200, link
            api.session.head(link, timeout=60, allow_redirects=True)
        api.session.post(link, timeout=60)  # what presses without having read
    cloud.drain()
    assert {table: before.now(table) for table in TABLES} == before.rows
    assert len(cloud.sent_mail()) == mails
