"""After tables were restored: what the replay log tells is done again. Started by the operator, again until it is done."""

from collections.abc import Callable, Mapping
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


def handle(event: dict[str, Any], context: Any, replays: Mapping[str, Replay] | None = None) -> dict[str, Any]:
    """Go through the log from after the key `event["after"]`, from its beginning without one.

    Answers {done, after, within, entries, changed}: until `done`, the answer is the event to go on with. `within` says where in
    the entry after `after`. `changed` counts what had come back and went again. A failure that passes ends the run early;
    whatever else fails is raised.
    """
    acts = declared() if replays is None else replays
    after, within, entries, changed = str(event.get("after") or ""), str(event.get("within") or ""), 0, 0
    has_time = _has_time(context)
    try:
        while keys := replay_log.keys(after, _AT_ONCE):
            for key in keys:
                if entries and not has_time():
                    return _answer(after, within, entries, changed, done=False)
                told = _again(key, acts, within, has_time)
                entries, changed, within = entries + 1, changed + told.changed, told.within
                if within:
                    return _answer(after, within, entries, changed, done=False)
                after = key
    except (Unavailable, VersionConflict) as error:
        log.failure("replay_interrupted", error, function="replay")
        return _answer(after, within, entries, changed, done=False)
    restored.mark()
    return _answer(after, within, entries, changed, done=True)


def _again(key: str, acts: Mapping[str, Replay], within: str, has_time: Callable[[], bool]) -> Replayed:
    act = acts.get(key.partition("/")[0])
    if act is None:
        raise Unreplayable
    return act(replay_log.read(key), kinds.RECORDS, within, has_time)


def _answer(after: str, within: str, entries: int, changed: int, *, done: bool) -> dict[str, Any]:
    log.event("replay_ran", count=entries, state="done" if done else "left")
    return {"done": done, "after": after, "within": within, "entries": entries, "changed": changed}


def _has_time(context: Any) -> Callable[[], bool]:
    if context is None or not hasattr(context, "get_remaining_time_in_millis"):
        return lambda: True
    return lambda: bool(context.get_remaining_time_in_millis() > _RESERVE_MS)
