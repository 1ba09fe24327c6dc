"""Large files: announced, uploaded by the client straight into the bucket, started, and read by the worker.

An upload and its job have the same owner and local id, so that starting twice finds the same job, and whatever stands in the
bucket is under the job's own prefix. A due row waits for it from its announcement on: what is never started goes after a day.
"""

import tempfile
from collections.abc import Mapping
from datetime import datetime, timedelta

from chalicelib.core import clock, ids, settings
from chalicelib.core.actor import Actor
from chalicelib.core.codes import Code, JobFailure
from chalicelib.core.errors import Conflict, Gone, NotFound, TooLarge, Unprocessable, VersionConflict
from chalicelib.core.ids import SortKey, TenantId
from chalicelib.domain.imports import file_parts
from chalicelib.domain.imports.direct_upload import FIRST_LOOK
from chalicelib.domain.imports.model import (
    DUE_KIND,
    IMPORT_PREFIX,
    LINK_SECONDS,
    MAX_UPLOAD,
    MAX_UPLOADED_ROWS,
    UPLOAD_LIFE_DAYS,
    UploadIn,
    UploadPayload,
)
from chalicelib.domain.imports.parsing.rows import asked, open_file
from chalicelib.domain.imports.records import UploadRecord
from chalicelib.domain.work import jobs
from chalicelib.domain.work.model import ID_PREFIX, FileRead, JobPayload, JobState, JobType, Upload
from chalicelib.domain.work.records import JobRecord
from chalicelib.store import due, objects, rows
from chalicelib.store.steps import send

_LIFE = timedelta(days=UPLOAD_LIFE_DAYS)
_LINK = timedelta(seconds=LINK_SECONDS)
_SLOW = timedelta(minutes=4)  # what began in the last second of a link is stored by then


def create(actor: Actor, wanted: UploadIn, columns: Mapping[str, str] | None) -> UploadRecord:
    """Register an upload and return it. TooLarge over MAX_UPLOAD; Unprocessable(unknown_format, bad_mapping)."""
    if wanted.size > MAX_UPLOAD:
        raise TooLarge(f"Send a file of at most {MAX_UPLOAD} bytes.")
    asked(wanted.format, columns)
    now = clock.now()
    made = ids.new_owned(IMPORT_PREFIX, actor.member)
    payload = UploadPayload(
        format=wanted.format,
        columns=dict(columns) if columns is not None else None,
        shareable=wanted.shareable,
        dry_run=wanted.dry_run,
        size=wanted.size,
        created_at=now,
        updated_at=now,
    )
    due.schedule(_piece(actor.tenant, _job_of(made)), now + _LIFE)
    record = UploadRecord.build(actor.tenant, _sk(made), payload, ends=now + _LIFE)
    rows.put_new(record, deletable=True)
    return record


def public_id(record: UploadRecord) -> str:
    """Return the id that clients know."""
    return str(ids.owned_of(IMPORT_PREFIX, record.sk))


def expires_at(payload: UploadPayload) -> datetime:
    """Return the time until which the import can be started."""
    return payload.created_at + _LIFE


def link_ends_at(payload: UploadPayload) -> datetime:
    """Return the time until which the file can be uploaded."""
    return payload.created_at + _LINK


def form(record: UploadRecord) -> objects.Form:
    """Return the form to post the file to. It takes exactly the announced size. Gone once its time is over."""
    payload = record.unsealed(UploadPayload)
    left = int((link_ends_at(payload) - clock.now()).total_seconds())
    if left <= 0:
        raise Gone("The time to upload this file has passed. Announce it again.")
    key = _key(record.tenant, str(_job_of(ids.owned_of(IMPORT_PREFIX, record.sk))))
    return objects.upload_form(settings.current().buckets.imports, key, payload.size, left)


def get(actor: Actor, import_id: str) -> UploadRecord:
    """Return the actor's own upload. NotFound for any other, a colleague's too; Gone where its day is over."""
    return _own(actor, _parsed(actor, import_id))


