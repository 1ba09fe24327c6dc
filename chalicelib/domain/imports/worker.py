"""The worker of an import: an uploaded file is read into parts, then part by part is stored, with a checkpoint after each,
so that a killed worker goes on where it was."""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from chalicelib.core import clock, ids, log, settings
from chalicelib.core.errors import IkoError, KeyShredded, VersionConflict
from chalicelib.domain.accounts.membership import tenant_is_open
from chalicelib.domain.audit import journal as audit
from chalicelib.domain.audit.model import Action, Cause
from chalicelib.domain.contacts import writer_lock
from chalicelib.domain.imports import file_parts, storing, uploads
from chalicelib.domain.imports.model import DUE_KIND, Part
from chalicelib.domain.work import jobs
from chalicelib.domain.work.model import ID_PREFIX, JobPayload, JobState, JobType, Upload
from chalicelib.domain.work.records import JobRecord
from chalicelib.store import due, objects, rows

MAX_STARTS = 6  # in a row without one part finished; with the pauses between them about ten minutes
_SHORTEST_LEASE = 60  # seconds
_FIRST_PAUSE = 10  # seconds; doubled with each failed start
_NEXT_TURN = timedelta(seconds=30)
_CLOSED_AGAIN = timedelta(hours=1)


_LONGEST_USE = 300  # seconds that a member's pointers are used after they were read, by one invocation or several
_LEFT_AT_MOST = 8


@dataclass(frozen=True)
class _Left:
    """A job's pointers in this process: after how many parts, and until when they may be used (monotonic clock)."""

    parts_done: int
    until: float
    store: storing.Storing


_left: dict[str, _Left] = {}


class Outcome(StrEnum):
    """FINISHED: nothing is left to do. AGAIN: send it at once. LATER: its due row brings it back."""

    FINISHED = "finished"
    AGAIN = "again"
    LATER = "later"


def run(tenant: str, job_id: str, has_time: Callable[[], bool]) -> Outcome:
    """Carry an import on, by one part or the reading of its file at least, and as far as `has_time` lets it; asked before
    each further part.

    Safe to call at any time, for any id, by several workers at once. Unavailable where a service failed before the work
    began; later, the due row brings the job back.
    """
    piece = due.Due(DUE_KIND, f"{tenant}.{job_id}")
    owner = ids.parse_owned(job_id, ID_PREFIX)
    if owner is None:
        due.done(piece)
        return Outcome.FINISHED
    try:
        due.lease(piece, _lease_seconds())
        return _take(piece, tenant, owner, has_time)
    except due.Leased:
        return Outcome.LATER
    except writer_lock.WriterBusy:
        due.schedule(piece, clock.now() + _NEXT_TURN)
        return Outcome.LATER
    except VersionConflict:
        due.schedule(piece, clock.now())  # cancelled, or changed by another: look again
        return Outcome.AGAIN
    except KeyShredded:
        _clear(tenant, owner)
        due.done(piece)
        return Outcome.FINISHED


def _take(piece: due.Due, tenant: str, owner: ids.OwnedId, has_time: Callable[[], bool]) -> Outcome:
    record = jobs.find(tenant, str(owner))
    may_start = uploads.may_start_until(tenant, owner) if record is None else None
    if may_start is not None:
        due.schedule(piece, may_start)
        return Outcome.FINISHED
    if record is None or record.unsealed(JobPayload).state.final:
        return _leave(piece, tenant, owner, record)
    if not tenant_is_open(tenant):
        due.schedule(piece, clock.now() + _CLOSED_AGAIN)
        return Outcome.LATER
    writer_lock.acquire(tenant, owner.owner, str(owner), _lease_seconds())
    return _start(piece, tenant, owner, record, has_time)


def waiting(tenant: str, job_id: str) -> list[str]:
    """Ids of imports of the same member that can go on now that this one is finished: at most one."""
    owner = ids.parse_owned(job_id, ID_PREFIX)
    try:
        return jobs.queued(tenant, owner.owner, JobType.IMPORT)[:1] if owner else []
    except KeyShredded:
        return []


def _start(piece: due.Due, tenant: str, owner: ids.OwnedId, record: JobRecord, has_time: Callable[[], bool]) -> Outcome:
    payload = record.unsealed(JobPayload).model_copy(deep=True)
    if payload.starts >= MAX_STARTS:
        payload.state, payload.failure = JobState.FAILED, "import_failed"
        jobs.save(record, payload)
        return _leave(piece, tenant, owner, record)
    payload.state, payload.starts = JobState.RUNNING, payload.starts + 1
    jobs.save(record, payload)
    try:
        return _work(piece, tenant, owner, record, has_time)
    except (VersionConflict, KeyShredded):
        raise
    except IkoError as error:
        log.failure("import_stopped", error, tenant=tenant, job_id=str(owner))
        writer_lock.release(tenant, owner.owner, str(owner))
        due.schedule(piece, clock.now() + timedelta(seconds=_FIRST_PAUSE * 2**payload.starts))
        return Outcome.LATER


