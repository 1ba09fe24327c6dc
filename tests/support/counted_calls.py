"""How many calls to DynamoDB and KMS the API makes for its requests."""

import threading
from collections import Counter
from typing import Any, Self

from chalicelib.core import settings
from chalicelib.vault import aws

_CLIENTS: tuple[tuple[str, aws.Signer], ...] = (("dynamodb", "platform"), ("dynamodb", "tenant"), ("kms", "platform"))


class CountedCalls:
    """Counts while it is entered, by operation and table. Keys are kept for a time of their own, so reading them is left out."""

    def __init__(self) -> None:
        self._counted: Counter[str] = Counter()
        self._clients = [(aws.client(service, signer), signer) for service, signer in _CLIENTS]

    def __enter__(self) -> Self:
        for client, signer in self._clients:
            client.meta.events.register("before-parameter-build", self._count, unique_id=f"counted-{signer}")
        return self

    def __exit__(self, *_: object) -> None:
        for client, signer in self._clients:
            client.meta.events.unregister("before-parameter-build", unique_id=f"counted-{signer}")

    def taken(self) -> Counter[str]:
        """What was counted since this was asked before."""
        counted, self._counted = self._counted, Counter()
        return counted

    def _count(self, params: dict[str, Any], model: Any, **_: Any) -> None:
        where = params.get("TableName") or ",".join(params.get("RequestItems", ()))
        if threading.current_thread().name.startswith("api") and where != settings.current().tables.tenant_keys:
            self._counted[f"{model.name} {where}"] += 1
