"""Counting what a request asks of DynamoDB, and SES while it is away."""

import contextlib
import os
import socket
import threading
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from chalicelib.connectors.mail import sending
from chalicelib.domain.privacy.intake import id_of_mail
from infra.local.cloud import Cloud
from tests.conftest import Api, Member
from tests.support.aws_calls import told
from tests.support.crm_accounts import Salesforce
from tests.support.officer import ACCESS, Case
from tests.support.privacy_mail import link_in, mail
from tests.support.provider_connection import Followed
from tests.support.scripted_connection import Synced, connected, forget


@pytest.fixture
def dynamodb_calls(cloud: Cloud) -> Callable[[], contextlib.AbstractContextManager[list[str]]]:
    """A block that lists the DynamoDB operations made by this process within it, in order."""

    @contextlib.contextmanager
    def watch() -> Iterator[list[str]]:
        seen: list[str] = []

        def note(model: Any, params: dict[str, Any], **_: Any) -> None:
            # Keys are read again once in a cache period, which may end within the block: not part of a warm request.
            if os.environ["IKO_TABLE_TENANT_KEYS"] not in str(params.get("body", "")):
                seen.append(model.name)

        with told("before-call", note):
            yield seen

    return watch


@dataclass(frozen=True)
class Confirmed:
    """A request whose person has confirmed it, before anything was done about it."""

    ident: str
    mails: Callable[[], list[dict[str, Any]]]

    def certified(self) -> bool:
        """Whether a certificate was mailed."""
        return any("/certificates/" in each["text"] for each in self.mails())


@pytest.fixture
def confirmed(
    cloud: Cloud, api: Api, drop_mail: Callable[..., str], sent_to: Callable[[str], list[dict[str, Any]]]
) -> Callable[[str], Confirmed]:
    """Asks by mail for the erasure of an address, and confirms it."""

    def ask(address: str) -> Confirmed:
        drop_mail(mail(address, "Please delete all my personal data.\r\n"))
        cloud.drain()
        path = link_in(sent_to(address)[-1]["text"]).removeprefix(cloud.url)
        assert api.press(path).status_code == 200
        return Confirmed(path.rpartition("/")[2].partition(".")[0], lambda: sent_to(address))

    return ask


@pytest.fixture
def ses_at(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], contextlib.AbstractContextManager[None]]:
    """A block within which SES is looked for on that port of this machine."""

    @contextlib.contextmanager
    def at(port: int) -> Iterator[None]:
        monkeypatch.setenv("AWS_ENDPOINT_URL_SESV2", f"http://127.0.0.1:{port}")
        sending.reset()
        try:
            yield
        finally:
            monkeypatch.delenv("AWS_ENDPOINT_URL_SESV2")
            sending.reset()

    return at


@pytest.fixture
def hangs_up() -> Iterator[int]:
    """The port of a server that takes every request and never answers it."""
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with contextlib.suppress(OSError):  # closed at the end of the test
            while True:
                taken, _ = server.accept()
                taken.recv(65_536)
                taken.close()

    threading.Thread(target=serve, daemon=True).start()
    yield server.getsockname()[1]
    server.close()


@pytest.fixture
def unused_port() -> int:
    """A port where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@pytest.fixture
def connect(cloud: Cloud, member: Member, tmp_path: Path) -> Iterator[Callable[..., Synced]]:
    """Makes a connection of a member to an account that the test writes (tests.support.scripted_provider)."""
    made: list[Synced] = []

    def make(of: Member = member) -> Synced:
        made.append(connected(cloud, of, tmp_path, 20))
        return made[-1]

    yield make
    for each in made:
        forget(each)


@pytest.fixture
def org(cloud: Cloud, member: Member) -> Iterator[Followed]:
    """A connected org of Salesforce."""
    source = Salesforce(cloud)
    followed = Followed(cloud, member, source, source.connect(member))
    yield followed
    followed.forget()
    source.close()


@pytest.fixture
def case(
    cloud: Cloud, drop_mail: Callable[..., str], sent_to: Callable[[str], list[dict[str, Any]]]
) -> Callable[..., Case]:
    """Lets somebody write to the privacy address, for a copy of the data by default; the officer's request."""

    def make(body: str = ACCESS, address: str = "", subject: str = "My data") -> Case:
        address = address or f"lou.{uuid.uuid4().hex[:10]}@people.example"
        ident = id_of_mail(drop_mail(mail(address, body, subject)))
        cloud.drain()
        return Case(cloud, ident, address, sent_to)

    return make
