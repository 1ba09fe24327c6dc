"""One record at a time, or one page: every write has a condition, every read is consistent and never shows expired rows.

A condition is on the row's lock counter, which every write moves. The version, which clients see as ETag, moves only where
the write changes something that they are shown.
"""

import contextlib
import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pynamodb.exceptions import DoesNotExist
from pynamodb.expressions.condition import Condition

from chalicelib.core import clock, ids
from chalicelib.core.errors import Unavailable, VersionConflict
from chalicelib.core.ids import SortKey
from chalicelib.store import transactions
from chalicelib.store.queries import Page, Span, query, walk
from chalicelib.store.records import SealedRecord, signed
from chalicelib.store.transactions import (
    MOST_AT_ONCE,
    DeleteIfPresent,
    DeleteIfUnchanged,
    MustBeAbsent,
    MustExist,
    PutIf,
    TransactItems,
    VersionCheck,
    version_check,
)
from chalicelib.vault import aws

__all__ = [
    "ATTEMPTS",
    "MOST_AT_ONCE",
    "Delete",
    "DeleteIfPresent",
    "DeleteIfUnchanged",
    "Key",
    "MustBeAbsent",
    "MustExist",
    "Page",
    "Put",
    "PutIf",
    "TransactItems",
    "VersionCheck",
    "delete_all_if_unchanged",
    "delete_if_unchanged",
    "every",
    "get",
    "keys",
    "page",
    "put_if_unchanged",
    "put_new",
    "retry",
    "settle",
    "update",
    "version_check",
]

R = TypeVar("R", bound=SealedRecord)
T = TypeVar("T")
ATTEMPTS = 8  # at a row that others keep changing
_FIRST_PAUSE = 0.005  # seconds; doubled each time, times a random factor ("full jitter")


def get(record: type[R], hash_key: str, sk: str) -> R | None:
    """Return the row, or None. One call."""
    try:
        with signed(record, hash_key):
            found = record.get(hash_key, sk, consistent_read=True)
    except DoesNotExist:
        return None
    return None if found.expired else found


def page(
    record: type[R],
    hash_key: str,
    prefix: str | Span,
    *,
    limit: int,
    after: str | None = None,
    forward: bool = True,
    expired: bool = False,
) -> Page[R]:
    """Return at most `limit` rows whose sort key starts with `prefix`, or is in that span, after the key `after`. One call.

    `expired`: also those that only wait to be deleted.
    """
    found, last = query(record, hash_key, prefix, limit=limit, after=after, forward=forward)
    return Page([row for row in found if expired or not row.expired], last)


def every(record: type[R], hash_key: str, prefix: str, *, page_size: int = 1000, expired: bool = False) -> Iterator[R]:
    """Yield all rows of the range, page by page. `expired`: also those that only wait to be deleted."""
    return walk(lambda after: page(record, hash_key, prefix, limit=page_size, after=after, expired=expired))


def keys(record: type[SealedRecord], hash_key: str, prefix: str = "") -> Iterator[list[SortKey]]:
    """Yield the sort keys of a range, expired rows too, page by page (1 MB of rows each). No payload leaves the table."""
    wanted, values = f"{record.hash_name} = :k", {":k": {"S": hash_key}}
    if prefix:
        wanted, values = f"{wanted} AND begins_with(sk, :p)", {**values, ":p": {"S": prefix}}
    query: dict[str, Any] = {
        "TableName": record.table_name(),
        "KeyConditionExpression": wanted,
        "ExpressionAttributeValues": values,
        "ProjectionExpression": "sk",
        "ConsistentRead": True,
    }
    while True:
        with aws.acting_as(hash_key) if record.tenant_scoped else contextlib.nullcontext():
            answer = aws.call("dynamodb", "query", "tenant" if record.tenant_scoped else "platform", **query)
        yield [item["sk"]["S"] for item in answer["Items"]]
        if "LastEvaluatedKey" not in answer:
            return
        query["ExclusiveStartKey"] = answer["LastEvaluatedKey"]