def start(actor: Actor, import_id: str) -> JobRecord:
    """Queue a job for the uploaded file and return it, or the job that was started before.

    Conflict(not_uploaded) where the file has not come; NotFound for an import of others; Gone where its day is over, or
    its job was removed. Once this has answered, the import is carried out whatever is killed.
    """
    made = _parsed(actor, import_id)
    job_id = _job_of(made)
    begun = jobs.find(actor.tenant, str(job_id))
    if begun is not None:
        return begun
    upload = _own(actor, made)
    announced = upload.unsealed(UploadPayload)
    if announced.started:
        raise Gone("This import was already started, and its job has been removed.")
    if not objects.is_there(settings.current().buckets.imports, _key(actor.tenant, str(job_id))):
        raise Conflict("Upload the file first.", code=Code.NOT_UPLOADED)
    piece, now = _piece(actor.tenant, job_id), clock.now()
    due.schedule(piece, now + FIRST_LOOK)
    payload = JobPayload(
        type=JobType.IMPORT, upload=Upload.UNREAD, dry_run=announced.dry_run, created_at=now, updated_at=now
    )
    try:
        record = jobs.insert(actor.tenant, job_id, payload)
    except VersionConflict:
        return jobs.get(actor, str(job_id))  # started twice at once
    upload.reseal(announced.model_copy(update={"started": True, "updated_at": now}))
    rows.put_if_unchanged(upload)
    send("work", piece)
    return record


def read(tenant: TenantId, job_id: ids.OwnedId, payload: JobPayload) -> JobPayload:
    """Read the job's file into parts and return the payload: ready to be stored, or failed with an error code.

    It ends the same however often it is begun. Meanwhile the file is on disk without a name, and never whole in memory.
    """
    read_now = payload.model_copy(deep=True)
    read_now.upload, read_now.starts = Upload.READ, 0
    try:
        kept, read_now.file = _read(tenant, job_id)
    except (_NotReadable, Unprocessable) as refused:
        read_now.state, read_now.failure = JobState.FAILED, refused.code
    else:
        read_now.parts, read_now.total = kept.parts, kept.rows
    return read_now


def drop(tenant: TenantId, job_id: ids.OwnedId) -> None:
    """Delete the file: its rows are in parts now, or cannot be read."""
    objects.delete(settings.current().buckets.imports, _key(tenant, str(job_id)))


def may_start_until(tenant: TenantId, job_id: ids.OwnedId) -> datetime | None:
    """Return the time until which an import that was never started may start.

    None where no start is to be waited for.
    """
    record = rows.get(UploadRecord, tenant, _sk(job_id))
    return None if record is None or record.unsealed(UploadPayload).started else record.expires_at


def last_upload_at(job_id: ids.OwnedId) -> datetime:
    """Return the time after which no file can come for an upload's job. A link may be used again while it lives."""
    return ids.made_at(job_id.local) + _LINK + _SLOW


class _NotReadable(Exception):
    """The file is not there, or not the one that was announced; `code` is the job's failure."""

    def __init__(self, code: JobFailure) -> None:
        super().__init__(code)
        self.code = code


def _read(tenant: TenantId, job_id: ids.OwnedId) -> tuple[file_parts.Kept, FileRead]:
    record = rows.get(UploadRecord, tenant, _sk(job_id))
    if record is None:
        raise _NotReadable(JobFailure.NOT_UPLOADED)
    wanted = record.unsealed(UploadPayload)
    with tempfile.TemporaryFile() as copy:
        size = objects.download(settings.current().buckets.imports, _key(tenant, str(job_id)), copy, wanted.size)
        if size != wanted.size:
            raise _NotReadable(
                JobFailure.NOT_UPLOADED
                if size is None
                else JobFailure.TOO_LARGE
                if size > MAX_UPLOAD
                else JobFailure.OTHER_SIZE
            )
        with open_file(copy, format=wanted.format, mapping=wanted.columns, shareable=wanted.shareable) as file:
            parts = file_parts.parts_of(file.rows(MAX_UPLOADED_ROWS))
            kept = file_parts.keep(tenant, job_id, parts)
            return kept, file_parts.read_of(file)


def _own(actor: Actor, made: ids.OwnedId) -> UploadRecord:
    record = rows.get(UploadRecord, actor.tenant, _sk(made))
    if record is None:
        # The row is gone with its day, whose beginning its id tells; the row's own end is in whole seconds.
        if ids.made_at(made.local) + _LIFE - timedelta(seconds=1) <= clock.now():
            raise Gone("The time to start this import has passed. Announce the file again.")
        raise NotFound
    return record


def _parsed(actor: Actor, import_id: str) -> ids.OwnedId:
    parsed = ids.parse_owned(import_id, IMPORT_PREFIX)
    if parsed is None or parsed.owner != actor.code:
        raise NotFound
    return parsed


def _job_of(made: ids.OwnedId) -> ids.OwnedId:
    return ids.OwnedId(ID_PREFIX, made.owner, made.local)


def _sk(made: ids.OwnedId) -> SortKey:
    return ids.sort_key("upload", made.owner, made.local)


def _key(tenant: TenantId, job_id: str) -> str:
    return f"{file_parts.prefix(tenant, job_id)}upload"


def _piece(tenant: TenantId, job_id: ids.OwnedId) -> due.Due:
    return due.Due(DUE_KIND, f"{tenant}.{job_id}")
