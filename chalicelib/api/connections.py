"""A member's links to providers: which there are and how they are, and their end. Nobody else sees any of it."""

from typing import TYPE_CHECKING, Annotated, Literal

from chalice import Blueprint
from pydantic import Field

from chalicelib.api import pagination
from chalicelib.api.http import Call, Reply, route
from chalicelib.api.jobs import JobStarted, job_out
from chalicelib.api.listed import listed
from chalicelib.connectors.port import Provider, Stream
from chalicelib.core.codes import SkipCode
from chalicelib.core.models import Input, Model, Time
from chalicelib.core.stream_codes import Absent, StreamReason
from chalicelib.domain.connections.model import ConnectionPayload, HealthState, StreamState

if TYPE_CHECKING:
    from chalicelib.domain.connections.model import StreamHealth
    from chalicelib.domain.connections.records import ConnectionRecord

bp = Blueprint(__name__)


class HiddenFieldOut(Model):
    """A field that the account does not show us, by the provider's name, and what that means."""

    field: str
    code: Annotated[str, listed(Absent)]
    meaning: str


class StreamOut(Model):
    """One stream of what is read, when it was last tried. ok: read, but for `hidden_fields`; unreadable: it cannot be read, and
    `reason` and `meaning` say why; not_ready: the provider is still preparing it, and is asked again."""

    stream: Stream
    state: StreamState
    reason: Annotated[str, listed(StreamReason)] | None = None
    meaning: str | None = None
    hidden_fields: list[HiddenFieldOut]
    last_complete_at: Time | None = None


class HeldOut(Model):
    """What is not deleted yet of one stream: of the records that it showed `before`, it suddenly shows only so many as `shown`.
    `would_delete`: the others that are here, of which what you annotated or what another source has stays in any case.
    A full pass from `again_at` on decides, or POST
    /v1/connections/{id}/confirm-deletions before that."""

    stream: Stream
    since: Time
    again_at: Time
    before: int
    shown: int
    would_delete: int


class HealthOut(Model):
    """What the last complete pass proves: `seen` records at the provider are `stored` and the sum of `skipped`, by reason.
    `state` is held where the provider suddenly shows less than half of what it showed: then `held` says what is not deleted yet.
    """

    state: HealthState
    last_complete_at: Time | None = None
    seen: int
    stored: int
    skipped: dict[Annotated[str, listed(SkipCode)], int]
    lag_s: int = Field(description="seconds since the last complete pass, or the last consent where that is later")
    stale: bool = Field(description="no complete pass for longer than the operator's limit, a day by default")
    incomplete: str | None = Field(default=None, description="why no pass was complete since; a stable word")
    streams: list[StreamOut] = Field(description="those that have been tried, in the order in which they are read")
    held: list[HeldOut] = Field(description="by stream; empty where nothing is held back")


class ConnectionOut(Model):
    """`account` is the provider's address of the account, or its id where it says none. `reason` is a stable word where the
    state is not active: needs_consent waits for POST /v1/providers/{provider}/authorize; failed is tried again by itself once
    a day for a week."""

    id: str
    provider: Provider
    state: Literal["active", "needs_consent", "failed"]
    tier: str
    health: HealthOut
    reason: str | None = None
    account: str | None = None
    created_at: Time
    updated_at: Time


class ConnectionsOut(Model):
    items: list[ConnectionOut]
    next_cursor: str | None


def connection_out(record: "ConnectionRecord") -> ConnectionOut:
    """Return the connection as its member sees it."""
    from chalicelib.domain.connections import repository  # noqa: PLC0415 - cold start

    payload = record.unsealed(ConnectionPayload)
    return ConnectionOut(
        id=repository.public_id(record),
        provider=payload.provider,
        state=payload.state.value,  # one that is ending is not shown
        tier=payload.tier,
        health=_health(payload),
        reason=payload.reason or None,
        account=payload.address or payload.account or None,
        created_at=payload.created_at,
        updated_at=payload.updated_at,
    )


