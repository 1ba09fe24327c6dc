"""A privacy request killed anywhere: the person is erased and certified all the same, and gets no mail twice."""

import json
import re
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from chalicelib.domain.accounts import invitations
from chalicelib.domain.privacy import model
from chalicelib.domain.privacy.records import RequestRecord
from chalicelib.store import rows
from infra.local.cloud import Cloud
from tests.conftest import Api, Member, ses_notification
from tests.crash import state
from tests.crash.conftest import CRASHED, Crasher, points
from tests.support.changes_client import Follower
from tests.support.privacy_mail import mail
from tests.support.queues import sqs_event, take_off

pytestmark = pytest.mark.crash
REMINDER_S = 6 * 86_400


@dataclass
class Request:
    """One person's request, stage by stage; `deliver` and `advance` let it live."""

    cloud: Cloud
    api: Api
    team: Member
    address: str
    url: str
    message: str
    other: Member
    contacts: set[str]

    def inbound(self) -> list[Any]:
        bucket, topic = self.cloud.outputs["InboundBucketName"], self.cloud.outputs["InboundTopicArn"]
        return [sqs_event(ses_notification(self.message, bucket, topic, {})), None]

    def mails(self) -> list[dict[str, Any]]:
        return [m for m in self.cloud.sent_mail() if any(self.address in to for to in m["to"])]

    def path(self) -> str | None:
        """The newest link's path, where a mail with one came."""
        found = [re.findall(r"^\S+(/privacy/confirm/\S+)$", m["text"], re.MULTILINE) for m in self.mails()]
        links = [link for links in found for link in links]
        return links[-1] if links else None

    def status(self) -> str:
        """The page that tells how far it is."""
        path = self.path()
        assert path
        return str(self.api.get(path.replace("/confirm/", "/requests/")).text)

    def outcome(self) -> str:
        """Whether the last mail is known to be sent."""
        record = rows.get(RequestRecord, f"request#{self.ident}", "request")
        assert record
        return record.unsealed(model.Request).mails.get("closed", "")

    @property
    def ident(self) -> str:
        path = self.path()
        assert path
        return path.rsplit("/", 1)[1].split(".")[0]


@pytest.fixture
def start(cloud: Cloud, api: Api, new_workspace: Callable[..., Member]) -> Callable[[], Request]:
    """A person in one team's contacts, and a mail from them in the bucket, not yet notified."""

    def make() -> Request:
        team = new_workspace()
        address = f"p{uuid.uuid4().hex[:12]}@crash.example"
        url = f"https://www.linkedin.com/in/{uuid.uuid4().hex}"
        lea = {"first_name": "Lea", "last_name": "Roth", "profile_urls": [url]}
        first = team.api.post("/v1/contacts", {**lea, "emails": [address]}).json()["id"]
        second = team.api.post("/v1/contacts", {"first_name": "Lea", "last_name": "Roth"}).json()["id"]
        assert team.api.patch(f"/v1/contacts/{second}", {"profile_urls": [url]}).status_code == 200
        contacts = {first, second}
        team.api.post("/v1/contacts", {"first_name": "Stays", "notes": f"knows Lea Roth, {address}, well"})
        assert team.api.post("/v1/members", {"email": address}).status_code == 201
        other = new_workspace()
        other.api.post("/v1/contacts", {"first_name": "Lea", "emails": [address.replace("@", "+work@")]})
        other.api.post("/v1/companies", {"name": "Firm", "notes": f"ask {address}"})
        message = uuid.uuid4().hex
        raw = mail(address, "Please delete all my data.\r\n")
        cloud.client("s3").put_object(Bucket=cloud.outputs["InboundBucketName"], Key=message, Body=raw)
        return Request(cloud, api, team, address, url, message, other, contacts)

    return make


