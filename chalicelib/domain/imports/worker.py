"""The worker of an import: an uploaded file is read into parts, then part by part is stored, with a checkpoint after each,
so that a killed worker goes on where it was."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from chalicelib.core import clock, ids, log, settings
from chalicelib.core.codes import JobFailure
from chalicelib.core.errors import IkoError, KeyShredded, Unavailable, VersionConflict
from chalicelib.core.ids import TenantId
from chalicelib.domain.accounts.membership import tenant_is_open
from chalicelib.domain.audit import journal as audit
from chalicelib.domain.audit.model import Action, Cause
from chalicelib.domain.contacts import writer_lock
from chalicelib.domain.imports import file_parts, storing, trial, uploads
from chalicelib.domain.imports.model import DUE_KIND, Part
from chalicelib.domain.matching import wake
from chalicelib.domain.work import jobs
from chalicelib.domain.work.model import ID_PREFIX, JobPayload, JobState, JobType, Upload
from chalicelib.domain.work.records import JobRecord
from chalicelib.store import due, objects, rows
from chalicelib.store.steps import AGAIN, DONE, NEXT, HasTime, Outcome, Turn, Work, after, later, send

MAX_STARTS = 6  # in a row without one part finished; with the pauses between them four to eight minutes
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


@dataclass(frozen=True)
class _Import:
    """What a step finds: the job, None where there is none (any more)."""

    tenant: TenantId
    owner: ids.OwnedId
    record: JobRecord | None

    @property
    def id(self) -> str:
        return str(self.owner)

    @property
    def open(self) -> JobRecord | None:
        """The job, if it has not ended."""
        return self.record if self.record and not self.record.unsealed(JobPayload).state.final else None


def _found(turn: Turn) -> _Import | None:
    owner = ids.parse_owned(turn.due.about, ID_PREFIX)
    return _Import(turn.due.tenant, owner, jobs.find(turn.due.tenant, str(owner))) if owner else None


def _start(turn: Turn) -> Outcome | None:
    """Not before it is asked for, not while the workspace is closed, not while another writes the member's contacts."""
    found = _found(turn)
    if found is None:
        return DONE
    may_start = uploads.may_start_until(found.tenant, found.owner) if found.record is None else None
    if may_start is not None:
        return later(may_start, "not_started")
    if found.open is None:
        return None
    if not tenant_is_open(found.tenant):
        return after(_CLOSED_AGAIN, "closed")
    payload = found.open.unsealed(JobPayload).model_copy(deep=True)
    try:
        if not payload.dry_run:
            writer_lock.acquire(found.tenant, found.owner.owner, found.id, settings.current().waits.lease)
    except writer_lock.WriterBusy:
        return after(_NEXT_TURN, "waits_for_its_turn")
    if payload.starts >= MAX_STARTS:
        payload.state, payload.failure = JobState.FAILED, JobFailure.IMPORT_FAILED
    else:
        payload.state, payload.starts = JobState.RUNNING, payload.starts + 1
    jobs.save(found.open, payload)
    return None


def _read(turn: Turn) -> Outcome | None:
    """The file into parts."""
    found = _found(turn)
    record = found.open if found else None
    if found is None or record is None or record.unsealed(JobPayload).upload is not Upload.UNREAD:
        return None
    with _one_start(found):
        jobs.save(record, uploads.read(found.tenant, found.owner, record.unsealed(JobPayload)))
        uploads.drop(found.tenant, found.owner)
    return NEXT


def _store(turn: Turn) -> Outcome | None:
    """Part by part."""
    found = _found(turn)
    record = found.open if found else None
    if found is None or record is None:
        return None
    with _one_start(found):
        return _parts(found, record, turn.has_time)


