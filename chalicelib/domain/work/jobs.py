"""Jobs of one member: made, read, moved on by their worker, cancelled by their member."""

from datetime import timedelta

from chalicelib.core import clock, ids
from chalicelib.core.actor import Actor
from chalicelib.core.errors import NotFound
from chalicelib.core.ids import OwnerCode, SortKey, TenantId
from chalicelib.core.versions import Versions, require
from chalicelib.domain.work.model import ID_PREFIX, LIFE_DAYS, JobPayload, JobState, JobType, Tally
from chalicelib.domain.work.records import JobRecord
from chalicelib.store import rows


def public_id(record: JobRecord) -> str:
    """Return the id that clients know."""
    return str(ids.owned_of(ID_PREFIX, record.sk))


def insert(tenant: TenantId, job_id: ids.OwnedId, payload: JobPayload) -> JobRecord:
    """Write a new job. VersionConflict where the id is taken."""
    record = made(tenant, job_id, payload)
    rows.put_new(record, deletable=True)
    return record


def made(tenant: TenantId, job_id: ids.OwnedId, payload: JobPayload) -> JobRecord:
    """Return a new job, to be written together with its subject."""
    return JobRecord.build(tenant, _sk(job_id), payload, ends=payload.created_at + timedelta(days=LIFE_DAYS))


def finish(tenant: TenantId, job_id: str, state: JobState, *, tally: Tally | None = None, failure: str = "") -> None:
    """End a job that has not ended; harmless where it has, was cancelled meanwhile, or is gone."""
    counted = {"tally": tally, "total": tally.rows} if tally is not None else {}

    def change(record: JobRecord) -> rows.Put | None:
        payload = record.unsealed(JobPayload)
        if payload.state.final:
            return None
        told = {"state": state, "failure": failure, "updated_at": clock.now(), **counted}
        record.reseal(payload.model_copy(update=told))
        return rows.Put()

    parsed = ids.parse_owned(job_id, ID_PREFIX)
    if parsed:
        rows.update(rows.Key(JobRecord, tenant, _sk(parsed)), change)


def find(tenant: TenantId, job_id: str) -> JobRecord | None:
    """Return the job of that id in the tenant, whoever owns it: for workers. None where there is none (any more)."""
    parsed = ids.parse_owned(job_id, ID_PREFIX)
    return rows.get(JobRecord, tenant, _sk(parsed)) if parsed else None


def get(actor: Actor, job_id: str) -> JobRecord:
    """Return the actor's own job. NotFound for any other, a colleague's too."""
    parsed = ids.parse_owned(job_id, ID_PREFIX)
    record = rows.get(JobRecord, actor.tenant, _sk(parsed)) if parsed and parsed.owner == actor.code else None
    if record is None:
        raise NotFound
    return record


def page(actor: Actor, limit: int, after: str | None) -> rows.Page[JobRecord]:
    """Return a page of the actor's jobs, newest first."""
    return rows.page(JobRecord, actor.tenant, ids.key_range("job", actor.code), limit=limit, after=after, forward=False)


def queued(tenant: TenantId, owner: OwnerCode, kind: JobType) -> list[str]:
    """Return the ids of the member's jobs of a type that wait for their turn, oldest first."""
    waiting = []
    for record in rows.every(JobRecord, tenant, ids.key_range("job", owner)):
        payload = record.unsealed(JobPayload)
        if payload.type is kind and payload.state is JobState.QUEUED:
            waiting.append(public_id(record))
    return waiting


def save(record: JobRecord, payload: JobPayload) -> None:
    """Write the job over the version that was read. VersionConflict where it was cancelled or deleted meanwhile."""
    payload.updated_at = clock.now()
    record.reseal(payload)
    rows.put_if_unchanged(record)


def cancel(actor: Actor, job_id: str, if_match: Versions | None = None) -> None:
    """Stop a job that waits or runs (its worker stops at the next checkpoint), or remove a finished one.

    NotFound as in `get`; PreconditionFailed where `if_match` names other versions than the present one.
    """

    def change(record: JobRecord) -> rows.Put | rows.Delete:
        require(if_match, record.version)
        payload = record.unsealed(JobPayload)
        if payload.state.final:
            return rows.Delete()
        record.reseal(payload.model_copy(update={"state": JobState.CANCELLED, "updated_at": clock.now()}))
        return rows.Put()

    rows.update(get(actor, job_id), change)


def _sk(job_id: ids.OwnedId) -> SortKey:
    return ids.sort_key("job", job_id.owner, job_id.local)
