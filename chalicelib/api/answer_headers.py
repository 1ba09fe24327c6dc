"""The headers of answers, as the OpenAPI document describes them."""

from collections.abc import Iterable
from typing import Any

from chalicelib.api.http import Endpoint

# Whatever a program may act on. What only browsers and caches read is not described.
DESCRIBED: dict[str, dict[str, Any]] = {
    "X-Request-Id": {"description": "Name it when you ask us about a request.", "schema": {"type": "string"}},
    "ETag": {
        "description": "The version of what is shown, for If-Match.",
        "schema": {"type": "string", "pattern": r'^"\d+"$'},
    },
    "Location": {
        "description": "Where the resource, or the job that makes it, is; of a 303 where to go on.",
        "schema": {"type": "string", "format": "uri-reference"},
    },
    "Idempotency-Replayed": {
        "description": "The Idempotency-Key was used before for this request; what came of it then is shown as it is now.",
        "schema": {"const": "true"},
    },
    "Retry-After": {"description": "Seconds to wait before the next try.", "schema": {"type": "integer", "minimum": 0}},
    "RateLimit": {
        "description": "The limit that was met (draft-ietf-httpapi-ratelimit-headers).",
        "schema": {"type": "string"},
    },
    "WWW-Authenticate": {"description": "What the token must be (RFC 6750, RFC 9470).", "schema": {"type": "string"}},
}
_OF_ERRORS = {401: ("WWW-Authenticate",), 429: ("Retry-After", "RateLimit"), 503: ("Retry-After",)}
SEE_OTHER = 303


def of_success(endpoint: Endpoint, status: int) -> dict[str, Any]:
    """Return the headers of an answer of that status to a request that was carried out."""
    told = ["Location"] if status == SEE_OTHER else list(endpoint.tells)
    return _described([*told, *(["Idempotency-Replayed"] if endpoint.idempotent else [])], always=status == SEE_OTHER)


def of_error(status: int) -> dict[str, Any]:
    """Return the headers of an error of that status. Those that the gateway answers may lack them."""
    return _described(_OF_ERRORS.get(status, ()))


def _described(names: Iterable[str], *, always: bool = False) -> dict[str, Any]:
    return {name: {"required": always and name == "Location", **DESCRIBED[name]} for name in ("X-Request-Id", *names)}
