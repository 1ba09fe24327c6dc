"""From an identity to the member it is: read consistently for every request, so that a removal or a switch holds at once."""

from dataclasses import dataclass
from datetime import timedelta

from chalicelib.core import clock, ids, settings
from chalicelib.core.actor import Actor, Colleague, Identity
from chalicelib.core.codes import Code
from chalicelib.core.errors import Conflict, Forbidden, VersionConflict
from chalicelib.core.ids import MemberId, TenantId
from chalicelib.domain.accounts import account_index, retention_settings, sharing
from chalicelib.domain.accounts.model import (
    LIVES_DUE,
    IdentityPayload,
    MemberPayload,
    MemberSettings,
    Role,
    TenantPayload,
    TenantState,
    TermsAccepted,
    WorkspaceSettings,
)
from chalicelib.domain.accounts.records import IdentityRow, MemberRow, TenantRow
from chalicelib.store import rows
from chalicelib.store.due import Due, schedule
from chalicelib.vault import tags
from chalicelib.vault.keys import ring

_MEMBERS_AT_ONCE = 1000  # a team larger than one page of the query is not sold
_known: dict[str, IdentityPayload] = {}  # where an identity's rows stand: a hint, checked against the rows each time
_opened: dict[tuple[str, bytes], MemberPayload] = {}  # a payload by its own ciphertext: the same bytes mean the same
_KEPT_AT_MOST = 5000


@dataclass(frozen=True)
class Membership:
    """The actor with its own, its tenant's and its team's rows, for routes that show or change them."""

    actor: Actor
    tenant: MemberRow  # the tenant's row, as the one query over the team gives it
    own: MemberRow
    team: tuple[MemberRow, ...]  # of every member, the actor's own too, in the order in which they joined

    def role_of(self, member: MemberId) -> Role:
        """Return the role of one of the team."""
        return role_in(self.tenant.unsealed(TenantPayload), member)


def membership(identity: Identity, *, writing: bool = False) -> Membership:
    """Return the membership of an identity, whose address the member follows. One call when warm.

    Forbidden: no_membership where it has none (any more), workspace_closed while its workspace goes, workspace_locked
    where it wants to write in one whose subscription stopped.
    """
    digest = identity_digest(identity.issuer, identity.subject)
    hint = _known.get(digest)
    if hint is not None:
        found = _read(hint, writing)
        if found:
            return _following(found, identity)
    row = rows.get(IdentityRow, f"identity#{digest}", "identity")
    place = row.unsealed(IdentityPayload) if row else None
    found = _read(place, writing) if place else None
    if not place or not found:
        _known.pop(digest, None)
        raise Forbidden("This account is not a member of any workspace.", code=Code.NO_MEMBERSHIP)
    if len(_known) >= _KEPT_AT_MOST:
        _known.clear()
    _known[digest] = place
    return _following(found, identity)


def _following(found: Membership, identity: Identity) -> Membership:
    if identity.email_verified and identity.email != _open(found.own).email:
        from chalicelib.domain.accounts import addresses  # noqa: PLC0415 - a request in thousands

        addresses.follow(found.own, identity)
    return found


def identity_digest(issuer: str, subject: str) -> str:
    """Return the keyed hash under which an identity's member is found."""
    return tags.platform_digest("identity", f"{issuer}\0{subject}")


def _read(place: IdentityPayload, writing: bool) -> Membership | None:
    team = rows.page(MemberRow, f"tenant#{place.tenant}", "", limit=_MEMBERS_AT_ONCE).records
    tenant = next((row for row in team if row.sk == "tenant"), None)
    if tenant is None:
        return None
    payload = tenant.unsealed(TenantPayload)
    members = tuple(row for row in team if row.is_member and row.member not in payload.leaving)
    own = next((row for row in members if row.member == place.member), None)
    if own is None:
        return None
    if payload.state in (TenantState.CLOSING, TenantState.PURGED):
        raise Forbidden("This workspace is being closed.", code=Code.WORKSPACE_CLOSED)
    if writing and payload.state is TenantState.LOCKED:
        raise Forbidden(
            "This workspace is locked: you can read and export, but not change anything.", code=Code.WORKSPACE_LOCKED
        )
    others = tuple(_colleague(row, payload.settings) for row in members if row is not own)
    return Membership(actor_of(place.tenant, payload, own, others), tenant, own, members)


def actor_of(tenant: TenantId, payload: TenantPayload, own: MemberRow, others: tuple[Colleague, ...] = ()) -> Actor:
    """Return the member of the row as an actor, by its tenant's settings as just read."""
    return Actor(
        tenant,
        own.member,
        role_in(payload, own.member),
        ids.owner_code(own.member),
        others,
        audit_days=payload.settings.audit_days,
        lives=retention_settings.lives(payload.settings, _open(own)),
        leaving=tuple(map(ids.owner_code, payload.leaving)),
        departed=clock.rfc3339(payload.departed) if payload.departed else "",
        share_relationships=_open(own).settings.share_relationships,
    )


def in_team(found: Membership) -> Actor:
    """Return the member of a membership that a worker looked up as an actor that is shown what colleagues share."""
    payload = found.tenant.unsealed(TenantPayload)
    others = tuple(_colleague(row, payload.settings) for row in found.team if row.member != found.own.member)
    return actor_of(found.actor.tenant, payload, found.own, others)


def role_in(tenant: TenantPayload, member: MemberId) -> Role:
    """Return the role of a member of the tenant."""
    return Role.OWNER if member in tenant.owners else Role.MEMBER


def _open(row: MemberRow) -> MemberPayload:
    key = (row.sk, row.sealed.ciphertext if row.sealed else b"")
    kept = _opened.get(key)
    if kept is None:
        if len(_opened) >= _KEPT_AT_MOST:
            _opened.clear()
        kept = _opened[key] = row.unsealed(MemberPayload)
    return kept


