"""What holds the tests' clients to the OpenAPI document: it notices what is not described."""

import json
from typing import Any

import pytest
import requests

import app  # noqa: F401 - registers the routes
from tests.support import described

DATA = {"Content-Type": "application/json"}
PROBLEM = {"Content-Type": "application/problem+json"}


def answer(status: int, body: Any, headers: dict[str, str]) -> requests.Response:
    made = requests.Response()
    made.status_code, made._content = status, json.dumps(body).encode() if body is not None else b""
    made.headers.update(headers)
    return made


def problem(status: int, code: str) -> requests.Response:
    return answer(status, {"type": "https://x/y", "title": "T", "status": status, "code": code}, PROBLEM)


@pytest.mark.parametrize(
    ("method", "path", "given"),
    [
        ("GET", "/v1/members", problem(418, "not_found")),
        ("GET", "/v1/members", problem(404, "not_found")),
        ("GET", "/v1/members/x", problem(404, "no_such_code")),
        ("GET", "/v1/members/x", problem(404, "team_full")),
        ("GET", "/v1/members", answer(200, {"items": []}, DATA)),
        ("GET", "/v1/members", answer(200, {"items": [], "next_cursor": None, "more": 1}, DATA)),
        ("GET", "/v1/audit", answer(200, {"items": [{"at": "2026-01-31T09:00:00Z"}], "next_cursor": None}, DATA)),
        ("GET", "/v1/members", answer(200, None, {"Content-Type": "text/html"})),
        ("DELETE", "/v1/contacts/x", answer(204, {}, DATA)),
    ],
)
def test_what_is_not_described_is_noticed(method: str, path: str, given: requests.Response) -> None:
    with pytest.raises(AssertionError, match=path):
        described.check(method, f"{path}?limit=1", given)


def test_what_is_described_passes() -> None:
    described.check("GET", "/v1/members", answer(200, {"items": [], "next_cursor": None}, DATA))
    described.check("GET", "/v1/members/x", problem(404, "not_found"))
    described.check("DELETE", "/v1/contacts/x", answer(204, None, {}))
    described.check("GET", "/no/route", problem(404, "not_found"))
