"""One cloud a test process: moto, the API on a loopback socket, queues and schedules driven by `cloud.drain()`."""

import json
import os
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import requests
from hypothesis import settings

from chalicelib.core.ids import MemberId, TenantId
from infra.local import deliver
from infra.local.cloud import Cloud
from infra.local.environment import PRIVACY_ADDRESS
from infra.local.seed import invitation
from tests.support import described
from tests.support.cloud_reset import forget_all
from tests.support.conformance.watching import Watch
from tests.support.markup import first_form
from tests.support.network_guard import GUARD
from tests.support.privacy_mail import SECOND_PASS_S, link_in, mail

settings.register_profile("ours", deadline=None, database=None, derandomize=True)  # the same at each run, however slow
settings.load_profile("ours")


@pytest.fixture(scope="session", autouse=True)
def _no_outside_world() -> Iterator[None]:
    """Refuses every connection that leaves this machine, or goes to what no test opened on it; the run fails even where the
    code caught the refusal."""
    GUARD.install()
    yield
    GUARD.remove()
    assert not GUARD.refusals, f"the tests dialled {sorted(GUARD.refusals)}"


@pytest.fixture(scope="session", autouse=True)
def conformance() -> Iterator[Watch]:
    """Of all that goes over the wire to providers."""
    made = Watch()
    made.on()
    yield made
    made.off()


@pytest.fixture(autouse=True, scope="module")
def _as_vendors_publish(conformance: Watch) -> Iterator[None]:
    """Each request of a connector and each answer of a simulator is as the vendor's own specification says."""
    yield
    faults = conformance.faults_so_far()
    assert not faults, "\n".join(faults)


_UP: dict[str, Cloud] = {}  # the cloud of this process, once there is one


@pytest.fixture(scope="session")
def cloud() -> Iterator[Cloud]:
    """The backend without background workers."""
    # Tests of many things move the clock by days: the daily pass over every tenant runs where a test asks for it.
    os.environ.setdefault("IKO_WAIT_LIVES_SECONDS", str(100 * 365 * 86_400))
    made = Cloud(workers=False)
    made.start()
    _UP["cloud"] = made
    try:
        yield made
    finally:
        del _UP["cloud"]
        made.stop()


@pytest.fixture(autouse=True)
def _leaves_nothing(request: pytest.FixtureRequest) -> Iterator[None]:
    """What a test left is met by no other: each drain would do all that is due, each scan read all that is there. A module whose
    tests are of one story says so: ONE_STORY."""
    yield
    if "cloud" in _UP and not getattr(request.module, "ONE_STORY", False):
        forget_all(_UP["cloud"])


@pytest.fixture(autouse=True, scope="module")
def _no_story_goes_on() -> Iterator[None]:
    yield
    if "cloud" in _UP:
        forget_all(_UP["cloud"])


@dataclass
class Api:
    """Requests to the API over its socket; `token` signs in. Each answer must be one that the OpenAPI document describes."""

    url: str
    token: str | None = None
    session: requests.Session = field(default_factory=requests.Session)

    def __call__(self, method: str, path: str, **more: Any) -> requests.Response:
        headers = dict(more.pop("headers", {}))
        token = more.pop("token", self.token)
        if token:
            headers["Authorization"] = f"Bearer {token}"
        more.setdefault("allow_redirects", False)
        answer = self.session.request(method, self.url + path, headers=headers, timeout=60, **more)
        described.check(method, path, answer)
        return answer

    def get(self, path: str, **more: Any) -> requests.Response:
        return self("GET", path, **more)

    def post(self, path: str, body: Any = None, **more: Any) -> requests.Response:
        return self("POST", path, **({"json": body} if body is not None else {}), **more)

    def press(self, path: str) -> requests.Response:
        """Press the button of the page's first form, as a person does; the page itself where it has none."""
        page = self.get(path)
        fields = first_form(page.text)
        return self.post(path, data=fields) if fields else page

    def patch(self, path: str, body: Any, **more: Any) -> requests.Response:
        return self("PATCH", path, json=body, **more)

    def put(self, path: str, body: Any, **more: Any) -> requests.Response:
        return self("PUT", path, json=body, **more)

    def delete(self, path: str, **more: Any) -> requests.Response:
        return self("DELETE", path, **more)


@dataclass
class Member:
    """A signed-in member; `api` is its client."""

    tenant: TenantId
    id: MemberId
    email: str
    role: str
    token: str
    api: Api


@pytest.fixture
def api(cloud: Cloud) -> Api:
    """A client that is not signed in."""
    return Api(cloud.url)


