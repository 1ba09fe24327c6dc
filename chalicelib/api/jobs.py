"""Jobs: how far long work is, and what came of it."""

from typing import TYPE_CHECKING, Annotated

from chalice import Blueprint

from chalicelib.api import pagination
from chalicelib.api.http import Call, Reply, route
from chalicelib.api.listed import listed
from chalicelib.core.codes import CellCode, JobFailure, RowCode, RunOutcome
from chalicelib.core.models import Model, Time
from chalicelib.domain.sources.provenance import is_hidden
from chalicelib.domain.work.model import FileRead, JobPayload, JobState, JobType, Tally

if TYPE_CHECKING:
    from chalicelib.domain.work.records import JobRecord

bp = Blueprint(__name__)
_REJECTIONS_IN_A_LIST = 100  # a page of jobs must fit into 6 MB; the job itself shows all


class Progress(Model):
    """In rows of the file."""

    done: int
    total: int


class Rejection(Model):
    """`row` counts as the file does, the first below the column names is 1."""

    row: int
    code: Annotated[str, listed(RowCode)]


class DroppedCell(Model):
    """A value that was not taken while its row was: `column` as the file names it, of a vCard the property; our own field where
    the contact had no room."""

    row: int
    column: str
    code: Annotated[str, listed(CellCode)]


class Column(Model):
    """`used_as`: the field that the column gives, of a vCard the property; null where it is not read. A column without a name has
    the name "". Names are cut after 100 characters, of a file with more than 100 columns after 20."""

    name: str
    used_as: str | None


class ReadFile(Model):
    """How a file was read: `format` and `charset` as they were told by its content, and whether what it alone says is for the
    member alone (`owner_only`: the file of a CRM, or of what may be one). `passed_over` names the files of an archive that were
    not read, at most 100 of `passed_over_total`."""

    format: str
    charset: str
    owner_only: bool
    passed_over: list[str]
    passed_over_total: int


class JobResult(Model):
    """Each row counts once; `rejected_total` counts also those that `rejected` has no room for, `dropped_total` likewise.
    `revocation_unconfirmed`: a provider did not say that it has ended our access; end it there too."""

    created: int
    updated: int
    unchanged: int
    merged: int
    rejected: list[Rejection]
    rejected_total: int
    dropped: list[DroppedCell]
    dropped_total: int
    columns: list[Column]
    file: ReadFile | None
    revocation_unconfirmed: bool


class JobOut(Model):
    """`failure` says why, where the state is failed; of a sync that is how its run ended: it is tried again by itself where that
    is said there. `dry_run`: the result tells what an import would have done; nothing else was stored."""

    id: str
    type: JobType
    state: JobState
    dry_run: bool
    progress: Progress
    result: JobResult
    failure: Annotated[str, listed(JobFailure, RunOutcome)] | None = None
    created_at: Time
    updated_at: Time


class JobsOut(Model):
    items: list[JobOut]
    next_cursor: str | None


class JobStarted(Model):
    job: JobOut


def job_out(record: "JobRecord", rejections: int | None = None) -> JobOut:
    """Return the job as clients see it, with at most `rejections` rejections."""
    from chalicelib.domain.work import jobs  # noqa: PLC0415 - cold start

    payload = record.unsealed(JobPayload)
    result = result_out(payload.tally, payload.file, rejections)
    result.revocation_unconfirmed = payload.revocation_unconfirmed
    return JobOut(
        id=jobs.public_id(record),
        type=payload.type,
        state=payload.state,
        dry_run=payload.dry_run,
        progress=Progress(done=payload.tally.rows, total=payload.total),
        result=result,
        failure=payload.failure or None,
        created_at=payload.created_at,
        updated_at=payload.updated_at,
    )


def result_out(tally: Tally, file: FileRead | None, rejections: int | None = None) -> JobResult:
    """Return what came of rows as clients see it, with at most `rejections` rejections and as many dropped cells."""
    named = sorted((row, code) for code, found in tally.rejected.items() for row in found)
    cells = sorted(
        (row, column, code) for column, by in tally.dropped.items() for code, rows in by.items() for row in rows
    )
    return JobResult(
        created=tally.created,
        updated=tally.updated,
        unchanged=tally.unchanged,
        merged=tally.merged,
        rejected=[Rejection(row=row, code=code) for row, code in named[:rejections]],
        rejected_total=tally.rejected_total,
        dropped=[DroppedCell(row=row, column=column, code=code) for row, column, code in cells[:rejections]],
        dropped_total=tally.dropped_total,
        columns=[Column(name=name, used_as=field) for name, field in file.columns] if file else [],
        file=_read_file(file) if file else None,
        revocation_unconfirmed=False,
    )


def _read_file(file: FileRead) -> ReadFile:
    return ReadFile(
        format=file.format,
        charset=file.charset,
        owner_only=is_hidden(file.source),
        passed_over=file.passed_over,
        passed_over_total=file.passed_over_total,
    )


@route(bp, "GET", "/v1/jobs", query=pagination.ListQuery, answer=JobsOut)
def list_jobs(call: Call) -> Reply:
    """List the caller's jobs of the last 30 days, newest first."""
    from chalicelib.domain.work import jobs  # noqa: PLC0415 - cold start

    after = pagination.position(call.actor, "jobs", call.query.cursor).get("after")
    page = jobs.page(call.actor, call.query.limit, after)
    items = [job_out(record, _REJECTIONS_IN_A_LIST) for record in page.records]
    behind = {"after": page.last} if page.last else None
    return Reply(JobsOut(items=items, next_cursor=pagination.cursor(call.actor, "jobs", behind)))


@route(bp, "GET", "/v1/jobs/{id}", answer=JobOut, tells=("ETag",))
def read_job(call: Call) -> Reply:
    """Show a job with its progress and, row by row, what was rejected and why."""
    from chalicelib.domain.work import jobs  # noqa: PLC0415 - cold start

    record = jobs.get(call.actor, call.path["id"])
    return Reply(job_out(record), etag=int(record.version))


@route(bp, "DELETE", "/v1/jobs/{id}", status=204)
def delete_job(call: Call) -> Reply:
    """Cancel a job that is queued or running; remove one that has ended."""
    from chalicelib.domain.work import jobs  # noqa: PLC0415 - cold start

    jobs.cancel(call.actor, call.path["id"], call.if_match)
    return Reply()
