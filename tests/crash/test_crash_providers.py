"""Workers of the real providers' connections: killed at any call, two at once, slower than their lease, or waiting in vain."""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.core import clock, settings
from infra.local.cloud import Cloud
from infra.simulators.salesforce.simulator import Salesforce
from tests.conftest import Member
from tests.crash import state
from tests.crash.conftest import CRASHED, Crasher, given, points
from tests.support.provider_account import Source
from tests.support.provider_accounts import SOURCES
from tests.support.provider_connection import Followed, equal
from tests.support.queues import sqs_event, take_off

pytestmark = pytest.mark.crash
PROVIDERS = tuple(SOURCES)
WEEK = 7 * 86_400 + 60
GRANT = timedelta(
    days=40
)  # members consent anew within it: LinkedIn's grants live sixty days, and a kill may take a week
PEOPLE = 4  # on two pages
HANDLE = "chalicelib.jobs.sync:handle"
Say = Callable[[str, int, int], None]
Sent = Callable[[str], list[dict[str, Any]]]


@pytest.fixture
def follow(cloud: Cloud, new_workspace: Callable[..., Member]) -> Iterator[Callable[[str], Followed]]:
    """Makes a connection whose first pass is complete."""
    made: list[Followed] = []
    sources: dict[str, Source] = {}

    def make(provider: str) -> Followed:
        source = sources.get(provider)
        if source is None:
            source = sources[provider] = SOURCES[provider](cloud)
            for number in range(PEOPLE):
                source.put(number)
        member = new_workspace()
        made.append(Followed(cloud, member, source, source.connect(member)))
        equal(made[-1], made[-1].settle())
        return made[-1]

    yield make
    for each in made:
        each.forget()
    for source in sources.values():
        source.close()
    take_off(cloud, "sync")


def alter(source: Source) -> None:
    """One is gone, one is changed, one is new."""
    oldest, second, *_ = source.there()
    source.drop(oldest)
    new = max(source.ids) + 1
    source.put(second, f"Chief {new}")
    source.put(new)


def order(hub: Followed, kind: str = "sync") -> list[Any]:
    return [sqs_event({"kind": kind, "id": hub.ident}), None]


def check(hub: Followed) -> None:
    equal(hub, hub.settle())
    assert state.unpointed(hub.cloud, hub.member.tenant) == []
    assert state.due("sync", hub.ident)


@pytest.mark.parametrize(
    ("provider", "later"), [*((each, WEEK) for each in PROVIDERS), ("google", 1000), ("hubspot", 1000)]
)
def test_a_pass_killed_at_any_call(
    follow: Callable[[str], Followed], crasher: Crasher, sent_to: Sent, say: Say, provider: str, later: int
) -> None:
    """A week later everything is read, and what is gone is found by that; else what has changed."""
    hub = follow(provider)
    consented = clock.now()

    def begin() -> list[Any]:
        nonlocal consented
        if clock.now() - consented > GRANT:
            hub.source.connect(hub.member)
            consented = clock.now()
        alter(hub.source)
        hub.cloud.advance(later)
        return order(hub)

    alive = crasher.run(HANDLE, begin())
    assert alive["answer"] == "{'batchItemFailures': []}", alive
    check(hub)
    kills = 0
    # One kill, for time: there are four providers, each is killed elsewhere, and the engine's own kills are in test_crash_sync.
    for call, when in points(alive["calls"], PROVIDERS.index(provider) * 13 + later % 7, kills=1):
        # A run that finds its token good makes some calls less than the one that was counted: it may come to its end.
        kills += crasher.kill(HANDLE, begin(), call, when)
        check(hub)
    assert sent_to(hub.member.email) == []
    say(f"{'full pass' if later == WEEK else 'changes'} of {provider}", alive["calls"], kills)
    assert kills


def test_changes_with_a_refresh_that_rotates_killed_at_any_call(
    follow: Callable[[str], Followed], crasher: Crasher, sent_to: Sent, say: Say
) -> None:
    """What the provider gave for the refresh token may be lost with the worker: then the member is told, once."""
    hub = follow("salesforce")
    simulator = hub.source.simulator
    assert isinstance(simulator, Salesforce)
    simulator.login.rotates = True

    def begin() -> list[Any]:
        alter(hub.source)
        hub.cloud.advance(1000)
        hub.source.fault("expired")
        return order(hub)

    alive = crasher.run(HANDLE, begin())
    assert alive["answer"] == "{'batchItemFailures': []}", alive
    check(hub)
    kills, lost = 0, 0
    for call, when in points(alive["calls"], 16):
        arguments, begun = begin(), len(hub.source.simulator.log)
        kills += crasher.kill(HANDLE, arguments, call, when)
        traded = given(hub.source.simulator, begun)
        for _ in range(3):
            hub.wait()
            if hub.outcomes()[0] in ("complete", "needs_consent"):
                break
        if hub.seen()["state"] == "needs_consent":
            assert traded, "nothing came for the refresh token that could be lost"
            lost += 1
            hub.source.connect(hub.member)
        check(hub)
    assert len(sent_to(hub.member.email)) == lost
    say("changes of salesforce, with a refresh that rotates", alive["calls"], kills)
    assert kills