@pytest.fixture(scope="session")
def new_workspace(cloud: Cloud) -> Callable[..., Member]:
    """Makes a workspace with a new owner."""

    def make(email: str | None = None, name: str = "Test team") -> Member:
        address = email or f"owner-{uuid.uuid4().hex[:12]}@team.example"
        from chalicelib.domain.accounts.model import TERMS_VERSION

        token = cloud.issuer.token(address)
        client = Api(cloud.url, token)
        answer = client.post("/v1/workspaces", {"name": name, "accept_terms": TERMS_VERSION})
        assert answer.status_code == 201, answer.text
        body = answer.json()
        return Member(body["tenant"]["id"], body["id"], address, "owner", token, client)

    return make


@pytest.fixture(scope="session")
def new_colleague(cloud: Cloud) -> Callable[[Member], Member]:
    """Invites a new member into an owner's workspace, and lets it accept."""

    def make(of: Member) -> Member:
        address = f"member-{uuid.uuid4().hex[:12]}@team.example"
        owner = cloud.issuer.token(of.email)  # the one that it has may be of days ago
        invited = of.api.post("/v1/members", {"email": address}, token=owner)
        assert invited.status_code == 201, invited.text
        token = cloud.issuer.token(address)
        client = Api(cloud.url, token)
        joined = client.post("/v1/members/accept", {"token": invitation(cloud, address)})
        assert joined.status_code == 201, joined.text
        return Member(of.tenant, joined.json()["id"], address, "member", token, client)

    return make


@pytest.fixture
def member(new_workspace: Callable[..., Member]) -> Member:
    """The owner of a new workspace."""
    return new_workspace()


@pytest.fixture(scope="session")
def drop_mail(cloud: Cloud) -> Callable[..., str]:
    """Delivers a raw mail as SES does: the object into the bucket, then the notification to the topic; its message id.

    `times` publishes the same notification again, as SNS may. Verdicts by name (spam, virus, spf, dkim, dmarc), else PASS.
    """

    def drop(raw: bytes, *, times: int = 1, **verdicts: str) -> str:
        message_id = uuid.uuid4().hex
        bucket, topic = cloud.outputs["InboundBucketName"], cloud.outputs["InboundTopicArn"]
        cloud.client("s3").put_object(Bucket=bucket, Key=message_id, Body=raw)
        told = json.dumps(ses_notification(message_id, bucket, topic, verdicts))
        for _ in range(times):
            cloud.client("sns").publish(TopicArn=topic, Message=told)
        return message_id

    return drop


def ses_notification(message_id: str, bucket: str, topic: str, verdicts: dict[str, str]) -> dict[str, Any]:
    """What SES publishes for a mail to the privacy address."""
    return deliver.notification(message_id, bucket, topic, PRIVACY_ADDRESS, **verdicts)


@pytest.fixture(scope="session")
def sent_to(cloud: Cloud) -> Callable[[str], list[dict[str, Any]]]:
    """The mails that were sent to an address, oldest first."""

    def find(address: str) -> list[dict[str, Any]]:
        return [mail for mail in cloud.sent_mail() if any(address.lower() in to.lower() for to in mail["to"])]

    return find


@pytest.fixture
def erased(
    cloud: Cloud, api: Api, drop_mail: Callable[..., str], sent_to: Callable[[str], list[dict[str, Any]]]
) -> Callable[..., str]:
    """Erases the person with that address, by mail, to the certificate; the text of the closing mail."""

    def run(address: str, words: str = "Please delete all my personal data.") -> str:
        drop_mail(mail(address, f"{words}\r\n"))
        cloud.drain()
        assert api.press(link_in(sent_to(address)[-1]["text"]).removeprefix(cloud.url)).status_code == 200
        for _ in range(5):
            cloud.drain()
            cloud.advance(SECOND_PASS_S)
        cloud.drain()
        closing = sent_to(address)[-1]
        assert "/certificates/" in closing["text"], closing
        return str(closing["text"])

    return run


@pytest.fixture
def paying(cloud: Cloud) -> Iterator[Any]:
    """The steps of a subscription (tests.support.paypal_checkout.Paying); PayPal works again and is silent after."""
    from tests.support.paypal_checkout import Paying

    yield Paying(cloud)
    cloud.paypal.heal()
    cloud.paypal.webhooks.waiting.clear()


@pytest.fixture
def run_import(cloud: Cloud) -> Callable[..., dict[str, Any]]:
    """Imports a file to its end; the job's result."""

    from tests.support.own_exports import brought

    def run(member: Member, body: str, kind: str = "text/csv") -> dict[str, Any]:
        return brought(cloud, member, body.encode(), kind)

    return run


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the kills per job of tests/crash, and their sum."""
    reports = terminalreporter.getreports("passed")
    jobs = [value for report in reports for name, value in report.user_properties if name == "crash"]
    for job, calls, kills in jobs:
        terminalreporter.write_line(f"crash: {job}: {calls} calls, {kills} kills")
    if jobs:
        terminalreporter.write_line(f"crash: {len(jobs)} jobs, {sum(kills for *_, kills in jobs)} kills")
