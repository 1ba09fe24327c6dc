"""Gmail says that a mailbox has news: POST /webhooks/gmail, as Google Cloud Pub/Sub calls it."""

import json
import logging
import uuid
from collections.abc import Iterator
from datetime import timedelta

import pytest

from chalicelib.core import clock, ids
from chalicelib.domain.connections import mailboxes
from chalicelib.store import due, rows
from infra.local.cloud import Cloud
from infra.simulators.google.pubsub import FORGERIES, Pushes
from tests.conftest import Api, Member
from tests.scan.places import CapturedLog
from tests.support.scripted_mailbox import Reader, connect


@pytest.fixture
def pubsub(cloud: Cloud) -> Iterator[Pushes]:
    """Pub/Sub, with nothing on its way."""
    pushes = cloud.connectors.google.pushes
    pushes.waiting.clear()
    yield pushes
    pushes.waiting.clear()


def planned(member: Member, address: str, hours: float = 1) -> tuple[Reader, due.Due]:
    """A connection that reads the mailbox at its next time, in an hour."""
    reader = connect(member, address=address)
    ident = str(ids.owned_of("cxn", reader.row.sk))
    mailboxes.remember(address, member.tenant, ident)
    piece = due.Due("sync", f"{member.tenant}.{ident}")
    due.schedule(piece, clock.now() + timedelta(hours=hours))
    return reader, piece


def queued(cloud: Cloud) -> list[dict[str, str]]:
    """What waits to be synced; it is taken off."""
    client, url = cloud.client("sqs"), cloud.outputs["SyncQueueUrl"]
    found = []
    while taken := client.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        found += [json.loads(each["Body"]) for each in taken]
        for each in taken:
            client.delete_message(QueueUrl=url, ReceiptHandle=each["ReceiptHandle"])
    return found


def test_news_bring_the_mailboxes_sync_forward(cloud: Cloud, pubsub: Pushes, member: Member) -> None:
    address = f"ann.lee-{uuid.uuid4().hex[:6]}@gmail.com"
    _, piece = planned(member, address)
    _, busy = planned(member, address)
    lease = due.lease(busy, 3600)
    queued(cloud)
    news = pubsub.news(address.replace(".", "", 1), 1234)
    pubsub.waiting += [news, news, pubsub.news(address, 1250)]
    assert pubsub.deliver() == 3
    assert queued(cloud) == [{"kind": "sync", "id": piece.id}], "once, whatever is repeated, and not what is being read"
    assert piece in list(due.find(clock.now() + timedelta(minutes=3))), "should the message be lost"
    due.release(lease, clock.now() + timedelta(hours=1))
    assert busy in list(due.find(clock.now())), "it is read once more"
    clock.advance(180)
    pubsub.tell(address, 1260)
    assert pubsub.deliver() == 1
    assert queued(cloud) == [], "it is due by itself"


def test_what_is_not_googles_word_moves_nothing(cloud: Cloud, api: Api, pubsub: Pushes, member: Member) -> None:
    address = f"bob-{uuid.uuid4().hex[:6]}@team.example"
    _, piece = planned(member, address)
    queued(cloud)
    for wrong in FORGERIES:
        assert pubsub.forge(pubsub.news(address, 1234), wrong) == 401, wrong
    answer = api.post("/webhooks/gmail", {"message": {}}, token=member.token)
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")
    assert queued(cloud) == []
    assert piece not in list(due.find(clock.now() + timedelta(minutes=30)))


def test_a_mailbox_that_nobody_reads_is_taken_and_forgotten(cloud: Cloud, pubsub: Pushes, member: Member) -> None:
    captured = CapturedLog()
    logging.getLogger().addHandler(captured)
    address = f"carla-{uuid.uuid4().hex[:6]}@team.example"
    queued(cloud)
    pubsub.tell(address, 1234)
    assert pubsub.deliver() == 1
    reader, piece = planned(member, address)
    rows.delete_if_unchanged(reader.row)
    pubsub.tell(address, 1250)
    assert pubsub.deliver() == 1
    assert len(mailboxes.find(address)) == 1, "it is being made: its work is planned, and then it is written"
    due.done(piece)
    pubsub.tell(address, 1260)
    assert pubsub.deliver() == 1
    assert mailboxes.find(address) == []
    assert queued(cloud) == []
    logging.getLogger().removeHandler(captured)
    assert captured.lines
    assert not any("carla" in line for line in captured.lines)
