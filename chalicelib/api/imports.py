"""Imports of export files, and the column mappings for files whose columns are the member's own."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

from chalice import Blueprint
from pydantic import Field

from chalicelib.api import pagination
from chalicelib.api.http import Call, Instead, Reply, route
from chalicelib.api.jobs import JobStarted, job_out
from chalicelib.core.codes import FieldCode
from chalicelib.core.errors import FieldError, NotFound, Unprocessable
from chalicelib.core.models import Input, Model, Omittable
from chalicelib.core.written import ONE_LINE
from chalicelib.domain.imports.model import IMPORT_PREFIX, MappingIn, MappingPayload, UploadIn, UploadPayload

if TYPE_CHECKING:
    from chalicelib.domain.imports.records import MappingRecord, UploadRecord
    from chalicelib.domain.work.records import JobRecord

bp = Blueprint(__name__)


class ImportQuery(Input):
    """`format`: auto, or the program that wrote the file. `mapping`: id of an import mapping."""

    format: Annotated[str, Field(max_length=40), ONE_LINE] = "auto"
    mapping: Omittable[Annotated[str, Field(max_length=80), ONE_LINE]] = None


class UploadForm(Model):
    """The file is posted to `url` as multipart/form-data, behind these fields as they are, until `expires_at`."""

    url: str
    fields: dict[str, str]
    expires_at: datetime


class UploadOut(Model):
    """An import that waits for its file, and for POST /v1/imports/{id}/start, until `expires_at`."""

    id: str
    upload: UploadForm
    created_at: datetime
    updated_at: datetime
    expires_at: datetime


class MappingOut(Model):
    id: str
    name: str
    columns: dict[str, str]
    created_at: datetime
    updated_at: datetime


class MappingsOut(Model):
    items: list[MappingOut]
    next_cursor: str | None


def _begun(call: Call, made: str) -> Reply:
    from chalicelib.domain.imports import uploads  # noqa: PLC0415 - cold start

    return _upload(uploads.get(call.actor, made)) if made.startswith(IMPORT_PREFIX) else _started(call, made)


def _started(call: Call, job_id: str) -> Reply:
    from chalicelib.domain.work import jobs  # noqa: PLC0415 - cold start

    return _job(jobs.get(call.actor, job_id))


def _job(record: "JobRecord") -> Reply:
    job = job_out(record)
    return Reply(JobStarted(job=job), headers={"Location": f"/v1/jobs/{job.id}"}, resource=job.id)


def _upload(record: "UploadRecord") -> Reply:
    from chalicelib.domain.imports import uploads  # noqa: PLC0415 - cold start

    payload, form = record.unsealed(UploadPayload), uploads.form(record)
    body = UploadOut(
        id=uploads.public_id(record),
        upload=UploadForm(url=form.url, fields=form.fields, expires_at=uploads.link_ends_at(payload)),
        created_at=payload.created_at,
        updated_at=payload.updated_at,
        expires_at=uploads.expires_at(payload),
    )
    return Reply(body, etag=int(record.version), resource=body.id)


@route(
    bp,
    "POST",
    "/v1/imports",
    status=202,
    query=ImportQuery,
    answer=JobStarted,
    media_types=("text/csv", "text/vcard"),
    replay=_begun,
    instead=Instead(UploadIn, 201, UploadOut),
)
def create_import(call: Call) -> Reply:
    """Import contacts from a file of at most 4 MB, as a job; or, as JSON, announce a file of at most 25 MB to upload."""
    from chalicelib.domain.imports import direct_upload, uploads  # noqa: PLC0415 - cold start

    if call.body is not None:
        reply = _upload(uploads.create(call.actor, call.body, _columns(call, call.body.mapping, "mapping")))
        reply.status = 201
        return reply
    record = direct_upload.receive(
        call.actor,
        call.raw_body,
        content_type=call.headers.get("content-type", ""),
        format=call.query.format,
        mapping=_columns(call, call.query.mapping, "query.mapping"),
    )
    return _job(record)


@route(bp, "POST", "/v1/imports/{id}/start", status=202, answer=JobStarted, replay=_started)
def start_import(call: Call) -> Reply:
    """Import the uploaded file; returns the same job however often it is started."""
    from chalicelib.domain.imports import uploads  # noqa: PLC0415 - cold start

    return _job(uploads.start(call.actor, call.path["id"]))


def _columns(call: Call, mapping: str | None, named: str) -> dict[str, str] | None:
    if not mapping:
        return None
    from chalicelib.domain.imports import mappings  # noqa: PLC0415 - cold start

    try:
        return mappings.get(call.actor, mapping).unsealed(MappingPayload).columns
    except NotFound as error:
        raise Unprocessable([FieldError(named, FieldCode.NOT_FOUND, "You have no such import mapping.")]) from error


@route(bp, "GET", "/v1/import-mappings", query=pagination.ListQuery, answer=MappingsOut)
def list_mappings(call: Call) -> Reply:
    """List the caller's column mappings."""
    from chalicelib.domain.imports import mappings  # noqa: PLC0415 - cold start

    after = pagination.position(call.actor, "import-mappings", call.query.cursor).get("after")
    page = mappings.page(call.actor, call.query.limit, after)
    items = [mapping_out(record) for record in page.records]
    behind = {"after": page.last} if page.last else None
    return Reply(MappingsOut(items=items, next_cursor=pagination.cursor(call.actor, "import-mappings", behind)))


def _mapping_again(call: Call, mapping_id: str) -> Reply:
    from chalicelib.domain.imports import mappings  # noqa: PLC0415 - cold start

    return _mapping(mappings.get(call.actor, mapping_id))


@route(bp, "POST", "/v1/import-mappings", status=201, body=MappingIn, answer=MappingOut, replay=_mapping_again)
def create_mapping(call: Call) -> Reply:
    """Create a column mapping: which column gives which of our fields."""
    from chalicelib.domain.imports import mappings  # noqa: PLC0415 - cold start

    return _mapping(mappings.create(call.actor, call.body))


def _mapping(record: "MappingRecord") -> Reply:
    body = mapping_out(record)
    return Reply(body, etag=int(record.version), resource=body.id)


def mapping_out(record: "MappingRecord") -> MappingOut:
    """Return the mapping as clients see it."""
    from chalicelib.domain.imports import mappings  # noqa: PLC0415 - cold start

    payload = record.unsealed(MappingPayload)
    return MappingOut(
        id=mappings.public_id(record),
        name=payload.name,
        columns=payload.columns,
        created_at=payload.created_at,
        updated_at=payload.updated_at,
    )
