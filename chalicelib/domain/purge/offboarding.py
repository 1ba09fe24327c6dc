"""One member goes, by itself or removed by an owner: refused from the next request on, then what it brought is deleted.

The plan is written down before the membership ends, so that a kill in between is finished by the due row.
"""

import functools
from dataclasses import dataclass
from datetime import timedelta

from chalicelib.core import clock, ids, log, settings
from chalicelib.core.actor import Actor
from chalicelib.core.errors import KeyShredded, NotFound, VersionConflict
from chalicelib.core.ids import MemberId, TenantId
from chalicelib.domain.accounts import invitations, member_lookup, team
from chalicelib.domain.audit import journal as audit
from chalicelib.domain.audit.model import Action
from chalicelib.domain.certificates import replay_log
from chalicelib.domain.purge import deletion, revocation
from chalicelib.domain.purge.deletion import Deleted, Registry
from chalicelib.domain.purge.model import LEAVING_KIND, LeavingPayload
from chalicelib.domain.purge.records import LeavingRecord
from chalicelib.domain.work import jobs
from chalicelib.domain.work.model import ID_PREFIX, JobPayload, JobState, JobType
from chalicelib.domain.work.records import JobRecord
from chalicelib.store import batch, rows
from chalicelib.store.due import SK as DUE_SK
from chalicelib.store.due import Due, DueRecord, schedule
from chalicelib.store.steps import AGAIN, DONE, HasTime, Outcome, Turn, Work, later, send

SK = "leaving"
_FIRST_LOOK = timedelta(seconds=60)


def leave(actor: Actor, member: MemberId) -> JobRecord:
    """End a membership; the job that deletes what the member brought, in the range of whoever asked for it.

    NotFound where there is no such member; OwnerOnly for another than oneself where the actor is no owner;
    Conflict(last_owner) where nobody would be left who can pay, invite and close.
    """
    if member != actor.member:
        actor.needs_owner("Only an owner removes others.")
    team.may_end(actor.tenant, member)
    due = Due(LEAVING_KIND, f"{actor.tenant}.{member}")
    now = clock.now()
    made = ids.new_owned(ID_PREFIX, actor.member)
    schedule(due, now + _FIRST_LOOK)
    invitation = invitations.id_of_address(actor.tenant, team.address_of(actor.tenant, member))
    plan = LeavingPayload(owner_code=ids.owner_code(member), asked_at=now, invitation=invitation, jobs=[str(made)])
    rows.retry(lambda: _plan(due, plan))
    job = jobs.insert(actor.tenant, made, JobPayload(type=JobType.LEAVING, created_at=now, updated_at=now))
    team.remove_member(actor.tenant, member)
    replay_log.early(lambda: _note(due, plan))
    action = Action.MEMBER_LEFT if member == actor.member else Action.MEMBER_REMOVED
    audit.team(actor.tenant, action, by=actor.member, about=member)
    send("deletions", due)
    return job


def _plan(due: Due, plan: LeavingPayload) -> None:
    """Write the plan down; where one stands, killed before or asked for twice, that one more job waits for its end."""
    record = rows.get(LeavingRecord, due.pk, SK)
    if record is None:
        rows.put_new(LeavingRecord.build(due.pk, SK, plan))
        return
    log.event("leaving_repeated", tenant=due.tenant)
    payload = record.unsealed(LeavingPayload)
    _save(record, payload.model_copy(update={"jobs": [*payload.jobs, *plan.jobs]}))


def _note(due: Due, plan: LeavingPayload) -> None:
    """Write down, for a replay, that the membership was ended when it was asked for, however late this is."""
    replay_log.note_leaving(
        replay_log.Leaving(
            tenant=due.tenant,
            owner=plan.owner_code,
            member=MemberId(due.about),
            at=clock.rfc3339(plan.asked_at),
            invitation=plan.invitation,
        )
    )


