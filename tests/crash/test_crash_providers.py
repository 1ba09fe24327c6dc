"""A pass over each provider killed at any call: the end is as the source has it, record by record."""

from collections.abc import Callable
from typing import Any

import pytest

from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.crash import state
from tests.crash.conftest import CRASHED, STEP, Crasher, points, sqs_event, take_off
from tests.support.following import Followed, equal
from tests.support.sources import SOURCES

pytestmark = pytest.mark.crash
PEOPLE = 5  # on three pages
_SPARSE = 1 if STEP == 1 else 3  # there are four providers, and the engine's own kills are in test_crash_sync.py


def changed(cloud: Cloud, provider: str, new_workspace: Callable[..., Member]) -> Followed:
    """A connection that was read once; then somebody came, somebody changed, somebody went, and its token has expired."""
    source, member = SOURCES[provider](cloud), new_workspace()
    for number in range(PEOPLE):
        source.put(number)
    hub = Followed(cloud, member, source, source.connect(member))
    hub.settle()
    cloud.advance(100_000)
    source.drop(0)
    source.put(1, "Chief")
    source.put(PEOPLE)
    if "expired" in source.faults:
        source.fault("expired")
    return hub


@pytest.mark.parametrize("provider", SOURCES)
def test_a_pass_over_a_provider_killed_at_any_call(
    cloud: Cloud,
    new_workspace: Callable[..., Member],
    crasher: Crasher,
    settle: Callable[[], None],
    say: Callable[[str, int, int], None],
    provider: str,
) -> None:
    def job(hub: Followed) -> tuple[str, list[Any]]:
        return "chalicelib.jobs.sync:handle", [sqs_event({"kind": "sync", "id": hub.ident}), None]

    def check(hub: Followed) -> None:
        equal(hub, hub.settle())
        assert state.unpointed(cloud, hub.member.tenant) == []
        hub.forget()
        hub.source.close()

    hub = changed(cloud, provider, new_workspace)
    alive = crasher.run(*job(hub))
    assert alive["answer"] == "{'batchItemFailures': []}", alive
    check(hub)
    kills = 0
    for call, when in [*points(alive["calls"], len(provider))][::_SPARSE]:
        hub = changed(cloud, provider, new_workspace)
        killed = crasher.run(*job(hub), call, when)
        assert killed["code"] == CRASHED, (call, when, killed)
        kills += 1
        settle()
        check(hub)
    say(f"sync of {provider}", alive["calls"], kills)
    assert kills
    take_off(cloud, "sync")
