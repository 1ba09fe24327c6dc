"""P5: no tracking pixel, no rewritten link: every mail of the catalogue and every page, as a reader's program sees it."""

import base64
import hashlib
import re
from pathlib import Path
from string import Formatter
from typing import Any

import pytest

from chalicelib.domain.privacy.asking_model import Customers, TaskAnswer
from chalicelib.domain.privacy.states import RightKind, RightState
from chalicelib.texts import catalogues, render
from chalicelib.texts.pages import page
from infra.local.cloud import Cloud
from tests.conftest import Api
from tests.support.markup import Markup, addresses
from tests.support.network_guard import ROOT

OURS = "https://api.iko.example"
APP = "https://app.iko.example"
MAIL_TAGS = {"html", "head", "meta", "body", "p", "a", "br"}
PAGE = {
    **dict.fromkeys(("error", "certificate_url"), ""),
    **dict.fromkeys(
        ("received", "due", "salt", "token", "until", "workspace", "member", "provider", "account", "value"), "x"
    ),
    "rights": ("erasure", "access"),
    "privacy_address": "privacy@iko.example",
    "controller": "IKO",
    "other": "other_sent",
    "typed": dict.fromkeys(("email", "right", "details"), ""),
    **dict.fromkeys(("left", "day", "keys", "nothing"), "x"),
    "script": "document.title",
    "said": ("objection",),
    "counts": [("contact", "contacts: {n}")],
    "timeline": [("step_received", "1 May"), ("step_confirmed", "")],
    "stated": dict.fromkeys(("counts", "live_deleted_at", "backups_expire_at"), "x"),
    "answers": [(str(kind), str(state)) for kind, state in zip(RightKind, RightState, strict=False)],
    "status_url": "/privacy/requests/t",
    **dict.fromkeys(("copy_url", "amend_url", "next_url", "action"), "/privacy/x/t"),
    "shown": True,
    "ours": [("Name", "Ann", ["A file"])],
    "theirs": [],
    "customers": Customers(asked=True, waiting=True, answers=list(TaskAnswer)[:1], values=[]),
    "fields": [("title", "Job title", "CTO")],
    "longest": 300,
    "app_url": APP,
}


def catalogued(part: str) -> list[tuple[str, str]]:
    """Each text of that part with each language that it is in."""
    said = [
        (language, catalogues.catalogue(of, language)[part])
        for of, all_ in catalogues.LANGUAGES.items()
        for language in all_
    ]
    return [(language, name) for language, texts in said for name in texts if isinstance(texts[name], dict)]


@pytest.mark.parametrize(("language", "name"), catalogued("mail"))
def test_no_mail_fetches_anything_and_its_links_are_ours(language: str, name: str) -> None:
    texts = [catalogues.catalogue(of, language)["mail"].get(name, {}) for of in catalogues.LANGUAGES]
    fields = {field for each in texts for text in each.values() for _, field, _, _ in Formatter().parse(text) if field}
    links = {field: f"{OURS}/{field}/t?a=1&lang={language}" for field in fields if field.endswith("link")}
    mail = render.mail(name, language, **{field: f"«{field}»" for field in fields} | links)
    seen = Markup(mail.html)
    assert seen.fetched == seen.forms == []
    assert seen.tags <= MAIL_TAGS
    assert sorted(seen.links) == sorted(links.values()), "a link is the address itself"
    assert sorted(addresses(mail.text)) == sorted(links.values())
    assert addresses(mail.subject) == []


def test_no_page_fetches_anything_from_anybody(cloud: Cloud) -> None:
    pages = catalogued("page")
    assert len(pages) > 30
    for language, name in pages:
        shown = page(name, language, **PAGE)
        assert " object at 0x" not in shown, "a text is taken for what Python calls so"
        seen = Markup(shown)
        assert seen.fetched == (["script"] if name == "verify" else []), name
        assert [url for url in seen.links if addresses(url) and not url.startswith((OURS, APP))] == [], name
        assert [url for url in seen.forms if addresses(url)] == [], name


@pytest.mark.parametrize(
    "path", ["/privacy", "/privacy/confirm/none", "/subscription/return", "/invitations/none", "/verify", "/docs"]
)
def test_what_is_served_could_fetch_nothing(api: Api, path: str) -> None:
    answer = api.get(path)
    seen = Markup(answer.text)
    style, script = (
        [
            base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
            for text in re.findall(f"<{tag}>(.*?)</{tag}>", answer.text, re.DOTALL)
        ]
        for tag in ("style", "script")
    )
    own = f"script-src 'sha256-{script[0]}'; " if path == "/verify" else ""
    assert answer.headers["Content-Security-Policy"] == (
        f"default-src 'none'; style-src 'sha256-{style[0]}'; {own}form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    )
    assert "h1" in seen.tags
    assert seen.fetched == (["script"] if own else [])
    assert "Set-Cookie" not in answer.headers


def test_the_reader_of_these_tests_sees_what_tracks() -> None:
    pixel = '<img alt="" src="https://t.example/o.gif">'
    for tracking in (
        pixel,
        '<p style="background:url(https://t.example/o.gif)">x</p>',
        '<style>@import "https://t.example/a.css"</style>',
        '<link rel="stylesheet" href="https://t.example/a.css">',
        '<a ping="https://t.example/p" href="https://api.iko.example/">x</a>',
        '<meta http-equiv="refresh" content="0;url=https://t.example/">',
        "<script>x</script>",
    ):
        assert len(Markup(tracking).fetched) == 1, tracking
    assert Markup('<a href="https://t.example/r?to=1&amp;b=2">x</a>').links == ["https://t.example/r?to=1&b=2"]


def test_ses_is_not_asked_to_track() -> None:
    """SES adds a pixel and rewrites links where a configuration set says so; we have none, for our domain or for a mail."""
    templates: list[Any] = [Path(ROOT, "infra", name).read_text() for name in ("resources.yaml", "wiring.yaml")]
    code = [path.read_text() for path in (ROOT / "chalicelib").rglob("*.py")]
    assert "send_email(" in "".join(code)
    assert not [text for text in (*templates, *code) if "ConfigurationSet" in text]
