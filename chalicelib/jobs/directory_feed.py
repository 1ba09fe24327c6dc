"""Every five minutes: files of people from public sources, which the operator put into the bucket of feeds."""

from collections import Counter
from typing import Any

from chalicelib.core import log
from chalicelib.domain.directory import feed_files
from chalicelib.domain.directory.feed_files import State
from chalicelib.jobs.messages import has_time
from chalicelib.store.objects import Listed
from chalicelib.store.steps import HasTime

_FAILED = "failed"


def handle(_event: Any, context: Any) -> dict[str, int]:
    """Read what waits, file after file, while there is time; how many files came to what. What was not read waits for the next
    run; a file that cannot be read keeps no other from being read, and raises an alarm."""
    enough = has_time(context)
    states: Counter[str] = Counter()
    for file in feed_files.waiting():
        if states and not enough():
            break
        states[_read(file, enough)] += 1
    if unread := states[str(State.UNREAD)] + states[_FAILED]:
        log.event("feed_unread", counts=dict(states))
        log.metric("directory", "UnreadFeeds", unread)  # an alarm of infra/resources.yaml waits for it
    return dict(states)


def _read(file: Listed, enough: HasTime) -> str:
    try:
        return str(feed_files.read(file, enough))
    except Exception as error:  # noqa: BLE001 - the last door: Lambda would log the error's text
        log.failure("feed_failed", error, function="directory_feed")
        return _FAILED