def _colleague(row: MemberRow, workspace: WorkspaceSettings) -> Colleague:
    ident, payload = row.member, _open(row)
    switches, lives = payload.settings, retention_settings.lives(workspace, payload)
    return Colleague(
        ident,
        ids.owner_code(ident),
        switches.share_tags,
        switches.share_contacts,
        lives,
        sharing.history(payload) if payload.switches else (),
        payload.switches_from,
        switches.share_relationships,
    )


def create_workspace(identity: Identity, name: str, terms_version: str) -> Membership:
    """Create a tenant with this identity as its owner, and return the membership. Conflict(already_member) where it has
    one; Forbidden(email_unverified): mails about its end must reach somebody."""
    from chalicelib.domain.accounts import addresses  # noqa: PLC0415 - cold start

    digest = identity_digest(identity.issuer, identity.subject)
    if place_of(digest):
        raise already()
    if addresses.verified(identity) is None:
        raise Forbidden("Verify your address where you sign in, then sign in again.", code=Code.EMAIL_UNVERIFIED)
    now, tenant, member = clock.now(), ids.new_tenant(), ids.new_member()
    # Before the tenant is there, so that none is without its daily pass; a pass that finds no tenant ends itself.
    schedule(Due(LIVES_DUE, tenant), now + timedelta(seconds=settings.current().waits.lives))
    ring.create(tenant)
    accepted = TermsAccepted(version=terms_version, member=member, at=now)
    payload = TenantPayload(name=name, owners=[member], terms=[accepted], created_at=now, updated_at=now)
    rows.put_new(TenantRow.build(f"tenant#{tenant}", "tenant", payload))
    insert_member(tenant, member, identity.email, digest, MemberSettings())
    try:
        take_identity(digest, IdentityPayload(tenant=tenant, member=member))
    except Conflict:
        # Somebody signed up twice at once: the other call won, and what this one made goes.
        account_index.remove(tenant, member, identity.email)
        _undo(tenant, member)
        raise
    return membership(identity)


def already() -> Conflict:
    """Return the refusal of a second workspace, which says what to do."""
    return Conflict(
        "One person is in one workspace, and this account belongs to one already. Leave that one first "
        "(DELETE /v1/members/{your id}; if you are its only owner, make another member an owner, or cancel it), "
        "or sign in with another account.",
        code=Code.ALREADY_MEMBER,
    )


def place_of(digest: str) -> IdentityPayload | None:
    """Return where an identity is a member. None where it is nowhere, or a kill left it without its member."""
    row = rows.get(IdentityRow, f"identity#{digest}", "identity")
    place = row.unsealed(IdentityPayload) if row else None
    return place if place and rows.get(MemberRow, *_member_key(place)) else None


def take_identity(digest: str, place: IdentityPayload) -> None:
    """Make the identity that member's. Harmless where it is already. Conflict(already_member) where it is another's."""
    fresh = IdentityRow.build(f"identity#{digest}", "identity", place)
    kept = rows.get(IdentityRow, f"identity#{digest}", "identity")
    if kept is not None and kept.unsealed(IdentityPayload) == place:
        return
    try:
        if kept is None:
            rows.put_new(fresh)
        else:
            # A kill left it without its member; or that one is just joining, and may be there when this is written.
            left = kept.unsealed(IdentityPayload)
            kept.reseal(place)
            rows.put_if_unchanged(kept, [rows.MustBeAbsent(MemberRow, *_member_key(left))])
    except VersionConflict as error:
        raise already() from error


def _member_key(place: IdentityPayload) -> tuple[str, str]:
    return f"tenant#{place.tenant}", f"member#{place.member}"


def insert_member(tenant: TenantId, member: MemberId, email: str, digest: str, settings: MemberSettings) -> None:
    """Write the member's row. VersionConflict where it stands."""
    now = clock.now()
    payload = MemberPayload(email=email, identity=digest, settings=settings, created_at=now, updated_at=now)
    account_index.add(tenant, member, email)
    rows.put_new(MemberRow.build(f"tenant#{tenant}", f"member#{member}", payload))


def _undo(tenant: TenantId, member: MemberId) -> None:
    for record, sk in ((MemberRow, f"member#{member}"), (TenantRow, "tenant")):
        row = rows.get(record, f"tenant#{tenant}", sk)
        if row:
            rows.delete_if_unchanged(row)
    ring.shred(tenant)


def set_tenant_state(tenant: TenantId, to: TenantState, only_from: frozenset[TenantState]) -> bool:
    """Move the tenant to state `to` from one of `only_from`; return whether it is there now. VersionConflict where
    others always change it."""

    def change(row: TenantRow) -> rows.Put | None:
        payload = row.unsealed(TenantPayload)
        if payload.state not in only_from or payload.state is to:
            return None
        row.reseal(payload.model_copy(update={"state": to, "updated_at": clock.now()}))
        return rows.Put()

    row = rows.update(rows.Key(TenantRow, f"tenant#{tenant}", "tenant"), change)
    return row is not None and row.unsealed(TenantPayload).state is to


def tenant_of(tenant: TenantId) -> TenantPayload | None:
    """Return the tenant as its row says now; None where there is none (any more)."""
    row = rows.get(TenantRow, f"tenant#{tenant}", "tenant")
    return row.unsealed(TenantPayload) if row else None


def tenant_is_open(tenant: TenantId) -> bool:
    """Return whether jobs may still write for the tenant; read from its row, not from a cache."""
    payload = tenant_of(tenant)
    return payload is not None and payload.state is TenantState.ACTIVE
