"""Deleting by the registry: everything of a tenant, or of one member, with as few calls as the batch sizes allow.

Keys are read without their payloads, for these are unreadable by then; rows go 25 a call, objects 1,000 a call.
"""

from collections import Counter
from collections.abc import Iterable

from chalicelib.core import ids, settings
from chalicelib.domain.accounts.records import TenantRow
from chalicelib.domain.contacts.records import WriterLockRecord
from chalicelib.domain.purge import other_partitions
from chalicelib.domain.purge.registry import Registry
from chalicelib.domain.suppression import tombstones
from chalicelib.store import batch, objects, rows, uploads
from chalicelib.store.due import SK as DUE_SK
from chalicelib.store.due import Due, DueRecord
from chalicelib.store.records import TenantRecord

# Rows of a member's range that carry due work and objects: kind of the row -> prefix of the id that both go by, kinds of
# the due work. An upload goes by its job's.
_WORK = {
    "job": ("job", ("import",)),
    "upload": ("job", ("import",)),
    "export": ("exp", ("export",)),
    "connection": ("cxn", ("sync", "disconnect")),
}
_WITH_OBJECTS = ("exp", "job")  # prefixes of ids whose work has objects in the buckets


def tenant_tables(registry: Registry) -> list[type[TenantRecord]]:
    """One record class for each table that is partitioned by tenant."""
    found: dict[str, type[TenantRecord]] = {}
    for record in registry:
        if issubclass(record, TenantRecord):
            found.setdefault(record.table, record)
    return list(found.values())


def counts(tenant: str, registry: Registry) -> dict[str, int]:
    """How many rows of each kind the tenant has, for the certificate; taken before anything goes, so that a pass that is
    killed and run again tells the same."""
    found: Counter[str] = Counter()
    for record in tenant_tables(registry):
        for page in rows.keys(record, tenant):
            found.update(_kind(sk) for sk in page)
    for page in rows.keys(TenantRow, f"tenant#{tenant}"):
        found.update(_kind(sk) for sk in page)
    return dict(sorted(found.items()))


def everything(tenant: str, registry: Registry) -> int:
    """Delete all of the tenant but its ledger, its certificate and its shredded keys; how many rows and objects there were.

    What tells where the rest is goes last, so that a pass which is killed finds it again. Safe to repeat.
    """
    gone = 0
    for record in tenant_tables(registry):
        for page in rows.keys(record, tenant):
            batch.delete_all(DueRecord, _due_of(tenant, page))
            batch.delete_all(record, [(tenant, sk) for sk in page])
            gone += len(page)
    buckets = settings.current().buckets
    gone += uploads.abort_all(buckets.exports, f"{tenant}/")
    gone += sum(objects.delete_prefix(bucket, f"{tenant}/") for bucket in (buckets.imports, buckets.exports))
    gone += tombstones.remove_tenant(tenant)
    other_partitions.remove(tenant)
    for page in rows.keys(TenantRow, f"tenant#{tenant}"):
        batch.delete_all(TenantRow, [(f"tenant#{tenant}", sk) for sk in page])
        gone += len(page)
    return gone


def of_member(tenant: str, owner: str, registry: Registry) -> int:
    """Delete what one member brought: its range of every kind, records before their pointers; how many rows and objects.

    Safe to repeat.
    """
    gone = 0
    kinds = sorted({(r.table, r.declared.kind) for r in registry if issubclass(r, TenantRecord)}, key=_pointers_last)
    by_table = {record.table: record for record in tenant_tables(registry)}
    for table, kind in kinds:
        for page in rows.keys(by_table[table], tenant, f"{kind}#{owner}#"):
            batch.delete_all(DueRecord, _due_of(tenant, page))
            batch.delete_all(by_table[table], [(tenant, sk) for sk in page])
            gone += len(page)
    buckets = settings.current().buckets
    gone += uploads.abort_all(buckets.exports, f"{tenant}/exp_{owner}")
    for bucket in (buckets.imports, buckets.exports):
        for prefix in _WITH_OBJECTS:
            gone += objects.delete_prefix(bucket, f"{tenant}/{prefix}_{owner}")
    batch.delete_all(WriterLockRecord, [other_partitions.turn_key(tenant, owner)])
    return gone


def _pointers_last(place: tuple[str, str]) -> tuple[bool, str, str]:
    return place[1] == "subject", *place


def _kind(sk: str) -> str:
    return sk.split("#", 1)[0]


def _due_of(tenant: str, sks: Iterable[str]) -> list[tuple[str, str]]:
    """The keys of the due rows of jobs, uploads, exports and connections among these, each once."""
    found: dict[tuple[str, str], None] = {}
    for sk in sks:
        if _kind(sk) in _WORK:
            prefix, kinds = _WORK[_kind(sk)]
            ident = f"{tenant}.{ids.owned_of(prefix, sk)}"
            found |= dict.fromkeys((Due(kind, ident).pk, DUE_SK) for kind in kinds)
    return list(found)
