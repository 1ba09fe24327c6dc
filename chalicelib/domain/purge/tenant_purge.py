"""The purge of a workspace, step by step: closing, waiting, asking PayPal once more, shredding, deleting, certifying.

Every step is safe to repeat and leaves a checkpoint; the due row stays until nothing is left to do.
"""

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from chalicelib.core import clock, log, settings
from chalicelib.core.errors import KeyShredded
from chalicelib.domain.accounts import membership
from chalicelib.domain.accounts.model import MemberPayload, TenantState
from chalicelib.domain.accounts.records import MemberRow
from chalicelib.domain.certificates import issue, replay_log
from chalicelib.domain.purge import certificate, deletion, ledger, revocation, subscription_end
from chalicelib.domain.purge.model import DUE_KIND, Owner, PurgePayload, Step
from chalicelib.domain.purge.records import PurgeRecord
from chalicelib.domain.purge.registry import Registry
from chalicelib.domain.suppression import tombstones
from chalicelib.store import batch, rows
from chalicelib.store.due import Due, done, lease, schedule
from chalicelib.vault.keys import ring

SK = "purge"
_LEASE_S = 300
_OPEN = frozenset({TenantState.ACTIVE, TenantState.LOCKED})
Revoke = Callable[[str, str, revocation.HasTime], tuple[bool, str | None]]  # of a tenant; otherwise as grants.Revoke


@dataclass(frozen=True)
class Purging:
    """What the product hands in: every record class, and per kind of connection what revokes its grants."""

    registry: Registry
    revoke: Sequence[tuple[str, Revoke]] = ()

    def advance(self, tenant: str, has_time: revocation.HasTime) -> None:
        """Bring the purge as far as it can go now; leaves a due row where something is left. `has_time` is asked between grants.

        Leased where another works on it; Unavailable where PayPal or AWS does not answer: then nothing is lost.
        """
        due = Due(DUE_KIND, tenant)
        lease(due, _LEASE_S)
        record = rows.get(PurgeRecord, due.pk, SK)
        try:
            step = record.unsealed(PurgePayload).step if record else Step.ANNOUNCED
        except KeyShredded:  # killed at its very end
            _forget(record)
            done(due)
            return
        if record is None or step is Step.ANNOUNCED:
            _before(tenant, record)
        elif step is Step.CLOSING:
            self._close(tenant, record, has_time)
        elif step is Step.DELETING:
            self._delete(tenant, record)
        else:
            _finish(tenant, record)

    def again(self, tenant: str) -> int:
        """Repeat a purge that was done, on tables that were restored from a backup; how many rows and objects there were."""
        ring.shred(tenant)
        tombstones.remove_tenant(tenant)  # not counted: an erasure in it, done again just before, has set them
        gone = deletion.everything(tenant, self.registry)
        due = Due(DUE_KIND, tenant)
        for page in rows.keys(PurgeRecord, due.pk):  # of a purge that had begun when the backup was taken
            batch.delete_all(PurgeRecord, [(due.pk, sk) for sk in page])
        return gone

    def _close(self, tenant: str, record: PurgeRecord, has_time: revocation.HasTime) -> None:
        """After the wait: nothing writes any more, and the subscription is asked for at its source a last time."""
        payload = record.unsealed(PurgePayload)
        if payload.next_at is not None and clock.now() < payload.next_at:
            schedule(Due(DUE_KIND, tenant), payload.next_at)
            return
        if subscription_end.confirmed_end(tenant) is None:
            _call_off(tenant, record)
            return
        if not revocation.end({kind: functools.partial(of, tenant) for kind, of in self.revoke}, payload, has_time):
            _save(record, payload)
            schedule(Due(DUE_KIND, tenant), clock.now())
            return
        if not payload.counts:
            payload.counts = deletion.counts(tenant, self.registry)
        payload.certificate_id = payload.certificate_id or issue.new_id()
        _save(record, payload)
        ledger.write(tenant, *subscription_end.facts(tenant), closed_at=payload.closing_at or clock.now())
        replay_log.note_purge(tenant, payload.certificate_id)
        ring.shred(tenant)
        payload.shredded_at, payload.step = clock.now(), Step.DELETING
        _save(record, payload)
        self._delete(tenant, record)

    def _delete(self, tenant: str, record: PurgeRecord) -> None:
        """A pass; another one later, until one finds nothing."""
        payload = record.unsealed(PurgePayload)
        if payload.next_at is not None and payload.passes and clock.now() < payload.next_at:
            schedule(Due(DUE_KIND, tenant), payload.next_at)
            return
        gone = deletion.everything(tenant, self.registry)
        log.event("purge_pass", tenant=tenant, count=gone)
        if gone or not payload.passes:
            payload.passes, payload.deleted_at = payload.passes + 1, clock.now()
            payload.next_at = clock.now() + timedelta(seconds=settings.current().waits.second_pass)
            _save(record, payload)
            schedule(Due(DUE_KIND, tenant), payload.next_at)
            return
        payload.step = Step.CERTIFIED
        _save(record, payload)
        _finish(tenant, record)


