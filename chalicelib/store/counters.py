"""Counting uses within a window of time, by keyed hashes: for limits on mails and on guesses."""

from datetime import timedelta

from chalicelib.core import clock
from chalicelib.core.errors import VersionConflict
from chalicelib.store import rows
from chalicelib.store.declaration import Declaration, Found, Holds
from chalicelib.store.records import PlatformRecord
from chalicelib.vault import tags

DAY = 86_400  # seconds; the longest window that a row outlives


class CounterRecord(PlatformRecord):
    """PK `limit#name#keyed hash`, SK the window's number; the row's version is the count, its conditional write the lock."""

    table = "Privacy"
    declared = Declaration("limit", Holds.NOBODY, Found.NEVER, "2 days", 2, None, "a keyed hash and a number")


def take(name: str, subject: str, limit: int, window: int) -> bool:
    """Count one use; whether it is within `limit` uses per `window` seconds."""
    number = clock.epoch() // window
    pk = f"limit#{name}#{tags.platform_digest(name, subject)}"
    row = rows.get(CounterRecord, pk, str(number))
    try:
        if row is None:
            ends = clock.now() + timedelta(days=2)
            rows.put_new(CounterRecord.build(pk, str(number), ends=ends))
            return True
        if row.version >= limit:
            return False
        rows.put_if_unchanged(row)
    except VersionConflict:
        return True  # two at once: one of them counts, which is near enough for a limit
    return True
