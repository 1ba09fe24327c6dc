"""The sync queue: connections that are to be read, or to end. A message holds ids; what to do is read anew."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from chalicelib.core import clock, log, settings
from chalicelib.core.errors import Unavailable, VersionConflict
from chalicelib.domain.connections import disconnect
from chalicelib.domain.connections.model import DISCONNECT_DUE, SYNC_DUE
from chalicelib.domain.sync import disconnect_cleanup, worker
from chalicelib.jobs.messages import each, has_time
from chalicelib.store import queues
from chalicelib.store.due import Due, Leased, schedule
from chalicelib.store.steps import HasTime

Run = Callable[[str, HasTime], None]
_SOON = timedelta(seconds=30)


def _disconnect(ident: str, has_time: HasTime) -> None:
    try:
        disconnect.run(ident, has_time, disconnect_cleanup.forget)
    except Leased:
        log.event("disconnection_leased")  # another worker has it; its due row brings it again
    except (VersionConflict, Unavailable) as error:
        log.failure("disconnection_postponed", error)
        schedule(Due(DISCONNECT_DUE, ident), clock.now() + _SOON)


def _sync(ident: str, has_time: HasTime) -> None:
    if worker.run(ident, has_time) is worker.Outcome.AGAIN:
        queues.send(settings.current().queues.sync, {"kind": SYNC_DUE, "id": ident})


# How each kind of due work on this queue is carried on; jobs/due.py sends the kinds here.
_RUN: dict[str, Run] = {SYNC_DUE: _sync, DISCONNECT_DUE: _disconnect}


def handle(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Carry each piece of work on. What failed is named, so that the queue brings it again."""
    return each(event, "sync", lambda body: _one(body, context))


def _one(body: dict[str, Any], context: Any) -> None:
    run = _RUN.get(str(body.get("kind") or ""))
    if run is None:
        log.event("work_unknown")
        return
    run(str(body.get("id") or ""), has_time(context))
