"""Exports: everything of the caller as one file, made in the background, given by a short-lived URL for a day."""

from typing import TYPE_CHECKING

from chalice import Blueprint

from chalicelib.api.http import Call, Reply, route
from chalicelib.api.jobs import JobOut, job_out
from chalicelib.core.codes import Code
from chalicelib.core.models import Model, Time
from chalicelib.domain.exports.model import ExportPayload, ExportState

if TYPE_CHECKING:
    from chalicelib.domain.exports.records import ExportRecord

bp = Blueprint(__name__)


class ExportOut(Model):
    """`size` in bytes and `expires_at` are there once the file is; from then on it is given at /v1/exports/{id}/file."""

    id: str
    job_id: str
    state: ExportState
    size: int | None
    expires_at: Time | None
    created_at: Time
    updated_at: Time


class ExportStarted(Model):
    """The export's id and its job's differ in their prefix only; GET /v1/exports/{id} takes either."""

    id: str
    state: ExportState
    job: JobOut


def _again(call: Call, export_id: str) -> Reply:
    from chalicelib.domain.exports import request  # noqa: PLC0415 - cold start

    return _started(call, request.get(call.actor, export_id))


def _started(call: Call, record: "ExportRecord") -> Reply:
    from chalicelib.domain.exports import request  # noqa: PLC0415 - cold start
    from chalicelib.domain.work import jobs  # noqa: PLC0415 - cold start

    ident = request.public_id(record)
    job = job_out(jobs.get(call.actor, request.job_id(ident)))
    body = ExportStarted(id=str(ident), state=record.unsealed(ExportPayload).seen_state, job=job)
    return Reply(body, headers={"Location": f"/v1/exports/{ident}"}, resource=str(ident))


@route(
    bp, "POST", "/v1/exports", status=202, answer=ExportStarted, replay=_again, while_locked=True, tells=("Location",)
)
def create_export(call: Call) -> Reply:
    """Start an export of all that the caller owns, as a zip of JSON and CSV; returns the running one if there is one."""
    from chalicelib.domain.exports import request  # noqa: PLC0415 - cold start

    return _started(call, request.request(call.actor))


@route(bp, "GET", "/v1/exports/{id}", answer=ExportOut, tells=("ETag",))
def read_export(call: Call) -> Reply:
    """Show the progress of an export."""
    from chalicelib.domain.exports import request  # noqa: PLC0415 - cold start

    record = request.get(call.actor, call.path["id"])
    ident, payload = request.public_id(record), record.unsealed(ExportPayload)
    body = ExportOut(
        id=str(ident),
        job_id=request.job_id(ident),
        state=payload.seen_state,
        size=payload.size,
        expires_at=payload.expires_at,
        created_at=payload.created_at,
        updated_at=payload.updated_at,
    )
    return Reply(body, etag=int(record.version))


@route(
    bp,
    "GET",
    "/v1/exports/{id}/file",
    status=303,
    refuses=(Code.EXPORT_EXPIRED, Code.EXPORT_FAILED, Code.EXPORT_NOT_READY),
)
def read_export_file(call: Call) -> Reply:
    """Redirect to the file by a URL that is valid for five minutes; 410 once its day is over."""
    from chalicelib.domain.exports import request  # noqa: PLC0415 - cold start

    return Reply(headers={"Location": request.file_url(call.actor, call.path["id"])})
