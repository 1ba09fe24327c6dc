"""What changed since a cursor, for clients that keep copies: told at least once, never lost, and nothing that is not shown.

Rows of the journal are written by many at once, so one may appear up to SETTLING_S after the time in its name. What is
read of the last SETTLING_S is therefore read again: `floor` marks where the next run begins while one run, page by page,
goes on to the newest row.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from chalicelib.core import clock, ids
from chalicelib.core.actor import Actor, Colleague
from chalicelib.core.codes import Code
from chalicelib.core.errors import Gone
from chalicelib.core.ids import OwnerCode
from chalicelib.domain.audit import restored
from chalicelib.domain.audit.model import FEED_DAYS, VIEWS, Effect, Shown, ShownPayload
from chalicelib.domain.audit.records import ShownRecord
from chalicelib.domain.audit.timeline import Noted, Place, in_order
from chalicelib.store.declaration import Share

SETTLING_S = 60  # longer than any request lives (29 s); writers that may take longer tell twice
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
    Gone(cursor_expired) where the position is older than FEED_DAYS, and where since then tables were restored, or colleagues
    no longer share the same as before: a client must then drop all that it keeps. One call for the caller, and one for each
    colleague that shares, side by side: of a colleague nothing is read but what is shown. One more each minute: what is known
    of restores.
    """
    now = clock.now()
    sharing = {c.code: c for c in actor.colleagues if c.share_contacts or c.share_tags}
    kept_since = now - timedelta(days=FEED_DAYS)
    at = dict(position) or {"after": ids.ulid_floor(kept_since + _FIRST_RUN), "sharing": _digest(sharing)}
    if at["after"] < ids.ulid_floor(kept_since) or at["sharing"] != _digest(sharing):
        raise Gone("Discard your copy, read everything again, and continue without a cursor.", code=Code.CURSOR_EXPIRED)
    settled = ids.ulid_floor(now - timedelta(seconds=SETTLING_S))
    told: dict[tuple[str, str], Effect] = {}
    after = at["after"]
    places = [Place(actor.code), *(Place(code, _view(colleague)) for code, colleague in sorted(sharing.items()))]
    for looked, noted in enumerate(in_order(actor.tenant, places, after=after, size=limit + 1)):
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
    return Told(told, {"after": at.get("floor", settled), "sharing": at["sharing"]}, more=False)


def _within(at: Mapping[str, str], after: str, settled: str, stopped: Mapping[str, str]) -> dict[str, str]:
    """The position within a run. Once the run reads what is not settled, the next one begins where that began."""
    floor = at.get("floor")
    if floor is None and max(after, stopped.get("row", "")) > settled:
        floor = settled
    return {"after": after, "sharing": at["sharing"], **stopped, **({"floor": floor} if floor else {})}


def _view(colleague: Colleague) -> str:
    switches = {Share.TAGS: colleague.share_tags, Share.CONTACTS: colleague.share_contacts}
    return VIEWS[tuple(share for share, on in switches.items() if on)]


def _changes(noted: Noted) -> list[Shown]:
    """What the caller is told by a row: of its own journal everything that it is shown, of a colleague's what that shows."""
    if isinstance(noted.record, ShownRecord):
        return noted.record.unsealed(ShownPayload).changes
    entries = noted.payload.entries
    return [Shown(kind=each.kind, id=each.id, effect=each.own) for each in entries if each.own is not None]


def _digest(sharing: Mapping[OwnerCode, Colleague]) -> str:
    """Who shares what since which restore: another one where anything of that changed."""
    shares = ",".join(f"{code}{c.share_tags:d}{c.share_contacts:d}" for code, c in sorted(sharing.items()))
    return hashlib.sha256(f"{shares}{restored.last()}".encode()).hexdigest()[:20]
