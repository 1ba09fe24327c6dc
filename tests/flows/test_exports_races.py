"""An export while an erasure runs: whatever it has read, nothing of the person is in what it gives."""

import threading
import uuid
from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.api.export_views import ApiShapes
from chalicelib.core.actor import Actor
from chalicelib.domain import kinds
from chalicelib.domain.exports import archive, worker
from chalicelib.store import steps
from chalicelib.store.records import TenantRecord
from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.support.export_zip import exported
from tests.support.privacy_mail import SECOND_PASS_S, link_in, mail
from tests.support.queues import take_off


class Halting(ApiShapes):
    """Halts when the export has read its first contact, until it is released."""

    def __init__(self) -> None:
        self.has_read, self.released = threading.Event(), threading.Event()

    def item(self, shape: str, actor: Actor, record: TenantRecord) -> dict[str, Any] | None:
        shown = super().item(shape, actor, record)
        if shape == "ContactsOut" and not self.has_read.is_set():
            self.has_read.set()
            assert self.released.wait(60)
        return shown


@pytest.fixture
def confirmed(cloud: Cloud, drop_mail: Callable[..., str], sent_to: Callable[..., Any], member: Member) -> Any:
    """Asks for the erasure of an address by mail and confirms it; the first pass is still to come."""

    def ask(address: str) -> None:
        drop_mail(mail(address, "Please delete all my personal data.\r\n"))
        cloud.drain()
        link = link_in(sent_to(address)[-1]["text"])
        assert member.api.press(link.removeprefix(cloud.url)).status_code == 200

    return ask


def test_what_an_export_had_read_of_an_erased_person_is_in_no_file(
    cloud: Cloud, member: Member, confirmed: Callable[[str], None]
) -> None:
    address = f"p{uuid.uuid4().hex}@person.example"
    member.api.post("/v1/contacts", {"first_name": "Lea", "emails": [address]})
    member.api.post("/v1/contacts", {"first_name": "Stays"})
    export = member.api.post("/v1/exports").json()["id"]
    take_off(cloud, "work")
    halting, answers = Halting(), list[steps.Outcome]()
    work = worker.work(archive.contents_of(kinds.RECORDS), halting)
    thread = threading.Thread(
        target=lambda: answers.append(steps.run(work, f"{member.tenant}.{export}", lambda: True)),
        name="worker",
    )
    thread.start()
    assert halting.has_read.wait(60)
    confirmed(address)
    cloud.drain()  # the first pass
    assert [item["first_name"] for item in member.api.get("/v1/contacts").json()["items"]] == ["Stays"]
    halting.released.set()
    thread.join(60)
    assert answers == [steps.AGAIN], "it began anew"
    assert exported(cloud, member.tenant) == {}, "what it had read reached no file"
    for _ in range(5):
        cloud.drain()
        assert not [content for content in exported(cloud, member.tenant).values() if address.encode() in content]
        cloud.advance(SECOND_PASS_S)
    state = member.api.get(f"/v1/exports/{export}").json()["state"]
    assert state in ("done", "expired")
    again = member.api.post("/v1/exports").json()["id"]
    cloud.drain()
    assert member.api.get(f"/v1/exports/{again}").json()["state"] == "done"
    files = b"".join(exported(cloud, member.tenant).values())
    assert b"Stays" in files
    assert address.encode() not in files


def test_two_requests_at_once_make_one_export(cloud: Cloud, member: Member) -> None:
    gate, made = threading.Barrier(4), list[str]()

    def ask() -> None:
        gate.wait(30)
        made.append(member.api.post("/v1/exports").json()["id"])

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    cloud.drain()
    assert len(made) == 4
    assert len(set(made)) == 1
