"""After tables were restored: what the replay log tells is done again. Started by the operator, again until it is done."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.core import log
from chalicelib.core.errors import Unavailable, VersionConflict
from chalicelib.domain import kinds
from chalicelib.domain.audit import restored
from chalicelib.domain.certificates import replay_log
from chalicelib.store.handlers import Replay, Replayed

_RESERVE_MS = 60_000  # one entry takes seconds; the rest is for a slow service
_AT_ONCE = 100  # keys of the log a call


class Unreplayable(Exception):
    """The log holds a kind of entry that no kind of record declares to do again."""


def declared() -> dict[str, Replay]:
    """Return how each kind of entry is done again, by the first part of its key, as the record classes declare it."""
    return {name: handler.load() for record in kinds.RECORDS for name, handler in record.declared.replays.items()}


@dataclass
class _Run:
    """How far a run is in the log, and what it did."""

    after: str
    within: str
    untold: int
    entries: int = 0
    changed: int = 0

    def add(self, told: Replayed) -> None:
        """Count an entry, or a part of one."""
        self.within, self.entries = told.within, self.entries + 1
        self.changed, self.untold = self.changed + told.changed, self.untold + told.untold

    def answer(self, *, done: bool) -> dict[str, Any]:
        """Return what the operator is told, and a next run is started with."""
        counts = {"changed": self.changed, "untold": self.untold}
        log.event("replay_ran", count=self.entries, counts=counts, state="done" if done else "left")
        found = {"after": self.after, "within": self.within, "entries": self.entries, "changed": self.changed}
        return {"done": done, **found, "untold": self.untold}


def handle(event: dict[str, Any], context: Any, replays: Mapping[str, Replay] | None = None) -> dict[str, Any]:
    """Go through the log from after the key `event["after"]`, from its beginning without one.

    Answers {done, after, within, entries, changed, untold}: until `done`, the answer is the event to go on with. `within` says
    where in the entry after `after`. `changed` counts what had come back and went again. `untold` counts, over all runs since
    the beginning, the mails that could not be sent: a mail holds up no deletion, another replay sends it. A failure that passes
    ends the run early; whatever else fails is raised.
    """
    acts = declared() if replays is None else replays
    run = _Run(str(event.get("after") or ""), str(event.get("within") or ""), int(event.get("untold") or 0))
    has_time = _has_time(context)
    try:
        while keys := replay_log.keys(run.after, _AT_ONCE):
            for key in keys:
                if run.entries and not has_time():
                    return run.answer(done=False)
                run.add(_again(key, acts, run.within, has_time))
                if run.within:
                    return run.answer(done=False)
                run.after = key
    except (Unavailable, VersionConflict) as error:
        log.failure("replay_interrupted", error, function="replay")
        return run.answer(done=False)
    restored.mark()
    return run.answer(done=True)


def _again(key: str, acts: Mapping[str, Replay], within: str, has_time: Callable[[], bool]) -> Replayed:
    act = acts.get(key.partition("/")[0])
    if act is None:
        raise Unreplayable
    return act(replay_log.read(key), kinds.RECORDS, within, has_time)


def _has_time(context: Any) -> Callable[[], bool]:
    if context is None or not hasattr(context, "get_remaining_time_in_millis"):
        return lambda: True
    return lambda: bool(context.get_remaining_time_in_millis() > _RESERVE_MS)
