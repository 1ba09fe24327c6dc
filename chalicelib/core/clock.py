"""Time, from one place, so that tests and crash runs can move it."""

import os
import time
from datetime import UTC, datetime, timedelta

_offset = timedelta(seconds=float(os.environ.get("IKO_CLOCK_OFFSET_SECONDS", "0")))


def now() -> datetime:
    """Return the current time in UTC, with microseconds."""
    return datetime.now(UTC) + _offset


def epoch() -> int:
    """Return the whole seconds since 1970, as DynamoDB's TTL wants them."""
    return int(now().timestamp())


def milliseconds(moment: datetime) -> int:
    """Return whole milliseconds from 1970 to that moment."""
    return int(moment.timestamp() * 1000)


def monotonic() -> float:
    """Return the seconds of a clock that never goes back, for cache lives. Moves with `advance`."""
    return time.monotonic() + _offset.total_seconds()


def advance(seconds: float) -> None:
    """Move every clock of this process forward. For tests and crash runs only."""
    global _offset  # noqa: PLW0603 - one clock a process is the point of this module
    _offset += timedelta(seconds=seconds)


def rfc3339(moment: datetime) -> str:
    """Return the time as RFC 3339 in UTC with milliseconds, e.g. 2026-01-31T09:00:00.000Z. Sorts as text."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def parse_rfc3339(text: str) -> datetime:
    """Return the time in a text that `rfc3339` wrote. ValueError for any other text."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a time needs its zone")
    return moment.astimezone(UTC)


def days_between(since: datetime, until: datetime) -> float:
    """Return how many days lie between two times, with their fractions."""
    return (until - since).total_seconds() / 86_400
