"""The worker of an export: makes the zip, then, a day later, deletes it. Each start is a new upload under the same key.

An upload is completed by the invocation that began it, so an export must fit into one function's time. Measured (make bench),
50,000 contacts take less than a minute of CPU; what does not fit is killed with its function, and fails after MAX_STARTS.
"""

from dataclasses import dataclass
from datetime import timedelta

from chalicelib.core import clock, ids, log, settings
from chalicelib.core.errors import IkoError, KeyShredded, VersionConflict
from chalicelib.domain.accounts.member_lookup import readable
from chalicelib.domain.accounts.membership import Membership
from chalicelib.domain.exports import archive, request
from chalicelib.domain.exports.model import (
    DUE_KIND,
    GIVEN_FOR,
    ID_PREFIX,
    ExportPayload,
    ExportState,
    Shapes,
    object_key,
)
from chalicelib.domain.exports.records import ExportRecord
from chalicelib.domain.work import jobs
from chalicelib.domain.work.model import JobPayload, JobState, Tally
from chalicelib.domain.work.records import JobRecord
from chalicelib.store import due, objects, rows, uploads

MAX_STARTS = 6
_SHORTEST_LEASE = 180  # seconds; longer than a simulated function lives, which nobody stops
_FIRST_PAUSE = 10  # seconds; doubled with each failed start
_TOLD_EVERY = 5000  # records between two checkpoints, at which a cancellation is noticed


@dataclass(frozen=True)
class Export:
    """Which export, and what it is made from: the kinds and the API's shapes, as jobs hand them in."""

    tenant: str
    ident: ids.OwnedId
    contents: archive.Contents
    shapes: Shapes

    @property
    def piece(self) -> due.Due:
        return due.Due(DUE_KIND, f"{self.tenant}.{self.ident}")

    @property
    def key(self) -> str:
        return object_key(self.tenant, self.ident)


class _Closed(Exception):
    """The workspace is closing, or its member has left: nothing may be written for it any more."""


def run(tenant: str, export_id: str, contents: archive.Contents, shapes: Shapes) -> bool:
    """Bring an export as far as it can go now; whether to send it at once again. Otherwise its due row brings it back.

    Safe to call at any time, for any id, by several workers at once. Unavailable where a service failed before it began.
    """
    ident = ids.parse_owned(export_id, ID_PREFIX)
    if ident is None:
        due.done(due.Due(DUE_KIND, f"{tenant}.{export_id}"))
        return False
    export = Export(tenant, ident, contents, shapes)
    try:
        due.lease(export.piece, max(_SHORTEST_LEASE, settings.current().waits.longest_function + 30))
        _take(export)
    except due.Leased:
        return False
    except VersionConflict:
        due.schedule(export.piece, clock.now())  # cancelled, or dropped by an erasure: look again
        return True
    except (_Closed, KeyShredded):
        _clear(export)  # no row is written: the purge, or the leaving, deletes them
        due.done(export.piece)
    return False


def _take(export: Export) -> None:
    account = readable(export.tenant, export.ident.owner)
    if account is None:
        raise _Closed
    job = jobs.find(export.tenant, request.job_id(export.ident))
    record = request.find(export.tenant, export.ident)
    if record is None and job is not None:
        record = request.unfinished(export.tenant, export.ident)  # its request was killed half-way
    if record is None:
        _leave(export)
        return
    cancelled = job is None or job.unsealed(JobPayload).state is JobState.CANCELLED
    payload = record.unsealed(ExportPayload)
    if payload.unfinished and not cancelled and job is not None and payload.starts < MAX_STARTS:
        _start(export, account, record, job)
    elif payload.unfinished or (payload.state is ExportState.DONE and cancelled and job is not None):
        _save(record, payload, state=ExportState.FAILED)
        _end(export, job, JobState.FAILED)
    elif payload.state is ExportState.DONE and not payload.over:
        _keep(export, job, payload)
    else:
        if payload.state is ExportState.DONE:
            _save(record, payload, state=ExportState.EXPIRED)
        _end(export, job, JobState.FAILED if payload.state is ExportState.FAILED else JobState.DONE)


