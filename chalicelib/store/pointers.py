"""Pointers: from a person's subject tag to the records that hold or mention that person.

One row per (tag, record), sort key `subject#owner code#tag#role#record's sort key`: written before the record, deleted
after it, so a record is never without its pointers. One member's pointers are one range, which an import reads to find
what it already has; the sparse index `by_subject` finds a tag over all tenants without touching any other data.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol, TypeVar

from pydantic import BaseModel
from pynamodb.attributes import UnicodeAttribute
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection

from chalicelib.core import ids
from chalicelib.core.ids import OwnerCode, SortKey, TenantId
from chalicelib.store import batch, rows
from chalicelib.store.attributes import IdAttribute
from chalicelib.store.declaration import ANY, Declaration, Ended, Found, Holds
from chalicelib.store.handlers import Because
from chalicelib.store.records import TenantRecord
from chalicelib.store.transactions import MOST_AT_ONCE, DeleteIfPresent
from chalicelib.vault import aws

P = TypeVar("P", bound=BaseModel)
P_contra = TypeVar("P_contra", contravariant=True)
R = TypeVar("R", bound=TenantRecord)
_WITHIN = MOST_AT_ONCE // 2  # that go in one transaction with their record and what is written beside it


class Role(StrEnum):
    """HOLDS: the record is about the person. MENTIONS: its free text names the identifier."""

    HOLDS = "h"
    MENTIONS = "m"


class BySubject(GlobalSecondaryIndex["PointerRecord"]):
    """Finds a person's pointers over all tenants. Keys only: never load a model from it, saving one would wipe the payload."""

    class Meta:
        index_name = "by_subject"
        projection = KeysOnlyProjection()

    subject = UnicodeAttribute(hash_key=True)
    tenant = IdAttribute[TenantId](range_key=True)


class PointerRecord(TenantRecord):
    declared = Declaration(
        kind="subject",
        holds=Holds.PERSON,
        found=Found.WITH_PARENT,
        parent=ANY,
        life="as long as the record it points to",
        ended=Ended.RECORD,
        export=Because("keyed hashes that lead to records which are exported themselves"),
    )

    subject = UnicodeAttribute(null=True)
    by_subject = BySubject()


@dataclass(frozen=True)
class Pointer:
    """`record` is the sort key of the record pointed to: `kind#owner code#id`."""

    tenant: TenantId
    tag: str
    role: Role
    record: SortKey

    @property
    def owner(self) -> OwnerCode:
        return ids.owner_of(self.record)

    @property
    def sk(self) -> SortKey:
        return ids.sort_key("subject", self.owner, self.tag, self.role, self.record)

    def as_record(self) -> PointerRecord:
        return PointerRecord.build(self.tenant, self.sk, subject=self.tag)


def parse(tenant: TenantId, sk: SortKey) -> Pointer:
    """Return the pointer that a row's key stands for."""
    _, _, tag, role, record = sk.split("#", 4)
    return Pointer(tenant, tag, Role(role), SortKey(record))


def write(pointers: Iterable[Pointer], also: Sequence[TenantRecord] = ()) -> None:
    """Write them all, 25 a call and tenant, and the rows `also`, last. Writing one twice changes nothing."""
    found = _by_tenant(pointers)
    for row in also:
        found.setdefault(row.tenant, [])
    for tenant, own in found.items():
        batch.put_all([*(pointer.as_record() for pointer in own), *(row for row in also if row.tenant == tenant)])


def delete(pointers: Iterable[Pointer]) -> None:
    """Delete them all, 25 a call and tenant. Deleting one twice changes nothing."""
    for own in _by_tenant(pointers).values():
        batch.delete_all(PointerRecord, [(pointer.tenant, pointer.sk) for pointer in own])


def move(
    added: Collection[Pointer],
    dropped: Collection[Pointer],
    change: Callable[[], None],
    now: Callable[[], Collection[Pointer]],
) -> None:
    """Change a record whose pointers change: new ones before it, dropped ones after it.

    Two changes may overtake each other, one dropping what the other adds. So what was added is written once more when the
    record stands, and what was dropped is put back where the record, read again by `now`, needs it: whichever of the two
    comes last sees the other's work, and no record is left that an erasure cannot find.
    """
    write(added)
    change()
    write(added)
    if dropped:
        delete(dropped)
        write(set(dropped) & set(now()))


