"""What changed since a cursor, for clients that keep copies: told at least once, never lost, and nothing that is not shown.

Rows of the journal are written by many at once, so one may appear up to SETTLING_S after the time in its name. What is
read of the last SETTLING_S is therefore read again: `floor` marks where the next run begins while one run, page by page,
goes on to the newest row.

Of a colleague the ranges are read that were its views at their times (`followed`). What a switch itself changes, its job tells
under SWITCHES. So a position outlives the switches of others.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from chalicelib.core import clock, ids
from chalicelib.core.actor import Actor
from chalicelib.core.codes import Code
from chalicelib.core.errors import Gone
from chalicelib.domain.audit import followed, restored
from chalicelib.domain.audit.model import FEED_DAYS, SETTLING_S, Effect, Shown, ShownPayload
from chalicelib.domain.audit.records import ShownRecord
from chalicelib.domain.audit.timeline import Noted, in_order

_FIRST_RUN = timedelta(hours=1)  # that paging through everything kept may take, before its first cursor is too old
_LOOKED_AT = 2000  # rows of one request; where more are passed over, it answers with what it has, and `more`


@dataclass(frozen=True)
class Told:
    """Each (kind, id) once, with its last effect; `position` is where to go on, `more` whether to do so at once."""

    effects: dict[tuple[str, str], Effect]
    position: dict[str, str]
    more: bool


def since(actor: Actor, *, limit: int, position: Mapping[str, str]) -> Told:
    """Return at most `limit` resources that changed after the position; without one, of all changes that are kept.

    A deletion may be told of what the client never had, an upsert of what is gone again: reading it answers 404.
    Gone(cursor_expired) where the position is older than FEED_DAYS, or since then tables were restored or somebody left who had
    shared: a client must then drop all that it keeps. One call for the caller, and one for each colleague that shares, side by
    side: of a colleague nothing is read but what is or was shown. One more for each view that a colleague no longer gives, and
    for each whose switches are told since the position; one more each minute: what is known of restores.
    """
    now = clock.now()
    kept_since = now - timedelta(days=FEED_DAYS)
    settled = ids.ulid_floor(now - timedelta(seconds=SETTLING_S))
    at = dict(position) or {
        "after": ids.ulid_floor(kept_since + _FIRST_RUN),
        "began": ids.ulid_floor(now),
        "void": _void(actor),
    }
    if at["after"] < ids.ulid_floor(kept_since) or at["void"] != _void(actor) or _forgotten(actor, at):
        raise Gone("Discard your copy, read everything again, and continue without a cursor.", code=Code.CURSOR_EXPIRED)
    told: dict[tuple[str, str], Effect] = {}
    after = at["after"]
    for looked, noted in enumerate(in_order(actor.tenant, followed.places(actor, after, at["began"]), size=limit + 1)):
        begin = int(at["skip"]) if noted.local == at.get("row") else 0
        for number, change in enumerate(_changes(noted)[begin:], begin):
            key = (change.kind, change.id)
            if len(told) == limit and key not in told:
                return Told(told, _within(at, after, settled, {"row": noted.local, "skip": f"{number:03}"}), more=True)
            told.pop(key, None)
            told[key] = change.effect
        after = noted.local
        if looked == _LOOKED_AT:
            return Told(told, _within(at, after, settled, {}), more=True)
    return Told(told, {**_lasting(at), "after": at.get("floor", settled)}, more=False)


def _within(at: Mapping[str, str], after: str, settled: str, stopped: Mapping[str, str]) -> dict[str, str]:
    """The position within a run. Once the run reads what is not settled, the next one begins where that began."""
    floor = at.get("floor")
    if floor is None and max(after, stopped.get("row", "")) > settled:
        floor = settled
    return {**_lasting(at), "after": after, **stopped, **({"floor": floor} if floor else {})}


def _lasting(at: Mapping[str, str]) -> dict[str, str]:
    """What every position of one client has: when it took its first, and what would void it."""
    return {name: at[name] for name in ("began", "void")}


def _void(actor: Actor) -> str:
    """Since which restore, and since which end of a membership, a position holds: another one where anything of that changed."""
    return hashlib.sha256(f"{actor.departed}{restored.last()}".encode()).hexdigest()[:20]


def _forgotten(actor: Actor, at: Mapping[str, str]) -> bool:
    """Whether it is not known any more what a colleague shared at the position. Who began a minute later has nothing of then."""
    return any(
        at["after"] < ids.ulid_floor(known) and at["began"] < ids.ulid_floor(known + timedelta(seconds=SETTLING_S))
        for known in (colleague.switched_from for colleague in actor.colleagues)
        if known is not None
    )


def _changes(noted: Noted) -> list[Shown]:
    """What the caller is told by a row: of its own journal everything that it is shown, of a colleague's what that shows."""
    if isinstance(noted.record, ShownRecord):
        return noted.record.unsealed(ShownPayload).changes
    entries = noted.payload.entries
    return [Shown(kind=each.kind, id=each.id, effect=each.own) for each in entries if each.own is not None]
