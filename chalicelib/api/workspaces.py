"""What a workspace promises its people: terms, sub-processors, region, and how long each kind of record lives."""

from dataclasses import asdict
from typing import TYPE_CHECKING

from chalice import Blueprint

from chalicelib.api.http import Call, Reply, route
from chalicelib.core import settings
from chalicelib.core.codes import Code
from chalicelib.core.models import Model, Time
from chalicelib.domain.accounts.model import TenantPayload, WorkspacePatch, WorkspaceSettings

if TYPE_CHECKING:
    from chalicelib.domain.accounts.records import MemberRow

bp = Blueprint(__name__)


class Terms(Model):
    """Which version of the terms was accepted, when, and by which member."""

    version: str
    accepted_at: Time
    member: str


class ProcessorOut(Model):
    """Who processes data for us, for what, which data, and where."""

    name: str
    purpose: str
    data: str
    region: str


class LifeOut(Model):
    """How long a kind of record lives, in plain words and in days where it ends by the calendar, and what ends it."""

    kind: str
    life: str
    life_days: int | None
    ended_by: str


class KeptOut(Model):
    """What regulations make us keep when a workspace is purged."""

    what: str
    why: str
    until: str


class WorkspacePrivacyOut(Model):
    """`settings` are days; PATCH /v1/workspace/settings shortens them, and honours If-Match with this ETag."""

    id: str
    name: str
    created_at: Time
    updated_at: Time
    terms: list[Terms]
    region: str
    sub_processors: list[ProcessorOut]
    privacy_address: str
    settings: WorkspaceSettings
    lives: list[LifeOut]
    kept_after_purge: list[KeptOut]


@route(bp, "GET", "/v1/workspace/privacy", answer=WorkspacePrivacyOut, tells=("ETag",))
def read_workspace_privacy(call: Call) -> Reply:
    """Show terms, sub-processors, region, and the life of every kind of record."""
    return _page(call.membership.tenant)


@route(
    bp,
    "PATCH",
    "/v1/workspace/settings",
    body=WorkspacePatch,
    answer=WorkspacePrivacyOut,
    while_locked=True,
    refuses=(Code.OWNER_ONLY,),
    tells=("ETag",),
)
def change_workspace_settings(call: Call) -> Reply:
    """Shorten retention times, for owners; they apply from the next request on, and what has outlived them is deleted."""
    from chalicelib.domain.accounts import retention_settings  # noqa: PLC0415 - cold start
    from chalicelib.domain.audit import journal as audit  # noqa: PLC0415
    from chalicelib.domain.audit.model import Action  # noqa: PLC0415

    changed = retention_settings.change(call.membership.tenant, call.actor, call.body, call.if_match)
    audit.team(call.actor.tenant, Action.WORKSPACE_SETTINGS_CHANGED, by=call.actor.member)
    return _page(changed)


def _page(row: "MemberRow") -> Reply:
    return Reply(privacy_out(row), etag=int(row.version))


def privacy_out(row: "MemberRow") -> WorkspacePrivacyOut:
    """Return what the workspace whose row it is promises its people."""
    from chalicelib.domain import kinds  # noqa: PLC0415 - cold start
    from chalicelib.domain.accounts.processors import processors  # noqa: PLC0415 - cold start
    from chalicelib.domain.purge import ledger  # noqa: PLC0415
    from chalicelib.domain.retention.policy import table  # noqa: PLC0415 - cold start

    here, payload = settings.current(), row.unsealed(TenantPayload)
    return WorkspacePrivacyOut(
        id=row.pk.removeprefix("tenant#"),
        name=payload.name,
        created_at=payload.created_at,
        updated_at=payload.updated_at,
        terms=[Terms(version=each.version, accepted_at=each.at, member=each.member) for each in payload.terms],
        region=here.region,
        sub_processors=[
            ProcessorOut(name=each.name, purpose=each.purpose, data=each.data, region=each.region)
            for each in processors()
        ],
        privacy_address=here.privacy_address,
        settings=payload.settings,
        lives=[LifeOut(**asdict(life)) for life in table(kinds.RECORDS, payload.settings)],
        kept_after_purge=[KeptOut(**kept) for kept in ledger.rules()],
    )
