"""The SQS queue of privacy deletions: ids of requests that have something to do."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from chalicelib.core import clock, log
from chalicelib.core.errors import Unavailable, VersionConflict
from chalicelib.domain import kinds
from chalicelib.domain.connections import revocation
from chalicelib.domain.exports.invalidate import drop_of_owner
from chalicelib.domain.privacy import workflow
from chalicelib.domain.purge.model import DUE_KIND, LEAVING_KIND
from chalicelib.domain.purge.offboarding import Leaving
from chalicelib.domain.purge.tenant_purge import Purging
from chalicelib.jobs.messages import HasTime, Poison, each, has_time
from chalicelib.store.due import Due, Leased, schedule

_SOON = timedelta(seconds=30)
# How each kind of due work on this queue is carried on, by its id; jobs/due.py sends the kinds here.
_RUN: dict[str, Callable[[str, HasTime], None]] = {
    "request": lambda ident, _: workflow.advance(ident, drop_exports=drop_of_owner),
    DUE_KIND: Purging(kinds.RECORDS, revoke=[("connections", revocation.of_tenant)]).advance,
    LEAVING_KIND: Leaving(kinds.RECORDS, revoke=[("connections", revocation.of_member)]).advance,
}


def handle(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Bring each piece of work as far as it can go now."""
    return each(event, "deletions", lambda body: _one(body, has_time(context)))


def _one(body: dict[str, Any], has_time: HasTime) -> None:
    kind, ident = str(body.get("kind") or ""), str(body.get("id") or "")
    run = _RUN.get(kind)
    if run is None or not ident:
        raise Poison
    try:
        run(ident, has_time)
    except Leased:
        log.event("deletion_leased", kind=kind, request_id=ident)  # another worker has it; its due row brings it again
    except (VersionConflict, Unavailable) as error:
        log.failure("deletion_postponed", error, kind=kind, request_id=ident)
        schedule(Due(kind, ident), clock.now() + _SOON)
