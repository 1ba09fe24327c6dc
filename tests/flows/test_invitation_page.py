"""The page behind an invitation's link, read as a machine reads it: what it says, to whom it links, what it must not do."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest

from chalicelib.core import settings
from infra.local.cloud import Cloud
from tests.conftest import Api, Member
from tests.support.invitations import Invited, somebody

VOID = {"meta", "br", "input", "link", "img", "hr"}


class Page(HTMLParser):
    """Tags with attributes, texts by the tag they stand in, and whether every tag is closed in its order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str, str]] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert self._open == [], "a tag is left open"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if data.strip() and self._open:
            self.texts.append((self._open[-1], data.strip()))

    def within(self, tag: str) -> list[str]:
        return [text for name, text in self.texts if name == tag]

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture
def guest(cloud: Cloud, member: Member) -> Invited:
    """Somebody who is invited."""
    invited = somebody(cloud)
    assert member.api.post("/v1/members", {"email": invited.email}).status_code == 201
    return invited


@pytest.fixture
def app_url(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The web client's address, as a deployment sets it."""
    monkeypatch.setenv("IKO_APP_URL", "https://app.iko.example/")
    settings.current.cache_clear()
    yield "https://app.iko.example"
    monkeypatch.undo()
    settings.current.cache_clear()


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_page_explains_and_shows_the_code(api: Api, guest: Invited, language: str) -> None:
    answer = api.get(f"/invitations/{guest.code()}?lang={language}")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    page = Page(answer.text)
    assert page.all("html") == [{"lang": language}]
    assert len(page.within("h1")) == 1
    assert page.within("title")[0].startswith(page.within("h1")[0])
    assert page.within("code") == [guest.code()]
    assert page.within("strong") == ["Test team"]
    assert {"name": "robots", "content": "noindex"} in page.all("meta")
    assert {"name": "viewport", "content": "width=device-width, initial-scale=1"} in page.all("meta")
    labels = {attributes["id"] for _, attributes in page.tags if attributes.get("id")}
    assert {a["aria-labelledby"] for a in page.all("ol")} <= labels
    for tag in ("script", "img", "iframe", "form", "link"):
        assert page.all(tag) == [], tag
    assert guest.email not in answer.text
    assert not re.search(r"\b(src|action|on\w+)=", answer.text)


def test_looking_changes_nothing(api: Api, guest: Invited) -> None:
    for _ in range(3):
        assert api.get(f"/invitations/{guest.code()}").status_code == 200
    assert guest.accept().status_code == 201


def test_a_button_leads_to_the_client_where_there_is_one(api: Api, guest: Invited, app_url: str) -> None:
    page = Page(api.get(f"/invitations/{guest.code()}").text)
    [button] = [a for a in page.all("a") if a.get("class") == "button"]
    # After the #: the code reaches no server's log.
    assert button["href"] == f"{app_url}/accept#{guest.code()}"


def test_without_a_client_there_is_no_button(api: Api, guest: Invited) -> None:
    page = Page(api.get(f"/invitations/{guest.code()}").text)
    assert [a for a in page.all("a") if a.get("class") == "button"] == []


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_dead_link_is_explained_in_plain_words(api: Api, guest: Invited, language: str) -> None:
    code = guest.code()
    assert guest.accept().status_code == 201
    answer: Any = api.get(f"/invitations/{code}", headers={"Accept-Language": language})
    assert answer.status_code == 404
    page = Page(answer.text)
    assert page.all("html") == [{"lang": language}]
    assert page.within("code") == []
    assert "7" in page.within("p")[0]


def test_a_name_with_markup_stays_text(cloud: Cloud, api: Api, new_workspace: Any) -> None:
    owner, invited = new_workspace(name='<script>alert("x")</script>'), somebody(cloud)
    owner.api.post("/v1/members", {"email": invited.email})
    page = Page(api.get(f"/invitations/{invited.code()}").text)
    assert page.within("strong") == ['<script>alert("x")</script>']
    assert page.all("script") == []
