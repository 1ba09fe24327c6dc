"""Deleting by the declarations: everything of a tenant, or of one member, with as few calls as the batch sizes allow.

Keys are read without their payloads, for these are unreadable by then; rows go 25 a call, objects 1,000 a call. What takes
longer than one invocation is done in several: what has gone is not met again.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from chalicelib.core import ids, settings
from chalicelib.core.ids import OwnerCode, SortKey, TenantId
from chalicelib.domain.accounts.records import TenantRow
from chalicelib.store import batch, objects, rows, uploads
from chalicelib.store.declaration import ANY, Declaration
from chalicelib.store.due import SK as DUE_SK
from chalicelib.store.due import Due, DueRecord
from chalicelib.store.handlers import Because
from chalicelib.store.records import SealedRecord, TenantRecord
from chalicelib.store.steps import HasTime

Registry = Sequence[type[SealedRecord]]


@dataclass(frozen=True)
class Deleted:
    """How many rows and objects went, and whether there was time for all of them."""

    count: int
    complete: bool


def tenant_tables(registry: Registry) -> list[type[TenantRecord]]:
    """Return one record class for each table that is partitioned by tenant."""
    found: dict[str, type[TenantRecord]] = {}
    for record in registry:
        if issubclass(record, TenantRecord):
            found.setdefault(record.table, record)
    return list(found.values())


def counts(tenant: TenantId, registry: Registry) -> dict[str, int]:
    """Return how many rows of each kind the tenant has, for the certificate.

    They are counted before anything goes, so that a pass that is killed and run again counts the same.
    """
    found: Counter[str] = Counter()
    for record in tenant_tables(registry):
        for page in rows.keys(record, tenant):
            found.update(ids.kind_of(sk) for sk in page)
    for page in rows.keys(TenantRow, f"tenant#{tenant}"):
        found.update(ids.kind_of(sk) for sk in page)
    return dict(sorted(found.items()))


def everything(tenant: TenantId, registry: Registry, has_time: HasTime) -> Deleted:
    """Delete all of the tenant but its ledger, its certificate and its shredded keys, as far as there is time for it: a page of
    rows at least.

    What tells where the rest is goes last, so that a pass which ends before finds it again. Safe to repeat.
    """
    return _as_far_as(has_time, _of_tenant(tenant, registry))


def of_member(tenant: TenantId, owner: OwnerCode, registry: Registry, has_time: HasTime) -> Deleted:
    """Delete all that one member brought, as far as time allows, by a page of rows at least.

    It is the member's range of every kind, records before their pointers. Safe to repeat.
    """
    return _as_far_as(has_time, _of_member(tenant, owner, registry))


def _as_far_as(has_time: HasTime, parts: Iterator[int]) -> Deleted:
    """Go on from part to part while there is time. One in which nothing goes takes none."""
    gone = 0
    for count in parts:
        gone += count
        if count and not has_time():
            return Deleted(gone, complete=False)
    return Deleted(gone, complete=True)


def _of_tenant(tenant: TenantId, registry: Registry) -> Iterator[int]:
    """Delete part after part of a tenant: how many rows and objects went in each."""
    for record in tenant_tables(registry):
        for page in rows.keys(record, tenant):
            yield _delete(record, tenant, page, registry)
    buckets = settings.current().buckets
    yield uploads.abort_all(buckets.exports, f"{tenant}/")
    for bucket in (buckets.imports, buckets.exports):
        yield objects.delete_prefix(bucket, f"{tenant}/")
    for purge in dict.fromkeys(r.declared.purge for r in registry):
        if purge is not None:
            yield purge.load()(tenant)
    for page in rows.keys(TenantRow, f"tenant#{tenant}"):
        batch.delete_all(TenantRow, [(f"tenant#{tenant}", sk) for sk in page])
        yield len(page)


def _of_member(tenant: TenantId, owner: OwnerCode, registry: Registry) -> Iterator[int]:
    """Delete part after part of what a member brought: how many rows and objects went in each."""
    own = [record for record in registry if issubclass(record, TenantRecord)]
    for record in sorted(own, key=lambda each: _children_last(each.declared)):
        for page in rows.keys(record, tenant, ids.key_range(record.declared.kind, owner)):
            yield _delete(record, tenant, page, registry)
    buckets = settings.current().buckets
    for prefix in sorted({work.prefix for record in own for work in record.declared.work if work.objects}):
        yield uploads.abort_all(buckets.exports, f"{tenant}/{prefix}_{owner}")
        for bucket in (buckets.imports, buckets.exports):
            yield objects.delete_prefix(bucket, f"{tenant}/{prefix}_{owner}")
    for leave in dict.fromkeys(r.declared.leave for r in registry):
        if leave is not None and not isinstance(leave, Because):
            leave.load()(tenant, owner)


def _delete(record: type[TenantRecord], tenant: TenantId, sks: Sequence[SortKey], registry: Registry) -> int:
    """Delete the rows of these keys, and first what is due for them."""
    batch.delete_all(DueRecord, _due_of(tenant, sks, registry))
    batch.delete_all(record, [(tenant, sk) for sk in sks])
    return len(sks)


def _due_of(tenant: TenantId, sks: Iterable[SortKey], registry: Registry) -> list[tuple[str, str]]:
    """Return the keys of the due rows of work that belongs to these rows, each once."""
    declared = {record.declared.kind: record.declared.work for record in registry}
    return list(
        dict.fromkeys(
            (Due(kind, f"{tenant}.{ids.owned_of(work.prefix, sk)}").pk, DUE_SK)
            for sk in sks
            for work in declared.get(ids.kind_of(sk), ())
            for kind in work.kinds
        )
    )


def _children_last(declared: Declaration) -> tuple[bool, str]:
    """Pointers after the records that they lead to."""
    return declared.parent == ANY, declared.kind
