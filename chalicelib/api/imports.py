"""Imports of export files, and the column mappings for files whose columns are the member's own."""

from typing import TYPE_CHECKING, Annotated, Literal

from chalice import Blueprint
from pydantic import Field

from chalicelib.api import pagination
from chalicelib.api.contacts import Says
from chalicelib.api.http import Call, Instead, Reply, route
from chalicelib.api.jobs import JobResult, JobStarted, job_out, result_out
from chalicelib.core.codes import Code, FieldCode
from chalicelib.core.errors import FieldError, NotFound, Unprocessable
from chalicelib.core.models import Input, Model, Omittable, Time
from chalicelib.core.written import ONE_LINE
from chalicelib.domain.contacts.model import LISTS, SINGLE, ContactPayload
from chalicelib.domain.imports.model import (
    IMPORT_PREFIX,
    HowToRead,
    MappingIn,
    MappingPayload,
    UploadIn,
    UploadPayload,
    is_export,
)

if TYPE_CHECKING:
    from chalicelib.domain.imports.records import MappingRecord, UploadRecord
    from chalicelib.domain.work.records import JobRecord

bp = Blueprint(__name__)


class ImportQuery(Input):
    """`format`: auto, or the program that wrote the file; iko_export is an export of ours, whole or a part
    of it. `mapping`: id of an import mapping. `shareable`: colleagues may see what the file says, though its columns look like
    a CRM's; a file that is known to be a CRM's, or an export of ours, stays its member's alone.
    `dry_run`: tell what would happen, and store nothing."""

    format: Annotated[str, Field(max_length=40), ONE_LINE] = "auto"
    mapping: Omittable[Annotated[str, Field(max_length=80), ONE_LINE]] = None
    shareable: bool = False
    dry_run: bool = False


class TriedRow(Model):
    """What would become of a row. `code` tells why it is rejected; else `contact` is as it would be, with what
    it had before."""

    row: int
    outcome: Literal["created", "updated", "unchanged", "merged", "rejected"]
    code: str | None
    contact: Says | None


class TriedImport(Model):
    """What an import would do; `rows` are the first 20 of the file, of which companies are counted and not shown."""

    dry_run: Literal[True] = True
    result: JobResult
    rows: list[TriedRow]


class UploadForm(Model):
    """The file is posted to `url` as multipart/form-data, behind these fields as they are, until `expires_at`."""

    url: str
    fields: dict[str, str]
    expires_at: Time


class UploadOut(Model):
    """An import that waits for its file, and for POST /v1/imports/{id}/start, until `expires_at`."""

    id: str
    upload: UploadForm
    created_at: Time
    updated_at: Time
    expires_at: Time


class MappingOut(Model):
    id: str
    name: str
    columns: dict[str, str]
    created_at: Time
    updated_at: Time


class MappingsOut(Model):
    items: list[MappingOut]
    next_cursor: str | None


def _begun(call: Call, made: str) -> Reply:
    if not made:
        return create_import(call)  # a dry run, which has made nothing to be shown again
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
    media_types=("text/csv", "text/vcard", "application/zip"),
    replay=_begun,
    instead=Instead(UploadIn, 201, UploadOut, unless=is_export),
    also={200: TriedImport},
    refuses=(
        Code.BAD_MAPPING,
        Code.EMPTY_FILE,
        Code.NOT_A_TABLE,
        Code.NOT_A_VCARD,
        Code.TOO_MANY_COLUMNS,
        Code.TOO_MANY_ROWS,
        Code.UNKNOWN_COLUMNS,
        Code.UNKNOWN_FORMAT,
        Code.UNREADABLE_ENCODING,
    ),
    tells=("ETag", "Location"),
)
def create_import(call: Call) -> Reply:
    """Import contacts from a file of at most 4 MB, as a job; or, as JSON, announce a file of at most 25 MB to upload.

    An export of ours is a file, too: the zip, or contacts and companies out of it, as .csv or .json. Only its owner is shown what
    it brings back; what stands there already is left as it is.

    With `?dry_run=true` nothing is stored. A file of at most 2,000 rows is answered at once, with 200: the counts, the columns,
    what would be dropped or rejected, and the first rows as they would come out. A larger one, and an uploaded one, is counted
    by a job, whose result is all that is kept. An erased person's row is rejected as a role address is.
    """
    from chalicelib.domain.imports import direct_upload, uploads  # noqa: PLC0415 - cold start

    if call.body is not None:
        reply = _upload(uploads.create(call.actor, call.body, _columns(call, call.body.mapping, "mapping")))
        reply.status = 201
        return reply
    columns = _columns(call, call.query.mapping, "query.mapping")
    how, kind = HowToRead(call.query.format, columns, call.query.shareable), call.headers.get("content-type", "")
    tried = _tried(call, kind, how) if call.query.dry_run else None
    if tried is not None:
        return tried
    record = direct_upload.receive(call.actor, call.raw_body, content_type=kind, how=how, dry_run=call.query.dry_run)
    return _job(record)


def _tried(call: Call, content_type: str, how: HowToRead) -> Reply | None:
    from chalicelib.domain.imports import trial  # noqa: PLC0415 - cold start

    tried = trial.of_body(call.actor, call.raw_body, content_type, how)
    if tried is None:
        return None
    rows = [
        TriedRow(row=each.number, outcome=each.outcome, code=each.code, contact=_contact(each.contact))
        for each in tried.rows
    ]
    return Reply(TriedImport(result=result_out(tried.tally, tried.file), rows=rows), status=200)


def _contact(payload: ContactPayload | None) -> Says | None:
    if payload is None:
        return None
    texts = {name: kept.value if (kept := getattr(payload, name)) else None for name in SINGLE}
    return Says(**texts, **{name: [kept.value for kept in getattr(payload, name)] for name in LISTS})


@route(
    bp,
    "POST",
    "/v1/imports/{id}/start",
    status=202,
    answer=JobStarted,
    replay=_started,
    refuses=(Code.NOT_UPLOADED,),
    tells=("Location",),
)
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


@route(
    bp,
    "POST",
    "/v1/import-mappings",
    status=201,
    body=MappingIn,
    answer=MappingOut,
    replay=_mapping_again,
    refuses=(Code.BAD_MAPPING,),
    tells=("ETag",),
)
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
