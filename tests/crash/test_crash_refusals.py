"""A connection that fails, and the try of the next day, killed at any call."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.crash.conftest import Crasher, points
from tests.support.provider_accounts import followed
from tests.support.provider_connection import Followed, equal
from tests.support.queues import sqs_event, take_off

pytestmark = pytest.mark.crash
HOUR, DAY = 3600, 86_400
HANDLE = "chalicelib.jobs.sync:handle"
Say = Callable[[str, int, int], None]
Sent = Callable[[str], list[dict[str, Any]]]


@pytest.fixture
def hub(cloud: Cloud, new_workspace: Callable[..., Member]) -> Iterator[Followed]:
    with followed(cloud, new_workspace(), "google") as made:
        yield made
    take_off(cloud, "sync")


def test_a_failure_and_its_daily_try_killed_at_any_call(
    hub: Followed, crasher: Crasher, sent_to: Sent, say: Say
) -> None:
    """The member is told once at most, the next try is planned, and one that succeeds mends it."""
    told = [0, 0]  # mails, and failures that they are of

    def failed() -> None:
        for _ in range(3):
            if hub.seen()["state"] == "active" or (hub.due_in() or 0) < DAY / 2:
                hub.wait()
        assert (hub.seen()["state"], hub.seen()["reason"]) == ("failed", "admin_forbids")
        assert 0 < (hub.due_in() or 0) <= DAY
        told[0] = len(sent_to(hub.member.email))
        assert told[0] <= told[1]

    def fails() -> list[Any]:
        hub.source.fault("forbidden")
        hub.wait()
        hub.cloud.advance(HOUR + 60)
        told[1] = told[0] + 1
        return [sqs_event({"kind": "sync", "id": hub.ident}), None]

    def tries() -> list[Any]:
        hub.cloud.advance(DAY)
        return [sqs_event({"kind": "sync", "id": hub.ident}), None]

    kills, calls = 0, 0
    for begin in (fails, tries):
        alive = crasher.run(HANDLE, begin())
        calls += alive["calls"]
        failed()
        assert told[0] == 1
    mend(hub)
    for call, when in points(calls // 2, 5):
        for begin in (fails, tries):
            kills += crasher.kill(HANDLE, begin(), call, when)
            failed()
        mend(hub)
    say("failure and daily try of google", calls, kills)
    assert kills


def mend(hub: Followed) -> None:
    """By the try of the next day."""
    hub.source.heal()
    hub.wait()
    assert hub.seen()["state"] == "active"
    equal(hub, hub.seen()["health"])
