"""How often the scheduler puts the same work on its queue while nobody takes it."""

import uuid
from datetime import timedelta

from chalicelib.core import clock
from chalicelib.store import due, rows
from chalicelib.store.due import Due, DueRecord
from infra.local.cloud import Cloud

FIRST = timedelta(minutes=2)


def pause(piece: Due) -> float:
    """Minutes until the work is found again, once it was sent now."""
    before = clock.now()
    due.postpone(piece, FIRST, sent=True)
    row = rows.get(DueRecord, piece.pk, due.SK)
    assert row
    return round((clock.parse_rfc3339(row.due_at or "") - before).total_seconds() / 60)


def test_what_nobody_takes_is_sent_ever_later_and_what_was_taken_as_at_first(cloud: Cloud) -> None:
    piece = Due("test", uuid.uuid4().hex)
    due.schedule(piece, clock.now())
    assert [pause(piece) for _ in range(8)] == [2, 4, 8, 16, 32, 64, 64, 64]
    due.release(due.lease(piece, 60), clock.now())
    assert pause(piece) == 2
    assert pause(piece) == 4
    due.wake(piece, clock.now())
    assert pause(piece) == 2
    due.done(piece)
