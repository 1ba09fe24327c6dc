"""What Google's errors mean to us.

https://developers.google.com/workspace/gmail/api/guides/handle-errors (reasons of 403 and 429; Gmail says in its sentence when to
come again), https://cloud.google.com/apis/design/errors (status and details of newer errors: ErrorInfo's reason, RetryInfo),
https://developers.google.com/people/api/rest/v1/people.connections/list (EXPIRED_SYNC_TOKEN). Reasons are compared, never kept;
of the sentences only the time in them is read.
"""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from chalicelib.connectors.google.hosts import PROVIDER
from chalicelib.connectors.http import ProviderDown, ProviderRefused, asked_pause
from chalicelib.connectors.port import CursorExpired, Misconfigured, NotPermitted, OverQuota
from chalicelib.core import clock
from chalicelib.core.codes import RunOutcome
from chalicelib.core.stream_codes import StreamReason

BAD_REQUEST, UNAUTHORIZED, _FORBIDDEN, NOT_FOUND, GONE, _TOO_MANY = 400, 401, 403, 404, 410, 429
_MOMENT_S, _MINUTE_S, _HOUR_S, _DAY_S = 3.0, 60.0, 3600.0, 86_400.0

# How long to wait where Google does not say: quotas are by the minute, or by the day.
_OVER = {
    "rateLimitExceeded": _MINUTE_S,
    "userRateLimitExceeded": _MINUTE_S,
    "quotaExceeded": _MINUTE_S,
    "RATE_LIMIT_EXCEEDED": _MINUTE_S,
    "RESOURCE_EXHAUSTED": _MINUTE_S,
    "dailyLimitExceeded": _HOUR_S,
}
# Specific reasons first: `forbidden` and PERMISSION_DENIED stand beside them.
_NOT_PERMITTED = {
    "insufficientPermissions": StreamReason.SCOPE_MISSING,
    "ACCESS_TOKEN_SCOPE_INSUFFICIENT": StreamReason.SCOPE_MISSING,
    "domainPolicy": StreamReason.ADMIN_FORBIDS,
}
# The API is not switched on in the operator's own project, or the project is closed: google.api.ErrorReason has these too.
_API_OFF = {"accessNotConfigured", "SERVICE_DISABLED", "BILLING_DISABLED", "CONSUMER_SUSPENDED", "CONSUMER_INVALID"}
_NO_MAILBOX = "failedPrecondition"  # Gmail's, with 400: "Mail service not enabled", an account without Gmail
_EXPIRED_SYNC_TOKEN = "EXPIRED_SYNC_TOKEN"  # noqa: S105 - a reason, no secret
_COME_AGAIN = re.compile(r"Retry after (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?Z)")
_DURATION = re.compile(r"(\d{1,6}(?:\.\d{1,9})?)s")


def of(status: int, headers: Mapping[str, str], content: bytes) -> Exception:
    """Return the named failure for an answer other than 2xx.

    ProviderRefused, without the answer's text, if only the caller can know what it means.
    """
    error = _error(content)
    reasons = set(_reasons(error))
    over = [pause for reason, pause in _OVER.items() if reason in reasons]
    if status == _TOO_MANY or (status == _FORBIDDEN and over):
        return OverQuota(PROVIDER, _pause(headers, error) or max(over, default=_MINUTE_S))
    if status == _FORBIDDEN:
        return _forbidden(reasons) if error else ProviderDown(PROVIDER, sent=False)  # some gateway's in between
    if status == GONE or _EXPIRED_SYNC_TOKEN in reasons:
        return CursorExpired()
    if status == BAD_REQUEST and _NO_MAILBOX in reasons:
        return NotPermitted(StreamReason.NO_MAILBOX)
    if status >= 500:  # noqa: PLR2004 - HTTP's own number
        return ProviderDown(PROVIDER, answered=status)
    return ProviderRefused(PROVIDER, status)


def _forbidden(reasons: set[str]) -> Exception:
    if reasons & _API_OFF:
        return Misconfigured(PROVIDER, RunOutcome.API_OFF)
    return NotPermitted(
        next((ours for theirs, ours in _NOT_PERMITTED.items() if theirs in reasons), StreamReason.FORBIDDEN)
    )


def soon(failure: ProviderDown) -> bool:
    """Return whether this part of a batch may be asked for again in a moment.

    Of many requests at a time Google refuses some, and names none.
    """
    if isinstance(failure, Misconfigured):
        return False
    return not isinstance(failure, OverQuota) or failure.retry_after <= _MOMENT_S or failure.retry_after == _MINUTE_S


def _error(content: bytes) -> dict[str, Any]:
    try:
        document = json.loads(content)
    except ValueError:
        return {}
    error = document.get("error") if isinstance(document, dict) else None
    return error if isinstance(error, dict) else {}


def _reasons(error: dict[str, Any]) -> Iterator[str]:
    for listed in (error.get("errors"), error.get("details")):
        for entry in listed if isinstance(listed, list) else ():
            if isinstance(entry, dict) and isinstance(entry.get("reason"), str):
                yield entry["reason"]
    if isinstance(error.get("status"), str):
        yield error["status"]


def _pause(headers: Mapping[str, str], error: dict[str, Any]) -> float:
    """Seconds that Google asks us to wait, at most a day; 0 where it does not say."""
    asked = asked_pause(headers) or _retry_info(error) or _sentence(error)
    return min(asked, _DAY_S)


def _retry_info(error: dict[str, Any]) -> float:
    details = error.get("details")
    for entry in details if isinstance(details, list) else ():
        delay = entry.get("retryDelay") if isinstance(entry, dict) else None
        said = _DURATION.fullmatch(delay) if isinstance(delay, str) else None
        if said:
            return float(said.group(1))
    return 0.0


def _sentence(error: dict[str, Any]) -> float:
    message = error.get("message")
    said = _COME_AGAIN.search(message) if isinstance(message, str) else None
    if said is None:
        return 0.0
    try:
        return max(0.0, (datetime.fromisoformat(said.group(1)) - clock.now()).total_seconds())
    except ValueError:
        return 0.0
