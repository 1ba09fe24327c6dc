"""Counting what a request asks of DynamoDB."""

import contextlib
import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from chalicelib.vault import aws
from infra.local.cloud import Cloud


@pytest.fixture
def dynamodb_calls(cloud: Cloud) -> Callable[[], contextlib.AbstractContextManager[list[str]]]:
    """A block that lists the DynamoDB operations made by this process within it, in order."""

    @contextlib.contextmanager
    def watch() -> Iterator[list[str]]:
        seen: list[str] = []

        def note(model: Any, params: dict[str, Any], **_: Any) -> None:
            # Keys are read again once in a cache period, which may end within the block: not part of a warm request.
            if os.environ["IKO_TABLE_TENANT_KEYS"] not in str(params.get("body", "")):
                seen.append(model.name)

        clients = [aws.client("dynamodb", signer) for signer in ("platform", "tenant")]
        for client in clients:
            client.meta.events.register("before-call.dynamodb", note)
        try:
            yield seen
        finally:
            for client in clients:
                client.meta.events.unregister("before-call.dynamodb", note)

    return watch
