"""What all queue consumers share: one message at a time, failures named to SQS one by one, no text of an error in a log."""

import json
from collections.abc import Callable
from typing import Any

from chalicelib.core import log


class Poison(Exception):
    """The message cannot be read, now or ever; after its tries it goes to the dead-letter queue."""


def _body(record: dict[str, Any]) -> dict[str, Any]:
    body = json.loads(record["body"])
    if not isinstance(body, dict):
        raise Poison
    return body


def each(event: dict[str, Any], function: str, act: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
    """Run `act` on the JSON body of every message; the answer that ReportBatchItemFailures expects."""
    failed = []
    for record in event["Records"]:
        try:
            act(_body(record))
        except Exception as error:  # noqa: BLE001 - the last door: Lambda would log the error's text
            log.failure("message_failed", error, function=function, message_id=str(record.get("messageId", "")))
            failed.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": failed}
