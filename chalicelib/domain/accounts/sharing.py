"""What a member shows its team and when that changed: written with the switch itself, so that the feed of changes can tell
everybody what it was to them, and nobody has to read anew."""

from datetime import datetime, timedelta
from typing import Any

from chalicelib.core import clock, ids
from chalicelib.core.actor import Switched
from chalicelib.core.ids import OwnerCode, TenantId
from chalicelib.domain.accounts import choices, digests
from chalicelib.domain.accounts.model import MemberPayload, MemberSettings, Switch
from chalicelib.domain.accounts.records import MemberRow
from chalicelib.domain.audit.model import SHORTEST_LIFE_DAYS, view_of
from chalicelib.store import batch, due, rows
from chalicelib.store.due import Due, DueRecord

SHARING_DUE = "sharing"  # the kind of the due work that tells switches, by `tenant.shr_owner code`
_PREFIX = "shr"
_KEPT_AT_MOST = 30


def view(settings: MemberSettings) -> str:
    """Return the view that colleagues have by these settings."""
    return view_of(share_tags=settings.share_tags, share_contacts=settings.share_contacts)


def due_of(tenant: TenantId, owner: OwnerCode) -> Due:
    """Return the piece of work that tells this member's switches."""
    return Due(SHARING_DUE, f"{tenant}.{_PREFIX}_{owner}")


def owner_of(piece: Due) -> OwnerCode:
    """Return whose switches that piece of work tells."""
    return OwnerCode(piece.about.removeprefix(f"{_PREFIX}_"))


def asking(tenant: TenantId, owner: OwnerCode) -> list[DueRecord]:
    """Return the row to be written with a switch, so that it is told whatever is killed."""
    return [due.fresh(due_of(tenant, owner), clock.now())]


def noted(before: MemberPayload, after: MemberSettings, at: datetime) -> dict[str, Any]:
    """Return the update of the member that says how its team's view changes; empty where it does not.

    Where the oldest one of too many has not been told, nothing is known any more, and those who follow read anew.
    """
    if view(before.settings) == view(after):
        return {}
    at = max([at, *(each.at + timedelta(milliseconds=1) for each in before.switches[-1:])])  # clocks differ a little
    oldest, known_from = at - timedelta(days=SHORTEST_LIFE_DAYS), before.switches_from
    switches = [*before.switches, Switch(at=at, was=view(before.settings))]
    while len(switches) > _KEPT_AT_MOST or switches[0].at < oldest:
        gone = switches.pop(0)
        known_from = gone.at
        if gone.told_at is None:
            return {"switches": [], "switches_from": at, "telling": None}
    return {"switches": switches, "switches_from": known_from}


def holds(own: MemberRow, now: datetime) -> None:
    """Note that the last switch of the row, as it was written, holds for everybody since then: what the member brings from now on
    nobody has seen by a view before it, however late the switch is told. One call."""
    last = own.unsealed(MemberPayload).switches[-1:]

    def note(row: MemberRow) -> rows.Put | None:
        member = row.unsealed(MemberPayload)
        if not last or not any(each.until is None and each.at <= last[0].at for each in member.switches):
            return None
        switches = [
            each.model_copy(update={"until": each.until or now}) if each.at <= last[0].at else each
            for each in member.switches
        ]
        row.reseal(member.model_copy(update={"switches": switches}))
        return rows.Put(visible=False)

    rows.update(own, note)


def history(member: MemberPayload) -> tuple[Switched, ...]:
    """Return the switches as readers of the feed need them."""
    return tuple(Switched(each.at, each.was, each.told_at if each.settled else None) for each in member.switches)


def was_followed(member: MemberPayload) -> bool:
    """Return whether somebody who follows changes may have a copy of what the member brought."""
    oldest = clock.now() - timedelta(days=SHORTEST_LIFE_DAYS)
    return bool(view(member.settings)) or any(each.at >= oldest for each in member.switches)


def row_of(tenant: TenantId, owner: OwnerCode) -> MemberRow | None:
    """Return the row of the member with the owner code. None where it has gone."""
    team = rows.every(MemberRow, f"tenant#{tenant}", "member#")
    return next((row for row in team if ids.owner_code(row.member) == owner), None)


def forget_tenant(tenant: TenantId) -> int:
    """Forget what is due of the members of a workspace that ends; 0, for that is bookkeeping. Safe to repeat while their rows
    stand."""
    _forget(tenant, [ids.owner_code(row.member) for row in rows.every(MemberRow, f"tenant#{tenant}", "member#")])
    return 0


def forget_member(tenant: TenantId, owner: OwnerCode) -> None:
    """Forget what is due and noted of a member who goes. Safe to repeat."""
    _forget(tenant, [owner])
    choices.forget_member(tenant, owner)


def _forget(tenant: TenantId, owners: list[OwnerCode]) -> None:
    every = [piece(tenant, owner) for owner in owners for piece in (due_of, digests.due_of)]
    batch.delete_all(DueRecord, [(each.pk, due.SK) for each in every])
