"""Rows of the journal: made here, written by whoever makes the change, in the same transaction where there is one."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from chalicelib.core import clock, ids
from chalicelib.core.actor import Actor
from chalicelib.core.ids import MemberId, OwnerCode, TenantId
from chalicelib.domain.audit.model import (
    KIND,
    MOST_ENTRIES,
    NO_MEMBER,
    PREFIX,
    SHORTEST_LIFE_DAYS,
    SHOWN_KIND,
    SWITCHES,
    TEAM,
    VIEWS,
    Action,
    By,
    Cause,
    Effect,
    Entry,
    JournalPayload,
    Shown,
    ShownPayload,
)
from chalicelib.domain.audit.records import JournalRecord, ShownRecord
from chalicelib.store import rows
from chalicelib.store.declaration import Share
from chalicelib.store.records import TenantRecord


def journal(
    tenant: TenantId,
    owner: OwnerCode,
    cause: Cause,
    entries: Sequence[Entry] = (),
    *,
    member: MemberId = NO_MEMBER,
    about: Sequence[str] = (),
    at: tuple[datetime, str] | None = None,
) -> JournalRecord:
    """Return a journal row in the range of the owner code. The caller writes it within a minute (SETTLING_S).

    At most MOST_ENTRIES entries, else ValueError. `at`, a time and a ULID, makes the same row each time it is made;
    clients that follow changes miss it where that time is past.
    """
    if len(entries) > MOST_ENTRIES:
        raise ValueError(f"a row of the journal takes {MOST_ENTRIES} entries")
    moment = at[0] if at else clock.now()
    local = ids.ulid_at(*at) if at else ids.ulid()
    payload = JournalPayload(
        action=cause.action,
        at=clock.rfc3339(moment),
        by=cause.by,
        member=member,
        about=list(about),
        entries=list(entries),
    )
    ends = moment + timedelta(days=max(cause.days, SHORTEST_LIFE_DAYS))
    return JournalRecord.build(tenant, ids.sort_key(KIND, owner, local), payload, ends=ends)


def told(tenant: TenantId, owner: OwnerCode, cause: Cause, entries: Sequence[Entry]) -> list[TenantRecord]:
    """Return the row of the journal that tells of these, as `journal` does, and a row for each view of colleagues who are shown
    any of them. The caller writes all of them in one call, or the journal's first."""
    own = journal(tenant, owner, cause, entries)
    local = ids.owned_of(PREFIX, own.sk).local
    ends = clock.now() + timedelta(days=SHORTEST_LIFE_DAYS)
    made: list[TenantRecord] = [own]
    for shared, view in VIEWS.items():
        changes = [change for each in entries if (change := _shown(each, _in_view(each, shared)))]
        if changes:
            sk = ids.sort_key(SHOWN_KIND, owner, view, local)
            made.append(ShownRecord.build(tenant, sk, ShownPayload(changes=changes), ends=ends))
    return made


def of_switches(tenant: TenantId, owner: OwnerCode, local: str, changes: Sequence[Shown]) -> ShownRecord:
    """Return the row that tells colleagues what a switch of the owner changed for them, at most MOST_ENTRIES. `local` is a ULID
    from before what the changes follow from was read; the row is written within a minute."""
    ends = clock.now() + timedelta(days=SHORTEST_LIFE_DAYS)
    sk = ids.sort_key(SHOWN_KIND, owner, SWITCHES, local)
    return ShownRecord.build(tenant, sk, ShownPayload(changes=list(changes)), ends=ends)


def _shown(entry: Entry, effect: Effect | None) -> Shown | None:
    if effect is None:
        return None
    since = entry.since if effect is Effect.DELETE else ""
    return Shown(kind=entry.kind, id=entry.id, effect=effect, since=since)


def _in_view(entry: Entry, shared: Sequence[Share]) -> Effect | None:
    """The effect for colleagues with whom the owner shares these, and nothing else."""
    if not entry.shared_by or not set(entry.shared_by) <= set(shared):
        return None
    return entry.others if Share.TAGS in shared else entry.bare


def effect(before: object | None, after: object | None) -> Effect | None:
    """Return the effect for somebody who could see `before` and can see `after` now, None being nothing. None where
    both are the same."""
    if after is None:
        return Effect.DELETE if before is not None else None
    return Effect.UPSERT if before != after else None


def own(actor: Actor, action: Action, about: Sequence[str] = ()) -> None:
    """Note what a member did to its own things that are no contact or company. One call."""
    rows.put_new(journal(actor.tenant, actor.code, Cause(action, days=actor.audit_days), about=about))


def team(tenant: TenantId, action: Action, *, by: MemberId | None, about: str = "") -> None:
    """Note what concerns the workspace (membership, subscription, its settings), for its owners to read. One call.

    `by` is the acting member's id, None where nobody of the team did it (a payment service's message, a purge).
    `about` is the id it is about: a member's, an invitation's. KeyShredded where the workspace was purged.
    """
    cause = Cause(action, By.SYSTEM if by is None else By.MEMBER)
    rows.put_new(journal(tenant, TEAM, cause, member=by or NO_MEMBER, about=[about] if about else []))
