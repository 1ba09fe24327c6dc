"""What the tests may dial: this machine alone, and there only the ports that the tests, or infra for them, opened.

A refusal is remembered, so that the run fails even where the code caught it. Names are refused before they are asked for: on
a machine without a resolver a call to the outside would otherwise end before it connects, and be seen by nobody.
"""

import ipaddress
import os
import re
import socket
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
OPENERS = tuple(f"{ROOT / folder}{os.sep}" for folder in ("tests", "infra"))
BACKEND = f"{ROOT / 'chalicelib'}{os.sep}"  # opens none
MOTO = f"{os.sep}moto{os.sep}"  # its server listens in a thread of its own
EXIT = 99  # of a child process whose guard refused something
_LOOPBACK = re.compile(r"127(\.\d+){3}|::1|localhost|0\.0\.0\.0")
_PORT = re.compile(r"(?:127\.0\.0\.1|localhost):(\d+)")
_PATCHED = ((socket.socket, ("connect", "connect_ex", "listen")), (socket, ("getaddrinfo", "gethostbyname")))


class OutsideWorld(AssertionError):
    """A test dialled another machine, or something on this one that is not of the tests."""


class Guard:
    """Between `install` and `remove` every connection and every look-up of a name is judged, in all threads.

    `refused` is told of each that is not allowed, before OutsideWorld is raised where it was tried.
    """

    def __init__(self, ports: Iterable[int] = (), refused: Callable[[str], None] = lambda _: None) -> None:
        self.ports, self.refusals = set(ports), set[str]()
        self._tell, self._real = refused, dict[tuple[Any, str], Any]()
        self._lock = threading.Lock()

    def announce(self, text: object) -> None:
        """Allow every port of this machine that stands in the text: those of a child process, which its parent knows."""
        with self._lock:
            self.ports |= {int(port) for port in _PORT.findall(str(text))}

    def install(self) -> None:
        """Also allows the DynamoDB Local that the run was started with."""
        self.announce(os.environ.get("IKO_DYNAMODB_ENDPOINT", ""))
        for holder, names in _PATCHED:
            for name in names:
                real = self._real[holder, name] = getattr(holder, name)
                setattr(holder, name, getattr(self, f"_{name}")(real))

    def remove(self) -> None:
        """What was there before is there again."""
        for (holder, name), real in self._real.items():
            setattr(holder, name, real)

    def _connect(self, real: Any) -> Any:
        def connect(dialling: socket.socket, address: Any) -> Any:
            if dialling.family in (socket.AF_INET, socket.AF_INET6):
                host, port = str(address[0]), int(address[1])
                if not _LOOPBACK.fullmatch(host):
                    self._refuse(host)
                if port not in self.ports:
                    self._refuse(f"port {port} of this machine, which nothing of the tests opened")
            return real(dialling, address)

        return connect

    _connect_ex = _connect

    def _listen(self, real: Any) -> Any:
        def listen(opened: socket.socket, *backlog: int) -> None:
            real(opened, *backlog)
            if opened.family in (socket.AF_INET, socket.AF_INET6) and _is_ours(sys._getframe(1)):
                with self._lock:
                    self.ports.add(opened.getsockname()[1])

        return listen

    def _getaddrinfo(self, real: Any) -> Any:
        def look_up(host: Any, *more: Any, **named: Any) -> Any:
            name = host.decode() if isinstance(host, bytes) else str(host or "localhost")
            if not _LOOPBACK.fullmatch(name) and not _is_address(name):  # an address is judged when it is dialled
                self._refuse(name)
            return real(host, *more, **named)

        return look_up

    _gethostbyname = _getaddrinfo

    def _refuse(self, what: str) -> None:
        self.refusals.add(what)
        self._tell(what)
        raise OutsideWorld(f"a test dialled {what}")


def _is_ours(frame: FrameType | None) -> bool:
    """Whether it is a test, infra or moto that opens it."""
    for file in callers(frame):
        if file.startswith((BACKEND, *OPENERS)) or MOTO in file:
            return not file.startswith(BACKEND)
    return False


def callers(frame: FrameType | None) -> Iterator[str]:
    """The files of those who call, the nearest first."""
    while frame is not None:
        yield frame.f_code.co_filename
        frame = frame.f_back


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    return True


GUARD = Guard()


def in_child(ports: Iterable[int]) -> None:
    """Guard this process, which a test started and which may dial these ports of its parent; it ends at the first refusal."""
    Guard(ports, lambda _: os._exit(EXIT)).install()
