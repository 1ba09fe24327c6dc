"""A small HTTP server on a loopback port, for everything that stands in for AWS or for a provider on this machine."""

import json
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl

from chalicelib.core import clock, log

_NOTICES_STOP_S = 0.1


@dataclass(frozen=True)
class Asked:
    """One request: `path` as it was sent and without its query, names of `headers` in lower case."""

    method: str
    path: str
    query: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    raw_query: str = ""  # as it was sent: `query` keeps the last of a name's values only

    def values(self, name: str) -> list[str]:
        """Every value of a repeated parameter, in order."""
        return parse_qs(self.raw_query, keep_blank_values=True).get(name, [])

    def form(self) -> dict[str, str]:
        """The body's urlencoded fields."""
        return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))

    def json(self) -> Any:
        """The body's value; None where it is no JSON."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None


@dataclass(frozen=True)
class Said:
    """One answer: `document` is sent as JSON, bytes as they are."""

    status: int = 200
    document: Any = None
    headers: dict[str, str] = field(default_factory=dict)


class HangUp(Exception):
    """The connection closes without an answer, as when the other side is down."""


class Server:
    """Serves `answer` from its creation until `stop`. Of a body longer than `largest` bytes nothing reaches it."""

    def __init__(self, answer: Callable[[Asked], Said], *, largest: int = 65536) -> None:
        self._server = _Quiet(answer, largest)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(
            target=self._server.serve_forever, args=(_NOTICES_STOP_S,), daemon=True, name="loopback"
        ).start()

    def stop(self) -> None:
        """Returns when the port is free again."""
        self._server.shutdown()
        self._server.server_close()


class _Quiet(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False  # a simulated slowness must not hold the end of a run

    def __init__(self, answer: Callable[[Asked], Said], largest: int) -> None:
        self.answer, self.largest = answer, largest
        super().__init__(("127.0.0.1", 0), _Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """By its class: a trace would print what was sent. A client that has given up waiting is no news."""
        error = sys.exception()
        if error is not None and not isinstance(error, ConnectionError):
            log.failure("local_server_failed", error)


class _Handler(BaseHTTPRequestHandler):
    server: _Quiet

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def do_PATCH(self) -> None:
        self._serve()

    def do_DELETE(self) -> None:
        self._serve()

    def _serve(self) -> None:
        path, _, query = self.path.partition("?")
        headers = {name.lower(): value for name, value in self.headers.items()}
        fields = dict(parse_qsl(query, keep_blank_values=True))
        try:
            said = self.server.answer(Asked(self.command, path, fields, headers, self._body(), query))
        except HangUp:
            self.close_connection = True
            return
        self._say(said)

    def _body(self) -> bytes:
        text = self.headers.get("Content-Length") or "0"
        left = int(text) if text.isdigit() else 0
        if left <= self.server.largest:
            return self.rfile.read(left)
        while left > 0:  # an answer before all is read would reach nobody who is still sending
            left -= len(self.rfile.read(min(left, 65536))) or left
        return b""

    def _say(self, said: Said) -> None:
        document = said.document
        raw = document if isinstance(document, bytes) else json.dumps(document, ensure_ascii=False).encode()
        self.send_response(said.status)
        for name, value in {"Content-Type": "application/json; charset=utf-8", **said.headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def date_time_string(self, timestamp: float | None = None) -> str:
        """The Date header, by the clock that tests move."""
        return super().date_time_string(clock.epoch() if timestamp is None else timestamp)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        """Quiet: requests carry addresses."""
