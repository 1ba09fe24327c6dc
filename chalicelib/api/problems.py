"""Errors as problem+json (RFC 9457): stable code, our own sentence, never an internal text or a value that was sent."""

import json
from typing import Any

from chalice import Response

from chalicelib.core.errors import (
    AddressNotStorable,
    AlreadyThere,
    IkoError,
    StaleSignIn,
    TooManyRequests,
    Unauthenticated,
    Unprocessable,
)

MEDIA_TYPE = "application/problem+json"
TYPE_BASE = "https://iko.example/problems/"  # an identifier, not a link (RFC 9457 3.1.1)


def document(error: IkoError) -> dict[str, Any]:
    """Return the problem details of an error."""
    body: dict[str, Any] = {
        "type": TYPE_BASE + error.code,
        "title": error.title,
        "status": error.status,
        "code": error.code,
    }
    if error.detail and not isinstance(error, AddressNotStorable):
        body["detail"] = error.detail
    if isinstance(error, AlreadyThere):
        body["id"] = error.id
    if isinstance(error, Unprocessable):
        body["errors"] = [each.as_dict() for each in error.errors]
    return body


def answer(error: IkoError, request_id: str) -> Response:
    """Return the response for an error."""
    headers = {"Content-Type": MEDIA_TYPE, "Cache-Control": "no-store", "X-Request-Id": request_id}
    if isinstance(error, TooManyRequests):
        headers["Retry-After"] = str(error.retry_after)
        headers["RateLimit"] = f'"default";r=0;t={error.retry_after}'
    if isinstance(error, Unauthenticated):
        headers["WWW-Authenticate"] = "Bearer"
    if isinstance(error, StaleSignIn):
        headers["WWW-Authenticate"] = f'Bearer error="insufficient_user_authentication", max_age="{error.max_age}"'
    if error.status == 503:  # noqa: PLR2004 - HTTP's own number
        headers["Retry-After"] = "5"
    return Response(json.dumps(document(error)), headers=headers, status_code=error.status)
