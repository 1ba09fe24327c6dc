"""Counting uses within a window of time, by keyed hashes: for limits on mails and on guesses."""

from datetime import timedelta

from pynamodb.attributes import NumberAttribute

from chalicelib.core import clock
from chalicelib.core.errors import VersionConflict
from chalicelib.store import rows
from chalicelib.store.declaration import Declaration, Found, Holds, TenantEnd
from chalicelib.store.records import PlatformRecord
from chalicelib.vault import tags

DAY = 86_400  # seconds; the longest window that a row outlives


class CounterRecord(PlatformRecord):
    """PK `limit#name#keyed hash`, SK the window's number."""

    table = "Privacy"
    declared = Declaration(
        kind="limit",
        holds=Holds.NOBODY,
        found=Found.NEVER,
        life="2 days",
        life_days=2,
        tenant_end=TenantEnd.OUTLIVES,
        because="keyed hashes of callers, and numbers",
    )

    uses = NumberAttribute(default=1)


def take(name: str, subject: str, limit: int, window: int) -> bool:
    """Count one use; whether it is within `limit` uses per `window` seconds. Not where so many come at once that none can be
    counted."""
    key = f"limit#{name}#{tags.platform_digest(name, subject)}", str(clock.epoch() // window)
    try:
        return rows.retry(lambda: _take(key, limit))
    except VersionConflict:
        return False


def _take(key: tuple[str, str], limit: int) -> bool:
    row = rows.get(CounterRecord, *key)
    if row is None:
        rows.put_new(CounterRecord.build(*key, ends=clock.now() + timedelta(days=2)))
    elif row.uses >= limit:
        return False
    else:
        row.uses += 1
        rows.put_if_unchanged(row)
    return True
