"""A small HTTP server on a loopback port that hands a request over whole: headers, query and body."""

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

_LARGEST_BODY = 1024 * 1024


@dataclass(frozen=True)
class Request:
    """Header names are in lower case."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        """The body's value; None where it is no JSON."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None

    def form(self) -> dict[str, str]:
        """The fields of an urlencoded body."""
        return dict(parse_qsl(self.body.decode("utf-8", "replace")))


@dataclass
class Response:
    """A text goes out as it is (HTML unless the headers say otherwise), anything else as JSON, None as no body."""

    status: int
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)


class Server:
    """Serves `answer` from its creation until `stop`."""

    def __init__(self, answer: Callable[[Request], Response]) -> None:
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                self._serve()

            def do_POST(self) -> None:
                self._serve()

            def do_DELETE(self) -> None:
                self._serve()

            def _serve(self) -> None:
                text, parts = self.headers.get("Content-Length") or "0", urlsplit(self.path)
                length = int(text) if text.isdigit() and int(text) <= _LARGEST_BODY else 0
                headers = {name.lower(): value for name, value in self.headers.items()}
                query = dict(parse_qsl(parts.query))
                got = answer(Request(self.command, parts.path, query, headers, self.rfile.read(length)))
                kind = "text/html; charset=utf-8" if isinstance(got.body, str) else "application/json"
                raw = got.body.encode() if isinstance(got.body, str) else b""
                if got.body is not None and not isinstance(got.body, str):
                    raw = json.dumps(got.body).encode()
                self.send_response(got.status)
                for name, value in {"Content-Type": kind, **got.headers}.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(raw)))
                self.end_headers()
                self.wfile.write(raw)

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
                """Quiet: requests carry addresses."""

        class Quiet(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, request: Any, client_address: Any) -> None:
                """A client that was killed in the middle of its request is no news."""

        self._server = Quiet(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True, name="paypal").start()

    def stop(self) -> None:
        """Returns when the port is free again."""
        self._server.shutdown()
        self._server.server_close()
