"""The team: who is in it, who is invited, and what an owner does about that."""

from typing import TYPE_CHECKING, Annotated, Literal

from chalice import Blueprint
from pydantic import StringConstraints

from chalicelib.api import pagination
from chalicelib.api.http import Call, Reply, route
from chalicelib.api.jobs import JobStarted, job_out
from chalicelib.core.codes import Code, FieldCode
from chalicelib.core.errors import FieldError, NotFound, Unprocessable
from chalicelib.core.ids import MemberId
from chalicelib.core.languages import MembersLanguage
from chalicelib.core.models import Input, Model, Omittable, Time
from chalicelib.core.written import IDENTIFIER
from chalicelib.domain.accounts.model import InvitationPayload, MailState, MemberPayload, Role

if TYPE_CHECKING:
    from chalicelib.domain.accounts.membership import Membership
    from chalicelib.domain.accounts.records import InvitationRow, MemberRow

bp = Blueprint(__name__)


class InvitationIn(Input):
    """Whom to invite; `language` of the mail, else the inviter's own."""

    email: Annotated[str, StringConstraints(min_length=1, max_length=320), IDENTIFIER]
    role: Role = Role.MEMBER
    language: Omittable[MembersLanguage] = None


class RoleIn(Input):
    role: Role


class MemberOut(Model):
    """A member (`active`), or an invitation that waits (`invited`), which owners alone see.

    `mail` and `expires_at` are an invitation's: unknown where the mail may not have been sent, so that inviting the same
    address again is right.
    """

    id: str
    email: str
    role: Role
    state: Literal["active", "invited"]
    mail: Literal["sent", "unknown"] | None = None
    expires_at: Time | None = None
    created_at: Time
    updated_at: Time


class MembersOut(Model):
    items: list[MemberOut]
    next_cursor: str | None


@route(bp, "GET", "/v1/members", query=pagination.ListQuery, answer=MembersOut)
def list_members(call: Call) -> Reply:
    """List the members of the workspace in the order they joined; for owners, also the pending invitations."""
    found: Membership = call.membership
    after = pagination.position(call.actor, "members", call.query.cursor).get("after", "")
    items = [_member(found, row) for row in found.team]
    if call.actor.is_owner:
        from chalicelib.domain.accounts import invitations  # noqa: PLC0415 - cold start

        items += [_invitation(row) for row in invitations.pending(call.actor.tenant)]
    left = [item for item in items if _place(item) > after]
    page = left[: call.query.limit]
    behind = {"after": _place(page[-1])} if len(left) > len(page) else None
    return Reply(MembersOut(items=page, next_cursor=pagination.cursor(call.actor, "members", behind)))


def members_out(found: "Membership") -> MembersOut:
    """Return the members of the workspace, all of them, without invitations."""
    return MembersOut(items=[_member(found, row) for row in found.team], next_cursor=None)


def _place(item: MemberOut) -> str:
    return f"{'0' if item.state == 'active' else '1'}{item.id}"


def _invited(call: Call, invitation: str) -> Reply:
    from chalicelib.domain.accounts import invitations  # noqa: PLC0415 - cold start

    call.actor.needs_owner()
    return _created(invitations.get(call.actor.tenant, invitation))


@route(
    bp,
    "POST",
    "/v1/members",
    status=201,
    body=InvitationIn,
    answer=MemberOut,
    replay=_invited,
    refuses=(
        Code.OWNER_ONLY,
        Code.ALREADY_MEMBER,
        Code.EMAIL_UNVERIFIED,
        Code.TOO_MANY_INVITATIONS,
        Code.TEAM_FULL,
        Code.ADDRESS_NOT_STORABLE,
    ),
    tells=("ETag", "Location"),
)
def invite_member(call: Call) -> Reply:
    """Invite someone by a mail with a one-time link; inviting again sends a new link and ends the old one. Owners only."""
    from chalicelib.core.identifiers import EmailAddress, InvalidIdentifier  # noqa: PLC0415 - cold start
    from chalicelib.domain.accounts import invite  # noqa: PLC0415
    from chalicelib.vault import tags  # noqa: PLC0415

    call.actor.needs_owner()
    try:
        address = EmailAddress.parse(call.body.email)
    except InvalidIdentifier as error:
        raise Unprocessable(
            [FieldError("email", FieldCode.NOT_AN_ADDRESS, "This is not an e-mail address.")]
        ) from error
    own = call.membership.own.unsealed(MemberPayload).settings
    key = f"{call.actor.member}\0{call.idempotency_key}" if call.idempotency_key else ""
    request = tags.platform_digest("invite-request", key) if key else ""
    asked = invite.Asked(address, call.body.role, call.body.language or own.language, request)
    return _created(invite.invite(call.membership, call.who, asked))


