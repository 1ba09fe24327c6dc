"""A warm child process: for each line on its input it forks, and the fork runs one job, killed at the call that was asked for.

Forking comes before any call or thread is made, so each fork starts as a cold function does; only AWS's clients are there, which
take longer to make than a job takes. A kill is os._exit from botocore's own events, or around a provider's answer: an exception
would let `finally` blocks tidy up, as no crash does.
"""

import importlib
import json
import os
import sys
from collections.abc import Callable
from typing import Any

from tests.support import network_guard

CRASHED = 137


def _run(order: dict[str, Any], report: int) -> None:
    from chalicelib.core import clock

    network_guard.in_child(order["ports"])
    clock.advance(order["offset"])
    for name, value in order["constants"].items():
        module, constant = name.split(":")
        setattr(importlib.import_module(module), constant, value)
    count = 0

    def before(**_: Any) -> None:
        nonlocal count
        count += 1
        if order["when"] == "before" and count == order["kill"]:
            os._exit(CRASHED)

    def after(**_: Any) -> None:
        if order["when"] == "after" and count == order["kill"]:
            os._exit(CRASHED)

    for client in _clients():
        client.meta.events.register_first("before-send", before)
        client.meta.events.register_last("response-received", after)
    _watch_providers(before, after)
    module, function = order["job"].split(":")
    answer = getattr(importlib.import_module(module), function)(*order["arguments"])
    os.write(report, json.dumps({"calls": count, "answer": repr(answer)[:200]}).encode())


def _clients() -> list[Any]:
    """All that jobs use; made once a process, like the jobs' own."""
    from chalicelib.connectors.mail import sending
    from chalicelib.vault import aws

    clients = [aws.client("dynamodb", "platform"), aws.client("dynamodb", "tenant"), sending._client()]
    return clients + [aws.client(service) for service in ("kms", "s3", "sqs", "secretsmanager")]


def _watch_providers(before: Callable[..., None], after: Callable[..., None]) -> None:
    """Calls to providers count as those to AWS do: connectors have one pool, and each request goes through it."""
    from chalicelib.connectors import http

    pool = http._pool()
    real = pool.request

    def request(*arguments: Any, **more: Any) -> Any:
        before()
        answer = real(*arguments, **more)
        after()
        return answer

    pool.request = request


def main() -> None:
    """Import everything a job needs, then serve."""
    from chalicelib.core import log

    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # logs go to the error output: the answers have the other one to themselves
    for name in (
        "chalicelib.jobs.work",
        "chalicelib.jobs.inbound_mail",
        "chalicelib.jobs.deletions",
        "chalicelib.jobs.replay",
        "chalicelib.jobs.sync",
        "chalicelib.jobs.directory_feed",
        "app",
    ):
        importlib.import_module(name)
    importlib.import_module("aws_encryption_sdk")
    log.install()
    _clients()
    for line in sys.stdin:
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reader)
            _run(json.loads(line), writer)
            os._exit(0)
        os.close(writer)
        told = b""
        while part := os.read(reader, 65536):
            told += part
        os.close(reader)
        _, status = os.waitpid(child, 0)
        print(
            json.dumps({"code": os.waitstatus_to_exitcode(status), **json.loads(told or b"{}")}),
            file=answers,
            flush=True,
        )


if __name__ == "__main__":
    main()
