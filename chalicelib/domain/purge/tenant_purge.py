"""The purge of a workspace, step by step: closing, waiting, asking PayPal once more, shredding, deleting, certifying.

Every step is safe to repeat and leaves a checkpoint.
"""

import functools
from dataclasses import dataclass
from datetime import timedelta

from chalicelib.core import clock, log, settings
from chalicelib.core.errors import KeyShredded
from chalicelib.core.ids import TenantId
from chalicelib.domain.accounts import member_lookup, membership
from chalicelib.domain.accounts.model import TenantState
from chalicelib.domain.certificates import issue, replay_log
from chalicelib.domain.purge import certificate, deletion, ledger, revocation, subscription_end
from chalicelib.domain.purge.deletion import Deleted, Registry
from chalicelib.domain.purge.model import DUE_KIND, Owner, PurgePayload, Step
from chalicelib.domain.purge.records import PurgeRecord
from chalicelib.domain.suppression import tombstones
from chalicelib.store import batch, rows
from chalicelib.store.declaration import version
from chalicelib.store.due import Due, ensure
from chalicelib.store.steps import AGAIN, DONE, HasTime, Outcome, Turn, Work, later
from chalicelib.vault.keys import ring

SK = "purge"
_OPEN = frozenset({TenantState.ACTIVE, TenantState.LOCKED})


@dataclass(frozen=True)
class Purging:
    """What the product hands in: every record class."""

    registry: Registry

    def work(self) -> Work:
        """Return the worker of purges: its due work is named by the tenant's id.

        Nothing is lost where PayPal or AWS does not answer.
        """
        steps = (_forget_shredded, _announce, self._close, self._delete, _finish)
        return Work(DUE_KIND, "deletions", steps)

    def again(self, tenant: TenantId, certificate_id: str, has_time: HasTime) -> Deleted:
        """Repeat a purge that was logged, on tables restored from a backup, as far as time allows.

        A purge that is still to be certified goes on by itself afterwards.
        """
        ring.shred(tenant)
        tombstones.remove_tenant(tenant)  # not counted: an erasure in it, done again just before, has set them
        gone = deletion.everything(tenant, self.registry, has_time)
        if gone.complete and not _to_be_certified(tenant, certificate_id):
            pk = Due(DUE_KIND, tenant).pk
            ring.shred(f"request#{pk}")
            for page in rows.keys(PurgeRecord, pk):  # of a purge that had begun when the backup was taken
                batch.delete_all(PurgeRecord, [(pk, sk) for sk in page])
        return gone

    def _close(self, turn: Turn) -> Outcome | None:
        """After the wait: nothing writes any more, and the subscription is asked for at its source a last time."""
        tenant, record = turn.due.tenant, _at(turn, Step.CLOSING)
        if record is None:
            return None
        payload = record.unsealed(PurgePayload)
        if payload.next_at is not None and clock.now() < payload.next_at:
            return later(payload.next_at)
        if subscription_end.confirmed_end(tenant) is None:
            return _call_off(tenant, record)
        grants = [record.declared.grants for record in self.registry if record.declared.grants]
        of_tenant = {each.what: functools.partial(each.of_tenant.load(), tenant) for each in grants}
        if not revocation.end(of_tenant, payload, turn.has_time):
            _save(record, payload)
            return AGAIN
        if not payload.counts:
            payload.counts = deletion.counts(tenant, self.registry)
        payload.certificate_id = payload.certificate_id or issue.new_id()
        _save(record, payload)
        ledger.write(tenant, *subscription_end.facts(tenant), closed_at=payload.closing_at or clock.now())
        replay_log.note_purge(tenant, payload.certificate_id)
        # Before the keys go: whatever PayPal says from here on, there is nothing to go back to.
        payload.step = Step.DELETING
        _save(record, payload)
        return None

    def _delete(self, turn: Turn) -> Outcome | None:
        """A pass; another one later, until one finds nothing."""
        record = _at(turn, Step.DELETING)
        if record is None:
            return None
        payload = record.unsealed(PurgePayload)
        if payload.next_at is not None and payload.passes and clock.now() < payload.next_at:
            return later(payload.next_at)
        if payload.shredded_at is None:
            ring.shred(turn.due.tenant)
            payload.shredded_at = clock.now()
            _save(record, payload)
        gone = deletion.everything(turn.due.tenant, self.registry, turn.has_time)
        log.event("purge_pass", tenant=turn.due.tenant, count=gone.count)
        payload.found = payload.found or gone.count > 0
        if not gone.complete:
            _save(record, payload)
            return AGAIN
        if payload.found or not payload.passes:
            payload.passes, payload.found, payload.deleted_at = payload.passes + 1, False, clock.now()
            payload.next_at = clock.now() + timedelta(seconds=settings.current().waits.second_pass)
            _save(record, payload)
            return later(payload.next_at)
        payload.step, payload.kinds = Step.CERTIFIED, version(record.declared for record in self.registry)
        _save(record, payload)
        return None


