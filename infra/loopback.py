"""A WSGI application on a loopback port, for everything that stands in for AWS or for a provider on this machine."""

import threading
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from werkzeug.serving import WSGIRequestHandler, make_server

from chalicelib.core import clock, log

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_NOTICES_STOP_S = 0.1


class HangUp(ConnectionError):
    """The connection closes without an answer, as when the other side is down."""


class Server:
    """Serves `app` from its creation until `stop`."""

    def __init__(self, app: "WSGIApplication") -> None:
        self._server = make_server("127.0.0.1", 0, _guarded(app), threaded=True, request_handler=_Quiet)
        self.url = f"http://127.0.0.1:{self._server.port}"
        threading.Thread(
            target=self._server.serve_forever, args=(_NOTICES_STOP_S,), daemon=True, name="loopback"
        ).start()

    def stop(self) -> None:
        """Return when the port is free again."""
        self._server.shutdown()
        self._server.server_close()


def _guarded(app: "WSGIApplication") -> "WSGIApplication":
    """The application; what it raises is logged by its class, for a trace would print what was sent."""

    def run(environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        try:
            return app(environ, start)
        except HangUp:
            raise
        except Exception as error:
            log.failure("local_server_failed", error)
            raise HangUp from error

    return run


class _Quiet(WSGIRequestHandler):
    def connection_dropped(self, error: BaseException, environ: "WSGIEnvironment | None" = None) -> None:
        """Close it at our end too."""
        self.close_connection = True

    def date_time_string(self, timestamp: float | None = None) -> str:
        """The Date header, by the clock that tests move."""
        return super().date_time_string(clock.epoch() if timestamp is None else timestamp)

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        """Log nothing: requests carry addresses."""
