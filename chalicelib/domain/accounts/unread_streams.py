"""Streams of a member's connections that cannot be read: kept with the member, because every reader asks how long what came of
them counts as shown."""

from collections.abc import Mapping

from chalicelib.core import clock, ids
from chalicelib.core.actor import Unread
from chalicelib.core.ids import OwnerCode, TenantId
from chalicelib.domain.accounts.model import MemberPayload, UnreadStream
from chalicelib.domain.accounts.records import MemberRow
from chalicelib.store import rows

_NONE: Mapping[str, Unread] = {}


def of(member: MemberPayload) -> Mapping[str, Unread]:
    """Return them as core.actor.Lives has them."""
    if not member.unread:
        return _NONE
    return {
        name: Unread(clock.rfc3339(each.since), clock.rfc3339(each.until) if each.until else "")
        for name, each in member.unread.items()
    }


def change(tenant: TenantId, owner: OwnerCode, changed: Mapping[str, Unread | None]) -> None:
    """Write these; None: there is nothing to say of it any more. Nothing is done where the member has gone. VersionConflict
    where others always change it."""

    def write(row: MemberRow) -> rows.Put | None:
        payload = row.unsealed(MemberPayload)
        left = {name: each for name, each in payload.unread.items() if name not in changed}
        added = {name: _kept(each) for name, each in changed.items() if each is not None}
        if payload.unread == {**left, **added}:
            return None
        row.reseal(payload.model_copy(update={"unread": {**left, **added}}))
        return rows.Put(visible=False)

    for row in rows.every(MemberRow, f"tenant#{tenant}", "member#"):
        if ids.owner_code(row.member) == owner:
            rows.update(row, write)


def _kept(unread: Unread) -> UnreadStream:
    until = clock.parse_rfc3339(unread.until) if unread.until else None
    return UnreadStream(since=clock.parse_rfc3339(unread.since), until=until)
