"""What a view's errors are to the caller."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any, cast

import pytest
from chalice import Blueprint

from chalicelib.api import http
from chalicelib.api.http import Call, Endpoint, Reply
from chalicelib.core.errors import PreconditionFailed, VersionConflict


@contextmanager
def asked(headers: dict[str, str]) -> Iterator[Blueprint]:
    """A blueprint in the middle of a public request."""
    request = SimpleNamespace(
        context={"requestId": "req_1"}, headers=headers, uri_params=None, query_params=None, raw_body=b""
    )
    yield cast("Blueprint", SimpleNamespace(current_request=request))


def overtaken(_: Call) -> Reply:
    raise VersionConflict


@pytest.mark.parametrize(
    ("headers", "status", "code"), [({}, 409, "conflict"), ({"If-Match": '"3"'}, 412, "precondition_failed")]
)
def test_who_is_overtaken_hears_of_a_condition_only_where_it_made_one(
    headers: dict[str, str], status: int, code: str
) -> None:
    endpoint = Endpoint("DELETE", "/x", "x", "X.", auth="public")
    with asked(headers) as bp:
        answer: Any = http._serve(bp, endpoint, overtaken, None)
    body = json.loads(answer.body) if isinstance(answer.body, str | bytes) else answer.body
    assert (answer.status_code, body["code"]) == (status, code)


def _call(sent: str) -> Call:
    endpoint = Endpoint("PATCH", "/x", "x", "X.")
    return Call(endpoint, "req_1", {}, {"if-match": sent}, {}, b"", "")


@pytest.mark.parametrize(
    ("sent", "versions"),
    [
        ('"3"', {3}),
        ('"3", "4"', {3, 4}),
        ('"3","4" ,  "281474976710655"', {3, 4, 281474976710655}),
        (', "3",, "4" ,', {3, 4}),
        ('"another,tag", "3"', {3}),
        ('W/"3", "4"', {4}),
        ('"3", W/"3"', {3}),
        ("3", {3}),
    ],
)
def test_one_of_the_tags_that_are_sent_must_match(sent: str, versions: set[int]) -> None:
    assert _call(sent).if_match == frozenset(versions)


@pytest.mark.parametrize("sent", ["", "*", " * "])
def test_no_condition_is_none(sent: str) -> None:
    assert _call(sent).if_match is None


@pytest.mark.parametrize(
    "sent",
    [
        *('W/"3"', 'W/"3", W/"4"', '"x"', '""', '"3', '3"', '"3" "4"', '"3"; "4"', '*, "3"', '"-1"', '"1e3"'),
        '"1234567890123456"',
        '"3"' + ", " * 4000 + "x",
        "," * 8000,
    ],
)
def test_what_cannot_be_our_tag_matches_nothing(sent: str) -> None:
    with pytest.raises(PreconditionFailed):
        _ = _call(sent).if_match
