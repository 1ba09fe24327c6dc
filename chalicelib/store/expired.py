"""What of a tenant's partition may have ended: rows whose time has passed, and rows that have no time."""

from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib.core import clock
from chalicelib.core.errors import VersionConflict
from chalicelib.core.ids import TenantId
from chalicelib.store import rows
from chalicelib.store.records import TTL_ATTRIBUTE, TenantRecord
from chalicelib.store.rows import Page
from chalicelib.vault import aws


def page(
    classes: Mapping[str, type[TenantRecord]], tenant: TenantId, low: str, high: str, after: str
) -> Page[TenantRecord]:
    """Return the rows with sort keys from `low` to `high`, after the key `after` unless it is empty. One call.

    One page is 1 MB of rows read. `classes` are the records of one table by kind. Rows of another kind are left out,
    and so are those whose time is still to come. Expired rows are there, unlike anywhere else.
    """
    query: dict[str, Any] = {
        "TableName": next(iter(classes.values())).table_name(),
        "KeyConditionExpression": "tenant = :t AND sk BETWEEN :low AND :high",
        "FilterExpression": f"attribute_not_exists({TTL_ATTRIBUTE}) OR {TTL_ATTRIBUTE} <= :now",
        "ExpressionAttributeValues": {
            ":t": {"S": tenant},
            ":low": {"S": low},
            ":high": {"S": high},
            ":now": {"N": str(clock.epoch())},
        },
        "ConsistentRead": True,
    }
    if after:
        query["ExclusiveStartKey"] = {"tenant": {"S": tenant}, "sk": {"S": after}}
    with aws.acting_as(tenant):
        answer = aws.call("dynamodb", "query", "tenant", **query)
    found = [(classes.get(item["sk"]["S"].partition("#")[0]), item) for item in answer["Items"]]
    last = answer.get("LastEvaluatedKey")
    return Page([record.from_raw_data(item) for record, item in found if record], last["sk"]["S"] if last else None)


def delete(found: Sequence[TenantRecord]) -> Sequence[TenantRecord]:
    """Delete rows of one table as they were read, at most rows.MOST_AT_ONCE, and return those that went: where one had expired, a
    new one may stand by now. One call, or one more for each where one of them has changed."""
    if not found:
        return []
    try:
        rows.delete_all_if_unchanged(found)
    except VersionConflict:
        return [row for row in found if _delete_one(row)]
    return found


def _delete_one(row: TenantRecord) -> bool:
    try:
        rows.delete_if_unchanged(row)
    except VersionConflict:
        return False
    return True
