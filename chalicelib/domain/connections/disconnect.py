"""A member disconnects: hidden at once; then, in a worker, the grant is revoked and what came only from the connection goes.

Its row goes last: as long as anything is left, it says what is still to be done. A sync under way is waited for; one whose end
nobody has heard of may still be writing, so that its traces are looked for again.
"""

import functools
from collections.abc import Callable
from datetime import timedelta

from chalicelib.connectors.http import ProviderRefused
from chalicelib.core import clock, ids, log, settings
from chalicelib.core.actor import Actor
from chalicelib.core.errors import KeyShredded, SealBroken, Unavailable, VersionConflict
from chalicelib.core.ids import TenantId
from chalicelib.core.versions import Versions, require
from chalicelib.domain.audit import journal as audit
from chalicelib.domain.audit.model import Action, Cause
from chalicelib.domain.certificates import replay_log
from chalicelib.domain.certificates.replay_log import Disconnection, Logged
from chalicelib.domain.connections import credentials, mailboxes, registrations, repository, revocation
from chalicelib.domain.connections.model import (
    DISCONNECT_DUE,
    NOTICE_DUE,
    SYNC_DUE,
    ConnectionPayload,
    ConnectionState,
    Ending,
    Revocation,
)
from chalicelib.domain.connections.records import ConnectionRecord
from chalicelib.domain.work import jobs
from chalicelib.domain.work.model import ID_PREFIX, JobPayload, JobState, JobType
from chalicelib.domain.work.records import JobRecord
from chalicelib.store import rows
from chalicelib.store.due import SK as DUE_SK
from chalicelib.store.due import Due, DueRecord, done, ensure, schedule
from chalicelib.store.handlers import Replayed
from chalicelib.store.steps import AGAIN, DONE, HasTime, Outcome, Turn, Work, after, later, send

Forget = Callable[[TenantId, str, HasTime], bool]
TRIES = 3  # to revoke, a while apart; then it is said that it could not be
_FIRST_LOOK, _SOON, _NEXT_TRY = timedelta(seconds=60), timedelta(seconds=10), timedelta(seconds=60)


def ask(actor: Actor, connection_id: str, if_match: Versions | None = None, *, keeps: bool = True) -> JobRecord:
    """End a connection, and return the job that its member follows; unless it `keeps` what the member annotated, that goes too
    where no other source has it. NotFound; PreconditionFailed where `if_match` names
    other versions than the present one."""

    def attempt() -> tuple[Due, JobRecord]:
        record = repository.get(actor, connection_id)
        require(if_match, record.version)
        due = Due(DISCONNECT_DUE, repository.work_id(record))
        now = clock.now()
        schedule(due, now + _FIRST_LOOK)
        made = ids.new_owned(ID_PREFIX, actor.member)
        payload = record.unsealed(ConnectionPayload).model_copy(deep=True)
        payload.state, payload.ending = ConnectionState.ENDING, Ending(job=str(made), keeps=keeps)
        job = jobs.made(actor.tenant, made, JobPayload(type=JobType.DISCONNECT, created_at=now, updated_at=now))
        cause = Cause(Action.CONNECTION_DISCONNECTED, days=actor.audit_days)
        repository.save(record, payload, [job, audit.journal(actor.tenant, actor.code, cause, about=[connection_id])])
        return due, job

    due, job = rows.retry(attempt)
    replay_log.early(lambda: replay_log.note_disconnection(actor.tenant, connection_id, keeps=keeps))
    send("sync", due)
    return job


def work(forget: Forget) -> Work:
    """Return a disconnection as due work, by `tenant.connection`. `forget` removes what came only from the connection,
    and returns True when all of it is gone."""
    # Where the key is gone the workspace was purged.
    return Work(DISCONNECT_DUE, "sync", (functools.partial(_advance, forget),), shredded=lambda _: DONE)


def replay(logged: Logged[Disconnection], _registry: object, _within: str, _has_time: HasTime) -> Replayed:
    """End again a connection that tables restored from a backup brought back, as the replay log tells; see `again`."""
    return Replayed(again(logged.entry))


