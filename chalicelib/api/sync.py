"""Syncing a connection: at once, and what each run of it did."""

from typing import TYPE_CHECKING, Annotated

from chalice import Blueprint
from pydantic import Field

from chalicelib.api import pagination
from chalicelib.api.http import Call, Reply, route
from chalicelib.api.jobs import JobStarted, job_out
from chalicelib.api.listed import listed
from chalicelib.core.codes import Code, RunOutcome, SkipCode
from chalicelib.core.models import Model, Time

if TYPE_CHECKING:
    from chalicelib.domain.sync.runs import Noted

bp = Blueprint(__name__)


class RunOut(Model):
    """A run of the connection `connection_id`. `skipped` counts records by why they are not stored;
    `deleted` those that are gone there."""

    id: str
    connection_id: str
    began_at: Time
    ended_at: Time | None
    outcome: Annotated[str, listed(RunOutcome)]
    pages: int
    seen: int = Field(description="records that the provider showed")
    created: int
    updated: int
    unchanged: int
    deleted: int
    skipped: dict[Annotated[str, listed(SkipCode)], int]
    created_at: Time
    updated_at: Time


class RunsOut(Model):
    items: list[RunOut]
    next_cursor: str | None


@route(bp, "POST", "/v1/connections/{id}/sync", status=202, answer=JobStarted, refuses=(Code.NEEDS_CONSENT,))
def sync_now(call: Call) -> Reply:
    """Sync the connection now, and again if a sync is already running; 409 needs_consent if it must be connected again first."""
    from chalicelib.domain.sync import on_demand  # noqa: PLC0415 - cold start

    return Reply(JobStarted(job=job_out(on_demand.now(call.actor, call.path["id"]))))


@route(
    bp,
    "POST",
    "/v1/connections/{id}/confirm-deletions",
    status=202,
    answer=JobStarted,
    refuses=(Code.NOTHING_HELD, Code.NEEDS_CONSENT),
    if_match=True,
)
def confirm_deletions(call: Call) -> Reply:
    """Let go what the connection holds back (`health.held`): a full pass begins now, and deletes what its provider shows no more.

    This covers what `health.held` names now, by stream and `since`, and what else has gone there until that pass. Should it show
    less than half of `shown`, that is held back anew and needs another confirmation. If-Match, with the connection's ETag, covers
    what you have seen alone; without it, 412 once anything else was held before: a call that comes late could mean that. 409
    nothing_held where nothing is.
    """
    from chalicelib.domain.sync import on_demand  # noqa: PLC0415 - cold start

    return Reply(JobStarted(job=job_out(on_demand.confirm(call.actor, call.path["id"], call.if_match))))


@route(bp, "GET", "/v1/connections/{id}/runs", query=pagination.ListQuery, answer=RunsOut)
def list_runs(call: Call) -> Reply:
    """List what the connection's runs of the last 30 days did, newest first."""
    from chalicelib.domain.sync import runs  # noqa: PLC0415 - cold start

    name = f"runs/{call.path['id']}"
    after = pagination.position(call.actor, name, call.query.cursor).get("after")
    found, last = runs.page(call.actor, call.path["id"], limit=call.query.limit, after=after)
    items = [run_out(each) for each in found]
    behind = {"after": last} if last else None
    return Reply(RunsOut(items=items, next_cursor=pagination.cursor(call.actor, name, behind)))


def run_out(run: "Noted") -> RunOut:
    """Return the run as its member sees it."""
    told = run.payload
    outcome = told.outcome or str(RunOutcome.KILLED if run.killed else RunOutcome.RUNNING)
    return RunOut(
        id=f"run_{run.id}",
        connection_id=run.connection,
        **{**told.model_dump(), "outcome": outcome},
        created_at=told.began_at,
        updated_at=told.ended_at or told.began_at,
    )
