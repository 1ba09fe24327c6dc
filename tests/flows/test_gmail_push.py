"""Gmail says that a mailbox has news: POST /webhooks/gmail, as Google Cloud Pub/Sub calls it."""

import base64
import json
import logging
import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import requests

from chalicelib.core import clock, ids, settings
from chalicelib.domain.connections import mailboxes
from chalicelib.store import due, rows
from infra.local.cloud import Cloud
from infra.local.google import keys
from tests.conftest import Api, Member
from tests.scan.places import CapturedLog
from tests.support.mailbox import Reader, connect

PATH = "/webhooks/gmail"
ACCOUNT = "push@iko-local.iam.gserviceaccount.com"


@pytest.fixture(autouse=True)
def _subscribed(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("IKO_CONNECTORS_GMAIL_PUSH_ACCOUNT", ACCOUNT)
    settings.current.cache_clear()
    yield
    monkeypatch.undo()
    settings.current.cache_clear()


def push(api: Api, address: str, *, stray: bool = False, message_id: str = "1", **claims: Any) -> requests.Response:
    """As Pub/Sub: https://docs.cloud.google.com/pubsub/docs/push and …/authenticate-push-subscriptions."""
    now = clock.epoch()
    said = {
        "iss": "https://accounts.google.com",
        "aud": f"{api.url}{PATH}",
        "email": settings.current().connectors.gmail_push_account,
        "email_verified": True,
        "iat": now,
        "exp": now + 3600,
        **claims,
    }
    data = base64.b64encode(json.dumps({"emailAddress": address, "historyId": 1234}).encode()).decode()
    message = {"data": data, "messageId": message_id, "publishTime": clock.rfc3339(clock.now())}
    body = {"message": message, "subscription": "projects/iko/subscriptions/gmail"}
    return api.post(PATH, body, token=keys.sign(said, stray=stray))


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


def test_news_bring_the_mailboxes_sync_forward(cloud: Cloud, api: Api, member: Member) -> None:
    address = f"ann.lee-{uuid.uuid4().hex[:6]}@gmail.com"
    _, piece = planned(member, address)
    _, busy = planned(member, address)
    due.lease(busy, 3600)
    answer = push(api, address.replace(".", "", 1))
    assert (answer.status_code, answer.content) == (204, b"")
    assert push(api, address).status_code == push(api, address, message_id="2").status_code == 204
    assert queued(cloud) == [{"kind": "sync", "id": piece.id}], "once, whatever is repeated, and not what is being read"
    assert piece in list(due.find(clock.now() + timedelta(minutes=3))), "should the message be lost"
    clock.advance(180)
    assert push(api, address).status_code == 204
    assert queued(cloud) == [], "it is due by itself"


def test_what_is_not_googles_word_moves_nothing(cloud: Cloud, api: Api, member: Member) -> None:
    address = f"bob-{uuid.uuid4().hex[:6]}@team.example"
    _, piece = planned(member, address)
    now = clock.epoch()
    forged = (
        {"stray": True},
        {"iss": "https://accounts.example"},
        {"aud": "https://elsewhere.example/webhooks/gmail"},
        {"exp": now - 600, "iat": now - 4200},
        {"email": "somebody@else.iam.gserviceaccount.com"},
        {"email_verified": False},
    )
    for claims in forged:
        answer = push(api, address, **claims)
        assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated"), claims
    assert api.post(PATH, {"message": {}}, token=member.token).status_code == 401
    assert queued(cloud) == []
    assert piece not in list(due.find(clock.now() + timedelta(minutes=30)))


def test_a_mailbox_that_nobody_reads_is_taken_and_forgotten(cloud: Cloud, api: Api, member: Member) -> None:
    captured = CapturedLog()
    logging.getLogger().addHandler(captured)
    address = f"carla-{uuid.uuid4().hex[:6]}@team.example"
    assert push(api, address).status_code == 204
    reader, _ = planned(member, address)
    rows.remove(reader.row)
    assert push(api, address).status_code == 204
    assert mailboxes.find(address) == []
    assert queued(cloud) == []
    logging.getLogger().removeHandler(captured)
    assert captured.lines
    assert not any("carla" in line for line in captured.lines)
