"""Batches: never more than DynamoDB takes at once, unprocessed items sent again with backoff and jitter, nothing forgotten.

PynamoDB's own batch write resends without a pause and loses its list on an exception, so the retry is ours.
"""

import random
import time
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

from chalicelib.core.errors import Unavailable
from chalicelib.store.records import SealedRecord
from chalicelib.vault import aws

R = TypeVar("R", bound=SealedRecord)
WRITE_AT_ONCE = 25  # DynamoDB's limit of BatchWriteItem
READ_AT_ONCE = 100  # DynamoDB's limit of BatchGetItem
_ATTEMPTS = 6
_FIRST_PAUSE = 0.05  # seconds; doubled each time, times a random factor ("full jitter")


def chunks(items: Iterable[Any], size: int) -> Iterator[list[Any]]:
    """Yield the items in lists of at most `size`."""
    source = iter(items)
    while chunk := list(islice(source, size)):
        yield chunk


def put_all(records: Sequence[SealedRecord]) -> None:
    """Write the rows whatever was there: for rows whose key fixes their content, such as pointers, or new ids."""
    _write(records, [{"PutRequest": {"Item": record.serialize()}} for record in records])


def delete_all(record: type[SealedRecord], keys: Sequence[tuple[str, str]]) -> None:
    """Delete the rows of these (partition, sort) keys, all of one tenant where they are a tenant's; absent ones are no error, and
    one that is named twice counts once."""
    if keys:
        _send(record, keys[0][0], [{"DeleteRequest": {"Key": _key(record, key)}} for key in dict.fromkeys(keys)])


def get_all(record: type[R], keys: Sequence[tuple[str, str]]) -> dict[tuple[str, str], R]:
    """Return the rows with these keys that exist and have not expired. Consistent reads."""
    found: dict[tuple[str, str], R] = {}
    for chunk in chunks(dict.fromkeys(keys), READ_AT_ONCE):
        wanted = {record.table_name(): {"Keys": [_key(record, key) for key in chunk], "ConsistentRead": True}}
        for pause in _pauses():
            answer = _call(record, chunk[0][0], "batch_get_item", wanted)
            for item in answer["Responses"].get(record.table_name(), []):
                row = record.from_raw_data(item)
                if not row.expired:
                    found[row.hash_value, row.sk] = row
            wanted = answer.get("UnprocessedKeys") or {}
            if not wanted:
                break
            time.sleep(pause)
        else:
            raise Unavailable
    return found


def _write(records: Sequence[SealedRecord], requests: list[dict[str, Any]]) -> None:
    if records:
        _send(type(records[0]), records[0].hash_value, requests)


def _send(record: type[SealedRecord], hash_key: str, requests: list[dict[str, Any]]) -> None:
    table = record.table_name()
    for chunk in chunks(requests, WRITE_AT_ONCE):
        left = chunk
        for pause in _pauses():
            answer = _call(record, hash_key, "batch_write_item", {table: left})
            left = (answer.get("UnprocessedItems") or {}).get(table, [])
            if not left:
                break
            time.sleep(pause)
        else:
            raise Unavailable


def _call(record: type[SealedRecord], hash_key: str, operation: str, items: dict[str, Any]) -> dict[str, Any]:
    with aws.acting_as(hash_key):
        return aws.call("dynamodb", operation, "tenant" if record.tenant_scoped else "platform", RequestItems=items)


def _key(record: type[SealedRecord], key: tuple[str, str]) -> dict[str, Any]:
    return {record.hash_name: {"S": key[0]}, "sk": {"S": key[1]}}


def _pauses() -> Iterator[float]:
    for attempt in range(_ATTEMPTS):
        yield random.uniform(0, _FIRST_PAUSE * 2**attempt)  # noqa: S311 - jitter, no secret
