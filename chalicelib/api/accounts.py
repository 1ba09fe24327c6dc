"""Workspaces and the member's own settings."""

from typing import TYPE_CHECKING, Annotated

from chalice import Blueprint
from pydantic import AfterValidator, Field, StringConstraints

from chalicelib.api.http import Call, Reply, route
from chalicelib.api.jobs import JobStarted, job_out
from chalicelib.core.codes import Code, FieldCode
from chalicelib.core.errors import Unprocessable
from chalicelib.core.models import Input, InvalidValue, Model, Time
from chalicelib.core.written import ONE_LINE
from chalicelib.domain.accounts.model import (
    NAMED_IN_A_PAIR,
    TERMS_VERSIONS,
    MemberPayload,
    MemberSettings,
    Role,
    SettingsPatch,
    TenantPayload,
    TenantState,
)

if TYPE_CHECKING:
    from chalicelib.domain.accounts.membership import Membership

bp = Blueprint(__name__)
_PAIR = 2


def _known(version: str) -> str:
    if version not in TERMS_VERSIONS:
        raise InvalidValue(
            FieldCode.NOT_A_CHOICE, "There is no such version of the terms. GET /config names the current one."
        )
    return version


class WorkspaceIn(Input):
    """`accept_terms` is the version of the terms that the caller was shown (GET /config names the current one)."""

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), ONE_LINE]
    accept_terms: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]{1,32}$"), AfterValidator(_known), ONE_LINE]


class AcceptIn(Input):
    """`token` is the code of the invitation's page, and the last part of its address."""

    token: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300), ONE_LINE]


class TenantOut(Model):
    id: str
    name: str
    state: TenantState


class MeOut(Model):
    id: str
    email: str
    role: Role
    tenant: TenantOut
    settings: MemberSettings
    hints: list[str] = Field(description="what the settings mean in this team, in sentences to be shown beside them")
    gmail_tier: str | None = Field(
        default=None,
        description="the highest of Google's tiers beyond contacts that an account's consent reaches; or null",
    )
    created_at: Time
    updated_at: Time


def me_out(found: "Membership") -> MeOut:
    """Return the member as it sees itself. One call."""
    from chalicelib.domain.connections import tiers  # noqa: PLC0415 - cold start

    member, tenant = found.own.unsealed(MemberPayload), found.tenant.unsealed(TenantPayload)
    return MeOut(
        id=found.actor.member,
        email=member.email,
        role=found.role_of(found.actor.member),
        tenant=TenantOut(id=found.actor.tenant, name=tenant.name, state=tenant.state),
        settings=member.settings,
        hints=[NAMED_IN_A_PAIR] if len(found.team) == _PAIR and member.settings.share_relationships else [],
        gmail_tier=tiers.gmail(found.actor),
        created_at=member.created_at,
        updated_at=member.updated_at,
    )


def _me(found: "Membership", status: int | None = None) -> Reply:
    return Reply(me_out(found), status=status, etag=int(found.own.version))


@route(
    bp,
    "POST",
    "/v1/workspaces",
    auth="identity",
    status=201,
    body=WorkspaceIn,
    answer=MeOut,
    refuses=(Code.ALREADY_MEMBER, Code.EMAIL_UNVERIFIED),
    tells=("ETag",),
)
def create_workspace(call: Call) -> Reply:
    """Create a workspace; the caller, whose address must be verified, becomes its owner. One person is in one workspace."""
    from chalicelib.domain.accounts import membership  # noqa: PLC0415 - cold start
    from chalicelib.domain.redaction.mentions import held  # noqa: PLC0415 - cold start

    if wrong := held("name", call.body.name):
        raise Unprocessable(wrong)
    return _me(membership.create_workspace(call.who, call.body.name, call.body.accept_terms))


@route(
    bp,
    "POST",
    "/v1/members/accept",
    auth="identity",
    status=201,
    body=AcceptIn,
    answer=MeOut,
    refuses=(
        Code.ALREADY_MEMBER,
        Code.OTHER_ADDRESS,
        Code.INVITATION_NOT_FOUND,
        Code.INVITATION_ACCEPTED,
        Code.TEAM_FULL,
        Code.WORKSPACE_CLOSED,
        Code.WORKSPACE_LOCKED,
    ),
    tells=("ETag",),
)
def accept_invitation(call: Call) -> Reply:
    """Accept an invitation; the caller, signed in with the address that was invited, becomes a member."""
    from chalicelib.domain.accounts import accept  # noqa: PLC0415 - cold start

    return _me(accept.accept(call.who, call.body.token))


@route(bp, "GET", "/v1/me", answer=MeOut, tells=("ETag",))
def read_me(call: Call) -> Reply:
    """Show the caller: member, tenant, role, settings."""
    return _me(call.membership)


@route(bp, "PATCH", "/v1/me/settings", body=SettingsPatch, answer=MeOut, while_locked=True, tells=("ETag",))
def change_settings(call: Call) -> Reply:
    """Change privacy settings; they apply from the next request on. Colleagues' GET /v1/changes tells of it within seconds."""
    from chalicelib.domain.accounts import own_settings  # noqa: PLC0415 - cold start

    return _me(own_settings.change(call.membership, call.body, call.if_match))


@route(bp, "DELETE", "/v1/me", status=202, answer=JobStarted, while_locked=True, refuses=(Code.LAST_OWNER,))
def leave(call: Call) -> Reply:
    """Leave the workspace: the caller is refused from the next request on, and what it brought in is deleted."""
    from chalicelib.domain.purge import offboarding  # noqa: PLC0415 - cold start

    return Reply(JobStarted(job=job_out(offboarding.leave(call.actor, call.actor.member))))
