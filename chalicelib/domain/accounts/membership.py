"""From an identity to the member it is: read consistently for every request, so that a removal or a switch holds at once."""

from dataclasses import dataclass

from chalicelib.core import clock, ids
from chalicelib.core.actor import Actor, Colleague, Identity
from chalicelib.core.errors import Conflict, Forbidden, NotFound, VersionConflict
from chalicelib.domain.accounts.model import (
    IdentityPayload,
    MemberPayload,
    MemberSettings,
    Role,
    SettingsPatch,
    TenantPayload,
    TenantState,
    TermsAccepted,
)
from chalicelib.domain.accounts.records import IdentityRow, MemberRow, TenantRow
from chalicelib.store import rows
from chalicelib.vault import tags
from chalicelib.vault.keys import ring

_MEMBERS_AT_ONCE = 1000  # a team larger than one page of the query is not sold
_known: dict[str, IdentityPayload] = {}  # where an identity's rows stand: a hint, checked against the rows each time
_opened: dict[tuple[str, bytes], MemberPayload] = {}  # a payload by its own ciphertext: the same bytes mean the same
_KEPT_AT_MOST = 5000


@dataclass(frozen=True)
class Membership:
    """The actor with its own and its tenant's row, for routes that show or change them."""

    actor: Actor
    tenant: MemberRow  # the tenant's row, as the one query over the team gives it
    own: MemberRow


def membership(identity: Identity, *, writing: bool = False) -> Membership:
    """The member that an identity is. One call when warm.

    Forbidden: no_membership where it is none (any more), workspace_closed while its workspace goes, workspace_locked where
    it wants to write in one whose subscription stopped.
    """
    digest = identity_digest(identity.issuer, identity.subject)
    hint = _known.get(digest)
    if hint is not None:
        found = _read(hint, writing)
        if found:
            return found
    row = rows.get(IdentityRow, f"identity#{digest}", "identity")
    place = row.unsealed(IdentityPayload) if row else None
    found = _read(place, writing) if place else None
    if not place or not found:
        _known.pop(digest, None)
        raise Forbidden("The account behind this token is a member of no workspace.", code="no_membership")
    if len(_known) >= _KEPT_AT_MOST:
        _known.clear()
    _known[digest] = place
    return found


def identity_digest(issuer: str, subject: str) -> str:
    """The keyed hash under which an identity's member is found."""
    return tags.platform_digest("identity", f"{issuer}\0{subject}")


def _read(place: IdentityPayload, writing: bool) -> Membership | None:
    team = rows.page(MemberRow, f"tenant#{place.tenant}", "", limit=_MEMBERS_AT_ONCE).records
    tenant = next((row for row in team if row.sk == "tenant"), None)
    own = next((row for row in team if row.sk == f"member#{place.member}"), None)
    if tenant is None or own is None:
        return None
    state = tenant.unsealed(TenantPayload).state
    if state in (TenantState.CLOSING, TenantState.PURGED):
        raise Forbidden("This workspace is closing.", code="workspace_closed")
    if writing and state is TenantState.LOCKED:
        raise Forbidden("The subscription stopped: only reading and exporting are left.", code="workspace_locked")
    others = tuple(_colleague(row) for row in team if row.sk.startswith("member#") and row is not own)
    role = _open(own).role
    actor = Actor(place.tenant, place.member, role, ids.owner_code(place.member), others)
    return Membership(actor, tenant, own)


def _open(row: MemberRow) -> MemberPayload:
    key = (row.sk, row.sealed.ciphertext if row.sealed else b"")
    kept = _opened.get(key)
    if kept is None:
        if len(_opened) >= _KEPT_AT_MOST:
            _opened.clear()
        kept = _opened[key] = row.unsealed(MemberPayload)
    return kept


def _colleague(row: MemberRow) -> Colleague:
    member_id = row.sk.removeprefix("member#")
    switches = _open(row).settings
    return Colleague(member_id, ids.owner_code(member_id), switches.share_tags, switches.share_contacts)


