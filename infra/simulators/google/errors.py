"""Errors as Google's APIs write them.

https://developers.google.com/workspace/gmail/api/guides/handle-errors (error.errors[] with domain and reason),
https://cloud.google.com/apis/design/errors (status, details with google.rpc.ErrorInfo).
"""

from typing import Any

from flask import Response

from infra.simulators.replies import reply

INFO = "type.googleapis.com/google.rpc.ErrorInfo"
_STATUS = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    502: "UNAVAILABLE",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
}
_REASONS = {
    400: ("badRequest", "Bad Request"),
    401: ("authError", "Invalid Credentials"),
    403: ("forbidden", "The caller does not have permission"),
    404: ("notFound", "Requested entity was not found."),
    429: ("rateLimitExceeded", "Too many concurrent requests for user"),
    500: ("backendError", "Internal error encountered."),
    502: ("backendError", "Backend Error"),
    503: ("backendError", "The service is currently unavailable."),
    504: ("backendError", "Deadline exceeded."),
}
# reason -> domain, message: the 403s that "Resolve errors" tells apart.
LIMITS = {
    "dailyLimitExceeded": ("usageLimits", "Daily Limit Exceeded"),
    "userRateLimitExceeded": ("usageLimits", "User Rate Limit Exceeded"),
    "rateLimitExceeded": ("usageLimits", "Rate Limit Exceeded"),
    "quotaExceeded": ("usageLimits", "Quota exceeded for quota metric 'Queries' of service 'gmail.googleapis.com'"),
    "accessNotConfigured": ("usageLimits", "Access Not Configured: the API is disabled in this project."),
    "domainPolicy": ("global", "The domain administrators have disabled Gmail apps."),
}
_CREDENTIALS = (
    "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid "
    "authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project."
)
_SCOPES = "Request had insufficient authentication scopes."


def say(
    status: int,
    message: str = "",
    *,
    reason: str = "",
    domain: str = "global",
    name: str = "",
    details: list[dict[str, Any]] | None = None,
    headers: dict[str, str] | None = None,
) -> Response:
    """`reason` and `domain` are of errors[0], `name` of google.rpc.Code where it is not the usual of the HTTP status."""
    usual, text = _REASONS.get(status, _REASONS[500])
    error: dict[str, Any] = {
        "code": status,
        "message": message or text,
        "errors": [{"message": message or text, "domain": domain, "reason": reason or usual}],
        "status": name or _STATUS.get(status, "UNKNOWN"),
    }
    if details:
        error["details"] = details
    return reply(status, {"error": error}, headers or {})


def limit(reason: str, status: int = 403, retry_after: float | None = None) -> Response:
    """A limit that was reached, or a policy that forbids. KeyError for a reason that is none of LIMITS."""
    domain, message = LIMITS[reason]
    headers = {} if retry_after is None else {"Retry-After": str(round(retry_after))}
    return say(status, message, reason=reason, domain=domain, headers=headers)


def people(status: int, message: str, *, reason: str = "", name: str = "") -> Response:
    """The People API has no errors[]; `reason` is that of an ErrorInfo."""
    error: dict[str, Any] = {"code": status, "message": message, "status": name or _STATUS[status]}
    if reason:
        error["details"] = [{"@type": INFO, "reason": reason, "domain": "people.googleapis.com"}]
    return reply(status, {"error": error})


def unauthenticated() -> Response:
    """No token, one that has expired, or one that was never given."""
    told = {"message": "Invalid Credentials", "domain": "global", "reason": "authError"}
    told |= {"location": "Authorization", "locationType": "header"}
    error = {"code": 401, "message": _CREDENTIALS, "errors": [told], "status": _STATUS[401]}
    return reply(401, {"error": error}, {"WWW-Authenticate": 'Bearer realm="https://accounts.google.com/"'})


def insufficient(service: str, method: str, scopes: tuple[str, ...]) -> Response:
    """The token lacks every scope that the method accepts."""
    info = {
        "@type": INFO,
        "reason": "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
        "domain": "googleapis.com",
        "metadata": {"service": service, "method": method},
    }
    error: dict[str, Any] = {"code": 403, "message": _SCOPES, "status": _STATUS[403], "details": [info]}
    if not service.startswith("people"):
        told = {"message": "Insufficient Permission", "domain": "global", "reason": "insufficientPermissions"}
        error["errors"] = [told]
    challenge = f'Bearer realm="https://accounts.google.com/", error="insufficient_scope", scope="{" ".join(scopes)}"'
    return reply(403, {"error": error}, {"WWW-Authenticate": challenge})
