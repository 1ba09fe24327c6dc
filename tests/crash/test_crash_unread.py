"""A stream that cannot be read, killed at any call: it is marked as unread since it was last read, told in one mail at most, and
all that is taken back once it can be read again, or its connection ends."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from chalicelib.connectors.port import Organization
from chalicelib.core.actor import Unread
from chalicelib.domain.connections import repository, unshown
from chalicelib.domain.connections.model import ConnectionPayload
from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.crash import state
from tests.crash.conftest import Crasher, Killing, points
from tests.support.queues import sqs_event, take_off
from tests.support.scripted_connection import Synced, connected, forget, person

pytestmark = pytest.mark.crash
LOADED = {"tests.support.scripted_provider:IN_CHILD": 1}  # see test_crash_sync.py
HANDLE = "chalicelib.jobs.sync:handle"
PEOPLE, LATER, HOUR = 3, 1000, 3600
REFUSALS = 40  # more than the runs of a test
Begin = Callable[[], Synced]
Sent = Callable[[str], list[dict[str, Any]]]


@pytest.fixture
def read(cloud: Cloud, new_workspace: Callable[..., Member], tmp_path: Path) -> Begin:
    """Makes a connection that was read; of its two streams the provider refuses the contacts from then on."""

    def make() -> Synced:
        hub = connected(cloud, new_workspace(), tmp_path, page=3)
        hub.account.put(Organization("c1", "Nord AG"), *(person(number) for number in range(PEOPLE)))
        hub.run()
        for _ in range(REFUSALS):
            hub.account.fault("forbidden")
        cloud.advance(LATER)
        return hub

    return make


@pytest.fixture
def unread(cloud: Cloud, read: Begin) -> Begin:
    """Makes one whose contacts could not be read for an hour."""

    def make() -> Synced:
        hub = read()
        hub.run()
        cloud.advance(HOUR)
        return hub

    return make


@pytest.fixture
def told(cloud: Cloud, unread: Begin) -> Begin:
    """Makes one whose member was told so."""

    def make() -> Synced:
        hub = unread()
        hub.run()
        cloud.advance(LATER)
        return hub

    return make


def sync(hub: Synced) -> tuple[str, list[Any]]:
    return HANDLE, [sqs_event({"kind": "sync", "id": hub.ident}), None]


def contacts(hub: Synced) -> dict[str, Any]:
    """How the stream is."""
    return next(each for each in hub.seen()["health"]["streams"] if each["stream"] == "contacts")


def marked(hub: Synced) -> Unread | None:
    """What is noted of the stream; of no other anything is."""
    marks = state.unread(hub.member.tenant)
    assert {*marks} <= {f"contact:{hub.source}"}
    return next(iter(marks.values()), None)


def assert_unread(hub: Synced) -> None:
    """Since it was last read, whatever was done twice; nothing of it is lost."""
    found = contacts(hub)
    assert (found["state"], len(hub.contacts()), len(hub.companies())) == ("unreadable", PEOPLE, 1)
    assert marked(hub) == Unread(found["last_complete_at"])
    assert state.unpointed(hub.cloud, hub.member.tenant) == []
    assert state.due("sync", hub.ident)


def payload(hub: Synced) -> ConnectionPayload:
    record = repository.find(hub.member.tenant, hub.id)
    assert record
    return record.unsealed(ConnectionPayload)


def test_the_mark_of_a_stream_that_cannot_be_read_killed_at_any_call(
    crasher: Crasher, killing: Killing, read: Begin, sent_to: Sent
) -> None:
    def check(hub: Synced) -> None:
        assert_unread(hub)
        assert (payload(hub).unshown, sent_to(hub.member.email)) == ([], []), "it may pass"
        forget(hub)

    hub = read()
    alive = crasher.run(*sync(hub), constants=LOADED)
    assert alive["answer"] == "{'batchItemFailures': []}", alive
    check(hub)
    killing("mark of an unread stream", alive, points(alive["calls"], 3, kills=4), read, sync, check, LOADED)
    take_off(hub.cloud, "sync")


def test_the_mail_of_what_an_account_does_not_show_killed_at_any_call(
    crasher: Crasher, killing: Killing, unread: Begin, sent_to: Sent
) -> None:
    def check(hub: Synced) -> None:
        assert_unread(hub)
        assert payload(hub).unshown == ["contacts"]
        state.assert_once(hub, unshown.NAME, sent_to)
        before = len(sent_to(hub.member.email))
        hub.cloud.advance(LATER)
        hub.cloud.drain()
        assert (contacts(hub)["state"], len(sent_to(hub.member.email))) == ("unreadable", before), "once"
        forget(hub)

    hub = unread()
    alive = crasher.run(*sync(hub), constants=LOADED)
    assert len(sent_to(hub.member.email)) == 1
    check(hub)
    killing("mail of an unread stream", alive, points(alive["calls"], 9, kills=4), unread, sync, check, LOADED)
    take_off(hub.cloud, "sync")


def test_a_stream_that_is_shown_again_killed_at_any_call(
    crasher: Crasher, killing: Killing, told: Begin, sent_to: Sent
) -> None:
    def make() -> Synced:
        hub = told()
        hub.account.set(faults=[])
        hub.account.put(person(PEOPLE))
        return hub

    def check(hub: Synced) -> None:
        assert (contacts(hub)["state"], len(hub.contacts())) == ("ok", PEOPLE + 1)
        assert (marked(hub), payload(hub).unshown) == (None, [])
        assert len(sent_to(hub.member.email)) == 1
        assert state.due("sync", hub.ident)
        forget(hub)

    hub = make()
    alive = crasher.run(*sync(hub), constants=LOADED)
    check(hub)
    killing("stream that is shown again", alive, points(alive["calls"], 1, kills=4), make, sync, check, LOADED)
    take_off(hub.cloud, "sync")


@pytest.mark.parametrize("ends", ["stop", "disconnection"])
def test_the_end_of_what_is_unread_killed_at_any_call(
    cloud: Cloud, crasher: Crasher, settle: Callable[[], None], killing: Killing, told: Begin, ends: str
) -> None:
    """Once nobody tries any more the time counts again, from then on; with the connection the mark goes."""

    def job(hub: Synced) -> tuple[str, list[Any]]:
        if ends == "stop":
            hub.account.path.unlink()
            return sync(hub)
        assert hub.api.delete(f"/v1/connections/{hub.id}").status_code == 202
        take_off(cloud, "sync")
        return HANDLE, [sqs_event({"kind": "disconnect", "id": hub.ident}), None]

    def check(hub: Synced) -> None:
        mark = marked(hub)
        if ends == "disconnection":
            assert (mark, repository.find(hub.member.tenant, hub.id), hub.contacts()) == (None, None, {})
        else:
            assert mark
            assert mark.since < mark.until
            assert (hub.seen()["state"], len(hub.contacts())) == ("needs_consent", PEOPLE)
        assert state.unpointed(cloud, hub.member.tenant) == []
        forget(hub)

    hub = told()
    alive = crasher.run(*job(hub), constants=LOADED)
    settle()
    check(hub)
    where = points(alive["calls"], 4 if ends == "stop" else 7, kills=2)
    killing(f"{ends} of an unread stream", alive, where, told, job, check, LOADED)
