"""The scheduler: every minute, what is due goes onto its queue. Rows hold ids only; a row stays until its work is done."""

from datetime import timedelta
from typing import Any

from chalicelib.core import clock, log, settings
from chalicelib.store import due, objects

_AGAIN_AFTER = timedelta(minutes=2)  # a row already sent is sent again only when its worker had time to take it


def handle(_event: Any, _context: Any) -> dict[str, int]:
    """Put every due piece of work on its queue once; the count per kind."""
    queues = settings.current().queues
    target = {
        "import": queues.work,
        "export": queues.work,
        "subscription": queues.work,
        "lives": queues.work,
        "sync": queues.sync,
        "disconnect": queues.sync,
        "request": queues.deletions,
        "purge": queues.deletions,
        "leaving": queues.deletions,
    }
    sent: dict[str, int] = {}
    for piece in due.find(clock.now()):
        queue = target.get(piece.kind)
        if queue is None:
            log.event("due_unknown", kind=piece.kind)
            continue
        due.postpone(piece, clock.now() + _AGAIN_AFTER)
        objects.send(queue, {"kind": piece.kind, "id": piece.id})
        sent[piece.kind] = sent.get(piece.kind, 0) + 1
    if sent:
        log.event("due_sent", counts=sent)
    return sent
