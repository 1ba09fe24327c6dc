"""What every simulated provider has beside its vendor's own interface: a log of what was asked, and faults on demand.

GET /_log answers the requests so far, oldest first, DELETE /_log forgets them. POST /_faults adds one fault, DELETE /_faults
ends all:

    {"kind": "down"}                      the connection closes without an answer
    {"kind": "slow", "seconds": 3}        the answer comes so much later, or when the faults end
    {"kind": "status", "status": 503}     that status, with an error as the vendor writes it
    "times": 2                            for the next two requests only; without it until DELETE
    "on": "/services/oauth2/"             only for paths that begin so
"""

import json
import threading
from dataclasses import dataclass
from typing import Any

from infra.loopback import Asked, HangUp, Said, Server

_SECRET = frozenset(
    {"client_secret", "client_assertion", "refresh_token", "code", "code_verifier", "token", "password"}
)


@dataclass
class Fault:
    """See above."""

    kind: str
    seconds: float = 1.0
    status: int = 503
    times: int | None = None
    on: str = ""
    reason: str = ""  # the vendor's word, where a kind of its own needs one


class Simulator:
    """A provider on a loopback port from its creation until `stop`. A vendor's class says what `answer` and `error` are."""

    kinds: tuple[str, ...] = ("down", "slow", "status")
    largest = 65536  # bytes of a request's body

    def __init__(self) -> None:
        self.log: list[dict[str, Any]] = []
        self._faults: list[Fault] = []
        self._guard, self._stopping = threading.RLock(), threading.Event()
        self._held, self._healed = 0, threading.Condition()
        self._server = Server(self._serve, largest=self.largest)
        self.url = self._server.url

    def stop(self) -> None:
        """Serve nothing any more."""
        self._stopping.set()
        Simulator.heal(self)
        self._server.stop()

    def answer(self, asked: Asked) -> Said:
        """What the vendor answers."""
        raise NotImplementedError

    def error(self, status: int) -> Said:
        """How the vendor says that status."""
        raise NotImplementedError

    def failed(self, fault: Fault) -> Said:
        """The answer that a fault makes of a request."""
        return self.error(fault.status)

    def noted(self, asked: Asked) -> dict[str, Any]:
        """What the log keeps of a request beside what it keeps of every one."""
        return {}

    def control(self, asked: Asked) -> Said:
        """What more a test may ask for, under a path that begins with an underscore."""
        return Said(404, {"error": "not_found"})

    def fault(self, kind: str, **more: Any) -> None:
        """Add a fault. ValueError for an unknown kind."""
        if kind not in self.kinds:
            raise ValueError(f"a fault is one of {', '.join(self.kinds)}")
        with self._guard:
            self._faults.append(Fault(kind, **more))

    def heal(self) -> None:
        """End every fault; those who wait for a slow answer get it now."""
        with self._guard:
            self._faults.clear()
        with self._healed:
            self._held = 0
            self._healed.notify_all()

    def pending(self) -> int:
        """How many faults are still to be met, or last until they are ended."""
        with self._guard:
            return len(self._faults)

    def holds(self, seconds: float = 10) -> bool:
        """Whether somebody waits for a slow answer, as soon as that is so."""
        with self._healed:
            return self._healed.wait_for(lambda: self._held > 0, seconds)

    def _serve(self, asked: Asked) -> Said:
        if asked.path.startswith("/_"):
            return self._control(asked)
        try:
            said = self._faulty(asked) or self.answer(asked)
        except HangUp:
            self._note(asked, 0)
            raise
        self._note(asked, said.status)
        return said

    def _faulty(self, asked: Asked) -> Said | None:
        fault = self._next(asked.path)
        if fault is None:
            return None
        if fault.kind == "down":
            raise HangUp
        if fault.kind == "slow":
            self._slow(fault.seconds)
            return None
        return self.failed(fault)

    def _slow(self, seconds: float) -> None:
        with self._healed:
            self._held += 1
            self._healed.notify_all()
            if not self._healed.wait_for(lambda: self._held == 0 or self._stopping.is_set(), seconds) and self._held:
                self._held -= 1

    def _next(self, path: str, *, own: bool = False) -> Fault | None:
        """The fault for a path; `own`: only one that names paths and is an answer, for a call within a call."""
        with self._guard:
            for fault in self._faults:
                if own and (not fault.on or fault.kind in Simulator.kinds[:2]):
                    continue
                if path.startswith(fault.on):
                    if fault.times is not None:
                        fault.times -= 1
                        if fault.times <= 0:
                            self._faults.remove(fault)
                    return fault
            return None

    def _note(self, asked: Asked, status: int) -> None:
        form = asked.form() if "urlencoded" in asked.headers.get("content-type", "") else {}
        shown = {name: "…" if name in _SECRET else value for name, value in form.items()}
        noted = {"method": asked.method, "path": asked.path, "query": asked.query, "form": shown, "status": status}
        with self._guard:
            self.log.append({**noted, **self.noted(asked)})

    def _control(self, asked: Asked) -> Said:
        with self._guard:
            if (asked.method, asked.path) == ("GET", "/_log"):
                return Said(200, list(self.log))
            if (asked.method, asked.path) == ("DELETE", "/_log"):
                self.log.clear()
                return Said(200, {})
            if (asked.method, asked.path) == ("DELETE", "/_faults"):
                self.heal()
                return Said(200, {})
        try:
            if (asked.method, asked.path) == ("POST", "/_faults"):
                self.fault(**json.loads(asked.body))
                return Said(201, {})
            return self.control(asked)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            return Said(400, {"error": str(error)})
