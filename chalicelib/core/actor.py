"""Who is acting: a verified identity, and the member it is in its tenant, as of this very request."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from chalicelib.core.errors import OwnerOnly
from chalicelib.core.ids import MemberId, OwnerCode, TenantId


@dataclass(frozen=True)
class Identity:
    """What the OIDC issuer proved. It says nothing about any tenant."""

    issuer: str
    subject: str
    email: str
    email_verified: bool
    auth_time: int  # seconds since 1970; 0 where the issuer does not say
    issued_at: int = 0  # of the token; likewise


@dataclass(frozen=True)
class Unread:
    """From when to when a stream of a connection could not be read (RFC 3339); `until` is empty as long as it cannot."""

    since: str
    until: str = ""


@dataclass(frozen=True)
class Lives:
    """How many days a member's contacts, and copies that their connection no longer shows, are kept. `unread`: by kind and source
    (`contact:salesforce:cxn_…`), a time that says nothing of whether the connection shows them."""

    contact_days: int = 1096
    copy_days: int = 30
    unread: Mapping[str, Unread] = field(default_factory=dict)


@dataclass(frozen=True)
class Switched:
    """A change of what a member shares. `was` is the view that colleagues had until `at` (of audit.model.VIEWS), empty for none;
    `told_at` when the feed of changes had told all of it, None before."""

    at: datetime
    was: str
    told_at: datetime | None = None


@dataclass(frozen=True)
class Colleague:
    """Another active member of the tenant, with what it shares as of this request, and how that changed in the life of the feed
    of changes, oldest first. `switched_from`: what it shared before is not known any more."""

    member_id: MemberId
    code: OwnerCode
    share_tags: bool
    share_contacts: bool
    lives: Lives = Lives()
    switched: tuple[Switched, ...] = ()
    switched_from: datetime | None = None
    share_relationships: bool = False


@dataclass(frozen=True)
class Actor:
    """The member that acts. `code` is its owner code; `colleagues` are all the others of its tenant; `leaving` are the owner
    codes of those who are on their way out. `audit_days` is how long the workspace keeps its audit log, as of this request;
    `departed` when somebody who had shared left last (RFC 3339). `share_relationships`: it shows whom it knows, and so is told
    whom others know."""

    tenant: TenantId
    member: MemberId
    role: str
    code: OwnerCode
    colleagues: tuple[Colleague, ...] = ()
    audit_days: int = 365
    lives: Lives = Lives()
    leaving: tuple[OwnerCode, ...] = ()
    departed: str = ""
    share_relationships: bool = False

    @property
    def is_owner(self) -> bool:
        return self.role == "owner"

    def needs_owner(self, detail: str = "") -> None:
        """Raise OwnerOnly, with this sentence, unless the caller is an owner."""
        if not self.is_owner:
            raise OwnerOnly(detail)
