"""A member wants a connection to be read now, and follows it as a job."""

from datetime import timedelta

from chalicelib.core import clock, ids, settings
from chalicelib.core.actor import Actor
from chalicelib.core.errors import Conflict, VersionConflict
from chalicelib.domain.connections import keeping
from chalicelib.domain.connections.model import SYNC_DUE, ConnectionPayload, ConnectionState
from chalicelib.domain.connections.records import ConnectionRecord
from chalicelib.domain.sync.records import RunPayload
from chalicelib.domain.work import jobs
from chalicelib.domain.work.model import ID_PREFIX, JobPayload, JobState, JobType, Tally
from chalicelib.domain.work.records import JobRecord
from chalicelib.store import due, objects

_AGAIN_AFTER = timedelta(minutes=2)  # as jobs.due has it: should the message be lost, the row brings it


class NeedsConsent(Conflict):
    """The provider gives no token for the connection any more."""

    code, title = "needs_consent", "Connect this account again first"


def now(actor: Actor, connection_id: str) -> JobRecord:
    """Read the actor's connection as soon as a worker is free, and once more where it is being read just now; the job that tells
    when that is done. Asking again before that changes nothing. NotFound, NeedsConsent."""
    record, job = _followed(actor, connection_id)
    piece = due.Due(SYNC_DUE, keeping.work_id(record))
    if due.wake(piece, clock.now() + _AGAIN_AFTER):
        objects.send(settings.current().queues.sync, {"kind": piece.kind, "id": piece.id})
    return job


def settle(record: ConnectionRecord, tally: RunPayload, failure: str = "") -> None:
    """End the job that was asked for before this run began; `failure` is a stable word, empty where the pass is complete."""
    job = record.unsealed(ConnectionPayload).sync_job
    if job:
        counted = Tally(
            created=tally.created,
            updated=tally.updated,
            unchanged=tally.unchanged,
            rejected_total=sum(tally.skipped.values()),
        )
        state = JobState.FAILED if failure else JobState.DONE
        jobs.finish(record.tenant, job, state, tally=counted, failure=failure)


def _followed(actor: Actor, connection_id: str) -> tuple[ConnectionRecord, JobRecord]:
    """The connection, and the job of it that has not ended: the one that there is, or a new one."""
    while True:
        record = keeping.get(actor, connection_id)
        payload = record.unsealed(ConnectionPayload).model_copy(deep=True)
        if payload.state is ConnectionState.NEEDS_CONSENT:
            raise NeedsConsent
        job = jobs.find(actor.tenant, payload.sync_job) if payload.sync_job else None
        if job is not None and not job.unsealed(JobPayload).state.final:
            return record, job
        made = ids.new_owned(ID_PREFIX, actor.member)
        job = jobs.made(
            actor.tenant, made, JobPayload(type=JobType.SYNC, created_at=clock.now(), updated_at=clock.now())
        )
        payload.sync_job = str(made)
        try:
            keeping.save(record, payload, [job])
        except VersionConflict:
            continue  # its worker wrote between our read and write
        return record, job
