"""The worker of an export: makes the zip, then, a day later, deletes it. Each start is a new upload under the same key.

An upload is completed by the invocation that began it, so an export must fit into one function's time. Measured (make bench),
50,000 contacts take less than a minute of CPU; what does not fit is killed with its function, and fails after MAX_STARTS.
"""

import functools
from dataclasses import dataclass

from chalicelib.core import clock, ids, log, settings
from chalicelib.core.codes import JobFailure
from chalicelib.core.errors import IkoError, KeyShredded, Unavailable, VersionConflict
from chalicelib.core.ids import TenantId
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
from chalicelib.store import objects, rows, uploads
from chalicelib.store.steps import DONE, Outcome, Turn, Work, later

MAX_STARTS = 6
_TOLD_EVERY = 5000  # records between two checkpoints, at which a cancellation is noticed


@dataclass(frozen=True)
class Export:
    """Which export, and what it is made from: the kinds and the API's shapes, as jobs hand them in."""

    tenant: TenantId
    ident: ids.OwnedId
    contents: archive.Contents
    shapes: Shapes

    @property
    def key(self) -> str:
        return object_key(self.tenant, self.ident)


class _Closed(Exception):
    """The workspace is closing, or its member has left: nothing may be written for it any more."""


def work(contents: archive.Contents, shapes: Shapes | None) -> Work:
    """Return the worker of exports: its due work is named `tenant.export`.

    `shapes` may be None where no export is carried on.
    """
    steps = (functools.partial(_advance, contents, shapes),)
    return Work(DUE_KIND, "work", steps, shredded=_drop)


def _advance(contents: archive.Contents, shapes: Shapes | None, turn: Turn) -> Outcome:
    """Bring an export as far as it can go now."""
    ident = ids.parse_owned(turn.due.about, ID_PREFIX)
    if ident is None:
        return DONE
    if shapes is None:
        raise ValueError("an export needs the API's shapes")
    try:
        return _take(Export(turn.due.tenant, ident, contents, shapes))
    except _Closed:
        _drop(turn)
        return DONE


def _drop(turn: Turn) -> None:
    """No row is written: the purge, or the leaving, deletes them."""
    ident = ids.parse_owned(turn.due.about, ID_PREFIX)
    if ident is not None:
        _clear(object_key(turn.due.tenant, ident))


def _take(export: Export) -> Outcome:
    account = readable(export.tenant, export.ident.owner)
    if account is None:
        raise _Closed
    job = jobs.find(export.tenant, request.job_id(export.ident))
    record = request.find(export.tenant, export.ident)
    if record is None and job is not None:
        record = request.unfinished(export.tenant, export.ident)  # its request was killed half-way
    if record is None:
        return _leave(export)
    cancelled = job is None or job.unsealed(JobPayload).state is JobState.CANCELLED
    payload = record.unsealed(ExportPayload)
    if payload.unfinished and not cancelled and job is not None and payload.starts < MAX_STARTS:
        return _start(export, account, record, job)
    if payload.unfinished or (payload.state is ExportState.DONE and cancelled and job is not None):
        _save(record, payload, state=ExportState.FAILED)
        return _end(export, job, JobState.FAILED)
    if payload.state is ExportState.DONE and not payload.over:
        return _keep(export, job, payload)
    if payload.state is ExportState.DONE:
        _save(record, payload, state=ExportState.EXPIRED)
    return _end(export, job, JobState.FAILED if payload.state is ExportState.FAILED else JobState.DONE)


def _start(export: Export, account: Membership, record: ExportRecord, job: JobRecord) -> Outcome:
    payload = record.unsealed(ExportPayload)
    _save(record, payload, state=ExportState.RUNNING, starts=payload.starts + 1)
    try:
        uploads.abort_all(_bucket(), export.key)  # of a start that was killed
        size = _make(export, account, record, job)
    except (VersionConflict, KeyShredded):
        raise
    except IkoError as error:  # whatever it is, it is tried again, MAX_STARTS times in all
        log.failure("export_stopped", error, tenant=export.tenant, job_id=request.job_id(export.ident))
        raise Unavailable from error
    # From here on an erasure finds it done. One that came before has changed the row, and this refuses.
    done = _save(
        record, record.unsealed(ExportPayload), state=ExportState.DONE, size=size, expires_at=clock.now() + GIVEN_FOR
    )
    return _keep(export, job, done)


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


def _keep(export: Export, job: JobRecord | None, payload: ExportPayload) -> Outcome:
    """The file stands for its day."""
    _finish(job, JobState.DONE)
    request.release(export.tenant, export.ident)
    return later(payload.expires_at or clock.now(), "kept")


def _end(export: Export, job: JobRecord | None, state: JobState) -> Outcome:
    """There is no file any more, or never will be."""
    _clear(export.key)
    _finish(job, state)
    return _leave(export)


def _leave(export: Export) -> Outcome:
    request.release(export.tenant, export.ident)
    return DONE


def _clear(key: str) -> None:
    objects.delete(_bucket(), key)
    uploads.abort_all(_bucket(), key)


def _finish(job: JobRecord | None, state: JobState) -> None:
    """The job ends as its export did, if it has not ended. VersionConflict where it is cancelled just now."""
    if job is not None and not job.unsealed(JobPayload).state.final:
        payload = job.unsealed(JobPayload).model_copy(deep=True)
        payload.state, payload.failure = state, JobFailure.EXPORT_FAILED if state is JobState.FAILED else ""
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
