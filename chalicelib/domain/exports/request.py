"""A member asks for an export, looks after it, and fetches it. At most one of a member is being made at a time."""

import contextlib
from datetime import timedelta

from chalicelib.core import clock, ids, settings
from chalicelib.core.actor import Actor
from chalicelib.core.codes import Code
from chalicelib.core.errors import Conflict, Gone, NotFound, VersionConflict
from chalicelib.core.ids import OwnerCode, SortKey, TenantId
from chalicelib.domain.audit import journal as audit
from chalicelib.domain.audit.model import Action
from chalicelib.domain.exports.model import (
    DUE_KIND,
    ID_PREFIX,
    RECORD_DAYS,
    URL_SECONDS,
    ExportingPayload,
    ExportPayload,
    ExportState,
    object_key,
)
from chalicelib.domain.exports.records import ExportingRecord, ExportRecord
from chalicelib.domain.work import jobs
from chalicelib.domain.work.model import ID_PREFIX as JOB_PREFIX
from chalicelib.domain.work.model import JobPayload, JobType
from chalicelib.store import due, objects, rows
from chalicelib.store.steps import send

_FIRST_LOOK = timedelta(seconds=60)  # later than any HTTP function lives: a due row without an export is then abandoned


def request(actor: Actor) -> ExportRecord:
    """Return the actor's export that is under way, or start a new one.

    Once this has answered, the export is carried out whatever is killed.
    """
    found = rows.retry(lambda: _turn(actor))
    if isinstance(found, ExportRecord):
        return found
    created = _create(actor.tenant, found)
    audit.own(actor, Action.EXPORT_REQUESTED, [str(found)])
    return created


def _turn(actor: Actor) -> ExportRecord | ids.OwnedId:
    """The export that is being made for the actor, or the id of one whose turn it is now. VersionConflict where another request
    of the member was quicker: look at its export."""
    turn = rows.get(ExportingRecord, actor.tenant, _turn_sk(actor.code))
    if turn is not None:
        standing = ids.parse_owned(turn.unsealed(ExportingPayload).export, ID_PREFIX)
        found = unfinished(actor.tenant, standing) if standing else None
        if found is not None:
            return found
    made = ids.new_owned(ID_PREFIX, actor.member)
    payload = ExportingPayload(export=str(made))
    if turn is None:
        rows.put_new(ExportingRecord.build(actor.tenant, _turn_sk(actor.code), payload))
    else:
        turn.reseal(payload)
        rows.put_if_unchanged(turn)
    return made


def unfinished(tenant: TenantId, ident: ids.OwnedId) -> ExportRecord | None:
    """Return the export if it is still to be made; None where it has ended or its job was cancelled.

    Where its request is only half done, under way or killed, the rest is done here.
    """
    record, job = find(tenant, ident), jobs.find(tenant, job_id(ident))
    if job is not None and job.unsealed(JobPayload).state.final:
        return None
    if record is None:
        return _create(tenant, ident)
    return record if record.unsealed(ExportPayload).unfinished else None


def get(actor: Actor, public: str) -> ExportRecord:
    """Return the actor's own export, by its id or its job's. NotFound for any other, a colleague's too."""
    ident = ids.parse_owned(public, ID_PREFIX) or ids.parse_owned(public, JOB_PREFIX)
    record = find(actor.tenant, ident) if ident and ident.owner == actor.code else None
    if record is None:
        raise NotFound
    return record


def file_url(actor: Actor, public: str) -> str:
    """Return a URL of the zip that is valid for five minutes.

    Gone after the export's day; Conflict where it has no zip yet or gets none.
    """
    record = get(actor, public)
    state = record.unsealed(ExportPayload).seen_state
    if state is ExportState.EXPIRED:
        raise Gone("The file has been deleted. Start a new export.", code=Code.EXPORT_EXPIRED)
    if state is ExportState.FAILED:
        raise Conflict("This export failed. Start a new one.", code=Code.EXPORT_FAILED)
    if state is not ExportState.DONE:
        raise Conflict("The export is not ready yet. Try again in a moment.", code=Code.EXPORT_NOT_READY)
    bucket, key = settings.current().buckets.exports, object_key(actor.tenant, public_id(record))
    return objects.presigned_get(bucket, key, URL_SECONDS, f"iko-export-{clock.now():%Y-%m-%d}.zip")


def find(tenant: TenantId, ident: ids.OwnedId) -> ExportRecord | None:
    """Return the export's row, whoever owns it: for workers. None where there is none."""
    return rows.get(ExportRecord, tenant, ids.sort_key("export", ident.owner, ident.local))


def public_id(record: ExportRecord) -> ids.OwnedId:
    """Return the id that clients know."""
    return ids.owned_of(ID_PREFIX, record.sk)


def job_id(ident: ids.OwnedId) -> str:
    """Return the id of the export's job: the same, with another prefix."""
    return str(ids.OwnedId(JOB_PREFIX, ident.owner, ident.local))


def release(tenant: TenantId, ident: ids.OwnedId) -> None:
    """Record that the export is no longer being made. Harmless where another has taken its place."""
    turn = rows.get(ExportingRecord, tenant, _turn_sk(ident.owner))
    if turn is not None and turn.unsealed(ExportingPayload).export == str(ident):
        try:
            rows.delete_if_unchanged(turn)
        except VersionConflict:
            return  # the member's next export took it


def _create(tenant: TenantId, ident: ids.OwnedId) -> ExportRecord:
    """Job, export, and the message that starts them. Safe to repeat, and to do twice at once."""
    piece, now = due.Due(DUE_KIND, f"{tenant}.{ident}"), clock.now()
    due.schedule(piece, now + _FIRST_LOOK)
    job = ids.OwnedId(JOB_PREFIX, ident.owner, ident.local)
    with contextlib.suppress(VersionConflict):  # it is there already
        jobs.insert(tenant, job, JobPayload(type=JobType.EXPORT, created_at=now, updated_at=now))
    payload, ends = ExportPayload(created_at=now, updated_at=now), now + timedelta(days=RECORD_DAYS)
    record = ExportRecord.build(tenant, ids.sort_key("export", ident.owner, ident.local), payload, ends=ends)
    try:
        rows.put_new(record)
    except VersionConflict:
        standing = find(tenant, ident)
        if standing is not None:
            return standing
        raise
    send("work", piece)
    return record


def _turn_sk(owner: OwnerCode) -> SortKey:
    return ids.sort_key("exporting", owner, "turn")
