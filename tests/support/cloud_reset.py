"""What a module's tests left in the simulated cloud goes: the next begins as in a fresh one, which takes seconds to start."""

import os
from collections.abc import Iterator
from typing import Any

from chalicelib.vault.keys import ring
from infra.local.cloud import Cloud


def forget_all(cloud: Cloud) -> None:
    """Empty tables, buckets, queues and sent mail. In a DynamoDB Local, where that would take its time, only what is due goes."""
    if cloud.real_dynamodb:
        _forget_due(cloud)
    else:
        for table in _regional("dynamodb", "tables"):
            table.items.clear()
        ring._kept.clear()  # the keys of keys went, too
    for bucket in _regional("s3", "buckets"):
        bucket.keys.clear()
        bucket.multiparts.clear()
    for queue in _regional("sqs", "queues"):
        queue._messages.clear()
        queue._pending_messages.clear()
        queue.deleted_messages.clear()
    for backend in _backends("ses"):
        backend.sent_messages.clear()


def _forget_due(cloud: Cloud) -> None:
    client, table = cloud.client("dynamodb"), os.environ["IKO_TABLE_JOBS"]
    pages = client.get_paginator("scan").paginate(TableName=table, FilterExpression="attribute_exists(due_shard)")
    for item in [item for page in pages for item in page["Items"]]:
        client.delete_item(TableName=table, Key={name: item[name] for name in ("pk", "sk")})


def _backends(service: str) -> Iterator[Any]:
    from moto.backends import get_backend

    for account in list(get_backend(service).values()):
        yield from list(account.values())


def _regional(service: str, what: str) -> Iterator[Any]:
    for backend in _backends(service):
        yield from list(getattr(backend, what).values())
