"""What all queue consumers share: one message at a time, failures named to SQS one by one, no text of an error in a log."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from chalicelib.core import log
from chalicelib.store.steps import HasTime, Work, run

_RESERVE_MS = 30_000  # a piece takes a few seconds; the rest is for a slow service
_RESERVE_SHARE = 3  # where the function's whole time is short, this part of it


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


def carry_on(event: dict[str, Any], context: Any, queue: str, works: Mapping[str, Work]) -> dict[str, Any]:
    """Carry on the piece of work that each message of a queue names by its kind and id; answers as `each`.

    A kind that is not of that queue is Poison, like every other message that nobody here understands. All messages of an
    invocation share its time.
    """
    enough = has_time(context)

    def one(body: dict[str, Any]) -> None:
        work, ident = works.get(str(body.get("kind"))), body.get("id")
        if (
            work is None
            or work.queue != queue
            or not isinstance(ident, str)
            or not ident
            or set(body) != {"kind", "id"}
        ):
            raise Poison
        run(work, ident, enough)

    return each(event, queue, one)


def has_time(context: Any) -> HasTime:
    """Return what tells whether the invocation has time left to begin another piece. Asked for at its beginning: the reserve is
    a part of the whole time."""
    if context is None or not hasattr(context, "get_remaining_time_in_millis"):
        return lambda: True
    reserve = min(_RESERVE_MS, context.get_remaining_time_in_millis() / _RESERVE_SHARE)
    return lambda: bool(context.get_remaining_time_in_millis() > reserve)
