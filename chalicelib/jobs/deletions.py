"""The SQS queue of privacy deletions: ids of requests that have something to do."""

from datetime import timedelta
from typing import Any

from chalicelib.core import clock, log
from chalicelib.core.errors import Unavailable, VersionConflict
from chalicelib.domain.privacy import progress
from chalicelib.jobs.messages import Poison, each
from chalicelib.store.due import Due, Leased, schedule

_SOON = timedelta(seconds=30)


def handle(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    """Bring each request as far as it can go now."""
    return each(event, "deletions", _one)


def _one(body: dict[str, Any]) -> None:
    ident = str(body.get("id") or "")
    if body.get("kind") != "request" or not ident:
        raise Poison
    try:
        progress.advance(ident)
    except Leased:
        log.event("request_leased", request_id=ident)  # another worker has it; its due row brings it again
    except (VersionConflict, Unavailable) as error:
        log.failure("request_postponed", error, request_id=ident)
        schedule(Due("request", ident), clock.now() + _SOON)