def again(entry: Disconnection) -> int:
    """Ask once more for a disconnection, as it was asked for, where tables restored from a backup brought the connection
    back; return 1 where something had come back, else 0. Its worker, which finds it due, revokes and forgets. A
    connection of a later consent stays.

    Safe to repeat. VersionConflict, Unavailable: come again.
    """
    tenant, connection_id, at = entry.tenant, entry.connection, entry.at
    credential, record = credentials.read(tenant, connection_id), repository.find(tenant, connection_id)
    if record is None:
        if credential is None:
            return 0
        rows.delete_if_unchanged(credential)
        return 1
    try:
        payload = record.unsealed(ConnectionPayload).model_copy(deep=True)
    except KeyShredded:
        return 0  # the workspace was purged: its own entry of the log ends it
    due = Due(DISCONNECT_DUE, repository.work_id(record))
    if payload.state is ConnectionState.ENDING:
        ensure(due, clock.now())
        return 0
    given_anew = credential is not None and credentials.given_after(credential, at)
    if given_anew or (payload.consented_at or payload.created_at) > at:
        return 0
    schedule(due, clock.now() + _FIRST_LOOK)
    payload.state, payload.ending = ConnectionState.ENDING, Ending(job="", keeps=entry.keeps)
    repository.save(record, payload)
    return 1


def _advance(forget: Forget, turn: Turn) -> Outcome:
    record = repository.find(turn.due.tenant, turn.due.about)
    payload = record.unsealed(ConnectionPayload).model_copy(deep=True) if record else None
    ending = payload.ending if payload else None
    if record is None or payload is None or ending is None:
        return DONE  # finished before, or killed before it was asked for: whoever asked was told nothing
    waits = _not_yet(turn, record, payload, ending)
    if waits is not None:
        return waits
    replay_log.note_disconnection(record.tenant, repository.public_id(record), keeps=ending.keeps)
    _try_to_revoke(record, payload, ending)
    if not forget(record.tenant, repository.public_id(record), turn.has_time):
        return AGAIN
    if ending.late and ending.again_at is None:
        ending.again_at = clock.now() + timedelta(seconds=settings.current().waits.second_pass)
        repository.save(record, payload)
        return later(ending.again_at)
    if ending.revocation is Revocation.OPEN:
        return after(_NEXT_TRY)
    _finish(record, payload, ending)
    return DONE


def _not_yet(turn: Turn, record: ConnectionRecord, payload: ConnectionPayload, ending: Ending) -> Outcome | None:
    if ending.again_at is not None and clock.now() < ending.again_at:
        return later(ending.again_at)
    if not ending.alone:
        if not _stop_sync(turn.id, ending):
            return after(_SOON, "waits_for_sync")
        jobs.finish(record.tenant, payload.sync_job, JobState.CANCELLED)  # no sync ends it any more
    return None


def _stop_sync(ident: str, ending: Ending) -> bool:
    """Whether no worker reads the connection any more: one that begins now sees how it stands, so only a lease taken before
    counts. One that has ended without a word may be of a worker that is only slow."""
    sync = Due(SYNC_DUE, ident)
    row = rows.get(DueRecord, sync.pk, DUE_SK)
    if row is not None and row.lease_until is not None:
        if clock.parse_rfc3339(row.lease_until) > clock.now():
            return False
        ending.late = True
    done(sync)
    ending.alone = True
    return True


def _try_to_revoke(record: ConnectionRecord, payload: ConnectionPayload, ending: Ending) -> None:
    """One try, until the provider has said yes or there were enough; what came of it is written down."""
    if ending.revocation is not Revocation.OPEN:
        return
    try:
        revocation.revoke(record)
        ending.revocation = Revocation.CONFIRMED
    except (ProviderRefused, SealBroken, registrations.NotRegistered) as error:
        log.failure("revocation_refused", error, tenant=record.tenant, provider=str(payload.provider))
        ending.revocation = Revocation.UNCONFIRMED
    except Unavailable as error:
        log.failure("revocation_unanswered", error, tenant=record.tenant, provider=str(payload.provider))
        ending.tries += 1
        if ending.tries >= TRIES:
            ending.revocation = Revocation.UNCONFIRMED
    repository.save(record, payload)


def _finish(record: ConnectionRecord, payload: ConnectionPayload, ending: Ending) -> None:
    """The tokens, the way from the mailbox, the member's job; then the connection itself."""
    connection_id = repository.public_id(record)
    credentials.remove(record.tenant, connection_id)
    mailboxes.forget(payload.address, record.tenant, connection_id)
    for kind in (SYNC_DUE, NOTICE_DUE):
        done(Due(kind, repository.work_id(record)))
    _tell(record.tenant, ending)
    rows.delete_if_unchanged(record)
    log.event("disconnected", tenant=record.tenant, provider=str(payload.provider), state=str(ending.revocation))


def _tell(tenant: TenantId, ending: Ending) -> None:
    job = jobs.find(tenant, ending.job)
    if job is None or job.unsealed(JobPayload).state.final:
        return
    unconfirmed = ending.revocation is Revocation.UNCONFIRMED
    told = job.unsealed(JobPayload).model_copy(update={"state": JobState.DONE, "revocation_unconfirmed": unconfirmed})
    try:
        jobs.save(job, told)
    except VersionConflict:
        return  # its member took the job off the list meanwhile
