"""moto's server, made fit for many small calls: it keeps its connections open, and looks at its own folders once.

moto 5.2 ends each connection with its answer, so that every call costs a connection and a thread, and lists its package's
folders for each call.
"""

from collections.abc import Sequence


def install() -> None:
    """Put it in place, once a process."""
    from moto import backends
    from moto.moto_server.werkzeug_app import MotoRequestHandler

    if MotoRequestHandler.protocol_version == "HTTP/1.1":
        return
    modules: Sequence[str] = tuple(backends.list_of_moto_modules())
    backends.list_of_moto_modules = lambda: modules
    MotoRequestHandler.protocol_version = "HTTP/1.1"
    MotoRequestHandler.disable_nagle_algorithm = True  # heads and bodies are sent apart
