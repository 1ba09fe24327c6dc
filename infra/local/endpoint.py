"""A small JSON endpoint on a loopback port, for what only the local cloud offers."""

from collections.abc import Callable
from typing import Any

from infra.loopback import Asked, Said, Server

Answer = tuple[int, Any]


class Endpoint:
    """Serves `answer(method, path, body)` from its creation until `stop`."""

    def __init__(self, answer: Callable[[str, str, bytes], Answer]) -> None:
        def serve(asked: Asked) -> Said:
            return Said(*answer(asked.method, asked.path, asked.body))

        self._server = Server(serve)
        self.url = self._server.url

    def stop(self) -> None:
        """Returns when the port is free again."""
        self._server.stop()
