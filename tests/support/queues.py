"""Queues of the cloud, as tests empty them, and messages as functions get them."""

import json
from typing import Any

from infra.local.cloud import Cloud


def take_off(cloud: Cloud, function: str) -> None:
    """Take what waits for a function off its queue: the test delivers it itself."""
    client, url = cloud.client("sqs"), next(c.url for c in cloud.consumers if c.name == function)
    while messages := client.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        for message in messages:
            client.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])


def sqs_event(body: dict[str, Any]) -> dict[str, Any]:
    """One message as Lambda hands it over."""
    return {"Records": [{"messageId": "m1", "body": json.dumps(body)}]}
