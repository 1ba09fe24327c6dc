"""Accounts for workers: whose records an owner code stands for, and whether anything may be done for it."""

from dataclasses import dataclass

from chalicelib.core import ids
from chalicelib.core.ids import MemberId, OwnerCode, TenantId
from chalicelib.domain.accounts.membership import Membership, actor_of
from chalicelib.domain.accounts.model import MemberPayload, TenantPayload, TenantState
from chalicelib.domain.accounts.records import MemberRow
from chalicelib.store import rows

_READABLE = (TenantState.ACTIVE, TenantState.LOCKED)


def member_ids(tenant: TenantId) -> list[MemberId]:
    """Return the ids of all members that the tenant has a row of."""
    return [row.member for row in rows.every(MemberRow, f"tenant#{tenant}", "member#")]


def owner_codes(tenant: TenantId) -> list[OwnerCode]:
    """Return the owner codes of all members that the tenant has a row of."""
    return [ids.owner_code(member) for member in member_ids(tenant)]


@dataclass(frozen=True)
class Addressed:
    """Where a member is written to, and in which language."""

    member: MemberId
    email: str
    language: str
    is_owner: bool


def addressed(tenant: TenantId) -> list[Addressed]:
    """Return every present member of a tenant with its address; none where there is no such tenant (any more)."""
    team = list(rows.every(MemberRow, f"tenant#{tenant}", ""))
    place = next((row.unsealed(TenantPayload) for row in team if row.sk == "tenant"), None)
    if place is None:
        return []
    present = [row for row in team if row.is_member and row.member not in place.leaving]
    found = [(row.member, row.unsealed(MemberPayload)) for row in present]
    return [Addressed(ident, own.email, own.settings.language, ident in place.owners) for ident, own in found]


def readable(tenant: TenantId, owner: OwnerCode) -> Membership | None:
    """Return the member with the owner code, while its workspace may be read: active or locked. None where the
    workspace is closing or purged, or the member has gone. The actor sees no colleagues'
    records; the team is all of them."""
    team = list(rows.every(MemberRow, f"tenant#{tenant}", ""))
    place = next((row for row in team if row.sk == "tenant"), None)
    own = next((row for row in team if row.is_member and ids.owner_code(row.member) == owner), None)
    if place is None or own is None:
        return None
    payload = place.unsealed(TenantPayload)
    if payload.state not in _READABLE or own.member in payload.leaving:
        return None
    members = tuple(row for row in team if row.is_member and row.member not in payload.leaving)
    return Membership(actor_of(tenant, payload, own), place, own, members)
