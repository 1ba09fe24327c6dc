"""A small JSON endpoint on a loopback port, for what only the local cloud offers."""

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = tuple[int, Any]
_LARGEST_BODY = 65536


class Endpoint:
    """Serves `answer(method, path, body)` from its creation until `stop`."""

    def __init__(self, answer: Callable[[str, str, bytes], Answer]) -> None:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._serve("GET")

            def do_POST(self) -> None:
                self._serve("POST")

            def _serve(self, method: str) -> None:
                text = self.headers.get("Content-Length") or "0"
                length = int(text) if text.isdigit() and int(text) <= _LARGEST_BODY else 0
                status, document = answer(method, self.path.partition("?")[0], self.rfile.read(length))
                raw = json.dumps(document, ensure_ascii=False).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json; charset=utf-8")
                self.send_header("Content-Length", str(len(raw)))
                self.end_headers()
                self.wfile.write(raw)

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
                """Quiet: requests carry addresses."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True, name="endpoint").start()

    def stop(self) -> None:
        """Returns when the port is free again."""
        self._server.shutdown()
        self._server.server_close()
