"""What goes wrong on demand."""

import threading
from collections.abc import Collection
from dataclasses import dataclass

NO_ANSWER = frozenset({"down", "slow"})


@dataclass
class Fault:
    """One fault; see infra.simulators.simulator for its fields."""

    kind: str
    seconds: float = 1.0
    status: int = 503
    times: int | None = None
    on: str = ""
    reason: str = ""  # the vendor's word, where a kind of its own needs one
    after: bool = False


class Faults:
    """Those that are still to be met, or last until they are cleared. Thread-safe."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []
        self._guard = threading.Lock()
        self._held, self._stopped, self._cleared = 0, False, threading.Condition()

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, fault: Fault) -> None:
        """Let it be met after those that wait already."""
        with self._guard:
            self._waiting.append(fault)

    def take(self, kinds: Collection[str], *subjects: str, named: bool = False) -> Fault | None:
        """Return the first fault of these kinds whose `on` is the beginning of a subject, and count it as met.

        `named`: only one that says what it is on.
        """
        with self._guard:
            for fault in self._waiting:
                if fault.kind in kinds and (fault.on or not named) and any(s.startswith(fault.on) for s in subjects):
                    if fault.times is not None:
                        fault.times -= 1
                        if fault.times <= 0:
                            self._waiting.remove(fault)
                    return fault
            return None

    def clear(self) -> None:
        """End every fault; those who wait for a slow answer get it now."""
        with self._guard:
            self._waiting.clear()
        with self._cleared:
            self._held = 0
            self._cleared.notify_all()

    def stop(self) -> None:
        """Clear them, and let nothing be slow any more."""
        self._stopped = True
        self.clear()

    def delay(self, seconds: float) -> None:
        """Return after that time, or when the faults are cleared."""
        with self._cleared:
            self._held += 1
            self._cleared.notify_all()
            if not self._cleared.wait_for(lambda: self._held == 0 or self._stopped, seconds) and self._held:
                self._held -= 1

    def delays(self, seconds: float) -> bool:
        """Return whether somebody waits for a slow answer, as soon as that is so."""
        with self._cleared:
            return self._cleared.wait_for(lambda: self._held > 0, seconds)
