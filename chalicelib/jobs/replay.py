"""After tables were restored: what the replay log tells is done again. Started by the operator, again until it is done."""

from collections.abc import Callable, Mapping
from typing import Any

from chalicelib.core import log
from chalicelib.core.errors import Unavailable, VersionConflict
from chalicelib.core.models import Model
from chalicelib.domain import kinds
from chalicelib.domain.certificates import replay_log
from chalicelib.domain.certificates.replay_log import Certified, Disconnection, Erasure, Logged, Purge
from chalicelib.domain.certificates.replay_log import Leaving as LeavingEntry
from chalicelib.domain.connections import disconnect
from chalicelib.domain.privacy import restore
from chalicelib.domain.purge.offboarding import Leaving
from chalicelib.domain.purge.tenant_purge import Purging

Apply = Callable[[Logged[Any]], int]
_RESERVE_MS = 60_000  # one entry takes seconds; the rest is for a slow service
_AT_ONCE = 100  # keys of the log a call
# How each kind of entry is done again; the answer counts what had come back.
_APPLY: dict[type[Model], Apply] = {
    Certified: restore.certificate,
    Disconnection: lambda logged: disconnect.again(logged.entry.tenant, logged.entry.connection, logged.entry.at),
    Erasure: restore.erasure,
    Purge: lambda logged: Purging(kinds.RECORDS).again(logged.entry.tenant),
    LeavingEntry: lambda logged: Leaving(kinds.RECORDS).again(
        logged.entry.tenant, logged.entry.owner, logged.entry.member
    ),
}


class Unreplayable(Exception):
    """The log holds a kind of entry that nothing here does again."""


def handle(event: dict[str, Any], context: Any, apply: Mapping[type[Model], Apply] = _APPLY) -> dict[str, Any]:
    """Go through the log from after the key `event["after"]`, from its beginning without one.

    Answers {done, after, entries, changed}: until `done`, the answer is the event to go on with. `changed` counts what had
    come back and went again. A failure that passes ends the run early; whatever else fails is raised.
    """
    after, entries, changed = str(event.get("after") or ""), 0, 0
    try:
        while keys := replay_log.keys(after, _AT_ONCE):
            for key in keys:
                if entries and not _has_time(context):
                    return _answer(after, entries, changed, done=False)
                changed += _again(key, apply)
                after, entries = key, entries + 1
    except (Unavailable, VersionConflict) as error:
        log.failure("replay_interrupted", error, function="replay")
        return _answer(after, entries, changed, done=False)
    return _answer(after, entries, changed, done=True)


def _again(key: str, apply: Mapping[type[Model], Apply]) -> int:
    logged = replay_log.read(key)
    act = apply.get(type(logged.entry))
    if act is None:
        raise Unreplayable
    return act(logged)


def _answer(after: str, entries: int, changed: int, *, done: bool) -> dict[str, Any]:
    log.event("replay_ran", count=entries, state="done" if done else "left")
    return {"done": done, "after": after, "entries": entries, "changed": changed}


def _has_time(context: Any) -> bool:
    if context is None or not hasattr(context, "get_remaining_time_in_millis"):
        return True
    return bool(context.get_remaining_time_in_millis() > _RESERVE_MS)
