"""Accounts for workers: whose records an owner code stands for, and whether anything may be done for it."""

from chalicelib.core import ids
from chalicelib.core.actor import Actor
from chalicelib.domain.accounts import retention
from chalicelib.domain.accounts.membership import Membership, member_id, role_in
from chalicelib.domain.accounts.model import MemberPayload, TenantPayload, TenantState
from chalicelib.domain.accounts.records import MemberRow
from chalicelib.store import rows

_READABLE = (TenantState.ACTIVE, TenantState.LOCKED)


def readable(tenant: str, owner: str) -> Membership | None:
    """The member with that owner code, while its workspace may be read: active or locked. None where it is closing or
    purged, or the member has gone. The actor sees no colleagues."""
    team = list(rows.every(MemberRow, f"tenant#{tenant}", ""))
    place = next((row for row in team if row.sk == "tenant"), None)
    own = next((row for row in team if row.sk.startswith("member#") and ids.owner_code(row.sk) == owner), None)
    if place is None or own is None:
        return None
    payload, member = place.unsealed(TenantPayload), member_id(own)
    if payload.state not in _READABLE or member in payload.leaving:
        return None
    actor = Actor(
        tenant,
        member,
        role_in(payload, member),
        owner,
        audit_days=payload.settings.audit_days,
        lives=retention.lives(payload.settings, own.unsealed(MemberPayload).settings),
    )
    return Membership(actor, place, own, (own,))
