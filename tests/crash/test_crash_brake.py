"""A pass that holds deletions back, the second one, and its member's word, killed at any call: nothing goes too early, then all
of it; and one mail at most."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.crash import state
from tests.crash.conftest import Crasher, Killing, points
from tests.support.queues import sqs_event, take_off
from tests.support.scripted_connection import Synced, connected, forget, person

pytestmark = pytest.mark.crash
LOADED = {"tests.support.scripted_provider:IN_CHILD": 1}  # see test_crash_sync.py
HANDLE = "chalicelib.jobs.sync:handle"
HOUR, WEEK = 3600, 7 * 86_400 + 60
PEOPLE, GONE = 12, [f"p{number}" for number in range(8)]
Job = tuple[str, list[Any]]
Begin = Callable[..., Synced]
Sent = Callable[[str], list[dict[str, Any]]]


@pytest.fixture
def begin(cloud: Cloud, new_workspace: Callable[..., Member], tmp_path: Path) -> Begin:
    """Makes a connection whose source has lost most of its records since the last pass."""

    def make(*, later: int = 1000, silently: bool = False) -> Synced:
        hub = connected(cloud, new_workspace(), tmp_path, page=3)
        hub.account.put(*(person(number) for number in range(PEOPLE)))
        hub.run()
        hub.account.delete(*GONE, silently=silently)
        cloud.advance(later)
        return hub

    return make


@pytest.fixture
def held(begin: Begin) -> Callable[[], Synced]:
    """Makes one that holds them back, since just now."""

    def make() -> Synced:
        hub = begin()
        hub.run()
        assert health(hub) == "held"
        return hub

    return make


def sync(hub: Synced) -> Job:
    return HANDLE, [sqs_event({"kind": "sync", "id": hub.ident}), None]


def health(hub: Synced) -> str:
    return str(hub.seen()["health"]["state"])


def ended(cloud: Cloud, hub: Synced, left: int, sent_to: Sent) -> None:
    assert (health(hub), hub.seen()["health"]["held"], len(hub.contacts())) == ("ok", [], left)
    assert state.unread(hub.member.tenant) == {}
    assert (len(hub.rows("copy")), hub.rows("pass")) == (left, [])
    assert len(sent_to(hub.member.email)) <= 1  # none where its worker was killed between its claim and its sending
    assert state.unpointed(cloud, hub.member.tenant) == []
    assert state.due("sync", hub.ident)
    forget(hub)


@pytest.mark.parametrize(("later", "silently"), [(1000, False), (WEEK, True)])
def test_a_pass_that_begins_to_hold_killed_at_any_call(
    cloud: Cloud, crasher: Crasher, killing: Killing, begin: Begin, sent_to: Sent, *, later: int, silently: bool
) -> None:
    def check(hub: Synced) -> None:
        assert (health(hub), len(hub.contacts())) == ("held", PEOPLE)
        assert {*state.unread(hub.member.tenant)} == {f"contact:{hub.source}"}
        cloud.advance(HOUR)
        cloud.drain()
        ended(cloud, hub, 4, sent_to)

    hub = begin(later=later, silently=silently)
    alive = crasher.run(*sync(hub), constants=LOADED)
    assert alive["answer"] == "{'batchItemFailures': []}", alive
    assert len(sent_to(hub.member.email)) == 1
    check(hub)
    name = f"{'full pass' if silently else 'changes'} that begins to hold"
    where = points(alive["calls"], 5, kills=3)
    killing(name, alive, where, lambda: begin(later=later, silently=silently), sync, check, LOADED)
    take_off(cloud, "sync")


@pytest.mark.parametrize("back", [False, True])
def test_the_second_full_pass_killed_at_any_call(
    cloud: Cloud, crasher: Crasher, killing: Killing, held: Callable[[], Synced], sent_to: Sent, *, back: bool
) -> None:
    def make() -> Synced:
        hub = held()
        if back:
            hub.account.put(*(person(number) for number in range(8)))
        cloud.advance(HOUR)
        return hub

    def check(hub: Synced) -> None:
        ended(cloud, hub, PEOPLE if back else 4, sent_to)

    hub = make()
    alive = crasher.run(*sync(hub), constants=LOADED)
    check(hub)
    where = points(alive["calls"], 2 + back, kills=3)
    killing(f"second full pass{', all back' if back else ''}", alive, where, make, sync, check, LOADED)
    take_off(cloud, "sync")


@pytest.mark.parametrize("step", ["ask", "run"])
def test_a_confirmation_killed_at_any_call(
    cloud: Cloud, crasher: Crasher, killing: Killing, held: Callable[[], Synced], sent_to: Sent, *, step: str
) -> None:
    """Who got no answer asks again; within the hour."""

    def ask(hub: Synced) -> int:
        return int(hub.api.post(f"/v1/connections/{hub.id}/confirm-deletions").status_code)

    def job(hub: Synced) -> Job:
        if step == "ask":
            return "tests.crash.acting:confirm_deletions", [hub.member.tenant, hub.member.id, hub.id]
        assert ask(hub) == 202
        take_off(cloud, "sync")
        return sync(hub)

    def check(hub: Synced) -> None:
        if step == "ask" and health(hub) == "held":
            assert (ask(hub), len(hub.contacts())) == (202, PEOPLE)
        cloud.drain()
        ended(cloud, hub, 4, sent_to)
        (job_of,) = hub.api.get("/v1/jobs").json()["items"]
        assert (job_of["type"], job_of["state"]) == ("sync", "done")

    hub = held()
    alive = crasher.run(*job(hub), constants=LOADED)
    assert alive["code"] == 0, alive
    check(hub)
    where = points(alive["calls"], 1, kills=3)
    killing(f"confirmation of deletions, {step}", alive, where, held, job, check, LOADED)
    take_off(cloud, "sync")
