"""Changes of a team: who is an owner, who is a member no more. An owner is always kept."""

from collections.abc import Callable

from chalicelib.core import clock, ids, log
from chalicelib.core.codes import Code
from chalicelib.core.errors import Conflict, Forbidden, NotFound, OwnerOnly, VersionConflict
from chalicelib.core.ids import MemberId, TenantId
from chalicelib.core.versions import Versions, require, version_of
from chalicelib.domain.accounts import account_index, choices, invitations, sharing
from chalicelib.domain.accounts.membership import Membership, role_in, tenant_of
from chalicelib.domain.accounts.model import IdentityPayload, MemberPayload, Role, TenantPayload, TenantState
from chalicelib.domain.accounts.records import IdentityRow, MemberRow, TenantRow
from chalicelib.domain.audit import journal as audit
from chalicelib.domain.audit.model import Action
from chalicelib.domain.certificates import replay_log
from chalicelib.store import batch, rows


def forget_identities(tenant: TenantId) -> int:
    """Delete the rows that lead from an identity to a member of a tenant that ends. Return 0: the members' own rows are
    counted. Safe to repeat while these rows stand."""
    members = rows.every(MemberRow, f"tenant#{tenant}", "member#")
    found = [(f"identity#{row.unsealed(MemberPayload).identity}", "identity") for row in members]
    batch.delete_all(IdentityRow, found)
    return 0


def refuse_unless_active(tenant: TenantPayload | None) -> None:
    """Raise Forbidden(workspace_closed or workspace_locked) where the workspace takes no change."""
    if tenant is None or tenant.state in (TenantState.CLOSING, TenantState.PURGED):
        raise Forbidden("This workspace is being closed.", code=Code.WORKSPACE_CLOSED)
    if tenant.state is TenantState.LOCKED:
        raise Forbidden(
            "This workspace is locked: you can read and export, but not change anything.", code=Code.WORKSPACE_LOCKED
        )


def keeping_an_owner(tenant: TenantId, change: Callable[[TenantPayload], None], *, if_any: bool = False) -> None:
    """Let `change` alter `owners` and `leaving` in place, and write that over the tenant's row as it was read; nothing is
    written where nothing differs. Conflict(last_owner) where no owner would be left, unless `if_any`; Unavailable while it
    cannot be noted.

    Promotions, demotions, leaving and removals all pass here, so of two at the same time one sees what the other did:
    `change` is then called again, and reads what else it needs each time.
    """

    earlier: list[str] = []

    def write(row: TenantRow) -> rows.Put | None:
        earlier.clear()
        before = row.unsealed(TenantPayload)
        after = before.model_copy(deep=True)
        change(after)
        if after == before:
            return None
        if not set(after.owners) - set(after.leaving):
            if not if_any:
                raise _last_owner()
            log.event("workspace_without_owner", tenant=tenant)
        after.updated_at = clock.now()
        earlier[:] = choices.note_workspace(tenant, before, after)
        row.reseal(after)
        return rows.Put()

    try:
        standing_row = rows.update(rows.Key(TenantRow, f"tenant#{tenant}", "tenant"), write)
    except VersionConflict as error:
        raise Conflict("Someone else is changing this team. Try again.") from error
    replay_log.forget(earlier)
    if standing_row is None:
        raise NotFound


def _last_owner() -> Conflict:
    return Conflict("A workspace needs an owner. Make another member an owner first.", code=Code.LAST_OWNER)


def change_role(found: Membership, member: MemberId, role: Role, if_match: Versions | None = None) -> MemberRow:
    """Make a member of the actor's team an owner or take that away; it holds from the next request on. The member's row.

    NotFound, PreconditionFailed where `if_match` names other versions (see shown_version) of the member, Conflict(last_owner).
    """
    found.actor.needs_owner()
    tenant = found.actor.tenant

    def change(payload: TenantPayload) -> None:
        if found.actor.member not in payload.owners:
            raise OwnerOnly  # demoted since the request began
        # Read after the tenant's row and before it is written: a removal in between changes that row first.
        row = standing(tenant, member, payload)
        standing_role = role_in(payload, member)
        require(if_match, shown_version(row.unsealed(MemberPayload), standing_role))
        others = [owner for owner in payload.owners if owner != member]
        if role is not standing_role:
            payload.owners = [*others, member] if role is Role.OWNER else others

    before = found.role_of(member)
    keeping_an_owner(tenant, change)
    row = _member(tenant, member)
    if before is not role:
        audit.team(tenant, Action.ROLE_CHANGED, by=found.actor.member, about=member)
        row = rows.update(row, _touched) or row
    return row


