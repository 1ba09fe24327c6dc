"""What the promise tests share: the captured log, unique marks, and a whole erasure."""

import logging
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from infra.local.cloud import Cloud
from tests.conftest import Api, Member
from tests.flows.test_privacy_request import link_in, mail
from tests.scan.places import CapturedLog


@pytest.fixture
def captured() -> Iterator[CapturedLog]:
    """What the process logs from here on, as deployed."""
    handler = CapturedLog()
    root = logging.getLogger()
    root.addHandler(handler)
    yield handler
    root.removeHandler(handler)


@pytest.fixture
def mark() -> Callable[[str], str]:
    """A text that stands nowhere else."""
    run = uuid.uuid4().hex[:10]
    return lambda field: f"zq{run}{field}"


@pytest.fixture
def erased(
    cloud: Cloud, api: Api, drop_mail: Callable[..., str], sent_to: Callable[[str], list[dict[str, Any]]]
) -> Callable[..., None]:
    """Erases the person with that address, by mail, to the certificate."""

    def run(address: str, words: str = "Please delete all my personal data.") -> None:
        drop_mail(mail(address, f"{words}\r\n"))
        cloud.drain()
        assert api.post(link_in(sent_to(address)[-1]["text"]).removeprefix(cloud.url)).status_code == 200
        for _ in range(4):
            cloud.drain()
            cloud.advance(10)
        cloud.drain()
        assert "/certificates/" in sent_to(address)[-1]["text"]

    return run


@pytest.fixture
def import_csv(cloud: Cloud) -> Callable[[Member, str], dict[str, Any]]:
    """Imports a CSV to its end; the job's result."""

    def run(member: Member, body: str) -> dict[str, Any]:
        answer = member.api.post("/v1/imports", data=body.encode(), headers={"Content-Type": "text/csv"})
        assert answer.status_code == 202, answer.text
        cloud.drain()
        job = member.api.get(f"/v1/jobs/{answer.json()['job']['id']}").json()
        assert job["state"] == "done", job
        result: dict[str, Any] = job["result"]
        return result

    return run
