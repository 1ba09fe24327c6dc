"""The sync queue: connections that are to be read, or to end. A message holds ids; what to do is read anew."""

from collections.abc import Callable
from typing import Any

from chalicelib.core import log
from chalicelib.jobs.messages import each

Run = Callable[[str, Callable[[], bool]], None]
# How each kind of due work on this queue is carried on; jobs/due.py sends the kinds here.
_RUN: dict[str, Run] = {}


def handle(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Carry each piece of work on. What failed is named, so that the queue brings it again."""
    return each(event, "sync", lambda body: _one(body, context))


def _one(body: dict[str, Any], _context: Any) -> None:
    run = _RUN.get(str(body.get("kind") or ""))
    if run is None:
        log.event("work_unknown")
        return
    run(str(body.get("id") or ""), lambda: True)
