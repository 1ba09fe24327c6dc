"""Errors as HubSpot writes them: https://developers.hubspot.com/docs/api-reference/error-handling and
…/docs/developer-tooling/platform/usage-guidelines (429: policyName). Those of OAuth have RFC 6749's two fields beside its own:
https://developers.hubspot.com/changelog/new-oauth-v3-api-endpoints-and-standardized-error-responses.
"""

import uuid
from typing import Any

from flask import Response

from infra.simulators import replies
from infra.simulators.replies import reply

LIMITS = {
    "TEN_SECONDLY_ROLLING": "You have reached your ten_secondly_rolling limit.",
    "SECONDLY": "You have reached your secondly limit.",
    "DAILY": "You have reached your daily limit.",
}
_KNOWN = {
    400: ("VALIDATION_ERROR", "Invalid input."),
    401: ("INVALID_AUTHENTICATION", "Authentication credentials not found."),
    403: ("MISSING_SCOPES", "This app hasn't been granted all required scopes to make this call."),
    404: ("OBJECT_NOT_FOUND", "resource not found"),
    423: ("LOCKED", "The resource is locked."),
    477: ("MIGRATION_IN_PROGRESS", "This account is being migrated between data centers."),
}


class Refused(replies.Refused):
    """With an error of the API."""

    def __init__(self, status: int, message: str, **more: Any) -> None:
        super().__init__(say(status, message, **more))


def say(status: int, message: str = "", **more: Any) -> Response:
    """An error of the API. `more`: further fields, such as category."""
    category, text = _KNOWN.get(status, ("INTERNAL_ERROR", "internal error"))
    told = {"status": "error", "message": message or text, "correlationId": str(uuid.uuid4()), "category": category}
    return reply(status, {**told, **more})


def missing_scopes(scope: str) -> Response:
    """403 for a token without it."""
    needed = {
        "message": "One or more of the following scopes are required.",
        "context": {"requiredGranularScopes": [scope]},
    }
    return say(403, errors=[needed], links={"scopes": "https://developers.hubspot.com/scopes"})


def limit(policy: str, seconds: float = 0) -> Response:
    """429. Retry-After is said only where `seconds` has something."""
    body = {"status": "error", "message": LIMITS.get(policy, "limit"), "errorType": "RATE_LIMIT"}
    body["category"] = "RATE_LIMITS"
    body |= {"correlationId": str(uuid.uuid4()), "policyName": policy, "groupName": "publicapi:oauth"}
    return reply(429, body, {"Retry-After": str(round(seconds))} if seconds else {})


def oauth(status: int, error: str, hubspot: str, text: str) -> Response:
    """An error of the token endpoints; `hubspot` is HubSpot's own word, alone where there is no `error`, as it was before."""
    standard = {"error": error, "error_description": text} if error else {}
    body = {**standard, "status": hubspot, "message": text}
    return reply(status, {**body, "category": "VALIDATION_ERROR", "correlationId": str(uuid.uuid4())})
