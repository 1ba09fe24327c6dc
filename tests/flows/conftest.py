"""Counting what a request asks of DynamoDB, and SES while it is away."""

import contextlib
import os
import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from chalicelib.connectors.mail import sending
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


@pytest.fixture
def ses_at(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], contextlib.AbstractContextManager[None]]:
    """A block within which SES is looked for on that port of this machine."""

    @contextlib.contextmanager
    def at(port: int) -> Iterator[None]:
        monkeypatch.setenv("AWS_ENDPOINT_URL_SESV2", f"http://127.0.0.1:{port}")
        sending.reset()
        try:
            yield
        finally:
            monkeypatch.delenv("AWS_ENDPOINT_URL_SESV2")
            sending.reset()

    return at


@pytest.fixture
def hangs_up() -> Iterator[int]:
    """The port of a server that takes every request and never answers it."""
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with contextlib.suppress(OSError):  # closed at the end of the test
            while True:
                taken, _ = server.accept()
                taken.recv(65_536)
                taken.close()

    threading.Thread(target=serve, daemon=True).start()
    yield server.getsockname()[1]
    server.close()


@pytest.fixture
def unused_port() -> int:
    """A port where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])