def _health(payload: ConnectionPayload) -> HealthOut:
    from chalicelib.domain.connections import tiers  # noqa: PLC0415 - cold start

    health = payload.health
    return HealthOut(
        state=health.state,
        last_complete_at=health.last_complete_at,
        seen=health.seen,
        stored=health.stored,
        skipped=health.skipped,
        lag_s=max(int(tiers.lag(payload).total_seconds()), 0),
        stale=tiers.stale(payload),
        incomplete=health.incomplete or None,
        streams=[_stream(each) for each in health.streams],
        held=[HeldOut(again_at=each.again_at, **each.model_dump()) for each in health.held],
    )


def _stream(told: "StreamHealth") -> StreamOut:
    return StreamOut(
        stream=told.stream,
        state=told.state,
        reason=told.reason,
        meaning=told.reason.meaning if told.reason else None,
        hidden_fields=[
            HiddenFieldOut(field=each.field, code=each.code, meaning=each.code.meaning) for each in told.hidden_fields
        ],
        last_complete_at=told.last_complete_at,
    )


@route(bp, "GET", "/v1/connections", query=pagination.ListQuery, answer=ConnectionsOut)
def list_connections(call: Call) -> Reply:
    """List the caller's connections."""
    from chalicelib.domain.connections import repository  # noqa: PLC0415 - cold start

    after = pagination.position(call.actor, "connections", call.query.cursor).get("after")
    page = repository.page(call.actor, call.query.limit, after)
    items = [connection_out(record) for record in page.records if repository.shown(record)]
    behind = {"after": page.last} if page.last else None
    return Reply(ConnectionsOut(items=items, next_cursor=pagination.cursor(call.actor, "connections", behind)))


@route(bp, "GET", "/v1/connections/{id}", answer=ConnectionOut, tells=("ETag",))
def read_connection(call: Call) -> Reply:
    """Show a connection, with the evidence of its health."""
    from chalicelib.domain.connections import repository  # noqa: PLC0415 - cold start

    record = repository.get(call.actor, call.path["id"])
    return Reply(connection_out(record), etag=int(record.version))


class AnnotatedOut(Model):
    """How many contacts and companies, which no other source has, stay for what the member said of them: a note, a value typed
    in, a link, a tag. `complete`: false where there were too many to look at."""

    contacts: int
    companies: int
    complete: bool


class DisconnectQuery(Input):
    """`annotated`: whether what you annotated stays as your own, or goes with the rest."""

    annotated: Literal["keep", "remove"] = "keep"


class Disconnecting(JobStarted):
    """`annotated`: what is kept or removed, as was asked for."""

    annotated: AnnotatedOut


@route(bp, "GET", "/v1/connections/{id}/annotated", answer=AnnotatedOut)
def count_annotated(call: Call) -> Reply:
    """Count what you annotated of what only this connection brought: to be asked about before it is disconnected."""
    from chalicelib.domain.connections import repository  # noqa: PLC0415 - cold start

    return Reply(_annotated(call, repository.get(call.actor, call.path["id"])))


@route(
    bp,
    "DELETE",
    "/v1/connections/{id}",
    status=202,
    query=DisconnectQuery,
    answer=Disconnecting,
    while_locked=True,
)
def disconnect(call: Call) -> Reply:
    """Disconnect an account: hidden at once, then revoked at the provider; data that came only from it is deleted.

    What you annotated of it stays as your own, unless `annotated` is `remove`.
    """
    from chalicelib.domain.connections import disconnect, repository  # noqa: PLC0415 - cold start

    found = _annotated(call, repository.get(call.actor, call.path["id"]))
    keeps = call.query.annotated == "keep"
    job = disconnect.ask(call.actor, call.path["id"], call.if_match, keeps=keeps)
    return Reply(Disconnecting(job=job_out(job), annotated=found))


def _annotated(call: Call, record: "ConnectionRecord") -> AnnotatedOut:
    from chalicelib.domain.connections import annotated  # noqa: PLC0415 - cold start

    found = annotated.count(call.actor, record)
    return AnnotatedOut(contacts=found.contacts, companies=found.companies, complete=found.complete)
