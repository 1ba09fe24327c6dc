"""Calls to DynamoDB: being told of them, and what one writes, read from its parameters before it is sent."""

import contextlib
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from chalicelib.vault import aws


@contextlib.contextmanager
def told(event: str, handler: Callable[..., Any]) -> Iterator[None]:
    """Within the block, `handler` is called first at that event of botocore's (such as `before-call`) of calls to DynamoDB."""
    clients = [aws.client("dynamodb", signer) for signer in ("platform", "tenant")]
    for client in clients:
        client.meta.events.register_first(f"{event}.dynamodb", handler)
    try:
        yield
    finally:
        for client in clients:
            client.meta.events.unregister(f"{event}.dynamodb", handler)


def written_rows(operation: str, params: dict[str, Any]) -> Counter[str]:
    """Return how many rows of each kind the call puts or deletes: the first part of the sort key, or of the hash key where
    no tenant has them."""
    items: list[Any] = []
    if operation == "BatchWriteItem":
        requests = [each for batch in params["RequestItems"].values() for each in batch]
        items = [next(iter(each.values())) for each in requests]
    elif operation == "TransactWriteItems":
        items = [next(iter(each.values())) for each in params["TransactItems"] if "ConditionCheck" not in each]
    elif operation in ("PutItem", "DeleteItem"):
        items = [params]
    keys = [item.get("Item") or item.get("Key") for item in items]
    return Counter(key.get("sk" if "tenant" in key else "pk", {}).get("S", "other").partition("#")[0] for key in keys)
