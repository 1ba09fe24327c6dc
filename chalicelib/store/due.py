"""Work that is due: rows with ids only, found by time through a sharded index, taken under a lease that expires.

A job leaves its due row before it starts and moves it on while it works; what was killed is therefore found again.
"""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection

from chalicelib.core import clock, ids
from chalicelib.core.errors import Unavailable, VersionConflict
from chalicelib.core.ids import TenantId
from chalicelib.store import rows
from chalicelib.store.declaration import ANY, Declaration, Ended, Found, Holds, TenantEnd
from chalicelib.store.records import PlatformRecord
from chalicelib.vault import aws

SHARDS = 4  # partitions of the index; each is one query a minute
SK = "due"
_DOUBLED_AT_MOST = 5  # times: of two minutes, to about an hour


class ByDue(GlobalSecondaryIndex["DueRecord"]):
    class Meta:
        index_name = "by_due"
        projection = KeysOnlyProjection()

    due_shard = UnicodeAttribute(hash_key=True)
    due_at = UnicodeAttribute(range_key=True)


class DueRecord(PlatformRecord):
    """PK `work kind#id`. `lease` names the worker that holds it, until `lease_until`. `given_back`: the last one that did has
    said that it works no more. `alone`, of the row that `lease` gives: so it was before this one. `failures`: how many runs
    in a row have failed and are tried again; `sent`: how often it was put on its queue since it was planned or taken."""

    table = "Jobs"
    declared = Declaration(
        kind="due",
        holds=Holds.NOBODY,
        found=Found.NEVER,
        life="until its work is done",
        ended=Ended.WORK,
        tenant_end=TenantEnd.PARENT,
        parent=ANY,
        because="ids and times",
    )

    due_shard = UnicodeAttribute(null=True)
    due_at = UnicodeAttribute(null=True)
    lease = UnicodeAttribute(null=True)
    lease_until = UnicodeAttribute(null=True)
    given_back = BooleanAttribute(null=True)
    failures = NumberAttribute(default=0)
    sent = NumberAttribute(default=0)
    by_due = ByDue()
    alone = False


@dataclass(frozen=True)
class Due:
    """One piece of work: what kind, and the id it is about."""

    kind: str
    id: str

    @property
    def pk(self) -> str:
        return f"{self.kind}#{self.id}"

    @property
    def tenant(self) -> TenantId:
        """Whose it is, of an id `tenant.about`, or of a tenant's."""
        return TenantId(self.id.partition(".")[0])

    @property
    def about(self) -> str:
        """The rest of such an id: of a job, a connection, a member."""
        return self.id.partition(".")[2]


class Leased(Exception):
    """Another worker holds the work."""


class NotDue(Exception):
    """The work is planned for later: whoever was told to take it comes too late."""


def _shard(due: Due) -> str:
    return str(zlib.crc32(due.pk.encode()) % SHARDS)


def schedule(due: Due, at: datetime) -> DueRecord:
    """Make the work due at that time, whatever was planned before; the row as it is then. Keeps nobody's lease."""

    def attempt() -> DueRecord:
        row = rows.get(DueRecord, due.pk, SK)
        fresh = row is None
        row = row or DueRecord.build(due.pk, SK)
        row.due_shard, row.due_at = _shard(due), clock.rfc3339(at)
        row.lease, row.lease_until, row.given_back, row.failures, row.sent = None, None, None, 0, 0
        rows.put_new(row) if fresh else rows.put_if_unchanged(row)
        return row

    return rows.retry(attempt)


def fresh(due: Due, at: datetime) -> DueRecord:
    """Return a row that makes the work due at that time, to be written with what makes it due. Keeps nobody's lease."""
    return DueRecord.build(due.pk, SK, due_shard=_shard(due), due_at=clock.rfc3339(at))


def planned(due: Due) -> DueRecord | None:
    """Return the row of this work, be it due, leased or planned for later, or None if there is none."""
    return rows.get(DueRecord, due.pk, SK)


def replan(row: DueRecord, at: datetime | None) -> None:
    """Make the work due at that time, or end it where that is None, unless it was planned anew, taken or ended since the row was
    read: then that stands."""
    try:
        if at is None:
            rows.delete_if_unchanged(row)
        else:
            row.due_at, row.failures, row.sent = clock.rfc3339(at), 0, 0
            rows.put_if_unchanged(row)
    except VersionConflict:
        return


def ensure(due: Due, at: datetime) -> None:
    """Make the work due at that time unless it is planned already: what is planned stays as it is. So does a lease; but whoever
    has it, and may be about to end the work, finds it due at once when it gives the lease back."""

    def attempt() -> None:
        row = rows.get(DueRecord, due.pk, SK)
        if row is None:
            rows.put_new(fresh(due, at))
        elif _is_leased(row):
            rows.put_if_unchanged(row)  # the write alone is the word

    rows.retry(attempt)