class PointersOf(Protocol[P_contra]):
    """What gives the pointers of a record: under the newest key version, or under every one."""

    def __call__(
        self, tenant: TenantId, sk: SortKey, payload: P_contra, *, every_version: bool = False
    ) -> Collection[Pointer]: ...


def _dropped(record: TenantRecord, before: P, after: P, of: PointersOf[P]) -> list[Pointer]:
    """The pointers that the record has before a change and not after it, under every key version."""
    at = (record.tenant, record.sk)
    standing = frozenset(of(*at, after, every_version=True))
    return [pointer for pointer in of(*at, before, every_version=True) if pointer not in standing]


def going(record: TenantRecord, before: P, after: P, of: PointersOf[P]) -> list[DeleteIfPresent]:
    """Return what deletes, in the write of a text that was cut, the pointers that it has no more, as many as that has room for.

    Nothing finds the record again by a pointer that was none of the erased person's: a kill between the two would leave it.
    """
    gone = _dropped(record, before, after, of)[:_WITHIN]
    return [DeleteIfPresent(PointerRecord, pointer.sk) for pointer in gone]


def rewrite(record: TenantRecord, kind: type[P], after: P, of: PointersOf[P], change: Callable[[], None]) -> None:
    """Put the payload into a record that was read, and write it by `change`: its new pointers before, dropped ones after."""
    before, at = record.unsealed(kind), (record.tenant, record.sk)
    old, new = of(*at, before), of(*at, after)
    gone = _dropped(record, before, after, of) if set(old) - set(new) else []

    def standing() -> Collection[Pointer]:
        row = rows.get(type(record), *at)
        return [] if row is None else of(*at, row.unsealed(kind))

    record.reseal(after)
    move([pointer for pointer in new if pointer not in old], gone, change, standing)


def _by_tenant(pointers: Iterable[Pointer]) -> dict[TenantId, list[Pointer]]:
    """Each once: DynamoDB refuses a batch that names an item twice, and a session reaches one tenant."""
    found: dict[TenantId, list[Pointer]] = {}
    for pointer in dict.fromkeys(pointers):
        found.setdefault(pointer.tenant, []).append(pointer)
    return found


def of_owner(tenant: TenantId, owner: OwnerCode) -> Iterator[Pointer]:
    """Yield every pointer of one member, in key order. No payload is opened."""
    for row in rows.every(PointerRecord, tenant, ids.key_range("subject", owner)):
        yield parse(tenant, row.sk)


def find(tag: str, tenant: TenantId | None = None) -> Iterator[Pointer]:
    """Yield every pointer of a tag, over all tenants or in one. Eventually consistent: callers look again later."""
    query: dict[str, Any] = {
        "TableName": PointerRecord.table_name(),
        "IndexName": "by_subject",
        "KeyConditionExpression": "subject = :s" + (" AND tenant = :t" if tenant else ""),
        "ExpressionAttributeValues": {":s": {"S": tag}, **({":t": {"S": tenant}} if tenant else {})},
    }
    while True:
        answer = aws.call("dynamodb", "query", **query)
        for item in answer["Items"]:
            yield parse(TenantId(item["tenant"]["S"]), SortKey(item["sk"]["S"]))
        if "LastEvaluatedKey" not in answer:
            return
        query["ExclusiveStartKey"] = answer["LastEvaluatedKey"]


def tidy(
    tenant: TenantId, record: type[R], sks: Iterable[SortKey], held: Callable[[R, bool], Iterable[Pointer]]
) -> None:
    """Delete the pointers that lead to these rows and are none of theirs, as a kill leaves them. Safe to repeat.

    `held` gives the pointers of a row, under every key version or the present one. The rows are read again behind the
    deletion: one may have been made anew meanwhile, pointers first.
    """
    wanted = frozenset(sks)
    if not wanted:
        return

    def standing(*, every_version: bool) -> Iterator[Pointer]:
        for row in batch.get_all(record, [(tenant, sk) for sk in sorted(wanted)]).values():
            yield from held(row, every_version)

    known = set(standing(every_version=True))
    for owner in sorted({ids.owner_of(sk) for sk in wanted}):
        delete(pointer for pointer in of_owner(tenant, owner) if pointer.record in wanted and pointer not in known)
    write(standing(every_version=False))