@dataclass(frozen=True)
class Leaving:
    """What the product hands in: every record class."""

    registry: Registry

    def work(self) -> Work:
        """Return the worker of leavings: its due work is named `tenant.member`."""
        return Work(LEAVING_KIND, "deletions", (self._advance,))

    def _advance(self, turn: Turn) -> Outcome | None:
        """Delete what the member brought, in passes until one finds nothing; the later ones when no write of it is under way."""
        tenant, member = turn.due.tenant, MemberId(turn.due.about)
        record = rows.get(LeavingRecord, turn.due.pk, SK)
        if record is None or team.is_standing(tenant, member):
            # Never begun, or killed before the membership ended: whoever asked was told nothing and asks again.
            if record is not None:
                rows.delete_if_unchanged(record)
            return DONE
        _end(tenant, member)  # finished here where a kill came between
        payload = record.unsealed(LeavingPayload)
        if payload.next_at is not None and clock.now() < payload.next_at:
            return later(payload.next_at)
        # In every pass: a consent under way may have come through meanwhile.
        if not self._revoke(tenant, record, payload, turn.has_time):
            return AGAIN
        if not payload.passes:
            _note(turn.due, payload)
        gone = deletion.of_member(tenant, payload.owner_code, self.registry, turn.has_time)
        log.event("leaving_pass", tenant=tenant, count=gone.count)
        payload.found = payload.found or gone.count > 0
        if not gone.complete:
            _save(record, payload)
            return AGAIN
        self._drop_exports(tenant)
        if payload.found or not payload.passes:
            payload.passes, payload.found, payload.revoked_to = payload.passes + 1, False, {}
            payload.next_at = clock.now() + timedelta(seconds=settings.current().waits.second_pass)
            _save(record, payload)
            return later(payload.next_at)
        for job in payload.jobs:
            _finish(tenant, job, unconfirmed=bool(payload.revocation_unconfirmed))
        rows.delete_if_unchanged(record)
        return DONE

    def _revoke(self, tenant: TenantId, record: LeavingRecord, payload: LeavingPayload, has_time: HasTime) -> bool:
        """Before the rows go that say what is to be revoked; what did not come about is written down before too. Whether none is
        left to try."""
        known = payload.revocation_unconfirmed
        grants = [record.declared.grants for record in self.registry if record.declared.grants]
        of_member = {each.what: functools.partial(each.of_member.load(), tenant, payload.owner_code) for each in grants}
        ended = revocation.end(of_member, payload, has_time)
        if not ended or payload.revocation_unconfirmed != known:
            _save(record, payload)
        return ended

    def _drop_exports(self, tenant: TenantId) -> None:
        """Those of the colleagues say who is in the workspace. In each pass: one may be made while the membership ends."""
        for owner in member_lookup.owner_codes(tenant):
            for each in self.registry:
                if each.declared.after_erasure is not None:
                    each.declared.after_erasure.load()(tenant, owner)

    def again(self, entry: replay_log.Leaving, has_time: HasTime) -> Deleted:
        """Repeat a leaving that was done, on tables restored from a backup, as far as time allows."""
        came_back = invitations.withdrawn_again(entry.tenant, entry.invitation, clock.parse_rfc3339(entry.at))
        _end(entry.tenant, entry.member, again=True)
        gone = deletion.of_member(entry.tenant, entry.owner, self.registry, has_time)
        return Deleted(gone.count + came_back, complete=gone.complete)


def _save(record: LeavingRecord, payload: LeavingPayload) -> None:
    record.reseal(payload)
    rows.put_if_unchanged(record)


def _end(tenant: TenantId, member: MemberId, *, again: bool = False) -> None:
    try:
        team.remove_member(tenant, member, again=again)
    except NotFound:
        return  # it ended before, or the workspace went


def forget_tenant(tenant: TenantId) -> int:
    """Delete the plans of leavings of a tenant that ends, and when they are due; 0, for that is bookkeeping. Safe to repeat
    while the members' rows stand."""
    plans = [Due(LEAVING_KIND, f"{tenant}.{member}").pk for member in member_lookup.member_ids(tenant)]
    batch.delete_all(LeavingRecord, [(pk, SK) for pk in plans])
    batch.delete_all(DueRecord, [(pk, DUE_SK) for pk in plans])
    return 0


def _finish(tenant: TenantId, job: str, *, unconfirmed: bool) -> None:
    """Tell whoever removed the member. The job of a member that left by itself went with the rest."""
    try:
        record = jobs.find(tenant, job)
        if record is not None and not record.unsealed(JobPayload).state.final:
            told = {"state": JobState.DONE, "revocation_unconfirmed": unconfirmed}
            jobs.save(record, record.unsealed(JobPayload).model_copy(update=told))
    except (KeyShredded, VersionConflict):
        return  # the workspace went meanwhile, or the owner cancelled the job's display
