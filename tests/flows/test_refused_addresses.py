"""Addresses that are not stored: what is refused for its form, and what must not be told apart."""

import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest

from chalicelib.core.identifiers import EmailAddress
from chalicelib.domain.suppression.model import marks_of
from chalicelib.domain.suppression.tombstones import entomb
from tests.conftest import Member
from tests.support.answers import same


def _address() -> str:
    return f"p{uuid.uuid4().hex[:12]}@firma.example"


def _named(member: Member) -> dict[str, Any]:
    return dict(member.api.post("/v1/contacts", {"last_name": "X"}).json())


def test_erased_and_role_addresses_get_one_answer(
    member: Member, dynamodb_calls: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    erased = _address()
    entomb(marks_of([EmailAddress.parse(erased)]), None)
    tries = [erased, erased.replace("@", "+x@"), "info@firma.example", "Support+x@firma.example"]
    answers = []
    for address in tries:
        with dynamodb_calls() as calls:
            answers.append((member.api.post("/v1/contacts", {"last_name": "X", "emails": [address]}), calls))
    assert answers[0][0].status_code == 409
    assert answers[0][0].json()["code"] == "address_not_storable"
    for answer, calls in answers[1:]:
        same(answers[0][0], answer)
        assert calls == answers[0][1]
    made = _named(member)
    path = f"/v1/contacts/{made['id']}"
    for address in tries:
        same(answers[0][0], member.api.patch(path, {"emails": [address]}))
    assert member.api.get(path).json() == made


def test_rubbish_before_an_erased_address_is_that_address(
    member: Member, dynamodb_calls: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    erased = _address()
    entomb(marks_of([EmailAddress.parse(erased)]), None)
    with dynamodb_calls() as plain:
        refused = member.api.post("/v1/contacts", {"last_name": "X", "emails": [erased]})
    path = f"/v1/contacts/{_named(member)['id']}"
    for shape in (
        "mailto://{}",
        "//{}",
        "mail={}",
        "?to={}",
        "#{}",
        "{{{}",
        "|{}",
        "-{}",
        "mx!{}",
        "bo/{}",
        "\u2192{}",
    ):
        odd = shape.format(erased)
        with dynamodb_calls() as calls:
            same(refused, member.api.post("/v1/contacts", {"last_name": "X", "emails": [odd]}))
        assert calls == plain, odd
        same(refused, member.api.patch(path, {"emails": [odd]}))
        near = member.api.post("/v1/contacts", {"last_name": "X", "emails": [shape.format(_address())]})
        assert near.status_code == 201, odd
    routing = member.api.post("/v1/contacts", {"last_name": "X", "emails": [f"/o=Ex/cn={erased}"]})
    assert routing.json()["errors"][0]["code"] == "not_an_address"


@pytest.mark.parametrize(
    ("field", "text", "code"),
    [
        *(
            ("emails", text, "not_an_address")
            for text in (
                "no mail",
                "n/a",
                "a@",
                "a@b",
                "@x.example",
                "Anna Keller",
                "/o=Ex/cn=anna",
                "a@x.example, b@x.example",
            )
        ),
        ("phones", "no number", "invalid"),
        ("phones", "a@x.example", "invalid"),
        ("profile_urls", "no page", "invalid"),
    ],
)
def test_text_that_is_no_identifier_is_invalid_whoever_stands_beside_it(
    member: Member, field: str, text: str, code: str
) -> None:
    erased = _address()
    entomb(marks_of([EmailAddress.parse(erased)]), None)
    path = f"/v1/contacts/{_named(member)['id']}"
    for beside in (_address(), erased, "info@firma.example"):
        fields = {"last_name": "X", "emails": [beside], field: [beside, text] if field == "emails" else [text]}
        for answer in (member.api.post("/v1/contacts", fields), member.api.patch(path, fields)):
            assert (answer.status_code, answer.json()["code"]) == (422, "invalid"), beside
            wrong = [(each["field"], each["code"]) for each in answer.json()["errors"]]
            assert wrong == [(f"{field}.{1 if field == 'emails' else 0}", code)]
    assert member.api.get(path).json()["emails"] == []