def finish(request: Request, settle: Callable[[], None], stage: str) -> None:
    """Whatever is left happens by itself, or by the person's own clicks; then the end state."""
    settle()
    if stage.endswith("pass"):  # confirmed before: nobody has to click again, which would start it anew
        assert "/certificates/" in request.status(), "it did not go on by itself"
    if request.path() is None:
        request.cloud.advance(REMINDER_S)  # the first mail was lost: the reminder makes it good
        request.cloud.drain()
    path = request.path()
    assert path, "no mail ever came"
    assert request.api.press(path).status_code == 200
    settle()
    request.team.api.token = request.cloud.issuer.token(request.team.email)  # days have passed
    items = request.team.api.get("/v1/contacts").json()["items"]
    assert [(item["first_name"], item["notes"]) for item in items] == [("Stays", "knows […], […], well")]
    assert Follower(request.team).poll() == ({items[0]["id"]}, request.contacts)
    again = request.team.api.post("/v1/contacts", {"first_name": "Back", "emails": [request.address]})
    assert again.status_code == 409
    status = request.status()
    certificate = re.search(r'href="\S+(/certificates/\S+)"', status)
    assert certificate, status
    assert request.api.get(certificate[1]).status_code == 200
    subjects = Counter(m["subject"] for m in request.mails())
    assert max(subjects.values()) == 1, subjects
    told = any("/certificates/" in m["text"] for m in request.mails())
    assert told or "<code>" in status, "neither the closing mail nor the status page gives the salt"
    nothing_left(request, unknown=not told)


def nothing_left(request: Request, *, unknown: bool) -> None:
    """In no row of either team, opened; no pointer astray; with the request, only what its unknown last mail needs."""
    for team in (request.team, request.other):
        for mark in (request.address.split("@")[0], request.url.rpartition("/")[2]):
            assert state.marked(request.cloud, team.tenant, mark) == []
        assert state.unpointed(request.cloud, team.tenant) == []
        assert invitations.pending(team.tenant) == []
    if not unknown and "claimed" not in request.outcome():
        assert state.forgotten(request.cloud, request.ident) == []
        assert not state.due("request", request.ident)


STAGES = ("inbound", "confirm", "first pass", "second pass")


def reach(request: Request, stage: str, crasher: Crasher) -> tuple[str, list[Any]]:
    """Bring a request to the stage, alive; the job and arguments of that stage."""
    if stage == "inbound":
        return "chalicelib.jobs.inbound_mail:handle", request.inbound()
    assert crasher.run("chalicelib.jobs.inbound_mail:handle", request.inbound())["code"] == 0
    path = request.path()
    assert path
    if stage == "confirm":
        return "chalicelib.domain.privacy.verification:confirm", [path.rsplit("/", 1)[1], "127.0.0.1"]
    assert request.api.press(path).status_code == 200
    take_off(request.cloud, "deletions")
    job = "chalicelib.jobs.deletions:handle", [sqs_event({"kind": "request", "id": request.ident}), None]
    if stage == "first pass":
        return job
    assert crasher.run(*job)["code"] == 0
    request.cloud.advance(30)
    return job


@pytest.mark.parametrize("stage", STAGES)
def test_a_request_killed_at_any_call(
    start: Callable[[], Request],
    crasher: Crasher,
    settle: Callable[[], None],
    say: Callable[[str, int, int], None],
    stage: str,
) -> None:
    request = start()
    # Publishes the signing key, which a first certificate would do: one call more than in the others.
    request.api.get("/.well-known/jwks.json")
    alive = crasher.run(*reach(request, stage, crasher))
    assert alive["code"] == 0, alive
    assert stage == "confirm" or alive["answer"] == "{'batchItemFailures': []}", alive
    calls = alive["calls"]
    if stage == "inbound":
        redeliver(request)
    finish(request, settle, stage)
    kills = 0
    for call, when in points(calls, STAGES.index(stage)):
        request = start()
        killed = crasher.run(*reach(request, stage, crasher), call, when)
        assert killed["code"] == CRASHED, (call, when, killed)
        kills += 1
        if stage == "inbound":
            redeliver(request)
        finish(request, settle, stage)
    say(f"request, {stage}", calls, kills)
    assert kills


def redeliver(request: Request) -> None:
    """SQS delivers again what nobody acknowledged."""
    bucket, topic = request.cloud.outputs["InboundBucketName"], request.cloud.outputs["InboundTopicArn"]
    told = json.dumps(ses_notification(request.message, bucket, topic, {}))
    request.cloud.client("sns").publish(TopicArn=topic, Message=told)
