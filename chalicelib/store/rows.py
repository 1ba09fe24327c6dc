"""One record at a time, or one page: every write has a condition, every read is consistent and never shows expired rows."""

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pynamodb.exceptions import DeleteError, DoesNotExist, GetError, PutError, PynamoDBException, QueryError
from pynamodb.expressions.condition import Condition

from chalicelib.core import clock
from chalicelib.core.errors import Unavailable, VersionConflict
from chalicelib.store.records import SealedRecord
from chalicelib.vault import aws

R = TypeVar("R", bound=SealedRecord)
MOST_AT_ONCE = 100  # DynamoDB's limit of TransactWriteItems
# The second: another request's transaction over the row is under way, so whoever writes must read it again.
_OVERTAKEN = ("ConditionalCheckFailedException", "TransactionConflictException")


@dataclass(frozen=True)
class Page(Generic[R]):
    """Records in key order; `last` is the sort key to go on after, None at the end of the range."""

    records: list[R]
    last: str | None


@contextlib.contextmanager
def signed(record: type[SealedRecord], hash_key: str) -> Iterator[None]:
    """Act as the tenant for a tenant's rows; name DynamoDB's failures."""
    try:
        with aws.acting_as(hash_key) if record.tenant_scoped else contextlib.nullcontext():
            yield
    except (PutError, DeleteError) as error:
        if error.cause_response_code in _OVERTAKEN:
            raise VersionConflict from error
        raise Unavailable from error
    except (GetError, QueryError) as error:
        raise Unavailable from error
    except PynamoDBException as error:
        if isinstance(error, DoesNotExist):
            raise
        raise Unavailable from error


@dataclass(frozen=True)
class PutIf:
    """Beside another write: this row over the version that was read, `None` where it is not there yet."""

    row: SealedRecord
    read: int | None


@dataclass(frozen=True)
class DeleteIfPresent:
    """Beside another write: this row of the same partition is deleted, if it is there."""

    record: type[SealedRecord]
    sk: str


@dataclass(frozen=True)
class MustExist:
    """Beside another write: this row of the same partition must be there."""

    record: type[SealedRecord]
    sk: str


@dataclass(frozen=True)
class VersionCheck:
    """Beside another write: this row of the same partition must still be at the version that was read."""

    row: SealedRecord


# A record by itself is a row that is written whatever was there.
TransactItems = Sequence[SealedRecord | PutIf | DeleteIfPresent | MustExist | VersionCheck]


def version_check(row: SealedRecord | None) -> list[VersionCheck]:
    """That condition, where there is such a row."""
    return [VersionCheck(row)] if row is not None else []


def get(record: type[R], hash_key: str, sk: str) -> R | None:
    """The row, or None. One call."""
    try:
        with signed(record, hash_key):
            found = record.get(hash_key, sk, consistent_read=True)
    except DoesNotExist:
        return None
    return None if found.expired else found


def page(
    record: type[R],
    hash_key: str,
    prefix: str,
    *,
    limit: int,
    after: str | None = None,
    forward: bool = True,
    expired: bool = False,
) -> Page[R]:
    """At most `limit` rows whose sort key starts with `prefix`, after the key `after`. One call. `expired`: those too."""
    start = {record.hash_name: {"S": hash_key}, "sk": {"S": after}} if after else None
    with signed(record, hash_key):
        answer = record._get_connection().query(  # noqa: SLF001 - one call a page; Model.query would go on by itself
            hash_key,
            range_key_condition=_starts(record, prefix),
            consistent_read=True,
            limit=limit,
            exclusive_start_key=start,
            scan_index_forward=forward,
        )
    rows = [record.from_raw_data(item) for item in answer["Items"]]
    last = answer.get("LastEvaluatedKey")
    return Page([row for row in rows if expired or not row.expired], last["sk"]["S"] if last else None)


def every(record: type[R], hash_key: str, prefix: str, *, page_size: int = 1000, expired: bool = False) -> Iterator[R]:
    """All rows of the range, page by page. `expired`: those too that only wait to be deleted."""
    after: str | None = None
    while True:
        found = page(record, hash_key, prefix, limit=page_size, after=after, expired=expired)
        yield from found.records
        if found.last is None:
            return
        after = found.last


def keys(record: type[SealedRecord], hash_key: str, prefix: str = "") -> Iterator[list[str]]:
    """The sort keys of a range, expired rows too, page by page (1 MB of rows each). No payload leaves the table."""
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


def _starts(record: type[SealedRecord], prefix: str) -> Condition | None:
    if not prefix:
        return None
    sort_key: Any = record.sk
    condition: Condition = sort_key.startswith(prefix)
    return condition


