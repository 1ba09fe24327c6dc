"""Our Google connector at a server in Google's place that differs from it, and from our simulator, within what is documented."""

import base64
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import requests
from werkzeug import Request, Response

from chalicelib.connectors.google.vendor import VENDOR
from chalicelib.connectors.http import ProviderDown
from chalicelib.connectors.port import Grant
from chalicelib.core import settings
from infra.local.cloud import Cloud
from infra.loopback import Server
from infra.simulators.google.simulator import Google
from infra.simulators.replies import reply
from tests.support.google_grant import CALLBACK, app, code, link, tier


@dataclass
class Elsewhere:
    """It answers as the simulator does, but for `paths` that it does not have, and what `change` makes of its documents."""

    google: Google
    paths: set[str] = field(default_factory=set)
    change: Callable[[dict[str, Any]], None] = lambda _: None
    asked: list[str] = field(default_factory=list)

    def answer(self, asked: Request) -> Response:
        self.asked.append(asked.path)
        if asked.path in self.paths:
            return reply(404, b"<!DOCTYPE html>", {"Content-Type": "text/html; charset=UTF-8"})
        sent = {name: value for name, value in asked.headers.items() if name in ("Authorization", "Content-Type")}
        target = f"{self.google.url}{asked.path}?{asked.query_string.decode()}"
        got = requests.request(
            asked.method, target, data=asked.get_data(), headers=sent, timeout=10, allow_redirects=False
        )
        kind = {name: got.headers[name] for name in ("Content-Type", "Location") if name in got.headers}
        if "json" not in kind.get("Content-Type", "") or not got.content:
            return reply(got.status_code, got.content, kind)
        document = got.json()
        self.change(document)
        return reply(got.status_code, document, kind)


@pytest.fixture
def elsewhere(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> Iterator[Elsewhere]:
    """The one that the settings name as Google's base URL."""
    made = Elsewhere(cloud.connectors.google)
    server = Server(Request.application(made.answer))
    monkeypatch.setenv("IKO_CONNECTORS_GOOGLE_URL", server.url)
    settings.current.cache_clear()
    yield made
    monkeypatch.undo()
    settings.current.cache_clear()
    server.stop()


@pytest.mark.parametrize("path", ["/batch", "/batch/gmail/v1"])
def test_batches_go_to_the_path_that_is_there(elsewhere: Elsewhere, path: str) -> None:
    linked = link(elsewhere.google, "headers")
    written = elsewhere.google.accounts.known(linked.address).mailbox.add(sender="anna@nord.example", text="t").id
    elsewhere.paths = {"/batch", "/batch/gmail/v1"} - {path}
    mailbox = linked.mailbox()
    page = mailbox.page(mailbox.start())
    assert [header.message_id for header in page.headers] == [written]


def exchanged(elsewhere: Elsewhere, claims: dict[str, Any] | None) -> Grant:
    """What comes of a code where the identity token says something else too; None: there is no token."""

    def change(document: dict[str, Any]) -> None:
        token = document.pop("id_token", None)
        if token and claims is not None:
            head, body, _ = token.split(".")
            told = json.loads(base64.urlsafe_b64decode(body + "=="))
            fresh = base64.urlsafe_b64encode(json.dumps({**told, **claims}).encode()).rstrip(b"=").decode()
            document["id_token"] = f"{head}.{fresh}."

    elsewhere.change = change
    google, address = elsewhere.google, "mia@elsewhere.example"
    google.accounts.add(address, "Mia Member")
    given, verifier = code(google, address, tier("contacts"))
    return VENDOR.exchange(app(google), code=given, verifier=verifier, redirect_uri=CALLBACK)


def test_it_may_sign_in_its_own_name_and_in_no_others(elsewhere: Elsewhere) -> None:
    own = settings.current().connectors.google_url
    assert exchanged(elsewhere, {"iss": own}).address == "mia@elsewhere.example"
    for wrong in ({"iss": "https://evil.example"}, {"iss": ""}, {"aud": "another app"}, {"sub": None}):
        with pytest.raises(ProviderDown):
            exchanged(elsewhere, wrong)


def test_without_an_identity_token_the_account_is_not_known(elsewhere: Elsewhere) -> None:
    grant = exchanged(elsewhere, None)
    assert (grant.account, grant.address) == ("", "")
    assert grant.access_token
    assert grant.refresh_token


def test_a_name_that_is_not_taken_apart_is_a_name(elsewhere: Elsewhere) -> None:
    linked = link(elsewhere.google)
    contacts = elsewhere.google.accounts.known(linked.address).contacts
    for shown in ("Anna van den Berg", "Pizzeria", ""):
        contacts.add({"names": [{"displayName": shown}]})
    page = linked.contacts().page(linked.contacts().start())
    assert [(each.first_name, each.last_name) for each in page.people] == [
        ("Anna", "van den Berg"),
        ("Pizzeria", ""),
        ("", ""),
    ]