def _to_be_certified(tenant: TenantId, certificate_id: str) -> bool:
    """Whether the purge is under way, and its owners wait for the certificate; then it is due."""
    due = Due(DUE_KIND, tenant)
    record = rows.get(PurgeRecord, due.pk, SK)
    if record is None or issue.is_kept(certificate_id):
        return False
    try:
        waits = record.unsealed(PurgePayload).step in (Step.DELETING, Step.CERTIFIED)
    except KeyShredded:
        return False
    if waits:
        ensure(due, clock.now())
    return waits


def _forget_shredded(turn: Turn) -> Outcome | None:
    """Of a purge that was killed at its very end, only the row is left, which nobody can open."""
    record = rows.get(PurgeRecord, turn.due.pk, SK)
    try:
        if record is not None:
            record.unsealed(PurgePayload)
    except KeyShredded:
        _forget(record)
        return DONE
    return None


def _at(turn: Turn, step: Step) -> PurgeRecord | None:
    """The purge, if that is the step it is at."""
    record = rows.get(PurgeRecord, turn.due.pk, SK)
    return record if record is not None and record.unsealed(PurgePayload).step is step else None


def _announce(turn: Turn) -> Outcome | None:
    """While the paid period or the grace lasts: tell the members, lock at the period's end, close at the grace's."""
    tenant, record = turn.due.tenant, rows.get(PurgeRecord, turn.due.pk, SK)
    if record is not None and record.unsealed(PurgePayload).step is not Step.ANNOUNCED:
        return None
    end = subscription_end.known_end(tenant)
    if end is None:  # paid again meanwhile, or never a workspace
        return _call_off(tenant, record)
    record = record or _announced(tenant, end.reason)
    certificate.announce(tenant, record, record.unsealed(PurgePayload), end)
    if clock.now() < end.period_end:
        return later(end.period_end)
    if clock.now() < end.purge_at:
        membership.set_tenant_state(tenant, TenantState.LOCKED, frozenset({TenantState.ACTIVE}))
        return later(end.purge_at)
    if subscription_end.confirmed_end(tenant) is None:
        return _call_off(tenant, record)
    payload = record.unsealed(PurgePayload)
    payload.owners = _owners(tenant)
    payload.step, payload.closing_at = Step.CLOSING, clock.now()
    payload.next_at = clock.now() + timedelta(seconds=_until_nothing_writes())
    membership.set_tenant_state(tenant, TenantState.CLOSING, _OPEN)
    _save(record, payload)
    log.event("purge_closing", tenant=tenant)
    return later(payload.next_at)


def _until_nothing_writes() -> int:
    """Seconds in which a process that has the key, or a call under way, may still write."""
    waits = settings.current().waits
    return waits.key_cache + waits.longest_function


def _announced(tenant: TenantId, reason: str) -> PurgeRecord:
    pk = Due(DUE_KIND, tenant).pk
    ring.create(f"request#{pk}")
    payload = PurgePayload(step=Step.ANNOUNCED, reason=reason, owners=_owners(tenant))
    record = PurgeRecord.build(pk, SK, payload)
    rows.put_new(record)
    return record


def _owners(tenant: TenantId) -> list[Owner]:
    found = member_lookup.addressed(tenant)
    return [Owner(email=each.email, language=each.language) for each in found if each.is_owner]


def _call_off(tenant: TenantId, record: PurgeRecord | None) -> Outcome:
    """The subscription runs again. The purge's key stays: one that was shredded could not be made for the next purge."""
    membership.set_tenant_state(tenant, TenantState.ACTIVE, frozenset({TenantState.CLOSING, TenantState.LOCKED}))
    if record is not None:
        rows.delete_if_unchanged(record)
        log.event("purge_called_off", tenant=tenant)
    return DONE


def _finish(turn: Turn) -> Outcome | None:
    """Sign, tell the owners, and forget their addresses."""
    record = _at(turn, Step.CERTIFIED)
    if record is not None:
        certificate.certify(turn.due.tenant, record)
        _forget(record)
        log.event("purge_done", tenant=turn.due.tenant)
    return None


def _forget(record: PurgeRecord | None) -> None:
    """The key first: a kill in between leaves a row that nobody can open, and that the next run removes."""
    if record is not None:
        ring.shred(record.scope)
        rows.delete_if_unchanged(record)


def _save(record: PurgeRecord, payload: PurgePayload) -> None:
    record.reseal(payload)
    rows.put_if_unchanged(record)
