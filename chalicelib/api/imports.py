"""Imports of export files, and the column mappings for files whose columns are the member's own."""

from datetime import datetime
from typing import TYPE_CHECKING

from chalice import Blueprint
from pydantic import ConfigDict, Field

from chalicelib.api import lists, paging
from chalicelib.api.http import Call, Reply, route
from chalicelib.api.jobs import JobStarted, job_out
from chalicelib.core.errors import FieldError, NotFound, Unprocessable, UnsupportedMediaType
from chalicelib.core.models import Model
from chalicelib.domain.imports.model import MappingIn, MappingPayload

if TYPE_CHECKING:
    from chalicelib.domain.imports.records import MappingRecord
    from chalicelib.domain.work.records import JobRecord

bp = Blueprint(__name__)


class ImportQuery(Model):
    """`format`: auto, or the program that wrote the file. `mapping`: id of an import mapping."""

    model_config = ConfigDict(extra="forbid")

    format: str = Field(default="auto", max_length=40)
    mapping: str | None = Field(default=None, max_length=80)


class MappingOut(Model):
    id: str
    name: str
    columns: dict[str, str]
    created_at: datetime
    updated_at: datetime


class MappingsOut(Model):
    items: list[MappingOut]
    next_cursor: str | None


def _started(call: Call, job_id: str) -> Reply:
    from chalicelib.domain.work import jobs  # noqa: PLC0415 - cold start

    return _job(jobs.get(call.actor, job_id), job_id)


def _job(record: "JobRecord", job_id: str) -> Reply:
    headers = {"Location": f"/v1/jobs/{job_id}"}
    return Reply(JobStarted(job=job_out(record)), headers=headers, resource=job_id)


@route(
    bp,
    "POST",
    "/v1/imports",
    status=202,
    query=ImportQuery,
    answer=JobStarted,
    media_types=("text/csv", "text/vcard"),
    replay=_started,
)
def create_import(call: Call) -> Reply:
    """Import contacts from an export file of at most 4 MB; the answer is the job that does it."""
    from chalicelib.domain.imports import receiving  # noqa: PLC0415 - cold start
    from chalicelib.domain.work import jobs  # noqa: PLC0415 - cold start

    content_type = call.headers.get("content-type", "")
    if content_type.split(";", maxsplit=1)[0].strip().lower() == "application/json":
        raise UnsupportedMediaType("Send the file itself as text/csv or text/vcard.", code="direct_only")
    record = receiving.receive(
        call.actor,
        call.raw_body,
        content_type=content_type,
        format=call.query.format,
        mapping=_columns(call),
    )
    return _job(record, jobs.public_id(record))


def _columns(call: Call) -> dict[str, str] | None:
    if not call.query.mapping:
        return None
    from chalicelib.domain.imports import mappings  # noqa: PLC0415 - cold start

    try:
        return mappings.get(call.actor, call.query.mapping).unsealed(MappingPayload).columns
    except NotFound as error:
        unknown = FieldError("query.mapping", "not_found", "There is no such import mapping.")
        raise Unprocessable([unknown]) from error


@route(bp, "GET", "/v1/import-mappings", query=lists.ListQuery, answer=MappingsOut)
def list_mappings(call: Call) -> Reply:
    """The caller's column mappings."""
    from chalicelib.domain.imports import mappings  # noqa: PLC0415 - cold start

    after = paging.position(call.actor, "import-mappings", call.query.cursor).get("after")
    page = mappings.page(call.actor, call.query.limit, after)
    items = [mapping_out(record) for record in page.records]
    behind = {"after": page.last} if page.last else None
    return Reply(MappingsOut(items=items, next_cursor=paging.cursor(call.actor, "import-mappings", behind)))


def _mapping_again(call: Call, mapping_id: str) -> Reply:
    from chalicelib.domain.imports import mappings  # noqa: PLC0415 - cold start

    return _mapping(mappings.get(call.actor, mapping_id))


@route(bp, "POST", "/v1/import-mappings", status=201, body=MappingIn, answer=MappingOut, replay=_mapping_again)
def create_mapping(call: Call) -> Reply:
    """Say which of our fields the columns of a file give."""
    from chalicelib.domain.imports import mappings  # noqa: PLC0415 - cold start

    return _mapping(mappings.create(call.actor, call.body))


def _mapping(record: "MappingRecord") -> Reply:
    body = mapping_out(record)
    return Reply(body, etag=int(record.version), resource=body.id)


def mapping_out(record: "MappingRecord") -> MappingOut:
    """The mapping as clients see it."""
    from chalicelib.domain.imports import mappings  # noqa: PLC0415 - cold start

    payload = record.unsealed(MappingPayload)
    return MappingOut(
        id=mappings.public_id(record),
        name=payload.name,
        columns=payload.columns,
        created_at=payload.created_at,
        updated_at=payload.updated_at,
    )
