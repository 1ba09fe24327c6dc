"""Queues reach their functions as Lambda's event source mappings do it."""

import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest

from infra.local import functions
from infra.local.cloud import Cloud, NeverIdle
from infra.local.poller import Consumer, Workers, poll_once

Handler = Callable[[dict[str, Any], Any], Any]


@pytest.fixture
def consumer(cloud: Cloud) -> Callable[..., Consumer]:
    """Makes a queue with a dead-letter queue after three tries, and a consumer of it."""

    def make(handler: Handler, *, partial: bool = True) -> Consumer:
        sqs, name = cloud.client("sqs"), uuid.uuid4().hex
        dead = sqs.create_queue(QueueName=f"{name}-dead")["QueueUrl"]
        redrive = json.dumps({"deadLetterTargetArn": arn_of(cloud, dead), "maxReceiveCount": 3})
        url = sqs.create_queue(QueueName=name, Attributes={"RedrivePolicy": redrive, "VisibilityTimeout": "60"})[
            "QueueUrl"
        ]
        return Consumer("test", url, arn_of(cloud, url), handler, 10, partial)

    return make


def arn_of(cloud: Cloud, url: str) -> str:
    answer = cloud.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
    return str(answer["Attributes"]["QueueArn"])


def put(cloud: Cloud, consumer: Consumer, *bodies: str) -> None:
    for body in bodies:
        cloud.client("sqs").send_message(QueueUrl=consumer.url, MessageBody=body)


def poll_again(cloud: Cloud, consumer: Consumer, times: int) -> None:
    for _ in range(times):
        poll_once(cloud.client("sqs"), consumer)
        cloud.advance(61)


def waiting(cloud: Cloud, url: str) -> int:
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    found = cloud.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
    return sum(int(value) for value in found.values())


def failing(bodies: set[str], seen: list[str]) -> Handler:
    def handle(event: dict[str, Any], _context: Any) -> dict[str, Any]:
        seen.extend(record["body"] for record in event["Records"])
        bad = [record["messageId"] for record in event["Records"] if record["body"] in bodies]
        return {"batchItemFailures": [{"itemIdentifier": ident} for ident in bad]}

    return handle


def test_only_the_message_that_failed_comes_again_and_at_last_goes_to_the_dead_letters(
    cloud: Cloud, consumer: Callable[..., Consumer]
) -> None:
    seen: list[str] = []
    made = consumer(failing({"poison"}, seen))
    put(cloud, made, "good", "poison")
    poll_again(cloud, made, 5)
    assert sorted(seen) == ["good", "poison", "poison", "poison"]
    assert waiting(cloud, made.url) == 0
    assert waiting(cloud, f"{made.url}-dead") == 1


def test_a_report_that_the_template_does_not_declare_is_ignored_as_in_aws(
    cloud: Cloud, consumer: Callable[..., Consumer]
) -> None:
    seen: list[str] = []
    made = consumer(failing({"poison"}, seen), partial=False)
    put(cloud, made, "good", "poison")
    poll_again(cloud, made, 3)
    assert sorted(seen) == ["good", "poison"]
    assert waiting(cloud, f"{made.url}-dead") == 0


@pytest.mark.parametrize(
    "answer",
    [
        {"batchItemFailures": [{"itemIdentifier": "unknown"}]},
        {"batchItemFailures": [{}]},
        {"batchItemFailures": "x"},
        "no object",
    ],
)
def test_a_report_that_cannot_be_read_fails_the_batch(
    cloud: Cloud, consumer: Callable[..., Consumer], answer: Any
) -> None:
    made = consumer(lambda _event, _context: answer)
    put(cloud, made, "a", "b")
    poll_once(cloud.client("sqs"), made)
    assert waiting(cloud, made.url) == 2


@pytest.mark.parametrize("answer", [None, {}, {"batchItemFailures": None}, {"batchItemFailures": []}])
def test_an_empty_report_is_a_success(cloud: Cloud, consumer: Callable[..., Consumer], answer: Any) -> None:
    made = consumer(lambda _event, _context: answer)
    put(cloud, made, "a")
    poll_once(cloud.client("sqs"), made)
    assert waiting(cloud, made.url) == 0


def test_an_exception_fails_the_batch_and_its_text_goes_nowhere(
    cloud: Cloud, consumer: Callable[..., Consumer], capfd: pytest.CaptureFixture[str]
) -> None:
    def handle(_event: dict[str, Any], _context: Any) -> None:
        raise ValueError("canary-4417")

    made = consumer(handle)
    put(cloud, made, "a", "b")
    poll_again(cloud, made, 4)
    assert waiting(cloud, f"{made.url}-dead") == 2
    written = capfd.readouterr()
    assert "canary-4417" not in written.out + written.err


def test_the_event_has_the_form_that_lambda_gives_it(cloud: Cloud, consumer: Callable[..., Consumer]) -> None:
    events: list[dict[str, Any]] = []
    made = consumer(lambda event, context: events.append({**event, "left": context.get_remaining_time_in_millis()}))
    put(cloud, made, "body")
    poll_once(cloud.client("sqs"), made)
    (record,) = events[0]["Records"]
    assert record["body"] == "body"
    assert record["eventSource"] == "aws:sqs"
    assert record["eventSourceARN"] == made.arn
    assert record["awsRegion"] == "eu-west-1"
    assert record["attributes"]["ApproximateReceiveCount"] == "1"
    assert 0 < events[0]["left"] <= made.timeout_s * 1000


def test_each_queue_of_the_app_is_consumed_and_reports_single_failures(cloud: Cloud) -> None:
    found = {consumer.arn.rsplit(":", 1)[1]: consumer for consumer in cloud.consumers}
    assert set(found) == {"iko-inbound-mail", "iko-privacy-deletions", "iko-work", "iko-sync"}
    assert {consumer.name for consumer in found.values()} == functions.partial_failures()


def test_a_queue_that_never_runs_empty_is_said(cloud: Cloud, consumer: Callable[..., Consumer]) -> None:
    def handle(_event: dict[str, Any], _context: Any) -> None:
        put(cloud, made, "again")

    made = consumer(handle)
    put(cloud, made, "first")
    others, cloud.consumers = cloud.consumers, [made]
    try:
        with pytest.raises(NeverIdle):
            cloud.drain(rounds=5)
    finally:
        cloud.consumers = others


def test_workers_poll_until_they_are_stopped(cloud: Cloud, consumer: Callable[..., Consumer]) -> None:
    import threading

    came, ticked = threading.Event(), threading.Event()
    made = consumer(lambda _event, _context: came.set())
    workers = Workers(cloud.client("sqs"), [made], ticked.set, every_s=0.05)
    workers.start()
    put(cloud, made, "a")
    assert came.wait(10)
    assert ticked.wait(10)
    workers.stop()
    came.clear()
    put(cloud, made, "b")
    assert not came.wait(0.5)
    assert waiting(cloud, made.url) == 1