@pytest.mark.parametrize("provider", ["google", "linkedin"])
def test_a_disconnection_killed_at_any_call(
    follow: Callable[[str], Followed],
    crasher: Crasher,
    settle: Callable[[], None],
    sent_to: Sent,
    say: Say,
    provider: str,
) -> None:
    def begin() -> Followed:
        hub = follow(provider)
        assert hub.api.delete(f"/v1/connections/{hub.id}").status_code == 202
        take_off(hub.cloud, "sync")
        return hub

    def left(hub: Followed) -> None:
        settle()
        assert hub.shown() == []
        kinds = ("company", "copy", "pass", "run", "checkpoint", "connection")
        assert [kind for kind in kinds if hub.rows(kind)] == []
        assert state.unpointed(hub.cloud, hub.member.tenant) == []
        assert not any(state.due(kind, hub.ident) for kind in ("sync", "disconnect"))
        (job,) = [each for each in hub.api.get("/v1/jobs").json()["items"] if each["type"] == "disconnect"]
        assert (job["state"], job["result"]["revocation_unconfirmed"]) == ("done", provider == "linkedin")
        assert sent_to(hub.member.email) == []

    hub = begin()
    alive = crasher.run(HANDLE, order(hub, "disconnect"))
    left(hub)
    kills = 0
    for call, when in points(alive["calls"], PROVIDERS.index(provider) * 6):  # each provider at other points
        hub = begin()
        killed = crasher.run(HANDLE, order(hub, "disconnect"), call, when)
        assert killed["code"] == CRASHED, (call, when, killed)
        kills += 1
        left(hub)
    say(f"disconnection of {provider}", alive["calls"], kills)
    assert kills


def test_two_workers_at_once_are_one(follow: Callable[[str], Followed]) -> None:
    hub = follow("google")
    alter(hub.source)
    hub.cloud.advance(WEEK)
    gate = threading.Barrier(2)

    def work() -> None:
        gate.wait()
        hub.run()

    before = len(hub.outcomes())
    both(work, work)
    assert hub.outcomes()[: len(hub.outcomes()) - before] == ["complete"]
    equal(hub, hub.seen()["health"])


@pytest.mark.parametrize(("provider", "refused"), [("google", False), ("google", True), ("salesforce", True)])
def test_a_worker_slower_than_its_lease_writes_nothing_more(
    follow: Callable[[str], Followed], provider: str, refused: bool
) -> None:
    """Its answer comes when another worker has finished; or it comes as a refusal of the token, with no time left."""
    hub = follow(provider)
    alter(hub.source)
    hub.cloud.advance(WEEK)
    hub.source.fault("slow")
    slow = begun(hub.run)
    assert hub.source.simulator.holds()
    asked = hub.source.asked()
    hub.run()  # as long as the lease lasts, nobody else reads it
    assert hub.source.asked() == asked
    hub.cloud.advance(settings.current().waits.lease + 1)
    hub.run()
    assert hub.outcomes()[0] == "complete"
    done, seen = written(hub), hub.seen()
    if refused:
        hub.source.fault("expired")
    hub.source.heal()
    slow.join()
    assert hub.outcomes()[:2] == ["complete", "taken_over"]
    assert written(hub) == done
    assert hub.seen()["health"]["incomplete"] == seen["health"]["incomplete"] is None
    check(hub)


def begun(work: Callable[[], None]) -> threading.Thread:
    thread = threading.Thread(target=work)
    thread.start()
    return thread


def both(*work: Callable[[], None]) -> None:
    for thread in [begun(each) for each in work]:
        thread.join()


def written(hub: Followed) -> dict[str, Any]:
    """Every row of the workspace but what runs say of themselves."""
    items = state.partition(hub.cloud, settings.current().tables.tenant_data, "tenant", hub.member.tenant)
    return {item["sk"]["S"]: item for item in items if not item["sk"]["S"].startswith("run#")}


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_provider_that_is_slower_than_we_wait(
    follow: Callable[[str], Followed], crasher: Crasher, provider: str
) -> None:
    hub = follow(provider)
    before = hub.shown()
    alter(hub.source)
    hub.cloud.advance(WEEK)
    kind, more = hub.source.faults["slow"]
    hub.source.simulator.fault(kind, **{**more, "times": None})
    waits = dict.fromkeys(("chalicelib.connectors.http:READ_S", "chalicelib.connectors.salesforce.people:QUERY_S"), 0.2)
    crasher.run(HANDLE, order(hub), constants=waits)
    hub.source.heal()
    seen = hub.seen()
    assert (seen["state"], seen["health"]["incomplete"]) == ("active", "provider_unavailable")
    assert hub.shown() == before
    check(hub)
