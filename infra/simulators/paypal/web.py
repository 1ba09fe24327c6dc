"""Requests and answers of the simulator, on the server that all stand-ins share."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from infra import loopback as server
from infra.loopback import Asked as Request
from infra.loopback import Said

__all__ = ["Request", "Response", "Server"]

_LARGEST_BODY = 1024 * 1024


@dataclass
class Response:
    """A text goes out as it is (HTML unless the headers say otherwise), anything else as JSON, None as no body."""

    status: int
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)

    def said(self) -> Said:
        """As the server sends it."""
        if self.body is None:
            return Said(self.status, b"", self.headers)
        if isinstance(self.body, str):
            return Said(self.status, self.body.encode(), {"Content-Type": "text/html; charset=utf-8", **self.headers})
        return Said(self.status, json.dumps(self.body).encode(), {"Content-Type": "application/json", **self.headers})


class Server(server.Server):
    """Serves `answer` from its creation until `stop`."""

    def __init__(self, answer: Callable[[Request], Response]) -> None:
        super().__init__(lambda request: answer(request).said(), largest=_LARGEST_BODY)
