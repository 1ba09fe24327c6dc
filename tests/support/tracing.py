"""Which modules of the backend a piece of work enters, in the order of their first calls."""

import contextlib
import importlib
import inspect
import pkgutil
import sys
import threading
from collections.abc import Iterator
from types import FrameType
from typing import Any

import waitress

import chalicelib
from infra.local.gateway import Gateway

_TABLE = "chalicelib.jobs.table"  # what it calls is the making of the table of all work, not a piece of work
_THREADS = "api"  # how the gateway calls the threads that functions run in


class Trace:
    """The modules, as `chalicelib.room.module`. What runs at an import is no call."""

    def __init__(self) -> None:
        self.entered: dict[str, None] = {}

    def __call__(self, frame: FrameType, event: str, _argument: Any) -> None:
        """See sys.setprofile."""
        if event != "call" or not frame.f_code.co_flags & inspect.CO_OPTIMIZED:
            return
        name, caller = _module(frame), _module(frame.f_back) if frame.f_back else ""
        if name.startswith("chalicelib.") and caller != _TABLE:
            self.entered.setdefault(name)

    def of_thread(self, frame: FrameType, event: str, argument: Any) -> None:
        """The same in a thread that a function runs in; the simulated cloud's threads are left alone."""
        if threading.current_thread().name.startswith(_THREADS):
            sys.setprofile(self)
            self(frame, event, argument)
        else:
            sys.setprofile(None)


def _module(frame: FrameType) -> str:
    return str(frame.f_globals.get("__name__", ""))


def import_all() -> None:
    """Import every module of the backend, so that none is imported under a trace."""
    for module in pkgutil.walk_packages(chalicelib.__path__, "chalicelib."):
        importlib.import_module(module.name)


@contextlib.contextmanager
def traced() -> Iterator[tuple[Trace, str]]:
    """A trace of this thread and of the API, which is served at the address within."""
    import app

    trace, gateway = Trace(), Gateway(app.app)
    server = waitress.create_server(gateway, host="127.0.0.1", port=0, threads=2)
    threading.Thread(target=server.run, daemon=True, name="served").start()
    threading.setprofile(trace.of_thread)
    sys.setprofile(trace)
    try:
        yield trace, f"http://127.0.0.1:{server.effective_port}"
    finally:
        sys.setprofile(None)
        threading.setprofile(None)
        server.close()
        gateway.close()