def put_new(record: SealedRecord, transact: TransactItems = ()) -> None:
    """Write a row that must not be there yet; an expired one, which nobody can read, is not. VersionConflict where it is.

    `transact` is what happens with it in the same partition: all of it or nothing, in the same one call, at most MOST_AT_ONCE
    rows with this one. VersionConflict too where that meets another state than it says.
    """
    if transact:
        _together(record, "Put", {"Item": record.serialize()}, None, transact)
        return
    kind: Any = type(record)
    with signed(kind, record.hash_value):
        record.save(condition=kind.version.does_not_exist() | (kind.expires_at <= clock.now()))


def put_if_unchanged(record: SealedRecord, transact: TransactItems = ()) -> None:
    """Write the row over the version that was read. VersionConflict where another write came between. `transact` as in
    `put_new`."""
    read = record.version
    record.version = read + 1
    try:
        if transact:
            _together(record, "Put", {"Item": record.serialize()}, int(read), transact)
            return
        with signed(type(record), record.hash_value):
            record.save(condition=type(record).version == read)
    except (VersionConflict, Unavailable):
        record.version = read
        raise


def amend(record: SealedRecord) -> None:
    """Write the row over the version that was read, and keep the version: for what no client is shown, so that nobody's
    If-Match fails of it. VersionConflict."""
    with signed(type(record), record.hash_value):
        record.save(condition=type(record).version == record.version)


def delete_if_unchanged(record: SealedRecord, transact: TransactItems = ()) -> None:
    """Delete the version that was read. VersionConflict where another write came between, or it is gone. `transact` as in
    `put_new`."""
    if transact:
        _together(record, "Delete", {"Key": _key(record)}, int(record.version), transact)
        return
    with signed(type(record), record.hash_value):
        record.delete(condition=type(record).version == record.version)


def delete_all_if_unchanged(records: Sequence[SealedRecord], transact: TransactItems = ()) -> None:
    """Delete the versions that were read of several rows of one partition: all of them and `transact`, or nothing. One call,
    at most MOST_AT_ONCE. VersionConflict as in `delete_if_unchanged`."""
    first, rest = records[0], [_Removed(row) for row in records[1:]]
    _together(first, "Delete", {"Key": _key(first)}, int(first.version), [*transact, *rest])


@dataclass(frozen=True)
class _Removed:
    """Beside another write: this row is deleted at the version that was read."""

    row: SealedRecord


_Part = SealedRecord | PutIf | DeleteIfPresent | MustExist | VersionCheck | _Removed


def _together(
    record: SealedRecord, kind: str, what: dict[str, Any], version: int | None, transact: Sequence[_Part]
) -> None:
    """One transaction: the record's write at the version (None: where it is not there yet), and the new rows."""
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - cold start

    condition = _at(version)
    parts = [_part(record, part) for part in transact]
    items = [{kind: {"TableName": record.table_name(), **what, **condition}}, *parts]
    client = aws.client("dynamodb", "tenant" if record.tenant_scoped else "platform")
    try:
        with aws.acting_as(record.hash_value):
            client.transact_write_items(TransactItems=items)
    except ClientError as error:
        reasons = {reason.get("Code") for reason in error.response.get("CancellationReasons", [])}
        if reasons & {"ConditionalCheckFailed", "TransactionConflict"}:
            raise VersionConflict from error
        raise Unavailable from error
    except BotoCoreError as error:
        raise Unavailable from error


def _key(record: SealedRecord) -> dict[str, Any]:
    return {record.hash_name: {"S": record.hash_value}, "sk": {"S": record.sk}}


def _part(beside: SealedRecord, part: _Part) -> dict[str, Any]:
    if isinstance(part, VersionCheck | _Removed):
        kind = "Delete" if isinstance(part, _Removed) else "ConditionCheck"
        return {kind: {"TableName": part.row.table_name(), "Key": _key(part.row), **_at(int(part.row.version))}}
    if isinstance(part, DeleteIfPresent | MustExist):
        key = {part.record.hash_name: {"S": beside.hash_value}, "sk": {"S": part.sk}}
        named = {"TableName": part.record.table_name(), "Key": key}
        if isinstance(part, DeleteIfPresent):
            return {"Delete": named}
        return {"ConditionCheck": {**named, "ConditionExpression": "attribute_exists(sk)"}}
    row, condition = (part.row, _at(part.read)) if isinstance(part, PutIf) else (part, {})
    return {"Put": {"TableName": row.table_name(), "Item": row.serialize(), **condition}}


def _at(version: int | None) -> dict[str, Any]:
    """The condition that a row is at this version; None: not there."""
    if version is None:
        return {"ConditionExpression": "attribute_not_exists(sk)"}
    return {
        "ConditionExpression": "#v = :v",
        "ExpressionAttributeNames": {"#v": "version"},
        "ExpressionAttributeValues": {":v": {"N": str(version)}},
    }
