"""The app's Lambda functions beside the HTTP one: what consumes a queue, runs on a schedule, or is called for its answer."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

from chalice.local import LambdaContext

from chalicelib.core import clock, log
from infra.local.poller import Consumer
from infra.local.template import ACCOUNT, load

WIRING = Path(__file__).resolve().parents[1] / "wiring.yaml"
CONFIG = WIRING.parents[1] / ".chalice" / "config.json"
_MEMORY_MB = 512
_MINUTE = 60


@dataclass(frozen=True)
class Limits:
    """What a function is given for one event."""

    seconds: float
    memory_mb: int


def consumers(module: ModuleType, sqs: Any, timeout_s: int) -> list[Consumer]:
    """One for each queue handler of the app. `timeout_s` is what the functions believe to have."""
    partial, found = partial_failures(), []
    for source in _sources(module, "SQSEventConfig"):
        name = source.name
        url = sqs.get_queue_url(QueueName=source.queue)["QueueUrl"]
        arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        handler = _handler(module, source)
        found.append(Consumer(name, url, arn, handler, source.batch_size, name in partial, timeout_s))
    return found


def schedules(
    module: ModuleType, region: str, timeout_s: int, *, hurried: bool = True
) -> dict[str, Callable[[], None]]:
    """One call for each scheduled function of the app, by its name. A failure is logged by its class; the next run comes anyway.

    Each call runs it, unless not `hurried`: then one of a longer rate than a minute runs once that has passed.
    """
    return {
        source.name: _paced(
            _scheduled(source.name, _handler(module, source), region, timeout_s), 0 if hurried else _pause(source)
        )
        for source in _sources(module, "ScheduledEventConfig")
    }


def _pause(source: Any) -> int:
    """Seconds between two runs, as far as they are kept: every minute is whenever it is asked for."""
    rate = source.schedule_expression
    seconds = int(rate.value) * {"MINUTES": 60, "HOURS": 3_600, "DAYS": 86_400}[rate.unit]
    return 0 if seconds <= _MINUTE else seconds


def _paced(run: Callable[[], None], pause: int) -> Callable[[], None]:
    """The same, but for `pause` seconds after it ran it does nothing; a clock that was set back counts as that time."""
    last: list[datetime] = []

    def when_due() -> None:
        now = clock.now()
        if not last or abs(now - last[-1]) >= timedelta(seconds=pause):
            last[:] = [now]
            run()

    return when_due


def _scheduled(name: str, handler: Callable[[Any, Any], Any], region: str, timeout_s: int) -> Callable[[], None]:
    def run() -> None:
        event = {
            "version": "0",
            "id": "local",
            "detail-type": "Scheduled Event",
            "source": "aws.events",
            "account": ACCOUNT,
            "time": clock.rfc3339(clock.now()),
            "region": region,
            "resources": [],
            "detail": {},
        }
        try:
            handler(event, LambdaContext(name, _MEMORY_MB, timeout_s * 1000))
        except Exception as error:  # noqa: BLE001 - Lambda's own edge: a schedule that failed runs again at its next time
            log.failure("function_failed", error, function=name)

    return run


def plain(module: ModuleType) -> dict[str, Callable[[Any, Any], Any]]:
    """The functions that are called for their answer (`@app.lambda_function`), by name."""
    return {source.name: _handler(module, source) for source in module.app.pure_lambda_functions}


def limits(name: str) -> Limits:
    """A function's limits as deployed; the defaults of Lambda itself where .chalice/config.json does not know it."""
    (stage,) = json.loads(CONFIG.read_text())["stages"].values()
    found = stage["lambda_functions"].get(name, {})
    return Limits(found.get("lambda_timeout", 60), found.get("lambda_memory_size", 128))


def partial_failures() -> set[str]:
    """Names of the functions whose event source in wiring.yaml declares ReportBatchItemFailures."""
    found = set()
    for logical, resource in load(WIRING)["Resources"].items():
        for event in resource.get("Properties", {}).get("Events", {}).values():
            if "ReportBatchItemFailures" in event.get("Properties", {}).get("FunctionResponseTypes", []):
                found.add(_from_logical(logical))
    return found


def _from_logical(logical: str) -> str:
    """Chalice names the function `inbound_mail` InboundMail in its template."""
    return "".join("_" + c.lower() if c.isupper() and i else c.lower() for i, c in enumerate(logical))


def _sources(module: ModuleType, kind: str) -> Iterator[Any]:
    return (source for source in module.app.event_sources if type(source).__name__ == kind)


def _handler(module: ModuleType, source: Any) -> Callable[[Any, Any], Any]:
    found: Callable[[Any, Any], Any] = getattr(module, source.handler_string.rpartition(".")[2])
    return found