def _work(piece: due.Due, tenant: str, owner: ids.OwnedId, record: JobRecord, has_time: Callable[[], bool]) -> Outcome:
    hold = _Hold(piece, tenant, owner)
    if record.unsealed(JobPayload).upload is Upload.UNREAD:
        jobs.save(record, uploads.read(tenant, owner, record.unsealed(JobPayload), hold.keep))
        uploads.drop(tenant, owner)
        if record.unsealed(JobPayload).state.final:
            return _leave(piece, tenant, owner, record)
        if not has_time():
            due.schedule(piece, clock.now())
            return Outcome.AGAIN
    return _store(hold, record, has_time)


def _store(hold: "_Hold", record: JobRecord, has_time: Callable[[], bool]) -> Outcome:
    piece, tenant, owner = hold.piece, hold.tenant, hold.owner
    payload = record.unsealed(JobPayload)
    first = payload.parts_done
    store = _storing(tenant, owner, payload)
    while payload.parts_done < payload.parts:
        if payload.parts_done > first and not has_time():
            _keep(owner, payload.parts_done, store)
            due.schedule(piece, clock.now())
            return Outcome.AGAIN
        if not tenant_is_open(tenant):
            due.schedule(piece, clock.now() + _CLOSED_AGAIN)
            return Outcome.LATER
        hold.keep()
        tally = store.part(_part(tenant, owner, payload.parts_done))
        payload = payload.model_copy(deep=True)
        payload.tally = payload.tally.plus(tally)
        payload.parts_done, payload.starts = payload.parts_done + 1, 0
        if payload.parts_done == payload.parts:
            payload.state = JobState.DONE
        jobs.save(record, payload)
    return _leave(piece, tenant, owner, record)


def _storing(tenant: str, owner: ids.OwnedId, payload: JobPayload) -> storing.Storing:
    """What this process left of the job, if nobody worked on it since, and not longer ago than one invocation may take;
    else made anew."""
    kept = _left.pop(str(owner), None)
    if kept and kept.parts_done == payload.parts_done and clock.monotonic() < kept.until:
        return kept.store
    return storing.Storing(tenant, owner.owner, payload.source, payload.created_at)


def _keep(owner: ids.OwnedId, parts_done: int, store: storing.Storing) -> None:
    if len(_left) >= _LEFT_AT_MOST:
        _left.clear()
    _left[str(owner)] = _Left(parts_done, store.loaded + _LONGEST_USE, store)


class _Hold:
    """The job's lease and its member's turn, which this worker has."""

    def __init__(self, piece: due.Due, tenant: str, owner: ids.OwnedId) -> None:
        self.piece, self.tenant, self.owner, self._since = piece, tenant, owner, clock.now()

    def keep(self) -> None:
        """Prolong both where half of their time is over. WriterBusy where they were lost."""
        if clock.now() - self._since > timedelta(seconds=_lease_seconds() / 2):
            writer_lock.acquire(self.tenant, self.owner.owner, str(self.owner), _lease_seconds())
            due.postpone(self.piece, clock.now() + timedelta(seconds=_lease_seconds()))
            self._since = clock.now()


def _part(tenant: str, owner: ids.OwnedId, number: int) -> Part:
    key = file_parts.part_key(tenant, str(owner), number)
    return Part.from_bytes(objects.get_sealed(settings.current().buckets.imports, key, tenant))


def _leave(piece: due.Due, tenant: str, owner: ids.OwnedId, record: JobRecord | None) -> Outcome:
    """Nothing more to write: the log names the import, file and parts go, then the turn, then the due row, so that a kill
    between comes back here."""
    payload = record.unsealed(JobPayload) if record else None
    if payload is not None and payload.state is JobState.DONE:
        _log(tenant, owner, payload)
    _clear(tenant, owner)
    writer_lock.release(tenant, owner.owner, str(owner))
    again = uploads.last_upload_at(owner) if record and record.unsealed(JobPayload).upload else None
    if again is not None and again > clock.now():
        due.schedule(piece, again)  # the link still works: what it may bring goes then
    else:
        due.done(piece)
    return Outcome.FINISHED


def _log(tenant: str, owner: ids.OwnedId, payload: JobPayload) -> None:
    """Once, however often the job ends: under a name that is made of the job."""
    row = audit.journal(
        tenant, owner.owner, Cause(Action.IMPORT_FINISHED), about=[str(owner)], at=(payload.updated_at, owner.local)
    )
    with contextlib.suppress(VersionConflict):
        rows.put_new(row)


def _clear(tenant: str, owner: ids.OwnedId) -> None:
    objects.delete_prefix(settings.current().buckets.imports, file_parts.prefix(tenant, str(owner)))


def _lease_seconds() -> int:
    return max(_SHORTEST_LEASE, settings.current().waits.longest_function + 30)
