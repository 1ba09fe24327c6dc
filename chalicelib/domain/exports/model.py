"""What an export is, what is in it, and what is not and why.

The zip is protected by the bucket's own KMS encryption only, for a browser must be able to open what its URL gives: the one
place where personal data stand outside our seals. Therefore nobody gets at it but through a URL of five minutes, it lives a
day, and an erasure of anybody whom the member held deletes it.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol

from chalicelib.core import clock
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


@dataclass(frozen=True)
class File:
    """One kind of record in the zip: `name`.json, a list as the API answers it; `columns` where there is a `name`.csv too."""

    name: str
    shape: str  # the list's name in the OpenAPI document
    columns: tuple[str, ...] = ()


_COMPANY = (
    "id",
    "name",
    "domain",
    "industry",
    "country",
    "size",
    "tag",
    "notes",
    "sources",
    "created_at",
    "updated_at",
)
_CONTACT = (
    "id",
    "first_name",
    "last_name",
    "title",
    "company_name",
    "company_id",
    "emails",
    "phones",
    "profile_urls",
    "notes",
    "opted_out",
    "sources",
    "created_at",
    "updated_at",
)
ACCOUNT_SHAPE = "MeOut"
# Every kind that a member has records of stands in one of the two; a test walks the registry.
EXPORTED: dict[str, File] = {
    "company": File("companies", "CompaniesOut", _COMPANY),
    "contact": File("contacts", "ContactsOut", _CONTACT),
    "mapping": File("import-mappings", "MappingsOut"),
    "job": File("jobs", "JobsOut"),
    "audit": File("audit", "LogOut"),
    "connection": File("connections", "ConnectionsOut"),
}
NOT_EXPORTED: dict[str, str] = {
    "credential": "keys to the member's accounts elsewhere, which nobody should have in a file",
    "copy": "which contact came from which record at a provider, by keyed hashes",
    "checkpoint": "where the sync is at a provider",
    "pass": "keyed hashes, until a pass is complete",
    "run": "times and counts, for a month",
    "exchange": "counts of messages with contacts, made from the member's own mailbox",
    "heard": "keyed hashes of message ids",
    "opt_out": "keyed hashes of addresses that want no mail",
    "subject": "keyed hashes that lead to records which are exported themselves",
    "once": "hashes of requests, kept for a day so that a repetition does nothing twice",
    "upload": "a format and a size, for a day: how a file was announced that is read or was never sent",
    "export": "tells of copies like this one; nothing of it is left after a month",
    "exporting": "an id: which export is being made",
}


class Shapes(Protocol):
    """How the API shows things; handed in, for the domain knows no answers."""

    def account(self, found: "Membership") -> dict[str, Any]:
        """What GET /v1/me answers."""

    def item(self, kind: str, actor: "Actor", record: "TenantRecord") -> dict[str, Any] | None:
        """What the API answers for the actor's own record; None for one that no list of the API shows."""

    def schemas(self, names: Collection[str]) -> dict[str, Any]:
        """These schemas of the OpenAPI document, and all that they refer to, by name."""


def object_key(tenant: str, ident: "OwnedId") -> str:
    """Where the zip stands in its bucket: ids only."""
    return f"{tenant}/{ident}/export.zip"


def owners_prefix(tenant: str, owner: str) -> str:
    """What the keys of all zips of one member begin with; `owner` is its owner code."""
    return f"{tenant}/{ID_PREFIX}_{owner}"
