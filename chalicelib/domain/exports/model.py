"""What an export is, what is in it, and what is not and why.

The zip is protected by the bucket's own KMS encryption only, for a browser must be able to open what its URL gives: the one
place where personal data stand outside our seals. Therefore nobody gets at it but through a URL of five minutes, it lives a
day, and an erasure of anybody whom the member held deletes it.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol

from chalicelib.core import clock
from chalicelib.core.ids import OwnerCode, TenantId
from chalicelib.core.models import Model

if TYPE_CHECKING:
    from chalicelib.core.actor import Actor
    from chalicelib.core.ids import OwnedId
    from chalicelib.domain.accounts.membership import Membership
    from chalicelib.store.records import TenantRecord

ID_PREFIX = "exp"
DUE_KIND = "export"
GIVEN_FOR = timedelta(hours=24)
URL_SECONDS = 300
RECORD_DAYS = 30


class ExportState(StrEnum):
    """QUEUED and RUNNING go on by themselves; DONE becomes EXPIRED after a day, or when somebody in it is erased."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    EXPIRED = "expired"


class ExportPayload(Model):
    """`starts` counts the attempts; `size` is the zip's, in bytes."""

    state: ExportState = ExportState.QUEUED
    starts: int = 0
    size: int | None = None
    expires_at: datetime | None = None
    created_at: datetime
    updated_at: datetime

    @property
    def unfinished(self) -> bool:
        return self.state in (ExportState.QUEUED, ExportState.RUNNING)

    @property
    def over(self) -> bool:
        """Whether its day has ended, also where nobody has deleted the file yet."""
        return self.expires_at is not None and self.expires_at <= clock.now()

    @property
    def seen_state(self) -> ExportState:
        """The state as clients see it."""
        return ExportState.EXPIRED if self.state is ExportState.DONE and self.over else self.state


class ExportingPayload(Model):
    """Which export is the member's unfinished one."""

    export: str


ACCOUNT_SHAPE = "MeOut"


class Shapes(Protocol):
    """How the API shows things; handed in, for the domain knows no answers."""

    def account(self, found: "Membership") -> dict[str, Any]:
        """Return the answer of GET /v1/me."""

    def answer(self, shape: str, found: "Membership") -> dict[str, Any]:
        """Return the answer of that name which the member is given, as the API answers it."""

    def item(self, shape: str, actor: "Actor", record: "TenantRecord") -> dict[str, Any] | None:
        """Return an item of the list of that name, as the API answers it for the actor's own record; None for one that the list
        does not show."""

    def schemas(self, names: Collection[str]) -> dict[str, Any]:
        """Return these schemas of the OpenAPI document and all that they refer to, by name."""


def object_key(tenant: TenantId, ident: "OwnedId") -> str:
    """Return the zip's key in its bucket. It consists of ids only."""
    return f"{tenant}/{ident}/export.zip"


def owners_prefix(tenant: TenantId, owner: OwnerCode) -> str:
    """Return the prefix that the keys of all zips of one member share. `owner` is the member's owner code."""
    return f"{tenant}/{ID_PREFIX}_{owner}"
