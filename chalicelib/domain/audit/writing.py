"""Rows of the journal: made here, written by whoever makes the change, in the same transaction where there is one."""

from collections.abc import Sequence
from datetime import timedelta

from chalicelib.core import clock, ids
from chalicelib.domain.audit.model import (
    KIND,
    LIFE_DAYS,
    MOST_ENTRIES,
    SHORTEST_LIFE_DAYS,
    TEAM,
    Action,
    By,
    Entry,
    JournalPayload,
)
from chalicelib.domain.audit.records import JournalRecord
from chalicelib.store import rows


def journal(  # noqa: PLR0913 - all by keyword
    tenant: str,
    owner: str,
    action: Action,
    entries: Sequence[Entry] = (),
    *,
    by: By = By.MEMBER,
    member: str = "",
    about: Sequence[str] = (),
    local: str | None = None,
    days: int = LIFE_DAYS,
) -> JournalRecord:
    """The row, in the range of that owner code, kept for `days`; not written yet: that must happen within a minute.

    At most MOST_ENTRIES entries. `local` is the row's own name where it must be the same each time; then it tells clients
    nothing, for these read by the time in the name.
    """
    if len(entries) > MOST_ENTRIES:
        raise ValueError(f"a row of the journal takes {MOST_ENTRIES} entries")
    now = clock.now()
    payload = JournalPayload(
        action=action, at=clock.rfc3339(now), by=by, member=member, about=list(about), entries=list(entries)
    )
    ends = now + timedelta(days=max(days, SHORTEST_LIFE_DAYS))
    return JournalRecord.build(tenant, f"{KIND}#{owner}#{local or ids.ulid()}", payload, ends=ends)


def own(tenant: str, member: str, action: Action, about: Sequence[str] = (), *, days: int = LIFE_DAYS) -> None:
    """Note what a member did to its own things that are no contact or company. One call."""
    rows.insert(journal(tenant, ids.owner_code(member), action, about=about, days=days))


def team(tenant: str, action: Action, *, by: str | None, about: str = "") -> None:
    """Note what concerns the workspace (membership, subscription, its settings), for its owners to read. One call.

    `by` is the acting member's id, None where nobody of the team did it (a payment service's message, a purge).
    `about` is the id it is about: a member's, an invitation's. KeyShredded where the workspace was purged.
    """
    who = By.SYSTEM if by is None else By.MEMBER
    rows.insert(journal(tenant, TEAM, action, by=who, member=by or "", about=[about] if about else []))
