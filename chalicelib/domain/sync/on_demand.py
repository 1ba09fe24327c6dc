"""A member wants a connection to be read now, and follows it as a job."""

from collections.abc import Callable
from datetime import datetime, timedelta

from chalicelib.core import clock, ids
from chalicelib.core.actor import Actor
from chalicelib.core.codes import Code, RunOutcome
from chalicelib.core.errors import Conflict, PreconditionFailed
from chalicelib.core.ids import TenantId
from chalicelib.core.versions import Versions, require
from chalicelib.domain.connections import repository
from chalicelib.domain.connections.model import SYNC_DUE, ConnectionPayload, ConnectionState
from chalicelib.domain.connections.records import ConnectionRecord
from chalicelib.domain.sync.records import RunPayload
from chalicelib.domain.work import jobs
from chalicelib.domain.work.model import ID_PREFIX, JobPayload, JobState, JobType, Tally
from chalicelib.domain.work.records import JobRecord
from chalicelib.store import due, rows
from chalicelib.store.steps import send

Note = Callable[[ConnectionRecord, ConnectionPayload], None]
_AGAIN_AFTER = timedelta(minutes=2)  # as jobs.due has it: should the message be lost, the row brings it


class NeedsConsent(Conflict):
    """The provider gives no token for the connection any more."""

    code, title = Code.NEEDS_CONSENT, "Connect this account again first"


class NothingHeld(Conflict):
    """The connection deletes what its source shows no more; it holds nothing back."""

    code, title = Code.NOTHING_HELD, "Nothing is held back"


def now(actor: Actor, connection_id: str) -> JobRecord:
    """Read the actor's connection as soon as a worker is free, and once more where it is being read just now; the job that tells
    when that is done. Asked again before that, it is the same job, which then tells of what changed until now too. NotFound,
    NeedsConsent."""
    return _wanted(actor, connection_id, lambda *_: None)


def confirm(actor: Actor, connection_id: str, if_match: Versions | None = None) -> JobRecord:
    """Let go what the actor's connection holds back now, as soon as a worker is free, should a full pass show no more then.

    The job that tells of it is as in `now`. NotFound, NothingHeld, NeedsConsent; PreconditionFailed where `if_match` names other
    versions, or is missing though something else was held before: a late call must not cover what its member has not seen.
    """

    def confirmed(record: ConnectionRecord, payload: ConnectionPayload) -> None:
        require(if_match, record.version)
        if not payload.health.held:
            raise NothingHeld
        now, before = {each.stream: each.since for each in payload.health.held}, payload.deletions_confirmed
        repeats = now.items() <= before.items()
        if if_match is None and not repeats and (before or payload.held_before):
            raise PreconditionFailed
        payload.deletions_confirmed = now

    return _wanted(actor, connection_id, confirmed)


def _wanted(actor: Actor, connection_id: str, note: Note) -> JobRecord:
    record, job = _followed(actor, connection_id, note)
    piece = due.Due(SYNC_DUE, repository.work_id(record))
    if due.wake(piece, clock.now() + _AGAIN_AFTER):
        send("sync", piece)
    return job


def waits(payload: ConnectionPayload, since: datetime) -> bool:
    """Return whether its member asked after `since`, when the reading began.

    Changes at the source in between may not have been read.
    """
    return bool(payload.sync_job) and payload.sync_asked_at is not None and payload.sync_asked_at > since


def answer(tenant: TenantId, payload: ConnectionPayload, tally: RunPayload) -> list[rows.PutIf]:
    """Return the job that was asked for, done; nothing where no job is open.

    The caller writes it together with the connection, so that whoever asks meanwhile gets another job.
    """
    job = jobs.find(tenant, payload.sync_job) if payload.sync_job else None
    if job is None or job.unsealed(JobPayload).state.final:
        return []
    counted = _counted(tally)
    told = {"state": JobState.DONE, "tally": counted, "total": counted.rows, "updated_at": clock.now()}
    job.reseal(job.unsealed(JobPayload).model_copy(update=told))
    return [rows.PutIf(job)]


def fail(record: ConnectionRecord, tally: RunPayload, why: RunOutcome, since: datetime | None = None) -> None:
    """End the job that is asked for by now, or was before `since`, with a stable word."""
    found = repository.find(record.tenant, repository.public_id(record))
    payload = found.unsealed(ConnectionPayload) if found else None
    if payload is not None and payload.sync_job and not (since and waits(payload, since)):
        jobs.finish(record.tenant, payload.sync_job, JobState.FAILED, tally=_counted(tally), failure=why)


def _counted(tally: RunPayload) -> Tally:
    return Tally(
        created=tally.created,
        updated=tally.updated,
        unchanged=tally.unchanged,
        rejected_total=sum(tally.skipped.values()),
    )


def _followed(actor: Actor, connection_id: str, note: Note) -> tuple[ConnectionRecord, JobRecord]:
    """The connection, and the job of it that has not ended: the one that there is, or a new one. When it was asked for is
    written with it, and what `note` says."""

    def attempt() -> tuple[ConnectionRecord, JobRecord]:
        record = repository.get(actor, connection_id)
        payload = record.unsealed(ConnectionPayload).model_copy(deep=True)
        if payload.state is ConnectionState.NEEDS_CONSENT:
            raise NeedsConsent
        note(record, payload)
        payload.sync_asked_at, new = clock.now(), list[JobRecord]()
        job = jobs.find(actor.tenant, payload.sync_job) if payload.sync_job else None
        if job is None or job.unsealed(JobPayload).state.final:
            made = ids.new_owned(ID_PREFIX, actor.member)
            asked = JobPayload(type=JobType.SYNC, created_at=clock.now(), updated_at=clock.now())
            job = jobs.made(actor.tenant, made, asked)
            payload.sync_job, new = str(made), [job]
        repository.save(record, payload, new)
        return record, job

    return rows.retry(attempt)