def _before(tenant: str, record: PurgeRecord | None) -> None:
    """While the paid period or the grace lasts: tell the owners, lock at the period's end, close at the grace's."""
    due = Due(DUE_KIND, tenant)
    end = subscription_end.known_end(tenant)
    if end is None:  # paid again meanwhile, or never a workspace
        _call_off(tenant, record)
        return
    record = record or _announced(tenant, end.reason)
    certificate.announce(record, record.unsealed(PurgePayload), end)
    if clock.now() < end.period_end:
        schedule(due, end.period_end)
        return
    if clock.now() < end.purge_at:
        membership.set_tenant_state(tenant, TenantState.LOCKED, frozenset({TenantState.ACTIVE}))
        schedule(due, end.purge_at)
        return
    if subscription_end.confirmed_end(tenant) is None:
        _call_off(tenant, record)
        return
    payload = record.unsealed(PurgePayload)
    payload.owners = _owners(tenant)
    payload.step, payload.closing_at = Step.CLOSING, clock.now()
    payload.next_at = clock.now() + timedelta(seconds=_until_nothing_writes())
    membership.set_tenant_state(tenant, TenantState.CLOSING, _OPEN)
    _save(record, payload)
    log.event("purge_closing", tenant=tenant)
    schedule(due, payload.next_at)


def _until_nothing_writes() -> int:
    """Seconds in which a process that has the key, or a call under way, may still write."""
    waits = settings.current().waits
    return waits.key_cache + waits.longest_function


def _announced(tenant: str, reason: str) -> PurgeRecord:
    pk = Due(DUE_KIND, tenant).pk
    ring.create(f"request#{pk}")
    payload = PurgePayload(step=Step.ANNOUNCED, reason=reason, owners=_owners(tenant))
    record = PurgeRecord.build(pk, SK, payload)
    rows.put_new(record)
    return record


def _owners(tenant: str) -> list[Owner]:
    payload = membership.tenant_of(tenant)
    ids = payload.owners if payload else []
    found = [rows.get(MemberRow, f"tenant#{tenant}", f"member#{ident}") for ident in ids]
    owners = [member.unsealed(MemberPayload) for member in found if member is not None]
    return [Owner(email=owner.email, language=owner.settings.language) for owner in owners]


def _call_off(tenant: str, record: PurgeRecord | None) -> None:
    """The subscription runs again. The purge's key stays: one that was shredded could not be made for the next purge."""
    membership.set_tenant_state(tenant, TenantState.ACTIVE, frozenset({TenantState.CLOSING, TenantState.LOCKED}))
    if record is not None:
        rows.delete_if_unchanged(record)
        log.event("purge_called_off", tenant=tenant)
    done(Due(DUE_KIND, tenant))


def _finish(tenant: str, record: PurgeRecord) -> None:
    """Sign, tell the owners, and forget their addresses."""
    certificate.certify(tenant, record)
    _forget(record)
    done(Due(DUE_KIND, tenant))
    log.event("purge_done", tenant=tenant)


def _forget(record: PurgeRecord | None) -> None:
    """The key first: a kill in between leaves a row that nobody can open, and that the next run removes."""
    if record is not None:
        ring.shred(record.scope)
        rows.delete_if_unchanged(record)


def _save(record: PurgeRecord, payload: PurgePayload) -> None:
    record.reseal(payload)
    rows.put_if_unchanged(record)
