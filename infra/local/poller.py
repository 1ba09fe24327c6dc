"""SQS -> Lambda on one machine: events as Lambda makes them, partial failures where the template declares them.

moto's own event source mappings run inside SendMessage and lose batchItemFailures, so the queues are polled here. A failed
message stays invisible for the queue's time-out and goes to the dead-letter queue after its redrive count, which moto does.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from chalice.local import LambdaContext

from chalicelib.core import log

_LARGEST_BATCH = 10  # of one ReceiveMessage
_MEMORY_MB = 512


@dataclass(frozen=True)
class Consumer:
    """One queue and the function that consumes it; `partial`: ReportBatchItemFailures is declared."""

    name: str
    url: str
    arn: str
    handler: Callable[[dict[str, Any], Any], Any]
    batch: int
    partial: bool
    timeout_s: int = 300


def poll_once(sqs: Any, consumer: Consumer, wait_s: int = 0) -> int:
    """Receive one batch and hand it over; how many messages it had."""
    messages = sqs.receive_message(
        QueueUrl=consumer.url,
        MaxNumberOfMessages=min(_LARGEST_BATCH, consumer.batch),
        WaitTimeSeconds=wait_s,
        AttributeNames=["All"],
        MessageAttributeNames=["All"],
    ).get("Messages", [])
    if not messages:
        return 0
    failed = _invoke(consumer, messages)
    for message in messages:
        if message["MessageId"] not in failed:
            sqs.delete_message(QueueUrl=consumer.url, ReceiptHandle=message["ReceiptHandle"])
    return len(messages)


def _invoke(consumer: Consumer, messages: list[dict[str, Any]]) -> set[str]:
    """The ids of the messages that come again."""
    everything = {message["MessageId"] for message in messages}
    context = LambdaContext(consumer.name, _MEMORY_MB, consumer.timeout_s * 1000)
    try:
        answer = consumer.handler({"Records": [_record(consumer, message) for message in messages]}, context)
    except Exception as error:  # noqa: BLE001 - Lambda's own edge: whatever a function raises fails its batch
        log.failure("function_failed", error, function=consumer.name)
        return everything
    if not consumer.partial or not answer:
        return set()
    return _reported(answer, everything)


def _reported(answer: Any, everything: set[str]) -> set[str]:
    """Lambda takes a report that it cannot read, or that names an unknown message, as a failure of the whole batch."""
    try:
        failed = {failure["itemIdentifier"] for failure in answer.get("batchItemFailures") or []}
    except (AttributeError, KeyError, TypeError):
        return everything
    return everything if failed - everything else failed


def _record(consumer: Consumer, message: dict[str, Any]) -> dict[str, Any]:
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": message.get("Attributes", {}),
        "messageAttributes": {
            name: {"stringValue": value.get("StringValue"), "dataType": value["DataType"]}
            for name, value in message.get("MessageAttributes", {}).items()
        },
        "md5OfBody": message["MD5OfBody"],
        "eventSource": "aws:sqs",
        "eventSourceARN": consumer.arn,
        "awsRegion": consumer.arn.split(":")[3],
    }


class Workers:
    """Threads that poll the queues and run what is due, until stopped."""

    def __init__(self, sqs: Any, consumers: list[Consumer], tick: Callable[[], Any], every_s: float = 1.0) -> None:
        self._stop, self._sqs, self._tick, self._every_s = threading.Event(), sqs, tick, every_s
        self._threads = [
            threading.Thread(target=self._poll, args=(consumer,), daemon=True, name=f"poll-{consumer.name}")
            for consumer in consumers
        ]
        self._threads.append(threading.Thread(target=self._schedule, daemon=True, name="schedules"))

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Returns when each has finished what it was doing, or after five seconds."""
        self._stop.set()
        for thread in self._threads:
            thread.join(timeout=5)

    def _poll(self, consumer: Consumer) -> None:
        from botocore.exceptions import BotoCoreError, ClientError

        while not self._stop.is_set():
            try:
                if not poll_once(self._sqs, consumer):
                    self._stop.wait(0.2)
            except (BotoCoreError, ClientError) as error:
                log.failure("poll_failed", error, queue=consumer.name)
                self._stop.wait(1)

    def _schedule(self) -> None:
        while not self._stop.wait(self._every_s):
            self._tick()
