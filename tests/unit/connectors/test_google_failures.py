"""Google's errors, as its documentation shows them, and what they are to us."""

import json
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.connectors.google import failures
from chalicelib.connectors.http import ProviderDown, ProviderRefused
from chalicelib.connectors.port import CursorExpired, Misconfigured, NotPermitted, OverQuota
from chalicelib.core import clock


def old(code: int, reason: str, message: str = "anna@x.example") -> bytes:
    """As Gmail writes them (https://developers.google.com/workspace/gmail/api/guides/handle-errors)."""
    entry = {"domain": "global", "reason": reason, "message": message}
    return json.dumps({"error": {"errors": [entry], "code": code, "message": message}}).encode()


def new(code: int, status: str, *details: dict[str, Any]) -> bytes:
    """As People writes them (https://cloud.google.com/apis/design/errors)."""
    return json.dumps({"error": {"code": code, "message": "m", "status": status, "details": list(details)}}).encode()


def info(reason: str) -> dict[str, str]:
    return {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason, "domain": "googleapis.com"}


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (old(403, "insufficientPermissions"), "scope_missing"),
        (new(403, "PERMISSION_DENIED", info("ACCESS_TOKEN_SCOPE_INSUFFICIENT")), "scope_missing"),
        (old(403, "domainPolicy"), "admin_forbids"),
        (old(403, "forbidden"), "forbidden"),
    ],
)
def test_what_is_not_permitted_says_why(body: bytes, reason: str) -> None:
    failure = failures.of(403, {}, body)
    assert isinstance(failure, NotPermitted)
    assert failure.reason == reason


@pytest.mark.parametrize(
    "body",
    [
        old(403, "accessNotConfigured"),
        new(403, "PERMISSION_DENIED", info("SERVICE_DISABLED")),
        new(403, "PERMISSION_DENIED", info("CONSUMER_SUSPENDED")),
    ],
)
def test_an_api_that_is_off_is_the_operators_and_not_asked_again_at_once(body: bytes) -> None:
    failure = failures.of(403, {}, body)
    assert isinstance(failure, Misconfigured)
    assert (failure.reason, failure.sent, failures.soon(failure)) == ("api_off", False, False)


@pytest.mark.parametrize(
    ("status", "headers", "body", "wait"),
    [
        (429, {"Retry-After": "17"}, old(429, "rateLimitExceeded"), 17),
        (429, {}, b"", 60),
        (403, {}, old(403, "userRateLimitExceeded"), 60),
        (403, {}, old(403, "dailyLimitExceeded"), 3600),
        (429, {}, new(429, "RESOURCE_EXHAUSTED", info("RATE_LIMIT_EXCEEDED"), {"retryDelay": "31.5s"}), 31.5),
        (429, {"Retry-After": "999999999"}, b"", 86_400),
    ],
)
def test_a_quota_says_how_long_to_wait(status: int, headers: dict[str, str], body: bytes, wait: float) -> None:
    failure = failures.of(status, headers, body)
    assert isinstance(failure, OverQuota)
    assert failure.retry_after == wait


def test_gmails_sentence_says_when() -> None:
    when = clock.rfc3339(clock.now() + timedelta(seconds=200))
    failure = failures.of(429, {}, old(429, "rateLimitExceeded", f"User-rate limit exceeded.  Retry after {when}"))
    assert isinstance(failure, OverQuota)
    assert 195 < failure.retry_after <= 200


def test_the_rest_is_told_apart_and_no_text_of_googles_is_kept() -> None:
    assert isinstance(failures.of(400, {}, new(400, "INVALID_ARGUMENT", info("EXPIRED_SYNC_TOKEN"))), CursorExpired)
    assert isinstance(failures.of(410, {}, b""), CursorExpired)
    no_gmail = failures.of(400, {}, old(400, "failedPrecondition"))
    assert isinstance(no_gmail, NotPermitted)
    assert no_gmail.reason == "no_mailbox"
    assert isinstance(failures.of(503, {}, b""), ProviderDown)
    assert isinstance(failures.of(403, {}, b"<html>"), ProviderDown), (
        "not the API's word: nobody's connection stops for it"
    )
    unknown = failures.of(404, {}, old(404, "notFound"))
    assert isinstance(unknown, ProviderRefused)
    assert (unknown.status, unknown.answer) == (404, None)
    for body in (b"[]", b'{"error": "x"}', b'{"error": {"errors": [1], "details": 2, "status": 3, "message": 4}}'):
        assert isinstance(failures.of(429, {}, body), OverQuota)
