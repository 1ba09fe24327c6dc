"""The audit log: a member's own entries; for an owner those of the workspace too."""

from dataclasses import dataclass
from datetime import timedelta

from chalicelib.core import clock, ids
from chalicelib.core.actor import Actor
from chalicelib.core.ids import OwnerCode
from chalicelib.domain.audit.model import PREFIX, TEAM, Action, By, JournalPayload
from chalicelib.domain.audit.records import JournalRecord
from chalicelib.domain.audit.timeline import Noted, Place, in_order

_LOOKED_AT = 2000  # rows of one request; where more are passed over, its page is short and carries a cursor


@dataclass(frozen=True)
class Logged:
    """One entry. `by` is a member's id, or `system`."""

    id: str
    at: str
    action: Action
    by: str
    about: list[str]


def page(actor: Actor, *, limit: int, after: str | None) -> tuple[list[Logged], str | None]:
    """Return the entries before `after`, newest first, and where the next page begins.

    No entry is older than the workspace keeps its log, as of this request. None tells what the system did to a member's
    resources: it would tell that somebody was erased.
    """
    oldest = _oldest(actor)
    found: list[Logged] = []
    last = after
    merged = in_order(actor.tenant, map(Place, ranges(actor)), after=after, size=limit + 1, newest_first=True)
    for looked, noted in enumerate(merged):
        if noted.local < oldest:
            break
        if looked == _LOOKED_AT:
            return found, last
        if _listed(noted.owner, noted.payload):
            if len(found) == limit:
                return found, last
            found.append(_logged(actor, noted))
        last = noted.local
    return found, None


def shown(actor: Actor, record: JournalRecord) -> Logged | None:
    """Return the entry of one row of the actor's ranges; None where the log does not show it (any more)."""
    ident = ids.owned_of(PREFIX, record.sk)
    if ident.local < _oldest(actor) or not _listed(ident.owner, record.unsealed(JournalPayload)):
        return None
    return _logged(actor, Noted(ident.owner, ident.local, record))


def ranges(actor: Actor) -> list[OwnerCode]:
    """Return the owner codes under which stands what the actor's log shows: its own, and for an owner the workspace's."""
    return [actor.code, *([TEAM] if actor.is_owner else [])]


def _oldest(actor: Actor) -> str:
    """The ULID of the oldest entry that the workspace keeps."""
    return ids.ulid_floor(clock.now() - timedelta(days=actor.audit_days))


def _listed(owner: OwnerCode, payload: JournalPayload) -> bool:
    if payload.action in (Action.CONTACT_IMPORTED, Action.COMPANY_IMPORTED):
        return False
    return owner == TEAM or payload.by is By.MEMBER


def _logged(actor: Actor, noted: Noted) -> Logged:
    payload = noted.payload
    own = actor.member if noted.owner == actor.code else payload.member
    by = own if payload.by is By.MEMBER else str(By.SYSTEM)
    about = [*payload.about, *(entry.id for entry in payload.entries)]
    return Logged(f"{PREFIX}_{noted.owner}{noted.local}", payload.at, payload.action, by, about)