@route(bp, "GET", "/v1/members/{id}", answer=MemberOut, tells=("ETag",))
def read_member(call: Call) -> Reply:
    """Show a member, or for owners a pending invitation."""
    found: Membership = call.membership
    for row in found.team:
        item = _member(found, row)
        if item.id == call.path["id"]:
            return _member_reply(item, row)
    if not call.actor.is_owner:
        raise NotFound
    from chalicelib.domain.accounts import invitations  # noqa: PLC0415 - cold start

    invitation = invitations.get(call.actor.tenant, call.path["id"])
    return Reply(_invitation(invitation), etag=int(invitation.version))


@route(
    bp,
    "PATCH",
    "/v1/members/{id}",
    body=RoleIn,
    answer=MemberOut,
    refuses=(Code.OWNER_ONLY, Code.LAST_OWNER),
    tells=("ETag",),
)
def change_member(call: Call) -> Reply:
    """Make a member an owner, or an owner a member; the last owner stays one. Owners only; If-Match is honoured."""
    from chalicelib.domain.accounts import team  # noqa: PLC0415 - cold start

    row = team.change_role(call.membership, MemberId(call.path["id"]), call.body.role, call.if_match)
    return _member_reply(_shown(row, call.body.role), row)


@route(
    bp,
    "DELETE",
    "/v1/members/{id}",
    status=202,
    answer=JobStarted,
    refuses=(Code.OWNER_ONLY, Code.LAST_OWNER, Code.INVITATION_NOT_FOUND, Code.INVITATION_ACCEPTED),
    empty=(204,),
)
def remove_member(call: Call) -> Reply:
    """Remove a member, whose data is then deleted, or withdraw an invitation (204). Owners only; members may remove themselves.

    A removed member is refused from the next request on; a withdrawn invitation's link ends."""
    from chalicelib.domain.accounts import invitations  # noqa: PLC0415 - cold start
    from chalicelib.domain.audit import journal as audit  # noqa: PLC0415
    from chalicelib.domain.audit.model import Action  # noqa: PLC0415
    from chalicelib.domain.purge import offboarding  # noqa: PLC0415

    if call.path["id"].startswith("mem_"):
        return Reply(JobStarted(job=job_out(offboarding.leave(call.actor, MemberId(call.path["id"])))))
    call.actor.needs_owner()
    invitations.revoke(call.actor.tenant, call.path["id"])
    audit.team(call.actor.tenant, Action.INVITATION_WITHDRAWN, by=call.actor.member, about=call.path["id"])
    return Reply(status=204)


def _member_reply(item: MemberOut, row: "MemberRow") -> Reply:
    from chalicelib.domain.accounts import team  # noqa: PLC0415 - cold start

    return Reply(item, etag=team.shown_version(row.unsealed(MemberPayload), item.role))


def _member(found: "Membership", row: "MemberRow") -> MemberOut:
    return _shown(row, found.role_of(row.member))


def _shown(row: "MemberRow", role: Role) -> MemberOut:
    payload = row.unsealed(MemberPayload)
    return MemberOut(
        id=row.member,
        email=payload.email,
        role=role,
        state="active",
        created_at=payload.created_at,
        updated_at=payload.shown_updated_at,
    )


def _created(row: "InvitationRow") -> Reply:
    item = _invitation(row)
    return Reply(item, etag=int(row.version), headers={"Location": f"/v1/members/{item.id}"}, resource=item.id)


def _invitation(row: "InvitationRow") -> MemberOut:
    from chalicelib.domain.accounts import invitations  # noqa: PLC0415 - cold start

    payload = row.unsealed(InvitationPayload)
    return MemberOut(
        id=invitations.public_id(row),
        email=payload.email,
        role=payload.role,
        state="invited",
        mail="sent" if payload.mail is MailState.SENT else "unknown",
        expires_at=payload.expires_at,
        created_at=payload.created_at,
        updated_at=payload.updated_at,
    )
