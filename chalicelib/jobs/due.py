"""The scheduler: every minute, what is due goes onto its queue. Rows hold ids only; a row stays until its work is done."""

import itertools
import random
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from chalicelib.core import clock, log, settings
from chalicelib.domain.connections.model import SYNC_DUE
from chalicelib.store import due, queues
from chalicelib.store.due import Due

_AGAIN_AFTER = timedelta(minutes=2)  # a row already sent is sent again only when its worker had time to take it


_SHARE = 5  # connections of one workspace that a minute begins to read, so that none keeps the workers from the others
_WAITS_S = (60, 180)  # between these the rest of them is due again


def handle(_event: Any, _context: Any) -> dict[str, int]:
    """Put every due piece of work on its queue once; the count per kind."""
    urls = settings.current().queues
    target = {
        "import": urls.work,
        "export": urls.work,
        "subscription": urls.work,
        "lives": urls.work,
        "sync": urls.sync,
        "disconnect": urls.sync,
        "request": urls.deletions,
        "purge": urls.deletions,
        "leaving": urls.deletions,
    }
    sent: dict[str, int] = {}
    for piece in _fair(list(due.find(clock.now()))):
        queue = target.get(piece.kind)
        if queue is None:
            log.event("due_unknown", kind=piece.kind)
            continue
        due.postpone(piece, clock.now() + _AGAIN_AFTER)
        queues.send(queue, {"kind": piece.kind, "id": piece.id})
        sent[piece.kind] = sent.get(piece.kind, 0) + 1
    if sent:
        log.event("due_sent", counts=sent)
    return sent


def _fair(found: list[Due]) -> Iterator[Due]:
    """All of it, but of the connections of one workspace only its share, the workspaces in turns; the rest waits a little."""
    waiting: dict[str, list[Due]] = {}
    for piece in found:
        if piece.kind == SYNC_DUE:
            waiting.setdefault(piece.id.partition(".")[0], []).append(piece)
        else:
            yield piece
    for late in [piece for pieces in waiting.values() for piece in pieces[_SHARE:]]:
        pause = random.uniform(*_WAITS_S)  # noqa: S311 - jitter, no secret
        due.postpone(late, clock.now() + timedelta(seconds=pause))
    for turn in itertools.zip_longest(*(pieces[:_SHARE] for pieces in waiting.values())):
        yield from (piece for piece in turn if piece is not None)
