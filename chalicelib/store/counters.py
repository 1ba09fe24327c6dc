"""Counting uses within a window of time, by keyed hashes: for limits on mails and on guesses."""

from datetime import timedelta

from pynamodb.attributes import NumberAttribute

from chalicelib.core import clock
from chalicelib.core.errors import Unavailable
from chalicelib.store import rows
from chalicelib.store.declaration import Declaration, Ended, Found, Holds, TenantEnd
from chalicelib.store.records import TTL_ATTRIBUTE, PlatformRecord
from chalicelib.vault import aws, tags

DAY = 86_400  # seconds; the longest window that a row outlives
_LIFE = timedelta(days=2)


class CounterRecord(PlatformRecord):
    """PK `limit#name#keyed hash`, SK the window's number."""

    table = "Privacy"
    declared = Declaration(
        kind="limit",
        holds=Holds.NOBODY,
        found=Found.NEVER,
        life="2 days",
        life_days=2,
        ended=Ended.TTL,
        tenant_end=TenantEnd.OUTLIVES,
        because="keyed hashes of addresses and of where requests come from, and numbers",
    )

    uses = NumberAttribute(default=1)


def key_of(name: str, subject: str, window: int, at: int | None = None) -> tuple[str, str]:
    """Return the partition and sort key of a subject's counter in the window of that time (seconds of the epoch), by default of
    now."""
    return f"limit#{name}#{tags.platform_digest(name, subject)}", str((clock.epoch() if at is None else at) // window)


def take(name: str, subject: str, limit: int, window: int) -> int:
    """Count one use, and return how many of the window that makes; 0 where there were `limit` before, and none is counted.

    One write that counts and asks at once: however many come together, no more than `limit` are counted.
    """
    if limit < 1:
        return 0
    return _add(key_of(name, subject, window), 1, f"attribute_not_exists(uses) OR uses < {_OPERAND}", limit)


def take_up_to(name: str, subject: str, wanted: int, limit: int, window: int) -> int:
    """Count that many uses, and return how many of them are within the limit: however many come together, no more than `limit` of
    a window are. One write."""
    total = _add(key_of(name, subject, window), wanted, f"attribute_not_exists(uses) OR uses < {_OPERAND}", limit)
    return max(0, wanted - max(0, total - limit)) if total else 0


def used(name: str, subject: str, window: int) -> int:
    """Return how many uses were counted in this window."""
    row = rows.get(CounterRecord, *key_of(name, subject, window))
    return int(row.uses) if row else 0


def give_back(name: str, subject: str, window: int, at: int) -> None:
    """Take one use off that was counted at that time: nothing came of it. A window that began since keeps its own."""
    _add(key_of(name, subject, window, at), -1, f"uses > {_OPERAND}", 0)


_OPERAND = ":operand"


def _add(key: tuple[str, str], by: int, condition: str, operand: int) -> int:
    """The uses after the write; 0 where the condition did not hold."""
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - cold start

    ends = int((clock.now() + _LIFE).timestamp())
    values = {":by": by, ":one": 1, ":ends": ends, _OPERAND: operand}
    try:
        answer = aws.client("dynamodb").update_item(
            TableName=CounterRecord.table_name(),
            Key={"pk": {"S": key[0]}, "sk": {"S": key[1]}},
            UpdateExpression=f"ADD uses :by, #lock :one, version :one SET {TTL_ATTRIBUTE} = :ends",
            ConditionExpression=condition,
            ExpressionAttributeNames={"#lock": "lock"},
            ExpressionAttributeValues={name: {"N": str(number)} for name, number in values.items()},
            ReturnValues="UPDATED_NEW",
        )
    except ClientError as error:
        if error.response["Error"]["Code"] == "ConditionalCheckFailedException":
            return 0
        raise Unavailable from error
    except BotoCoreError as error:
        raise Unavailable from error
    return int(answer["Attributes"]["uses"]["N"])
