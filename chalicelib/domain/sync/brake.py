"""A source that suddenly shows less than half of what it showed deletes nothing yet: its login may have lost a right, or its list
may be wrong. A second full pass an hour later decides, or the member does before that."""

from datetime import datetime

from chalicelib.connectors.port import Stream
from chalicelib.core import clock
from chalicelib.domain.connections.model import Held
from chalicelib.domain.sync.records import CheckpointPayload

LEAST = 3  # records shown before: of one or two, half goes with a single deletion


def halves(before: int, now: int) -> bool:
    """Return whether `now` is less than half of `before`, where that is enough to say so."""
    return before >= LEAST and now * 2 < before


def asks_for_full(held: Held | None, confirmed: datetime | None) -> bool:
    """Return whether it is time for the full pass that decides what becomes of `held`. `confirmed` as in `weigh`."""
    return held is not None and (confirmed == held.since or clock.now() >= held.again_at)


def weigh(at: CheckpointPayload, stream: Stream, gone: int, confirmed: datetime | None) -> Held | None:
    """Return what is held back from now on, None where the pass may delete the `gone`, none of which it showed.

    What was held stands as it is, until a full pass that began an hour later shows no less, or its member confirmed it: what is
    held since `confirmed`, and nothing else. Where more than half of the rest goes as well, however few that are, all is held
    anew.
    """
    shown, held = max(0, at.shown - gone), at.held
    if not halves(at.shown, shown):
        return None
    if held is None or shown * 2 < held.shown:
        return Held(stream=stream, since=clock.now(), before=at.shown, shown=shown)
    agrees = at.began_at is not None and at.began_at >= held.again_at
    return None if agrees or confirmed == held.since else held
