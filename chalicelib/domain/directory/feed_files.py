"""The operator's files of people from public sources, as they lie in the bucket of feeds: read line by line, and deleted once
read.

A `.jsonl` file has an object a line, a `.csv` file a header with the same names: `source`, `source_url`, `seen_at`, `name`,
`title`, `company`, `links`, `notify` (domain/directory/feed.py). How far a file was read is kept, so that a run goes on where the
last one was killed or its time was over; a line that is read twice changes nothing.
"""

import csv
import io
import json
import tempfile
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import IO

from chalicelib.core import clock, log, settings
from chalicelib.domain.directory import feed
from chalicelib.domain.directory.model import FEED_LIFE, FeedPayload
from chalicelib.domain.directory.records import FEED_SK, FeedRecord
from chalicelib.store import batch, objects, rows
from chalicelib.store.objects import Listed
from chalicelib.store.steps import HasTime
from chalicelib.vault import tags

PREFIX = "people/"
MOST_BYTES = 100 * 1024**2  # of a file; the function has 512 MB of disk
_SAVED_EACH = 50  # lines
_LINE_AT_MOST = 65_536  # characters; what is longer is no line of a feed, and is passed over in pieces
_UNKNOWN = "\N{REPLACEMENT CHARACTER}"  # in the place of what is no UTF-8

_Line = Mapping[str, object] | None


class State(StrEnum):
    """What became of a file in a run."""

    READ = "read"  # to its end; it is deleted
    LEFT = "left"  # the time was over
    UNREAD = (
        "unread"  # too large, of another ending, or no line of it is one of a feed; the bucket deletes it after a day
    )
    GONE = "gone"


def waiting() -> list[Listed]:
    """Return the files that wait under the prefix, at most 1,000, in the order of their names. Unavailable."""
    found = objects.listed(settings.current().buckets.feeds, PREFIX)
    return [file for file in found if not file.key.endswith("/")]  # S3's console makes a "folder" so


def read(file: Listed, has_time: HasTime) -> State:
    """Take the people of a file into the directory, from where the last run of it came to, by 50 lines at least; return what
    became of it. Safe to repeat, and to be killed anywhere. Unavailable, VersionConflict."""
    ending = file.key.rpartition(".")[2].lower()
    if ending not in ("jsonl", "csv") or file.size > MOST_BYTES:
        return State.UNREAD
    with tempfile.TemporaryFile() as copy:
        if objects.download(settings.current().buckets.feeds, file.key, copy, MOST_BYTES) is None:
            return State.GONE
        copy.seek(0)
        row, done = _begun(file)
        if not _take(_lines(copy, ending), row, done, has_time):
            return State.LEFT
    if set(done.counts) <= {feed.Outcome.UNREADABLE}:
        return State.UNREAD
    _finish(file, row, done)
    return State.READ


def _begun(file: Listed) -> tuple[FeedRecord, FeedPayload]:
    """How far the file was read; nothing where another came to its name since."""
    pk = f"feed#{tags.platform_digest('feed', file.key)}"
    row = rows.get(FeedRecord, pk, FEED_SK)
    known = row.unsealed(FeedPayload) if row else None
    if row is not None and known is not None and known.version == file.version:
        return row, known.model_copy(deep=True)
    made = FeedPayload(version=file.version)
    fresh = row or FeedRecord.build(pk, FEED_SK, made)
    fresh.expires_at = clock.now() + FEED_LIFE
    fresh.reseal(made)
    rows.put_if_unchanged(fresh) if row else rows.put_new(fresh)
    return fresh, made.model_copy(deep=True)


def _take(lines: Iterator[_Line], row: FeedRecord, done: FeedPayload, has_time: HasTime) -> bool:
    """Whether the file came to its end."""
    for number, line in enumerate(lines, 1):
        if number <= done.lines:
            continue
        outcome = feed.take(line) if line is not None else feed.Outcome.UNREADABLE
        done.lines, done.counts[outcome] = number, done.counts.get(outcome, 0) + 1
        if number % _SAVED_EACH == 0:
            _save(row, done)
            if not has_time():
                return False
    _save(row, done)
    return True


def _save(row: FeedRecord, done: FeedPayload) -> None:
    if row.unsealed(FeedPayload) != done:
        row.reseal(done.model_copy(deep=True))
        rows.put_if_unchanged(row)


def _finish(file: Listed, row: FeedRecord, done: FeedPayload) -> None:
    """Delete the file, unless another has come to its name meanwhile: that is read in the next run."""
    bucket = settings.current().buckets.feeds
    if file in objects.listed(bucket, file.key):
        objects.delete(bucket, file.key)
        batch.delete_all(FeedRecord, [(row.pk, row.sk)])
    log.event("feed_read", rows=done.lines, counts=done.counts)


def _lines(copy: IO[bytes], ending: str) -> Iterator[_Line]:
    """What each line says; None for what is no line of a feed."""
    text = _bounded(io.TextIOWrapper(copy, encoding="utf-8-sig", errors="replace", newline=""))
    return _rows_of(text) if ending == "csv" else _objects_of(text)


def _bounded(text: io.TextIOWrapper) -> Iterator[str]:
    """The lines, of one that is too long a sign that it is none, so that no file is in memory whole."""
    while line := text.readline(_LINE_AT_MOST):
        if len(line) < _LINE_AT_MOST or line.endswith(("\n", "\r")):
            yield line
            continue
        while rest := text.readline(_LINE_AT_MOST):
            if rest.endswith(("\n", "\r")):
                break
        yield f"{_UNKNOWN}\n"


def _rows_of(text: Iterator[str]) -> Iterator[_Line]:
    reader = csv.DictReader(text)
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield None
            continue
        yield None if any(_UNKNOWN in value for value in row.values() if isinstance(value, str)) else row


def _objects_of(text: Iterator[str]) -> Iterator[_Line]:
    for line in text:
        if line.strip():
            yield None if _UNKNOWN in line else _object(line)


def _object(line: str) -> _Line:
    try:
        read_now = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return read_now if isinstance(read_now, dict) else None