def create_workspace(identity: Identity, name: str, terms_version: str) -> Membership:
    """A new tenant with this identity as its owner. Conflict(already_member) where it has one."""
    digest = identity_digest(identity.issuer, identity.subject)
    if rows.get(IdentityRow, f"identity#{digest}", "identity"):
        raise Conflict("This account already belongs to a workspace.", code="already_member")
    now, tenant, member = clock.now(), ids.new("ten"), ids.new("mem")
    ring.create(tenant)
    accepted = TermsAccepted(version=terms_version, member=member, at=now)
    payload = TenantPayload(name=name, terms=[accepted], created_at=now, updated_at=now)
    rows.insert(TenantRow.build(f"tenant#{tenant}", "tenant", payload))
    try:
        _insert_member(tenant, member, identity.email, digest, Role.OWNER)
    except VersionConflict as error:
        # Somebody signed up twice at once: the other call won, and what this one made goes.
        _undo(tenant, member)
        raise Conflict("This account already belongs to a workspace.", code="already_member") from error
    return membership(identity)


def add_member(tenant: str, email: str, issuer: str, subject: str, role: str = Role.MEMBER) -> str:
    """Make an identity a member of a tenant; its member id. Conflict(already_member) where it belongs to one."""
    member = ids.new("mem")
    try:
        _insert_member(tenant, member, email, identity_digest(issuer, subject), Role(role))
    except VersionConflict as error:
        row = rows.get(MemberRow, f"tenant#{tenant}", f"member#{member}")
        if row:
            rows.remove(row)
        raise Conflict("This account already belongs to a workspace.", code="already_member") from error
    return member


def _insert_member(tenant: str, member: str, email: str, digest: str, role: Role) -> None:
    now = clock.now()
    payload = MemberPayload(email=email, role=role, identity=digest, created_at=now, updated_at=now)
    rows.insert(MemberRow.build(f"tenant#{tenant}", f"member#{member}", payload))
    place = IdentityPayload(tenant=tenant, member=member)
    rows.insert(IdentityRow.build(f"identity#{digest}", "identity", place))


def _undo(tenant: str, member: str) -> None:
    for record, sk in ((MemberRow, f"member#{member}"), (TenantRow, "tenant")):
        row = rows.get(record, f"tenant#{tenant}", sk)
        if row:
            rows.remove(row)
    ring.shred(tenant)


def change_settings(found: Membership, patch: SettingsPatch) -> Membership:
    """Set what the patch names; it holds from the next request on. VersionConflict where another change came between."""
    payload = found.own.unsealed(MemberPayload).model_copy(deep=True)
    changed = {**payload.settings.model_dump(), **patch.model_dump(exclude_unset=True)}
    # A switch cannot be null; only retention can be unset.
    payload.settings = MemberSettings(**{k: v for k, v in changed.items() if v is not None})
    payload.updated_at = clock.now()
    found.own.reseal(payload)
    rows.replace(found.own)
    return found


def set_tenant_state(tenant: str, to: TenantState, only_from: frozenset[TenantState]) -> bool:
    """Move the tenant to a state from one of those; whether it is there now. VersionConflict where others change it."""
    row = rows.get(TenantRow, f"tenant#{tenant}", "tenant")
    if row is None:
        return False
    payload = row.unsealed(TenantPayload).model_copy(deep=True)
    if payload.state is to:
        return True
    if payload.state not in only_from:
        return False
    payload.state, payload.updated_at = to, clock.now()
    row.reseal(payload)
    rows.replace(row)
    return True


def tenant_is_open(tenant: str) -> bool:
    """Whether jobs may still write for the tenant; read from its row, not from a cache."""
    row = rows.get(TenantRow, f"tenant#{tenant}", "tenant")
    return row is not None and row.unsealed(TenantPayload).state is TenantState.ACTIVE


def remove_member(tenant: str, member: str) -> None:
    """End a membership: refused from the next request on. NotFound where there is none."""
    row = rows.get(MemberRow, f"tenant#{tenant}", f"member#{member}")
    if row is None:
        raise NotFound
    digest = row.unsealed(MemberPayload).identity
    rows.remove(row)
    identity = rows.get(IdentityRow, f"identity#{digest}", "identity")
    if identity:
        rows.remove(identity)