def shown_version(payload: MemberPayload, role: Role) -> int:
    """Return the version of a member as the team sees it."""
    return version_of(payload.email, role, clock.rfc3339(payload.shown_updated_at))


def _touched(row: MemberRow) -> rows.Put:
    at = clock.now()
    row.reseal(row.unsealed(MemberPayload).model_copy(update={"updated_at": at, "shown_at": at}))
    return rows.Put()


def _member(tenant: TenantId, member: MemberId) -> MemberRow:
    row = rows.get(MemberRow, f"tenant#{tenant}", f"member#{member}") if ids.is_id(member, "mem") else None
    if row is None:
        raise NotFound
    return row


def standing(tenant: TenantId, member: MemberId, payload: TenantPayload) -> MemberRow:
    """Return the row of a member who is one by the tenant's row as just read. NotFound otherwise."""
    if member in payload.leaving:
        raise NotFound
    return _member(tenant, member)


def may_end(tenant: TenantId, member: MemberId) -> None:
    """Raise NotFound where there is no such member, Conflict(last_owner) where nobody would be left who can pay, invite
    and close. `end` looks again."""
    payload = tenant_of(tenant)
    if payload is None:
        raise NotFound
    standing(tenant, member, payload)
    if set(payload.owners) - set(payload.leaving) == {member}:
        raise _last_owner()


def address_of(tenant: TenantId, member: MemberId) -> str:
    """Return the address of a member. NotFound where the tenant has no row of it."""
    return _member(tenant, member).unsealed(MemberPayload).email


def is_standing(tenant: TenantId, member: MemberId) -> bool:
    """Return whether the membership has not ended."""
    payload = tenant_of(tenant)
    try:
        return payload is not None and bool(standing(tenant, member, payload))
    except NotFound:
        return False


def end(tenant: TenantId, member: MemberId, *, again: bool = False) -> None:
    """End a membership: from this one write on the member is refused, and shares nothing any more; its rows still stand.
    Harmless to repeat. NotFound where there is none, Conflict(last_owner) unless it had ended before a restore."""

    def change(payload: TenantPayload) -> None:
        if member in payload.leaving:
            return
        row = standing(tenant, member, payload)
        if sharing.was_followed(row.unsealed(MemberPayload)):
            payload.departed = clock.now()
        payload.leaving = [*payload.leaving, member]
        payload.owners = [owner for owner in payload.owners if owner != member]

    keeping_an_owner(tenant, change, if_any=again)


def remove_member(tenant: TenantId, member: MemberId, *, again: bool = False) -> None:
    """End a membership and delete its rows; after a kill, do it again. `again` and errors as in `end`."""
    end(tenant, member, again=again)
    row = rows.get(MemberRow, f"tenant#{tenant}", f"member#{member}")
    if row is not None:
        payload = row.unsealed(MemberPayload)
        # An invitation that was accepted, but killed before it went, would let the member in again.
        invitations.withdraw_address(tenant, payload.email)
        identity = rows.get(IdentityRow, f"identity#{payload.identity}", "identity")
        if identity and identity.unsealed(IdentityPayload) == IdentityPayload(tenant=tenant, member=member):
            rows.delete_if_unchanged(identity)
        account_index.remove(tenant, member, payload.email)
        rows.delete_if_unchanged(row)

    def forget(payload: TenantPayload) -> None:
        payload.leaving = [other for other in payload.leaving if other != member]

    keeping_an_owner(tenant, forget, if_any=again)
