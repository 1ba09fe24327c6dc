"""Several writes of one partition, all of them or none: DynamoDB's TransactWriteItems."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.core import clock, ids
from chalicelib.core.errors import Unavailable, VersionConflict
from chalicelib.store.records import TTL_ATTRIBUTE, SealedRecord
from chalicelib.vault import aws

MOST_AT_ONCE = 100  # DynamoDB's limit
_FASTER = {"ConditionalCheckFailed", "TransactionConflict"}


@dataclass(frozen=True)
class PutIf:
    """This row is written over what was read; `new`: where none is there yet, or one that has expired. `visible` as in
    store.rows.put_if_unchanged."""

    row: SealedRecord
    new: bool = False
    visible: bool = True


@dataclass(frozen=True)
class DeleteIfUnchanged:
    """This row is deleted as it was read."""

    row: SealedRecord


@dataclass(frozen=True)
class DeleteIfPresent:
    """This row is deleted, if it is there."""

    record: type[SealedRecord]
    sk: str


@dataclass(frozen=True)
class MustExist:
    """This row must be there."""

    record: type[SealedRecord]
    sk: str


@dataclass(frozen=True)
class MustBeAbsent:
    """There must be no such row. It alone may stand in another partition, of a table of the platform."""

    record: type[SealedRecord]
    hash_key: str
    sk: str


@dataclass(frozen=True)
class VersionCheck:
    """This row must still be as it was read."""

    row: SealedRecord


# A record by itself is a row that is written whatever was there.
TransactItem = SealedRecord | PutIf | DeleteIfUnchanged | DeleteIfPresent | MustExist | MustBeAbsent | VersionCheck
TransactItems = Sequence[TransactItem]


def version_check(row: SealedRecord | None) -> list[VersionCheck]:
    """Return that condition, where there is such a row."""
    return [VersionCheck(row)] if row is not None else []


def write(beside: SealedRecord, items: TransactItems) -> None:
    """Write all items or none, in one call: at most MOST_AT_ONCE, in the partition of `beside`; whole rows of the platform beside
    another of the platform may stand in any.

    VersionConflict if an item meets another state than it says. The call has a token of its own: where AWS's client sends it
    again, since no answer came, what was written before is answered as written (for ten minutes, by DynamoDB's word).
    """
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - cold start

    client = aws.client("dynamodb", "tenant" if beside.tenant_scoped else "platform")
    try:
        with aws.acting_as(beside.hash_value):
            requests = [_request(beside, item) for item in items]
            client.transact_write_items(TransactItems=requests, ClientRequestToken=ids.secret(160))
    except ClientError as error:
        reasons = {reason.get("Code") for reason in error.response.get("CancellationReasons", [])}
        if reasons & _FASTER:
            raise VersionConflict from error
        raise Unavailable from error
    except BotoCoreError as error:
        raise Unavailable from error


def _request(beside: SealedRecord, item: TransactItem) -> dict[str, Any]:
    if isinstance(item, SealedRecord):
        return {"Put": {"TableName": item.table_name(), "Item": item.serialize()}}
    if isinstance(item, PutIf):
        return {"Put": {"TableName": item.row.table_name(), **_put(item)}}
    if isinstance(item, DeleteIfPresent | MustExist):
        named = {"TableName": item.record.table_name(), "Key": _key(item.record, beside.hash_value, item.sk)}
        if isinstance(item, DeleteIfPresent):
            return {"Delete": named}
        return {"ConditionCheck": {**named, "ConditionExpression": "attribute_exists(sk)"}}
    if isinstance(item, MustBeAbsent):
        named = {"TableName": item.record.table_name(), "Key": _key(item.record, item.hash_key, item.sk)}
        return {"ConditionCheck": {**named, "ConditionExpression": "attribute_not_exists(sk)"}}
    kind = "Delete" if isinstance(item, DeleteIfUnchanged) else "ConditionCheck"
    row = item.row
    named = {"TableName": row.table_name(), "Key": _key(type(row), row.hash_value, row.sk)}
    return {kind: {**named, **_unchanged(int(row.lock))}}


def _put(item: PutIf) -> dict[str, Any]:
    """The row as it shall be, the object left as it is: nothing is written yet."""
    if item.new:
        return {
            "Item": item.row.serialize(),
            "ConditionExpression": f"attribute_not_exists(sk) OR {TTL_ATTRIBUTE} <= :now",
            "ExpressionAttributeValues": {":now": {"N": str(clock.epoch())}},
        }
    read = int(item.row.lock)
    item.row.move(visible=item.visible)
    content = item.row.serialize()
    item.row.move(-1, visible=item.visible)
    return {"Item": content, **_unchanged(read)}


def _key(record: type[SealedRecord], hash_key: str, sk: str) -> dict[str, Any]:
    return {record.hash_name: {"S": hash_key}, "sk": {"S": sk}}


def _unchanged(lock: int) -> dict[str, Any]:
    return {
        "ConditionExpression": "#lock = :lock",
        "ExpressionAttributeNames": {"#lock": "lock"},
        "ExpressionAttributeValues": {":lock": {"N": str(lock)}},
    }
