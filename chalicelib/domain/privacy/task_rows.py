"""The row of a member's task: written after its pointers, found by its person's address, and by whom its texts name."""

from datetime import timedelta

from chalicelib.core import clock, ids
from chalicelib.core.identifiers import EmailAddress
from chalicelib.core.ids import OwnerCode, SortKey, TenantId
from chalicelib.domain.privacy.asking_model import KIND, TaskPayload
from chalicelib.domain.privacy.asking_records import TASK_DAYS, TaskRecord
from chalicelib.domain.redaction.mentions import marks_in
from chalicelib.domain.redaction.texts import Cut
from chalicelib.domain.suppression.model import Mark, Subject, marks_of
from chalicelib.domain.suppression.tombstones import index_pointers
from chalicelib.store import batch, pointers, rows
from chalicelib.store.pointers import Pointer
from chalicelib.vault import tags


def sk_of(owner: OwnerCode, local: str) -> SortKey:
    """Return the sort key of a member's task."""
    return ids.sort_key(KIND, owner, local)


def find(tenant: TenantId, record_sk: SortKey) -> TaskRecord | None:
    """Return the task, None where it has gone."""
    return rows.get(TaskRecord, tenant, record_sk)


def add(tenant: TenantId, record_sk: SortKey, payload: TaskPayload) -> None:
    """Write a task after its pointers, unless it stands. Safe to repeat."""
    if find(tenant, record_sk) is None:
        record = TaskRecord.build(tenant, record_sk, payload, ends=payload.created_at + timedelta(days=TASK_DAYS))
        pointers.write(pointers_of(tenant, record_sk, payload))
        batch.put_all([record])


def save(record: TaskRecord, payload: TaskPayload) -> None:
    """Write a task over what was read, the pointers of its texts with it. VersionConflict."""
    pointers.rewrite(record, TaskPayload, payload, pointers_of, lambda: rows.put_if_unchanged(record))


def remove(tenant: TenantId, record_sk: SortKey) -> bool:
    """Delete a task, then its pointers; whether it was there. Safe to repeat."""
    row = find(tenant, record_sk)
    if row is None:
        return False
    batch.delete_all(TaskRecord, [(tenant, record_sk)])
    pointers.delete(pointers_of(tenant, record_sk, row.unsealed(TaskPayload), every_version=True))
    return True


def subject_of(tenant: TenantId, record_sk: SortKey, tag: str | None = None) -> Subject | None:
    """Return whom the task is about. None where it has gone, or is not about whom the index tag stands for."""
    row = find(tenant, record_sk)
    payload = row.unsealed(TaskPayload) if row else None
    if payload is None:
        return None
    marks = _marks(payload)
    if tag is not None and not any(tag in tags.subject_tags("index", mark.kind, mark.exact) for mark in marks):
        return None
    return Subject(clock.rfc3339(payload.created_at), marks=marks)


def erase(tenant: TenantId, record_sk: SortKey, tag: str | None = None) -> bool:
    """Delete the task with its person; whether it was there, and is that person's. Safe to repeat."""
    return subject_of(tenant, record_sk, tag) is not None and remove(tenant, record_sk)


def redact(tenant: TenantId, record_sk: SortKey, cut: Cut) -> bool:
    """Cut somebody else out of the task's texts; return whether they changed. VersionConflict."""
    row = find(tenant, record_sk)
    if row is None:
        return False
    before = row.unsealed(TaskPayload)
    changes = {field: cut(value, prose=False) for field, value in before.changes.items()}
    after = before.model_copy(update={"reason": cut(before.reason), "changes": changes})
    if after == before:
        return False
    save(row, after)
    return True


def pointers_of(tenant: TenantId, sk: SortKey, payload: TaskPayload, *, every_version: bool = False) -> list[Pointer]:
    """Return the pointers of a task; under every key version where they are to be deleted."""
    said = [mark for text in (payload.reason, *payload.changes.values()) for mark in marks_in(text)]
    return index_pointers(tenant, sk, _marks(payload), said, every_version=every_version)


def _marks(payload: TaskPayload) -> tuple[Mark, ...]:
    return marks_of([EmailAddress.parse(payload.address, historic=True)])
