"""A connection that ends, or shows nothing any more, killed at any call: what its member annotated stays or goes as asked, and
each mail about it is sent once at most."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from chalicelib.core import clock
from chalicelib.domain.connections import notices, repository
from chalicelib.domain.connections.model import NOTICE_DUE, SYNC_DUE
from chalicelib.store import due
from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.crash import state
from tests.crash.conftest import Crasher, Killing, points
from tests.support.annotated_contacts import WORDS, begun
from tests.support.queues import sqs_event, take_off
from tests.support.scripted_connection import Synced, connected, forget

pytestmark = pytest.mark.crash
LOADED = {"tests.support.scripted_provider:IN_CHILD": 1}  # see test_crash_sync.py
DAY = 86_400
HANDLE = "chalicelib.jobs.sync:handle"
Begin = Callable[[], Synced]
Sent = Callable[[str], list[dict[str, Any]]]


@pytest.fixture
def begin(cloud: Cloud, new_workspace: Callable[..., Member], tmp_path: Path) -> Begin:
    """Makes a connection with annotated contacts, which has been read."""

    def make() -> Synced:
        hub = connected(cloud, new_workspace(), tmp_path, page=20)
        begun(hub)
        due.done(due.Due(SYNC_DUE, hub.ident))
        return hub

    return make


@pytest.mark.parametrize("annotated", ["keep", "remove"])
def test_a_disconnection_that_keeps_or_removes_what_was_annotated_killed_at_any_call(
    cloud: Cloud, crasher: Crasher, settle: Callable[[], None], killing: Killing, begin: Begin, annotated: str
) -> None:
    def job(hub: Synced) -> tuple[str, list[Any]]:
        assert hub.api.delete(f"/v1/connections/{hub.id}?annotated={annotated}").status_code == 202
        take_off(cloud, "sync")
        return HANDLE, [sqs_event({"kind": "disconnect", "id": hub.ident}), None]

    def left(hub: Synced) -> None:
        keeps = annotated == "keep"
        assert sorted(hub.contacts()) == (sorted(WORDS) if keeps else [])
        assert sorted(hub.companies()) == (["Nord AG", "Own Ltd"] if keeps else ["Own Ltd"])
        assert repository.find(hub.member.tenant, hub.id) is None
        assert not any(state.due(kind, hub.ident) for kind in ("sync", "disconnect", NOTICE_DUE))
        assert state.unpointed(cloud, hub.member.tenant) == []

    hub = begin()
    alive = crasher.run(*job(hub), constants=LOADED)
    settle()
    left(hub)
    where = points(alive["calls"], 5 if annotated == "keep" else 11)
    killing(f"disconnection, annotated={annotated}", alive, where, begin, job, left, LOADED)


def test_a_stop_and_its_mail_killed_at_any_call(
    cloud: Cloud, crasher: Crasher, settle: Callable[[], None], killing: Killing, begin: Begin, sent_to: Sent
) -> None:
    def job(hub: Synced) -> tuple[str, list[Any]]:
        hub.account.path.unlink()  # the grant is over
        due.schedule(due.Due(SYNC_DUE, hub.ident), clock.now())
        take_off(cloud, "sync")
        return HANDLE, [sqs_event({"kind": "sync", "id": hub.ident}), None]

    def told(hub: Synced) -> None:
        assert hub.seen()["state"] == "needs_consent"
        state.assert_once(hub, "needs_consent", sent_to)
        assert not state.due(SYNC_DUE, hub.ident)
        assert state.due(NOTICE_DUE, hub.ident), "the second mail is planned"
        forget(hub)

    hub = begin()
    alive = crasher.run(*job(hub), constants=LOADED)
    assert alive["answer"] == "{'batchItemFailures': []}", alive
    settle()
    told(hub)
    killing("stop of a connection", alive, points(alive["calls"], 8, kills=4), begin, job, told, LOADED)


def test_the_second_mail_killed_at_any_call(
    cloud: Cloud, crasher: Crasher, settle: Callable[[], None], killing: Killing, begin: Begin, sent_to: Sent
) -> None:
    def silent() -> Synced:
        hub = begin()
        hub.account.path.unlink()
        hub.run()
        cloud.drain()
        cloud.advance(23 * DAY + 60)
        assert state.due(NOTICE_DUE, hub.ident)
        return hub

    def job(hub: Synced) -> tuple[str, list[Any]]:
        return HANDLE, [sqs_event({"kind": NOTICE_DUE, "id": hub.ident}), None]

    def told(hub: Synced) -> None:
        state.assert_once(hub, notices.ENDS_SOON, sent_to, before=1)
        assert not state.due(NOTICE_DUE, hub.ident)
        forget(hub)

    hub = silent()
    alive = crasher.run(*job(hub), constants=LOADED)
    assert alive["answer"] == "{'batchItemFailures': []}", alive
    told(hub)
    killing("mail before the end of contacts", alive, points(alive["calls"], 2, kills=4), silent, job, told, LOADED)
