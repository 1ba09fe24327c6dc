"""moto behind waitress. Its own server ends each connection with its answer: every call would cost a connection and a thread."""

from typing import Any

import waitress
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from waitress.channel import HTTPChannel

_THREADS = 16


class _Channel(HTTPChannel):
    """A connection on which a request without a body is done, though its client asks whether to go on: S3's, for a part of
    nothing. waitress 3 would wait for the body."""

    def send_continue(self) -> None:
        if self.request.content_length or self.request.chunked:
            super().send_continue()
        else:
            self.request.expect_continue = False


def made() -> Any:
    """Return the server, on a free port of this machine (`effective_port`); `run` serves until `close`."""
    app = DomainDispatcherApplication(create_backend_app)
    server = waitress.create_server(
        app, host="127.0.0.1", port=0, threads=_THREADS, ident="moto", asyncore_use_poll=True
    )
    server.channel_class = _Channel
    return server