def _parts(found: _Import, record: JobRecord, has_time: HasTime) -> Outcome | None:
    payload = record.unsealed(JobPayload)
    first = payload.parts_done
    store = _storing(found.tenant, found.owner, payload)
    while payload.parts_done < payload.parts:
        if payload.parts_done > first and not has_time():
            _keep(found.owner, payload.parts_done, store)
            return AGAIN
        if not tenant_is_open(found.tenant):
            return after(_CLOSED_AGAIN, "closed")
        tally = store.part(_part(found.tenant, found.owner, payload.parts_done))
        payload = payload.model_copy(deep=True)
        payload.tally = payload.tally.plus(tally)
        payload.parts_done, payload.starts = payload.parts_done + 1, 0
        if payload.parts_done == payload.parts:
            payload.state = JobState.DONE
        jobs.save(record, payload)
    return None


def _leave(turn: Turn) -> Outcome | None:
    """Nothing more to write: the log names the import, file and parts go, then the turn, so that a kill between comes back
    here. Whichever import of the member waits goes on at once."""
    found = _found(turn)
    if found is None:
        return None
    payload = found.record.unsealed(JobPayload) if found.record else None
    if payload is not None and payload.state is JobState.DONE and not payload.dry_run:
        _log(found.tenant, found.owner, payload)
        wake.changed(found.tenant, found.owner.owner)
    _clear(turn)
    writer_lock.release(found.tenant, found.owner.owner, found.id)
    for waiting in jobs.queued(found.tenant, found.owner.owner, JobType.IMPORT)[:1]:
        send("work", due.Due(DUE_KIND, f"{found.tenant}.{waiting}"))
    again = uploads.last_upload_at(found.owner) if payload is not None and payload.upload else None
    if again is not None and again > clock.now():
        return later(again, "link_open")  # the link still works: what it may bring goes then
    return None


@contextlib.contextmanager
def _one_start(found: _Import) -> Iterator[None]:
    """Whatever failure of ours ends it is tried again, MAX_STARTS times in all; others may write meanwhile."""
    try:
        yield
    except (VersionConflict, KeyShredded):
        raise  # cancelled, changed by another, or purged
    except IkoError as error:
        log.failure("import_stopped", error, tenant=found.tenant, job_id=found.id)
        writer_lock.release(found.tenant, found.owner.owner, found.id)
        raise Unavailable from error


def _storing(tenant: TenantId, owner: ids.OwnedId, payload: JobPayload) -> storing.Storing:
    """What this process left of the job, if nobody worked on it since, and not longer ago than one invocation may take;
    else made anew."""
    kept = _left.pop(str(owner), None)
    if kept and kept.parts_done == payload.parts_done and clock.monotonic() < kept.until:
        return kept.store
    kind = trial.Trial if payload.dry_run else storing.Storing
    return kind(tenant, owner, payload.file.source if payload.file else "", payload.created_at)


def _keep(owner: ids.OwnedId, parts_done: int, store: storing.Storing) -> None:
    if len(_left) >= _LEFT_AT_MOST:
        _left.clear()
    _left[str(owner)] = _Left(parts_done, store.loaded + _LONGEST_USE, store)


def _part(tenant: TenantId, owner: ids.OwnedId, number: int) -> Part:
    key = file_parts.part_key(tenant, str(owner), number)
    return Part.from_bytes(objects.get_sealed(settings.current().buckets.imports, key, tenant))


def _log(tenant: TenantId, owner: ids.OwnedId, payload: JobPayload) -> None:
    """Once, however often the job ends: under a name that is made of the job."""
    row = audit.journal(
        tenant, owner.owner, Cause(Action.IMPORT_FINISHED), about=[str(owner)], at=(payload.updated_at, owner.local)
    )
    with contextlib.suppress(VersionConflict):
        rows.put_new(row)


def _clear(turn: Turn) -> None:
    objects.delete_prefix(settings.current().buckets.imports, file_parts.prefix(turn.due.tenant, turn.due.about))


WORK = Work(DUE_KIND, "work", (_start, _read, _store, _leave), shredded=_clear)  # by `tenant.job`
