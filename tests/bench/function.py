"""Our functions in a process of their own, as Lambda runs them: the simulated cloud is elsewhere, so what it spends is ours.

Reads one order a line, runs it, and answers with one line: see `Functions` and `Measured` in tests.bench.process.
"""

import contextlib
import importlib
import json
import os
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any


class Context:
    """What Lambda hands a function beside its event."""

    aws_request_id = "bench"
    function_name = "bench"

    def __init__(self, seconds: float) -> None:
        self._until = time.monotonic() + seconds

    def get_remaining_time_in_millis(self) -> int:
        return max(0, int((self._until - time.monotonic()) * 1000))


class Calls:
    """Calls to AWS by `service.Operation`, and rows written to DynamoDB by kind, of every session of this process."""

    def __init__(self) -> None:
        self.made: Counter[str] = Counter()
        self.rows: Counter[str] = Counter()

    def watch(self) -> None:
        """From now on, for clients that are made from now on."""
        from chalicelib.connectors.mail import sending
        from chalicelib.vault import aws
        from tests.support.aws_calls import written_rows

        def call(model: Any, **_: Any) -> None:
            self.made[f"{model.service_model.service_name}.{model.name}"] += 1

        def write(params: dict[str, Any], model: Any, **_: Any) -> None:
            self.rows.update(written_rows(model.name, params))

        for session in (aws.session("platform"), aws.session("tenant")):
            session.register("before-call", call)
            session.register("before-parameter-build.dynamodb", write)
        sending._client().meta.events.register("before-call", call)


def peak_mb() -> float:
    """The most memory that this very process had; getrusage would tell of the one that it was forked from, too."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    return float(found[1]) / 1024 if found else 0.0


class Openings:
    """Opened payloads by their ciphertexts, so that a request can be measured as if its rows had been stored unsealed."""

    def __init__(self) -> None:
        self._known: dict[bytes, bytes] = {}

    @contextlib.contextmanager
    def remembered(self) -> Iterator[None]:
        """Within it, what was opened before is looked up, and all else is opened and remembered."""
        from chalicelib.vault import sealing

        real = sealing._Sdk.open

        def look_up(sdk: Any, context: Any, sealed: Any, roots: Any) -> bytes:
            found = self._known.get(sealed.ciphertext)
            if found is None:
                found = self._known[sealed.ciphertext] = real(sdk, context, sealed, roots)
            return found

        sealing._Sdk.open = look_up  # type: ignore[method-assign, assignment]
        try:
            yield
        finally:
            sealing._Sdk.open = real  # type: ignore[method-assign]


def _run(order: dict[str, Any], calls: Calls, openings: Openings) -> dict[str, Any]:
    from chalicelib.core import clock

    clock.advance(order["offset"] - clock._offset.total_seconds())
    module, _, name = order["run"].partition(":")
    act: Callable[..., Any] = getattr(importlib.import_module(module), name)
    arguments = order["arguments"]
    if order["context_s"] is not None:
        arguments = [*arguments, Context(order["context_s"])]
    calls.made.clear()
    calls.rows.clear()
    with openings.remembered() if order["unsealed"] else contextlib.nullcontext():
        began = time.process_time()
        answer = act(*arguments)
        cpu = time.process_time() - began
    return {"answer": answer, "cpu": cpu, "calls": calls.made, "rows": calls.rows, "peak": peak_mb()}


def main() -> None:
    """Import what a function has loaded when it is warm, then serve."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # logs go to the error output
    calls, openings = Calls(), Openings()
    calls.watch()
    importlib.import_module("app")
    for line in sys.stdin:
        print(json.dumps(_run(json.loads(line), calls, openings)), file=answers, flush=True)


if __name__ == "__main__":
    main()
