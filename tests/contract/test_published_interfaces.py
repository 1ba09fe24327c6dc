"""What connectors ask and simulators answer, against what vendors publish for machines; all other tests are held to it too."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Request, Response
from werkzeug.test import EnvironBuilder

from chalicelib.connectors.hubspot import people, rest
from chalicelib.core import clock
from chalicelib.domain.subscription import repository
from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.support.conformance import openapi
from tests.support.conformance.operations import Operation
from tests.support.conformance.watching import Watch, found, left_out
from tests.support.consent_flow import connect
from tests.support.google_connection import join
from tests.support.google_grant import link
from tests.support.hubspot_app import App, Tokens
from tests.support.paired_crms import Crms, disconnect, own_crms, sync

GOOGLE = {
    "gmail.users.getProfile",
    "gmail.users.history.list",
    "gmail.users.messages.get",
    "gmail.users.messages.list",
    "gmail.users.watch",
    "people.people.connections.list",
    "people.people.getBatchGet",
}
_TABLE = "/crm/objects/2026-03"
HUBSPOT = {
    operation
    for of in (f"{_TABLE}/contacts", f"{_TABLE}/companies")
    for operation in (f"GET {of}", f"POST {of}/search", f"POST {of}/batch/read")
}
HUBSPOT |= {f"POST /oauth/2026-03/token{what}" for what in ("", "/introspect", "/revoke")}
PAYPAL = {
    "POST /v1/billing/subscriptions",
    "GET /v1/billing/subscriptions/{id}",
    "POST /v1/billing/subscriptions/{id}/cancel",
    "GET /v1/billing/subscriptions/{id}/transactions",
    "POST /v1/notifications/verify-webhook-signature",
}


@pytest.fixture
def watch() -> Iterator[Watch]:
    """From here on."""
    made = Watch()
    made.on()
    yield made
    made.off()


@pytest.fixture
def crms(cloud: Cloud) -> Iterator[Crms]:
    yield from own_crms(cloud)


def published(here: set[str], watch: Watch) -> None:
    """All of these were asked for, and everything was as it should be."""
    assert here - set(watch.seen) == set(), "connectors ask for these, and nothing of the test did"
    assert watch.faults_so_far() == []


def test_google_is_asked_and_answers_as_its_discovery_documents_say(cloud: Cloud, member: Member, watch: Watch) -> None:
    joined = join(cloud, member)
    address = joined.person("Anna")
    joined.mailbox.add(sender=address, text="Hello")
    joined.sync()
    joined.mailbox.add(sender=address, text="Hello again")
    joined.sync()
    link(cloud.connectors.google).contacts().look(["people/c1"])
    published(GOOGLE, watch)


@pytest.mark.skipif(openapi.folder() is None, reason=left_out())
def test_hubspot_is_asked_and_answers_as_its_specifications_say(
    cloud: Cloud, member: Member, crms: Crms, watch: Watch
) -> None:
    works = crms.company(name="Nordwerk", domain="nordwerk.example")
    crms.person(works, first="Anna", email="anna@nordwerk.example")
    connect(cloud, member, "hubspot")
    cloud.drain()
    crms.hubspot.fault("expired")
    sync(cloud, member)
    for table in people.TABLES.values():
        people.Records(rest.Portal(Tokens(App(crms.hubspot))), table).look(["1", works[1]])
    disconnect(cloud, member)
    published(HUBSPOT, watch)


@pytest.mark.skipif(openapi.folder() is None, reason=left_out())
def test_paypal_is_asked_and_answers_as_its_specifications_say(member: Member, paying: Any, watch: Watch) -> None:
    ident = paying.subscribe(member)
    assert member.api.post("/v1/subscription/cancel").status_code == 200
    assert repository.paypal().payments(ident, clock.now() - timedelta(days=1), clock.now() + timedelta(minutes=1))
    published(PAYPAL, watch)


THINGS = {
    "openapi": "3.0.3",
    "paths": {
        "/v1/things": {
            "post": {
                "parameters": [{"in": "query", "name": "n", "required": True, "schema": {"type": "integer"}}],
                "requestBody": {
                    "required": True,
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}},
                },
                "responses": {
                    "200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}},
                    "204": {"description": "nothing"},
                    "default": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/No"}}}},
                },
            }
        }
    },
    "components": {
        "schemas": {
            "Thing": {
                "type": "object",
                "required": ["name"],
                "properties": {"name": {"type": "string"}, "at": {"type": "string", "nullable": True}},
            },
            "No": {"type": "object", "required": ["why"]},
        }
    },
}


@pytest.fixture
def things(tmp_path: Path) -> Operation:
    """The operation of a specification of our own."""
    (tmp_path / "things.json").write_text(json.dumps(THINGS))
    (operation,) = openapi.operations(tmp_path)
    return operation


def asked(path: str, query: str = "", **more: Any) -> Request:
    return Request(EnvironBuilder(path, query_string=query, **more).get_environ())


@pytest.mark.parametrize(
    ("query", "body", "fault"),
    [
        ("n=1", {"name": "a", "at": None}, ""),
        ("", {"name": "a"}, "query n: is needed"),
        ("n=one", {"name": "a"}, "query n: 'one' is not of type 'integer'"),
        ("n=1&m=2", {"name": "a"}, "query m: there is no such parameter"),
        ("n=1", {}, "body: 'name' is a required property"),
        ("n=1", {"name": "a", "more": 1}, "body: Additional properties are not allowed"),
    ],
)
def test_a_request_that_a_specification_does_not_have_is_told(
    things: Operation, query: str, body: Any, fault: str
) -> None:
    assert found_in(things.request_faults(asked("/v1/things", query, method="POST", json=body)), fault)


@pytest.mark.parametrize(
    ("status", "content", "fault"),
    [
        (200, {"name": "a", "more": 1}, ""),
        (200, {"name": None}, "answer.name: None"),
        (200, b"<html>", "answer: is no JSON"),
        (204, b"", ""),
        (404, {"why": "gone"}, ""),
        (404, {}, "answer: 'why' is a required property"),
    ],
)
def test_an_answer_that_a_specification_does_not_have_is_told(
    things: Operation, status: int, content: Any, fault: str
) -> None:
    whole = content if isinstance(content, bytes) else json.dumps(content).encode()
    assert found_in(things.answer_faults(Response(whole, status)), fault)


@pytest.mark.parametrize(
    ("query", "fault"),
    [
        ("maxResults=10&labelIds=A&labelIds=B", ""),
        ("maxResults=many", "query maxResults: 'many' is not of type 'integer'"),
        ("maxresults=1", "query maxresults: there is no such parameter"),
    ],
)
def test_a_request_to_google_that_its_documents_do_not_have_is_told(query: str, fault: str) -> None:
    sent = asked("/gmail/v1/users/me/messages", query)
    assert found_in(known(sent).request_faults(sent), fault)


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ({"messages": [{"id": "a", "internalDate": "17"}]}, ""),
        ({"messages": [{"id": "a", "internalDate": 17}]}, "answer.messages[].internalDate: 17 is not of type 'string'"),
        ({"message": []}, "answer: Additional properties are not allowed"),
    ],
)
def test_an_answer_of_google_that_its_documents_do_not_have_is_told(content: Any, fault: str) -> None:
    operation = known(asked("/gmail/v1/users/me/messages"))
    assert found_in(operation.answer_faults(Response(json.dumps(content))), fault)


def test_an_operation_that_google_does_not_have_is_told(watch: Watch) -> None:
    watch.judge(asked("/gmail/v1/users/me/letters"), None)
    assert watch.faults_so_far() == ["1 x GET /gmail/v1/users/me/letters: the vendor has no such operation"]


def known(sent: Request) -> Operation:
    operation = found(sent.method, sent.path)
    assert operation
    return operation


def found_in(faults: Iterator[str], fault: str) -> bool:
    """Whether that is the one fault; none where it is empty."""
    told = list(faults)
    return not told if not fault else bool(told) and all(each.startswith(fault) for each in told)
