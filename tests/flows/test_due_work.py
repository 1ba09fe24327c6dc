"""Work of a kind that nobody knows comes to the dead letters, from every queue and from the scheduler alike."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from chalicelib.core import clock, settings
from chalicelib.jobs import due as scheduler
from chalicelib.jobs import table
from chalicelib.store import due, queues
from chalicelib.store.due import Due
from infra.local.cloud import Cloud
from tests.support.queues import take_off

QUEUES = {"work": "WorkDeadQueueUrl", "sync": "SyncDeadQueueUrl", "deletions": "DeletionsDeadQueueUrl"}
TRIES = 5


@pytest.fixture(autouse=True)
def _nothing_before(cloud: Cloud) -> Iterator[None]:
    cloud.drain()
    for name in QUEUES:
        dead(cloud, name)
    yield
    for name in QUEUES:
        take_off(cloud, name)


def dead(cloud: Cloud, queue: str) -> list[str]:
    """The bodies of the dead letters, which are taken off."""
    client, url, found = cloud.client("sqs"), cloud.outputs[QUEUES[queue]], list[str]()
    while messages := client.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        for message in messages:
            found.append(message["Body"])
            client.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return found


def try_often(cloud: Cloud) -> None:
    for _ in range(TRIES + 1):
        cloud.drain()
        cloud.advance(60)  # longer than a failed message stays invisible


@pytest.mark.parametrize("queue", list(QUEUES))
def test_on_every_queue(cloud: Cloud, queue: str) -> None:
    elsewhere = next(kind for kind, work in table.works().items() if work.queue != queue)
    for kind in ("unheard_of", elsewhere):
        queues.send(getattr(settings.current().queues, queue), {"kind": kind, "id": "x"})
    try_often(cloud)
    assert sorted(dead(cloud, queue)) == sorted(f'{{"kind":"{kind}","id":"x"}}' for kind in ("unheard_of", elsewhere))


def test_of_a_due_row(cloud: Cloud) -> None:
    due.schedule(Due("unheard_of", "x"), clock.now())
    assert scheduler.handle({}, None) == {"unheard_of": 1}
    try_often(cloud)
    assert dead(cloud, "work") == ['{"kind":"unheard_of","id":"x"}']
    assert not list(due.find(clock.now())), "not again at once"
    assert list(due.find(clock.now() + timedelta(days=1))) == [Due("unheard_of", "x")]
    due.done(Due("unheard_of", "x"))
