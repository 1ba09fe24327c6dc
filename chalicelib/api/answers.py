"""Which errors each route can answer: those of every route of its kind, and those that it names itself (`refuses`)."""

from chalicelib.api.http import Endpoint
from chalicelib.core.codes import Code

_EVERY = (
    Code.BAD_REQUEST,
    Code.FORBIDDEN,
    Code.TOO_MANY_REQUESTS,
    Code.INTERNAL_ERROR,
    Code.UNAVAILABLE,
    Code.TIMEOUT,
)
_MEMBER = (Code.NO_MEMBERSHIP, Code.WORKSPACE_CLOSED, Code.SEAL_BROKEN, Code.KEY_SHREDDED)
_IDEMPOTENT = (
    Code.INVALID_IDEMPOTENCY_KEY,
    Code.IDEMPOTENCY_IN_PROGRESS,
    Code.IDEMPOTENCY_KEY_REUSED,
    Code.GONE,
)


def codes(endpoint: Endpoint) -> list[Code]:
    """Return every code that the route can answer, by status."""
    found = {*_EVERY, *endpoint.refuses}
    if endpoint.auth != "public":
        found |= {Code.UNAUTHENTICATED, Code.INVALID}
    if endpoint.auth == "member":
        found |= {*_MEMBER} | (set() if endpoint.open_while_locked else {Code.WORKSPACE_LOCKED})
    if endpoint.method != "GET":
        found |= {Code.CONFLICT, Code.TOO_LARGE}
    if takes_if_match(endpoint):
        found |= {Code.PRECONDITION_FAILED}
    if "{" in endpoint.path:
        found |= {Code.NOT_FOUND}
    if endpoint.body or endpoint.instead:
        found |= {Code.INVALID_JSON, Code.UNSUPPORTED_MEDIA_TYPE, Code.INVALID}
    if endpoint.idempotent:
        found |= {*_IDEMPOTENT}
    if any("cursor" in model.model_fields for model in (endpoint.query, endpoint.body) if model):
        found |= {Code.INVALID_CURSOR}
    return sorted(found, key=lambda code: (code.status, code))


def takes_if_match(endpoint: Endpoint) -> bool:
    """Return whether the route honours If-Match."""
    return endpoint.auth == "member" and (endpoint.if_match or endpoint.method in ("PATCH", "PUT", "DELETE"))
