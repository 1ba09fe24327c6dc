"""A connection as it is sealed; its credentials; a consent under way."""

from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import Field

from chalicelib.connectors.port import Provider, Stream
from chalicelib.core.ids import MemberId, TenantId
from chalicelib.core.models import Model
from chalicelib.core.stream_codes import Absent, StreamReason

KIND = "connection"
PREFIX = "cxn"
SYNC_DUE = "sync"  # due work: `tenant.connection id`
DISCONNECT_DUE = "disconnect"  # due work: `tenant.connection id`
NOTICE_DUE = "connection_notice"  # due work: `tenant.connection id`
SECOND_LOOK = timedelta(hours=1)  # after which a source that shows as little as before is believed


class ConnectionState(StrEnum):
    """ACTIVE is read; NEEDS_CONSENT waits for its member; FAILED was refused, in words that are final or so long that they are
    believed (domain.sync.belief), and is tried once a day for a week; ENDING is on its way out and is shown to nobody."""

    ACTIVE = "active"
    NEEDS_CONSENT = "needs_consent"
    FAILED = "failed"
    ENDING = "ending"


STOPPED = frozenset({ConnectionState.NEEDS_CONSENT, ConnectionState.FAILED})


class HealthState(StrEnum):
    """HELD: the source suddenly shows less than half of what it showed, and what it shows no more is not deleted yet."""

    OK = "ok"
    HELD = "held"


class StreamState(StrEnum):
    """Whether a stream could be read when it was last tried. UNREADABLE: the grant does not reach it; NOT_READY: the provider is
    still preparing it."""

    OK = "ok"
    UNREADABLE = "unreadable"
    NOT_READY = "not_ready"


class HiddenField(Model):
    """A field that the account does not show, by the provider's name for it, and what that means."""

    field: str
    code: Absent


class StreamHealth(Model):
    """How one stream is; `last_complete_at` is when it was last read to its end. `reason`: why it is unreadable,
    `since`: from when on."""

    stream: Stream
    state: StreamState
    reason: StreamReason | None = None
    since: datetime | None = None
    hidden_fields: list[HiddenField] = Field(default_factory=list)
    last_complete_at: datetime | None = None


class Held(Model):
    """What a stream does not delete yet. Of the records that it showed `before` and are known here it still showed so many as
    `shown`; `would_delete` are those of the others that are stored."""

    stream: Stream
    since: datetime
    before: int
    shown: int
    would_delete: int = 0

    @property
    def again_at(self) -> datetime:
        """From when on a full pass that shows no more than this one decides."""
        return self.since + SECOND_LOOK


class Health(Model):
    """What the last complete pass proves: `seen` records at the provider = `stored` + the sum of `skipped`, by reason.

    `incomplete`: why no pass has been complete since, empty where that is not so; a stable word. `streams`: those that have been
    tried, in their order. `held`: what is not deleted yet, by stream.
    """

    last_complete_at: datetime | None = None
    last_full_at: datetime | None = None
    seen: int = 0
    stored: int = 0
    skipped: dict[str, int] = Field(default_factory=dict)
    incomplete: str = ""
    streams: list[StreamHealth] = Field(default_factory=list)
    held: list[Held] = Field(default_factory=list)

    @property
    def state(self) -> HealthState:
        """In a word."""
        return HealthState.HELD if self.held else HealthState.OK


class Revocation(StrEnum):
    """Whether the provider is known to have ended the grant. UNCONFIRMED: it refused, or did not answer, time after time."""

    OPEN = ""
    CONFIRMED = "confirmed"
    UNCONFIRMED = "unconfirmed"


class Ending(Model):
    """How far a disconnection is. `job` is the one that its member follows; `tries` are those to revoke. `alone`: no worker reads
    the connection any more; `late`: one may be that is slow, so what was removed is looked for again at `again_at`.
    `keeps`: what its member annotated stays."""

    job: str
    revocation: Revocation = Revocation.OPEN
    tries: int = 0
    alone: bool = False
    late: bool = False
    again_at: datetime | None = None
    keeps: bool = True


class ConnectionPayload(Model):
    """`account` and `address` are the provider's own id and address of the account; `login` is where it consented, empty for the
    provider's usual page. `mails` claims our mails by name, since `consented_at`, when the member last consented. `sync_job` is
    the job of the sync that its member asked for last, the last time at `sync_asked_at`. `deletions_confirmed`: by stream, since
    when is held what the member said may go; until a complete run holds nothing. `held_before`: when something was
    held last that is held no more, so that a confirmation which does not say what it saw may mean that; until a full pass a day
    later holds nothing. `unshown`: streams, and fields as
    `stream.field`, of which the member was told that the account does not show them. `mail_ended`: the member wants its mail read
    no more; what came of it has still to go."""

    provider: Provider
    tier: str
    state: ConnectionState = ConnectionState.ACTIVE
    reason: str = ""
    account: str = ""
    address: str = ""
    scopes: list[str] = Field(default_factory=list)
    base_url: str = ""
    login: str = ""
    health: Health = Field(default_factory=Health)
    failures: int = 0  # in a row, for the backoff
    # Without a good answer since: a refresh, in words that we don't know; everything that is to be read.
    refused_since: datetime | None = None
    forbidden_since: datetime | None = None
    failed_at: datetime | None = None  # without a complete pass since
    watched_until: datetime | None = None
    mail_ended: bool = False
    mails: dict[str, str] = Field(default_factory=dict)
    unshown: list[str] = Field(default_factory=list)
    ending: Ending | None = None
    sync_job: str = ""
    sync_asked_at: datetime | None = None
    deletions_confirmed: dict[Stream, datetime] = Field(default_factory=dict)
    held_before: datetime | None = None
    consented_at: datetime | None = None
    created_at: datetime
    updated_at: datetime

    def shown(self) -> dict[str, object]:
        """Return what its member is shown of the connection, or the fields it is made from, without the time of its
        last change."""
        names = ("provider", "tier", "state", "reason", "account", "address", "scopes", "health", "consented_at")
        return {name: getattr(self, name) for name in names}


class CredentialPayload(Model):
    """The tokens."""

    access_token: str = Field(default="", repr=False)
    refresh_token: str = Field(default="", repr=False)
    expires_at: datetime | None = None
    scopes: list[str] = Field(default_factory=list)


class ConsentPayload(Model):
    """A consent that was begun: whose, for what, where (as in a connection), with the verifier of its challenge (RFC 7636)."""

    tenant: TenantId
    member: MemberId
    provider: Provider
    tier: str
    login: str = ""
    verifier: str = Field(repr=False)
    return_to: str
    created_at: datetime


def source_of(provider: Provider, connection_id: str) -> str:
    """Return the source that values of this connection carry (see sources.provenance)."""
    return f"{provider}:{connection_id}"