def put_new(record: SealedRecord, transact: TransactItems = (), *, deletable: bool = False) -> None:
    """Write a row that must not be there yet; an expired one, which nobody can read, is not. VersionConflict where it is.

    `deletable`: others may delete it at once. It is then a transaction, whose token tells a write that AWS's client sends again
    from a new one: a single put, sent again after such a deletion, makes the row anew. That is no harm to what only its writer
    deletes, and to due work, which a run ends when it finds nothing to do.

    `transact` is what happens with it in the same partition: all of it or nothing, in the same one call, at most MOST_AT_ONCE
    rows with this one. VersionConflict too where that meets another state than it says.
    """
    if transact or deletable:
        transactions.write(record, [PutIf(record, new=True), *transact])
        return
    kind: Any = type(record)
    _save(record, kind.lock.does_not_exist() | (kind.expires_at <= clock.now()))


def put_if_unchanged(record: SealedRecord, transact: TransactItems = (), *, visible: bool = True) -> None:
    """Write the row over what was read. `visible`: clients are shown something else now, so its version moves.

    VersionConflict where another write came between. `transact` as in `put_new`.
    """
    read = int(record.lock)
    if transact:
        transactions.write(record, [PutIf(record, visible=visible), *transact])
        record.move(visible=visible)
        return
    record.move(visible=visible)
    try:
        _save(record, type(record).lock == read)
    except (VersionConflict, Unavailable):
        record.move(-1, visible=visible)
        raise


def _save(record: SealedRecord, condition: Condition) -> None:
    """Write the row where the condition holds, or where this very write was done already: AWS's client sends it again where no
    answer came. What another has written over it since stays."""
    kind: Any = type(record)
    record.written = ids.secret(80)
    done = (kind.written == record.written) & (kind.lock == int(record.lock))
    with signed(kind, record.hash_value):
        record.save(condition=condition | done)


def delete_if_unchanged(record: SealedRecord, transact: TransactItems = ()) -> None:
    """Delete the row that was read. VersionConflict where another write came between, or it is gone. `transact` as in
    `put_new`.

    Always a transaction: a row that is gone cannot tell who deleted it, the transaction's token can.
    """
    transactions.write(record, [DeleteIfUnchanged(record), *transact])


def delete_all_if_unchanged(records: Sequence[SealedRecord], transact: TransactItems = ()) -> None:
    """Delete several rows of one partition as they were read: all of them and `transact`, or nothing. One call, at most
    MOST_AT_ONCE. VersionConflict as in `delete_if_unchanged`."""
    transactions.write(records[0], [*map(DeleteIfUnchanged, records), *transact])


def retry(attempt: Callable[[], T]) -> T:
    """Return what `attempt` returns: done again, from its read on, where it raises VersionConflict, at most ATTEMPTS times with
    jitter between. VersionConflict after the last."""
    for tried in range(1, ATTEMPTS):
        try:
            return attempt()
        except VersionConflict:
            time.sleep(random.uniform(0, _FIRST_PAUSE * 2**tried))  # noqa: S311 - jitter, no secret
    return attempt()


@dataclass(frozen=True)
class Key(Generic[R]):
    """Where a row stands, for `settle` and `update`."""

    record: type[R]
    hash_key: str
    sk: str


def settle(at: Key[R] | R, write: Callable[[R], T]) -> T | None:
    """Return what `write` returns of the row as it stands; read again and done again where it raises VersionConflict, as in
    `retry`. None where there is no such row (any more).

    `at` may be the row as it was read before: it is read again only where another write came between.
    """
    place = at if isinstance(at, Key) else Key(type(at), at.hash_value, at.sk)
    known = [] if isinstance(at, Key) else [at]

    def attempt() -> T | None:
        row = known.pop() if known else get(place.record, place.hash_key, place.sk)
        return None if row is None else write(row)

    return retry(attempt)


@dataclass(frozen=True)
class Put:
    """What a change asks of `update`: write the row as `put_if_unchanged` does."""

    transact: TransactItems = ()
    visible: bool = True


@dataclass(frozen=True)
class Delete:
    """What a change asks of `update`: delete the row as `delete_if_unchanged` does."""

    transact: TransactItems = ()


def update(at: Key[R] | R, change: Callable[[R], Put | Delete | None]) -> R | None:
    """Let `change` alter the row, and write it as `change` says (None: not at all); done again as in `settle`. Return the row
    as it stands then, None where there is none (any more). VersionConflict where others were faster ATTEMPTS times."""

    def write(row: R) -> R | None:
        wanted = change(row)
        if isinstance(wanted, Delete):
            delete_if_unchanged(row, wanted.transact)
            return None
        if wanted is not None:
            put_if_unchanged(row, wanted.transact, visible=wanted.visible)
        return row

    return settle(at, write)
