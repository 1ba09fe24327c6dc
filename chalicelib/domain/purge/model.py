"""A purge: how far it is, and what it must still know once the workspace's own rows are gone."""

from datetime import datetime
from enum import StrEnum

from chalicelib.core.ids import OwnerCode
from chalicelib.core.models import Model

DUE_KIND = "purge"
LEAVING_KIND = "leaving"


class Step(StrEnum):
    """ANNOUNCED: the owners know the date. CLOSING: every write path refuses; waiting until none is under way. DELETING: the
    keys are shredded, then rows and objects go, in passes until one finds nothing. CERTIFIED: signed; only the mails are left."""

    ANNOUNCED = "announced"
    CLOSING = "closing"
    DELETING = "deleting"
    CERTIFIED = "certified"


class Owner(Model):
    """Whom the certificate is mailed to; forgotten with the purge's own key."""

    email: str
    language: str


class PurgePayload(Model):
    """`counts` is rows by kind and objects; `next_at` is when the next step may be taken; `revoked_to`: by kind the last grant
    that was tried to end, None where all were; `kinds`: the version of the list of kinds that the last pass went through;
    `found`: whether the pass whose time ended before its work did has deleted something."""

    step: Step
    reason: str
    owners: list[Owner] = []
    closing_at: datetime | None = None
    next_at: datetime | None = None
    counts: dict[str, int] = {}
    passes: int = 0
    found: bool = False
    shredded_at: datetime | None = None
    deleted_at: datetime | None = None
    revoked_to: dict[str, str | None] = {}
    revocation_unconfirmed: list[str] = []
    certificate_id: str = ""
    kinds: str = ""
    mails: dict[str, str] = {}


class LeavingPayload(Model):
    """One member's going. `jobs` are those of whoever asked for it, several where it was asked for again.
    `revocation_unconfirmed` are the kinds of grants of which one is not known to have ended; `revoked_to` and `found` as in a
    purge, in this pass. `invitation` is the id that one to the member's address has: one sent after `asked_at` is a new one."""

    owner_code: OwnerCode
    asked_at: datetime
    invitation: str = ""
    jobs: list[str] = []
    revoked_to: dict[str, str | None] = {}
    revocation_unconfirmed: list[str] = []
    passes: int = 0
    found: bool = False
    next_at: datetime | None = None


class LedgerPayload(Model):
    """What a ledger row says: ids, versions and times, nothing of a person."""

    facts: dict[str, str]
    ground: str
    closed_at: datetime
