"""Structured logs that cannot hold personal data.

A record is an event name and fields whose names are on a list and whose values have a harmless form: numbers, ids, codes.
Anything else is replaced by its type, and an exception is logged by its class and place, never by its text.
"""

import json
import logging
import re
import sys
import threading
import traceback
from types import TracebackType

from chalicelib.core import clock

_LOGGER = "iko.events"  # not the app's own name: Chalice writes its exceptions, texts and all, to that one
_SAFE = re.compile(r"[A-Za-z0-9_.:/{}\- ]{0,80}")
_NAMES = frozenset(
    [
        "code",
        "count",
        "counts",
        "status",
        "method",
        "route",
        "request_id",
        "job_id",
        "tenant",
        "member",
        "message_id",
        "queue",
        "kind",
        "step",
        "attempt",
        "ms",
        "version",
        "state",
        "reason",
        "provider",
        "resource",
        "due",
        "shard",
        "rows",
        "function",
    ]
)


def _value(name: str, value: object) -> object:
    if isinstance(value, bool | int | float) or value is None:
        return value
    if isinstance(value, dict):
        return {k: _value(name, v) for k, v in value.items() if isinstance(k, str) and _SAFE.fullmatch(k)}
    if isinstance(value, str) and name in _NAMES and _SAFE.fullmatch(value) and "@" not in value:
        return value
    return f"<{type(value).__name__}>"


def _line(level: str, name: str, fields: dict[str, object]) -> str:
    shown = {key: _value(key, value) for key, value in fields.items() if key in _NAMES}
    return json.dumps({"level": level, "event": name, **shown}, separators=(",", ":"))


def event(name: str, **fields: object) -> None:
    """Write one line of what happened. Field names outside the list are dropped, values that are not harmless masked."""
    logging.getLogger(_LOGGER).info(_line("info", name, fields))


def metric(service: str, name: str, value: float) -> None:
    """Count something in CloudWatch, by a line in its embedded metric format: a number, and nothing about anybody.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
    """
    definition = {"Namespace": "IKO", "Dimensions": [["Service"]], "Metrics": [{"Name": name, "Unit": "Count"}]}
    told = {"_aws": {"Timestamp": int(clock.now().timestamp() * 1000), "CloudWatchMetrics": [definition]}}
    line = json.dumps({**told, "Service": service, name: value}, separators=(",", ":"))
    logging.getLogger(_LOGGER).info(line)


def failure(name: str, error: BaseException, **fields: object) -> None:
    """Write one line of what failed: the error's class and the places it went through, never its text."""
    frames = [f"{frame.f_code.co_name}:{line}" for frame, line in traceback.walk_tb(error.__traceback__)]
    body = json.loads(_line("error", name, fields))
    logging.getLogger(_LOGGER).error(
        json.dumps({**body, "error": type(error).__name__, "at": frames[-6:]}, separators=(",", ":"))
    )


class _Redacting(logging.Formatter):
    """For everybody else's records (chalice, botocore, pynamodb): class and place only, since their texts quote values."""

    def format(self, record: logging.LogRecord) -> str:
        if record.name == _LOGGER:
            return record.getMessage()
        kind = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else ""
        return json.dumps({"level": record.levelname.lower(), "event": "library", "logger": record.name, "error": kind})


def _uncaught(_kind: type[BaseException], value: BaseException, trace: TracebackType | None) -> None:
    failure("uncaught", value.with_traceback(trace))


def _uncaught_in_thread(what: threading.ExceptHookArgs) -> None:
    if what.exc_value is not None:
        failure("uncaught", what.exc_value)


def install() -> None:
    """Route every log record of the process through the redaction. Idempotent."""
    root = logging.getLogger()
    if not root.handlers:
        root.addHandler(logging.StreamHandler(sys.stdout))
    named = [logger for logger in logging.root.manager.loggerDict.values() if isinstance(logger, logging.Logger)]
    for logger in named:
        # Chalice and PynamoDB bring handlers of their own, which would print a second line without the redaction.
        logger.handlers = [handler for handler in logger.handlers if isinstance(handler, logging.NullHandler)]
        logger.propagate = True
    for handler in root.handlers:
        if not isinstance(handler.formatter, _Redacting):
            handler.setFormatter(_Redacting())
    logging.getLogger(_LOGGER).setLevel(logging.INFO)
    root.setLevel(logging.WARNING)
    sys.excepthook = _uncaught
    threading.excepthook = _uncaught_in_thread
