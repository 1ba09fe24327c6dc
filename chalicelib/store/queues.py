"""SQS queues: a message carries a kind and an id, nothing else."""

import json

from chalicelib.vault import aws


def send(queue_url: str, body: dict[str, str]) -> None:
    """Queue a message of ids."""
    aws.call("sqs", "send_message", QueueUrl=queue_url, MessageBody=json.dumps(body, separators=(",", ":")))
