"""Accepting an invitation: whoever has the link and the address that it was sent to becomes a member, once.

The steps, each harmless to repeat: claim the invitation for this identity -> the identity's row -> the member's row -> the
role -> the invitation goes. A kill anywhere leaves a claimed invitation, which the same person accepts again.
"""

import contextlib

from chalicelib.core import clock, ids
from chalicelib.core.actor import Identity
from chalicelib.core.codes import Code
from chalicelib.core.errors import Conflict, Forbidden, NotFound, VersionConflict
from chalicelib.core.ids import MemberId
from chalicelib.domain.accounts import account_index, addresses, invitations
from chalicelib.domain.accounts.invitations import Opened
from chalicelib.domain.accounts.membership import (
    Membership,
    already,
    identity_digest,
    insert_member,
    membership,
    place_of,
    take_identity,
    tenant_of,
)
from chalicelib.domain.accounts.model import (
    Claim,
    IdentityPayload,
    InvitationPayload,
    MemberPayload,
    MemberSettings,
    Role,
    TenantPayload,
)
from chalicelib.domain.accounts.records import IdentityRow, InvitationRow, MemberRow
from chalicelib.domain.accounts.team import keeping_an_owner, refuse_unless_active
from chalicelib.domain.audit import journal as audit
from chalicelib.domain.audit.model import Action
from chalicelib.store import rows


def accept(identity: Identity, token: str) -> Membership:
    """Make the identity a member by the link's invitation, and return the membership. NotFound for a link that is not,
    or no longer, good; Forbidden(other_address, workspace_closed, workspace_locked); Conflict(already_member)."""
    digest = identity_digest(identity.issuer, identity.subject)

    def claim() -> tuple[Opened, IdentityPayload]:
        opened = _opened(token, digest)
        _refuse_other_address(identity, opened)
        refuse_unless_active(tenant_of(opened.tenant))
        return opened, _claim(opened, digest)

    try:
        opened, place = rows.retry(claim)
    except VersionConflict as error:
        raise Conflict("Someone else is changing this invitation. Try again.") from error
    _join(opened, place, identity, digest)
    audit.team(place.tenant, Action.MEMBER_JOINED, by=place.member, about=place.member)
    return membership(identity)


def _opened(token: str, digest: str) -> Opened:
    try:
        opened = invitations.opened(token)
    except NotFound:
        opened = None
    if opened is not None and (opened.payload.claim is None or opened.payload.claim.identity == digest):
        return opened
    place = place_of(digest)
    if place and place.tenant == invitations.tenant_of(token):
        raise already()  # what a client is told that repeats an acceptance whose answer got lost
    raise invitations.unusable()


def _refuse_other_address(identity: Identity, opened: Opened) -> None:
    address = addresses.verified(identity)
    if address is None or address.exact != opened.payload.exact:
        raise Forbidden("Sign in with the address that the invitation was sent to.", code=Code.OTHER_ADDRESS)


def _claim(opened: Opened, digest: str) -> IdentityPayload:
    """The place that the identity takes: the same whenever it comes again. VersionConflict where others write."""
    payload, standing = opened.payload, place_of(digest)
    place = IdentityPayload(tenant=opened.tenant, member=payload.claim.member if payload.claim else ids.new_member())
    if standing is not None and standing != place:
        raise already()
    if payload.claim is None:
        payload.claim = Claim(identity=digest, member=place.member, at=clock.now())
        opened.row.reseal(payload)
        rows.put_if_unchanged(opened.row)
    return place


def _join(opened: Opened, place: IdentityPayload, identity: Identity, digest: str) -> None:
    payload = opened.payload
    try:
        take_identity(digest, place)
        _insert(place, identity.email, digest, MemberSettings(language=payload.language))
        _keep_only_true_member(place, digest)
    except Conflict:
        _release(opened)
        raise
    if payload.role is Role.OWNER:
        keeping_an_owner(place.tenant, lambda tenant: _add_owner(tenant, place.member))
    invitations.withdraw(place.tenant, invitations.public_id(opened.row), payload.exact)


def _insert(place: IdentityPayload, email: str, digest: str, settings: MemberSettings) -> None:
    try:
        insert_member(place.tenant, place.member, email, digest, settings)
    except VersionConflict:
        return  # a run before this one came that far


def _keep_only_true_member(place: IdentityPayload, digest: str) -> None:
    """The same person may have made a workspace just before its member's row stood: then that is where it belongs."""
    kept = rows.get(IdentityRow, f"identity#{digest}", "identity")
    if kept is None or kept.unsealed(IdentityPayload) != place:
        row = rows.get(MemberRow, f"tenant#{place.tenant}", f"member#{place.member}")
        if row is not None:
            rows.delete_if_unchanged(row)
            account_index.remove(place.tenant, place.member, row.unsealed(MemberPayload).email)
        raise already()


def _add_owner(tenant: TenantPayload, member: MemberId) -> None:
    if member not in tenant.owners:
        tenant.owners = [*tenant.owners, member]


def _release(opened: Opened) -> None:
    """Nobody is accepting any more; the link works again, from now on: whoever wanted to withdraw it meanwhile was refused."""
    mine = opened.payload.claim

    def change(row: InvitationRow) -> rows.Put | None:
        payload = row.unsealed(InvitationPayload)
        if payload.claim != mine:
            return None  # sent anew meanwhile
        row.reseal(payload.model_copy(update={"claim": None, "updated_at": clock.now()}))
        return rows.Put()

    with contextlib.suppress(VersionConflict):  # written over and over meanwhile: the answer is why it came to nothing
        rows.update(rows.Key(InvitationRow, opened.row.hash_value, opened.row.sk), change)
