"""Whether all that goes over the wire is as vendors publish it: what the simulators of a test run are asked, and answer."""

import functools
from collections import Counter
from collections.abc import Iterator

from flask import Request, Response

from infra.simulators.request_log import RequestLog
from tests.support.conformance import discovery, openapi
from tests.support.conformance.operations import Operation

_OF_TESTS = "python-requests/"  # connectors send by urllib3


class Watch:
    """Judges requests of the connectors and every answer, of each simulator of this process, while it is `on`.

    `faults` are told once each, with how often; `seen` counts the operations that connectors asked for.
    """

    def __init__(self) -> None:
        self.faults: Counter[str] = Counter()
        self.seen: Counter[str] = Counter()

    def on(self) -> None:
        """Begin."""
        RequestLog.watchers.append(self.judge)

    def off(self) -> None:
        """End."""
        RequestLog.watchers.remove(self.judge)

    def faults_so_far(self) -> list[str]:
        """Return what was found since this was asked last, with how often."""
        found = [f"{times} x {fault}" for fault, times in sorted(self.faults.items())]
        self.faults.clear()
        return found

    def judge(self, asked: Request, answer: Response | None) -> None:
        """Note what is wrong with a request, and with its answer if there is one."""
        operation = found(asked.method, asked.path)
        ours = not asked.headers.get("User-Agent", "").startswith(_OF_TESTS)
        if operation is None:
            if ours and any(asked.path.startswith(each) for each in published()):
                self.faults[f"{asked.method} {asked.path}: the vendor has no such operation"] += 1
            return
        if ours:
            self.seen[operation.name] += 1
            self._note(operation, operation.request_faults(asked))
        if answer is not None:
            self._note(operation, operation.answer_faults(answer), f" {answer.status_code}")

    def _note(self, operation: Operation, faults: Iterator[str], more: str = "") -> None:
        self.faults.update(f"{operation.name}{more} {fault}" for fault in faults)


@functools.cache
def known() -> tuple[Operation, ...]:
    """Return all operations of which there is a specification here."""
    where = openapi.folder()
    return (*discovery.operations(), *(openapi.operations(where) if where else ()))


@functools.cache
def published() -> frozenset[str]:
    """Return the beginnings of paths under which every operation is known: their first three parts."""
    return frozenset(each.beginning for each in known() if each.beginning)


def found(method: str, path: str) -> Operation | None:
    """Return the operation that a request is of, if any is published."""
    return next((each for each in known() if each.method == method and each.path.fullmatch(path)), None)


def left_out() -> str:
    """Return the sentence that says of which vendors there is no specification here; empty where there is one of all."""
    if openapi.folder() is not None:
        return ""
    return f"HubSpot's and PayPal's specifications are not here, so nothing was held to them: {openapi.FOLDER} names their folder"