def _start(export: Export, account: Membership, record: ExportRecord, job: JobRecord) -> None:
    payload = record.unsealed(ExportPayload)
    _save(record, payload, state=ExportState.RUNNING, starts=payload.starts + 1)
    try:
        uploads.abort_all(_bucket(), export.key)  # of a start that was killed
        size = _make(export, account, record, job)
    except (VersionConflict, KeyShredded):
        raise
    except IkoError as error:
        log.failure("export_stopped", error, tenant=export.tenant, job_id=request.job_id(export.ident))
        due.schedule(export.piece, clock.now() + timedelta(seconds=_FIRST_PAUSE * 2**payload.starts))
        return
    # From here on an erasure finds it done. One that came before has changed the row, and this refuses.
    done = _save(
        record, record.unsealed(ExportPayload), state=ExportState.DONE, size=size, expires_at=clock.now() + GIVEN_FOR
    )
    _keep(export, job, done)


def _make(export: Export, account: Membership, record: ExportRecord, job: JobRecord) -> int:
    """Write the zip; its size. VersionConflict where the job was cancelled, or the export dropped, meanwhile."""
    written = told = 0

    def tell(so_far: int) -> None:
        nonlocal written, told
        written = so_far
        if written - told >= _TOLD_EVERY:
            told = written
            _tell(job, written)

    _tell(job, 0)
    with uploads.writer(_bucket(), export.key, "application/zip") as out:
        archive.write(out, account, export.contents, export.shapes, tell)
        _tell(job, written)
        if readable(export.tenant, export.ident.owner) is None:
            raise _Closed
        standing = request.find(export.tenant, export.ident)
        if standing is None or standing.lock != record.lock:
            raise VersionConflict  # the bucket need not hold for a moment what must be made anew
        out.complete()
    return out.size


def _keep(export: Export, job: JobRecord | None, payload: ExportPayload) -> None:
    """The file stands for its day."""
    _finish(job, JobState.DONE)
    request.release(export.tenant, export.ident)
    due.schedule(export.piece, payload.expires_at or clock.now())


def _end(export: Export, job: JobRecord | None, state: JobState) -> None:
    """There is no file any more, or never will be."""
    _clear(export)
    _finish(job, state)
    _leave(export)


def _leave(export: Export) -> None:
    request.release(export.tenant, export.ident)
    due.done(export.piece)


def _clear(export: Export) -> None:
    objects.delete(_bucket(), export.key)
    uploads.abort_all(_bucket(), export.key)


def _finish(job: JobRecord | None, state: JobState) -> None:
    """The job ends as its export did, if it has not ended. VersionConflict where it is cancelled just now."""
    if job is not None and not job.unsealed(JobPayload).state.final:
        payload = job.unsealed(JobPayload).model_copy(deep=True)
        payload.state, payload.failure = state, "export_failed" if state is JobState.FAILED else ""
        jobs.save(job, payload)


def _tell(job: JobRecord, written: int) -> None:
    """A record that is in the file counts as `unchanged`; how many there will be is known at the end."""
    payload = job.unsealed(JobPayload).model_copy(deep=True)
    payload.state, payload.tally, payload.total = JobState.RUNNING, Tally(unchanged=written), written
    jobs.save(job, payload)


def _save(record: ExportRecord, payload: ExportPayload, **changed: object) -> ExportPayload:
    """Write the export over the version that was read. VersionConflict where it was dropped meanwhile."""
    fresh = payload.model_copy(update={"updated_at": clock.now(), **changed})
    record.reseal(fresh)
    rows.put_if_unchanged(record)
    return fresh


def _bucket() -> str:
    return settings.current().buckets.exports
