"""Tenants, members, and the switches that a member sets."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from chalicelib.core.ids import MemberId, TenantId
from chalicelib.core.languages import MembersLanguage
from chalicelib.core.models import Input, Model, Omittable

TERMS_VERSIONS = ("2026-11",)  # every version that a client may still show, the present one last
TERMS_VERSION = TERMS_VERSIONS[-1]
LIVES_DUE = "lives"  # the kind of the daily due work that ends what has outlived its life, by the tenant's id
DIGEST_DUE = "digest"  # the kind of the weekly due work that mails a member its first prospects, by `tenant.owner code`
LONGEST_DAYS = 1096  # 36 months, the longest that a contact lives without a message from the person


class Role(StrEnum):
    OWNER = "owner"
    MEMBER = "member"


class TenantState(StrEnum):
    """ACTIVE: all work. LOCKED: reading only. CLOSING: every write path refuses. PURGED: nothing is left."""

    ACTIVE = "active"
    LOCKED = "locked"
    CLOSING = "closing"
    PURGED = "purged"


NAMED_IN_A_PAIR = (
    "Your team has two members. Whom your colleague is told of as someone in your team can only be you, and the other way "
    "round."
)
_RELATIONSHIPS = Field(
    default=False,
    description="Colleagues who switched it on, too, are told that someone in their team knows somebody at a company, with a "
    "band of how well; and so are you. In a team of two, someone in your team is a name.",
)


class MemberSettings(Model):
    """Everything private until the member says otherwise; read anew for every request. `language` is that of our mails.

    A switch is more private when it is off, whichever it is, and fewer days are: a replay after a restore relies on it. One that
    protects somebody while it is on (writing an opt-out back to where the person is mailed from, say) may not be added here
    before `choices.private_settings` and `choices.opens` know which side of it is the more protective: a replay would turn
    it off where a change was killed, and nobody would be told that its protection was lost.
    """

    share_tags: bool = False
    share_contacts: bool = False
    share_relationships: bool = _RELATIONSHIPS
    directory_listed: bool = False
    interpret_replies: bool = False
    weekly_digest: bool = False
    retention_days: int | None = Field(default=None, ge=1, le=1096)
    language: MembersLanguage = "en"


class SettingsPatch(Input):
    """Only what is sent changes. Null for `retention_days` goes back to what the workspace keeps."""

    share_tags: Omittable[bool] = None
    share_contacts: Omittable[bool] = None
    share_relationships: Omittable[bool] = None
    directory_listed: Omittable[bool] = None
    interpret_replies: Omittable[bool] = None
    weekly_digest: Omittable[bool] = None
    retention_days: Annotated[int, Field(ge=1, le=1096)] | None = None
    language: Omittable[MembersLanguage] = None


class WorkspaceSettings(Model):
    """Days of life, none longer than the platform's longest."""

    contact_life_days: int = Field(default=LONGEST_DAYS, ge=30, le=LONGEST_DAYS)
    connection_copy_days: int = Field(default=30, ge=1, le=30)
    audit_days: int = Field(default=365, ge=30, le=730)


class WorkspacePatch(Input):
    """Only what is sent changes; null goes back to what the platform has set."""

    contact_life_days: int | None = Field(default=None, ge=30, le=LONGEST_DAYS)
    connection_copy_days: int | None = Field(default=None, ge=1, le=30)
    audit_days: int | None = Field(default=None, ge=30, le=730)


class TermsAccepted(Model):
    version: str
    member: MemberId
    at: datetime


class TenantPayload(Model):
    """`owners` and `leaving` are ids of members: who is an owner, and who is none of the team any more, is decided here
    alone, since one conditional write of one row can keep an owner there whatever happens at the same time. `departed`: when
    somebody left last who had shared anything."""

    name: str
    state: TenantState = TenantState.ACTIVE
    owners: list[MemberId] = []
    leaving: list[MemberId] = []
    departed: datetime | None = None
    terms: list[TermsAccepted] = []
    settings: WorkspaceSettings = Field(default_factory=WorkspaceSettings)
    created_at: datetime
    updated_at: datetime


class UnreadStream(Model):
    """From when to when a stream of one of the member's connections could not be read; no `until`: it cannot."""

    since: datetime
    until: datetime | None = None


class Switch(Model):
    """A change of what the team sees of a member's things. `was` is the view until `at` (of audit.model.VIEWS), empty for none.
    `until`: after which certainly nobody saw by it any more. `told_at`: when the feed of changes had told it; `settled`: also
    of what was being written when it was told first."""

    at: datetime
    was: str
    until: datetime | None = None
    told_at: datetime | None = None
    settled: bool = False


class Telling(Model):
    """How far the feed has told the switches up to the one at `to`: of which part, and after which sort key it goes on."""

    to: datetime
    part: int = 0
    after: str = ""


class MemberPayload(Model):
    """Without a role: TenantPayload.owners says who is an owner. `address_at` is when the token was issued that `email` is from,
    as far as it is not the first; 0 for the first. `shown_at` is when something last changed that the team sees:
    not the settings, which are the member's own affair. `mails`: of those that a restore sent, what became of them.
    `digest`: the same of the last weekly one, by its week. `unread`: as in core.actor.Lives. `switches`: those of the feed's
    life, oldest first; before `switches_from` none is known."""

    email: str
    identity: str  # keyed digest of issuer and subject
    settings: MemberSettings = Field(default_factory=MemberSettings)
    created_at: datetime
    updated_at: datetime
    shown_at: datetime | None = None
    address_at: int = 0
    mails: dict[str, str] = {}
    digest: dict[str, str] = {}
    unread: dict[str, UnreadStream] = {}
    switches: list[Switch] = []
    switches_from: datetime | None = None
    telling: Telling | None = None

    @property
    def shown_updated_at(self) -> datetime:
        """Return what the team is told of when the member was changed."""
        return self.shown_at or self.created_at


class IdentityPayload(Model):
    tenant: TenantId
    member: MemberId


class MailState(StrEnum):
    """CLAIMED: about to be sent, or the outcome is unknown. SENT: taken for delivery."""

    CLAIMED = "claimed"
    SENT = "sent"


class Claim(Model):
    """Who is accepting an invitation: only that identity goes on with it, as that member."""

    identity: str
    member: MemberId
    at: datetime


class InvitationPayload(Model):
    """`exact` is the address as it is compared, `request` the keyed hash of the Idempotency-Key that its mail was sent for."""

    email: str
    exact: str
    role: Role
    language: MembersLanguage
    secret_hash: str
    mail: MailState = MailState.CLAIMED
    request: str = ""
    claim: Claim | None = None
    expires_at: datetime
    created_at: datetime
    updated_at: datetime
