"""SQS -> Lambda on one machine: events as Lambda makes them, partial failures where the template declares them.

moto's own event source mappings run inside SendMessage and lose batchItemFailures, so the queues are polled here. A failed
message stays invisible for the queue's time-out and goes to the dead-letter queue after its redrive count, which moto does.
"""

import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from chalice.local import LambdaContext


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
        MaxNumberOfMessages=min(10, consumer.batch),
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
    event = {"Records": [_record(consumer, message) for message in messages]}
    context = LambdaContext(consumer.name, 512, consumer.timeout_s * 1000)
    try:
        answer = consumer.handler(event, context)
    except Exception:  # noqa: BLE001 - Lambda's own edge: whatever a function raises fails its batch
        print(f"{consumer.name} failed:\n{traceback.format_exc(limit=-6)}", flush=True)  # noqa: T201 - the local log
        return {message["MessageId"] for message in messages}
    if not consumer.partial or not isinstance(answer, dict):
        return set()
    return {failure["itemIdentifier"] for failure in answer.get("batchItemFailures", [])}


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
    """Threads that poll and run schedules until stopped."""

    def __init__(self, make_sqs: Callable[[], Any], consumers: list[Consumer], tick: Callable[[], Any]) -> None:
        self._stop = threading.Event()
        self._threads = [
            threading.Thread(target=self._poll, args=(make_sqs(), consumer), daemon=True, name=f"poll-{consumer.name}")
            for consumer in consumers
        ]
        self._threads.append(threading.Thread(target=self._schedule, args=(tick,), daemon=True, name="schedules"))

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(timeout=5)

    def _poll(self, sqs: Any, consumer: Consumer) -> None:
        from botocore.exceptions import BotoCoreError, ClientError

        while not self._stop.is_set():
            try:
                if not poll_once(sqs, consumer):
                    self._stop.wait(0.2)
            except (BotoCoreError, ClientError):
                self._stop.wait(1)  # the cloud is stopping, or busy

    def _schedule(self, tick: Callable[[], Any]) -> None:
        while not self._stop.wait(1):
            try:
                tick()
            except Exception:  # noqa: BLE001 - a schedule that failed runs again at its next time, as in AWS
                print(f"schedule failed:\n{traceback.format_exc(limit=-6)}", flush=True)  # noqa: T201 - the local log
