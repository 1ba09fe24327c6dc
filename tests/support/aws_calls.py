"""What a call to DynamoDB writes, read from its parameters before it is sent."""

from collections import Counter
from typing import Any


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
