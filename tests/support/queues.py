"""Queues of the cloud, as tests empty them."""

from infra.local.cloud import Cloud


def take_off(cloud: Cloud, function: str) -> None:
    """Take what waits for a function off its queue: the test delivers it itself."""
    client, url = cloud.client("sqs"), next(c.url for c in cloud.consumers if c.name == function)
    while messages := client.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        for message in messages:
            client.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
