"""Tenants, members, and the switches that a member sets."""

from datetime import datetime
from enum import StrEnum
from typing import Literal

from pydantic import ConfigDict, Field

from chalicelib.core.models import Model

TERMS_VERSION = "2026-11"


class Role(StrEnum):
    OWNER = "owner"
    MEMBER = "member"


class TenantState(StrEnum):
    """ACTIVE: all work. LOCKED: reading only. CLOSING: every write path refuses. PURGED: nothing is left."""

    ACTIVE = "active"
    LOCKED = "locked"
    CLOSING = "closing"
    PURGED = "purged"


class MemberSettings(Model):
    """Everything private until the member says otherwise; read anew for every request."""

    share_tags: bool = False
    share_contacts: bool = False
    share_relationships: bool = False
    directory_listed: bool = False
    interpret_replies: bool = False
    retention_days: int | None = Field(default=None, ge=1, le=1096)
    language: Literal["en", "fr"] = "en"  # of our mails to the member


class SettingsPatch(Model):
    """Only what is sent changes."""

    model_config = ConfigDict(extra="forbid")

    share_tags: bool | None = None
    share_contacts: bool | None = None
    share_relationships: bool | None = None
    directory_listed: bool | None = None
    interpret_replies: bool | None = None
    retention_days: int | None = Field(default=None, ge=1, le=1096)
    language: Literal["en", "fr"] | None = None


class TermsAccepted(Model):
    version: str
    member: str
    at: datetime


class TenantPayload(Model):
    name: str
    state: TenantState = TenantState.ACTIVE
    terms: list[TermsAccepted] = []
    created_at: datetime
    updated_at: datetime


class MemberPayload(Model):
    email: str
    role: Role
    identity: str  # keyed digest of issuer and subject
    settings: MemberSettings = MemberSettings()
    created_at: datetime
    updated_at: datetime


class IdentityPayload(Model):
    tenant: str
    member: str
