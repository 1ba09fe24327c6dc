"""The scheduler: every minute, what is due goes onto its queue. Rows hold ids only; a row stays until its work is done."""

import itertools
import random
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from chalicelib.core import clock, log
from chalicelib.domain.connections.model import SYNC_DUE
from chalicelib.jobs import table
from chalicelib.store import due
from chalicelib.store.due import Due
from chalicelib.store.steps import send

# A row already sent is sent again only when its worker had time to take it, and then ever later.
_AGAIN_AFTER = timedelta(minutes=2)
_UNKNOWN_AGAIN = timedelta(days=1)
_SHARE = 5  # connections of one workspace that a minute begins to read, so that none keeps the workers from the others
_WAITS_S = (60, 180)  # between these the rest of them is due again


def handle(_event: Any, _context: Any) -> dict[str, int]:
    """Put every due piece of work on its queue once; the count per kind.

    A kind that nobody knows goes onto the work queue, whose worker refuses it: it comes to the dead letters as it would from
    any queue, once a day.
    """
    works = table.works()
    sent: Counter[str] = Counter()
    for piece in _fair(list(due.find(clock.now()))):
        known = works.get(piece.kind)
        due.postpone(piece, _AGAIN_AFTER if known else _UNKNOWN_AGAIN, sent=known is not None)
        send(known.queue if known else "work", piece)
        sent[piece.kind] += 1
    if sent:
        log.event("due_sent", counts=dict(sent))
    return dict(sent)


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
        due.postpone(late, timedelta(seconds=pause))
    for turn in itertools.zip_longest(*(pieces[:_SHARE] for pieces in waiting.values())):
        yield from (piece for piece in turn if piece is not None)