def touch(due: Due, at: datetime) -> None:
    """Do the same as `ensure` in one call, which reads nothing: for requests, each of which makes the same work due."""
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - cold start

    fresh_lock = clock.milliseconds(clock.now())
    try:
        aws.client("dynamodb").update_item(
            TableName=DueRecord.table_name(),
            Key={"pk": {"S": due.pk}, "sk": {"S": SK}},
            # The lock moves, so that whoever has a lease, and may be about to end the work, finds it due when it gives it back.
            UpdateExpression="SET due_shard = if_not_exists(due_shard, :shard), due_at = if_not_exists(due_at, :at), "
            "failures = if_not_exists(failures, :none), sent = if_not_exists(sent, :none), "
            "#lock = if_not_exists(#lock, :lock) + :one, version = if_not_exists(version, :one)",
            ExpressionAttributeNames={"#lock": "lock"},
            ExpressionAttributeValues={
                ":shard": {"S": _shard(due)},
                ":at": {"S": clock.rfc3339(at)},
                ":none": {"N": "0"},
                ":lock": {"N": str(fresh_lock)},
                ":one": {"N": "1"},
            },
        )
    except (ClientError, BotoCoreError) as error:
        raise Unavailable from error


def _is_leased(row: DueRecord) -> bool:
    return bool(row.lease_until) and clock.parse_rfc3339(row.lease_until) > clock.now()


def done(due: Due) -> None:
    """Delete the row of finished work. Harmless if it is gone already."""
    row = rows.get(DueRecord, due.pk, SK)
    if row is not None:
        try:
            rows.delete_if_unchanged(row)
        except VersionConflict:
            return  # it was scheduled again meanwhile: the newer plan stands


def lease(due: Due, seconds: int, *, by: datetime | None = None) -> DueRecord:
    """Take the work for that long; it becomes due again when the lease ends. Leased where another holds it; NotDue where it is
    planned for later than `by`."""
    row = rows.get(DueRecord, due.pk, SK)
    now = clock.now()
    if row is None:
        row = DueRecord.build(due.pk, SK)
        fresh = True
    else:
        fresh = False
        if _is_leased(row):
            raise Leased
        if by is not None and (row.due_at or "") > clock.rfc3339(by):
            raise NotDue
    row.alone, row.given_back, row.sent = bool(row.given_back), None, 0
    row.lease, row.lease_until = ids.secret(80), clock.rfc3339(now + timedelta(seconds=seconds))
    row.due_shard, row.due_at = _shard(due), row.lease_until
    try:
        rows.put_new(row) if fresh else rows.put_if_unchanged(row)
    except VersionConflict as error:
        raise Leased from error
    return row


def release(row: DueRecord, at: datetime, *, failures: int = 0) -> None:
    """Give the lease back that `lease` took, and let the work be due at that time; at once where it was woken meanwhile.

    Harmless where the lease ran out and another has taken the work.
    """
    mine, woken = row.lease, False

    def change(found: DueRecord) -> rows.Put | None:
        nonlocal woken
        if found.lease != mine:
            return None
        due_at = clock.now() if woken else at
        found.lease, found.lease_until, found.given_back, found.due_at = None, None, True, clock.rfc3339(due_at)
        found.failures = failures
        woken = True  # should another have been faster
        return rows.Put()

    rows.update(row, change)


def retire(row: DueRecord) -> None:
    """End the work, and the lease that `lease` took on it: its row goes. Where it was woken meanwhile, it is due at once."""
    try:
        rows.delete_if_unchanged(row)
    except VersionConflict:
        release(row, clock.now())


def wake(due: Due, at: datetime) -> bool:
    """Make the work due at that time at the latest, whatever was planned; whether nobody works on it and it was to come later.

    A lease stays as it is: who has it finds the work due at once when it gives it back.
    """

    def attempt() -> bool:
        row = rows.get(DueRecord, due.pk, SK)
        leased = row is not None and _is_leased(row)
        if row is not None and not leased and (row.due_at or "") <= clock.rfc3339(at):
            return False
        fresh = row is None
        row = row or DueRecord.build(due.pk, SK)
        # Where it is leased, the write alone is the word to whoever has it.
        row.due_shard, row.due_at = _shard(due), min(row.due_at or "~", clock.rfc3339(at))
        row.sent = 0
        rows.put_new(row) if fresh else rows.put_if_unchanged(row)
        return not leased

    return rows.retry(attempt)


def find(until: datetime, limit: int = 200) -> Iterator[Due]:
    """Yield the work that is due by `until`, oldest first within a shard, at most `limit` per shard."""
    for shard in range(SHARDS):
        query: dict[str, Any] = {
            "TableName": DueRecord.table_name(),
            "IndexName": "by_due",
            "KeyConditionExpression": "due_shard = :s AND due_at <= :t",
            "ExpressionAttributeValues": {":s": {"S": str(shard)}, ":t": {"S": clock.rfc3339(until)}},
            "Limit": limit,
        }
        answer = aws.call("dynamodb", "query", **query)
        for item in answer["Items"]:
            kind, _, ident = item["pk"]["S"].partition("#")
            yield Due(kind, ident)


def postpone(due: Due, pause: timedelta, *, sent: bool = False) -> None:
    """Hide the work from `find` for that long. `sent`: the scheduler puts it on its queue now; each time that nobody has taken it
    since, the pause doubles, so that a queue which is behind is not filled with the same work. Leases stay as they are."""
    row = rows.get(DueRecord, due.pk, SK)
    if row is None:
        return
    if sent:
        pause *= 2 ** min(int(row.sent), _DOUBLED_AT_MOST)
        row.sent = int(row.sent) + 1
    row.due_shard, row.due_at = _shard(due), clock.rfc3339(clock.now() + pause)
    try:
        rows.put_if_unchanged(row)
    except VersionConflict:
        return  # its worker moved it meanwhile and knows better
