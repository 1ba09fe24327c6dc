"""A member who asks for a sync is answered by a pass that began after that: what changed just before it is here then."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from chalicelib.core import clock
from chalicelib.domain.connections.model import SYNC_DUE
from chalicelib.domain.sync import worker
from chalicelib.store import due, steps
from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.flows.test_sync_workers import planned
from tests.support.queues import take_off
from tests.support.scripted_connection import Synced, connected, forget, person


@pytest.fixture
def hub(cloud: Cloud, member: Member, tmp_path: Path) -> Iterator[Synced]:
    """An account with two pages of people."""
    made = connected(cloud, member, tmp_path)
    made.account.put(*(person(n) for n in range(4)))
    yield made
    forget(made)
    take_off(cloud, "sync")


def ask(hub: Synced) -> str:
    """The id of the job that tells when the connection was read."""
    answer = hub.api.post(f"/v1/connections/{hub.id}/sync")
    assert answer.status_code == 202, answer.text
    return str(answer.json()["job"]["id"])


def told(hub: Synced, job: str) -> str:
    return str(hub.api.get(f"/v1/jobs/{job}").json()["state"])


def read(hub: Synced, meanwhile: Callable[[], object]) -> steps.Outcome:
    """One run; what happens once after a page of it."""
    due.wake(due.Due(SYNC_DUE, hub.ident), clock.now())
    happens = [meanwhile]

    def has_time() -> bool:
        if happens:
            hub.cloud.advance(1)
            happens.pop()()
        return True

    return steps.run(worker.WORK, hub.ident, has_time)


def test_during_a_pass_of_several_runs(hub: Synced) -> None:
    while not hub.contacts():
        hub.run(one_page=True)
    hub.cloud.advance(1)
    hub.account.put(person(0, title="Chief"))
    job = ask(hub)
    hub.run()  # the pass that is under way: p2, p3
    assert (hub.runs()[0]["outcome"], hub.contacts()["Person0"]["title"], told(hub, job)) == (
        "complete",
        None,
        "queued",
    )
    assert planned(hub) <= 0
    hub.run()
    assert (hub.contacts()["Person0"]["title"], told(hub, job)) == ("Chief", "done")
    assert planned(hub) > 700


def test_again_during_a_run(hub: Synced) -> None:
    jobs = [ask(hub)]

    def press() -> None:
        hub.account.put(person(0, title="Chief"))
        jobs.append(ask(hub))

    again = read(hub, press)
    assert (again, hub.runs()[0]["outcome"], planned(hub) <= 0) == (steps.AGAIN, "complete", True)
    assert jobs[0] == jobs[1]
    assert told(hub, jobs[0]) == "queued"
    hub.run()
    assert (hub.contacts()["Person0"]["title"], told(hub, jobs[0])) == ("Chief", "done")
    assert ask(hub) != jobs[0]


def test_during_a_run_that_fails(hub: Synced) -> None:
    jobs = [ask(hub)]
    hub.account.fault("down", after=1)
    read(hub, lambda: jobs.append(ask(hub)))
    assert (hub.runs()[0]["outcome"], told(hub, jobs[1])) == ("provider_unavailable", "queued")
    assert planned(hub) <= 0
    hub.account.fault("down")
    hub.run()
    assert told(hub, jobs[1]) == "failed"


def test_during_a_moment_in_which_the_provider_wants_none(hub: Synced) -> None:
    job = ask(hub)
    hub.account.fault("quota", "companies", retry_after=30)
    hub.run()
    assert (hub.runs()[0]["outcome"], told(hub, job)) == ("over_quota", "queued")
    hub.account.fault("quota", "companies", retry_after=3000)
    hub.run()
    assert told(hub, job) == "failed"


def test_while_the_grant_ends(hub: Synced) -> None:
    jobs: list[str] = []
    hub.account.fault("ended", after=1)
    read(hub, lambda: jobs.append(ask(hub)))
    assert (hub.seen()["state"], told(hub, jobs[0])) == ("needs_consent", "failed")


def test_a_job_that_its_member_cancels_is_not_done(hub: Synced) -> None:
    job = ask(hub)
    read(hub, lambda: hub.api.delete(f"/v1/jobs/{job}"))
    assert (hub.runs()[0]["outcome"], told(hub, job)) == ("complete", "cancelled")


def test_the_etag_of_a_connection_stays_good_where_its_member_is_shown_nothing_else(hub: Synced) -> None:
    hub.run()
    path = f"/v1/connections/{hub.id}"
    before = hub.api.get(path)
    ask(hub)
    after = hub.api.get(path)
    assert (after.headers["ETag"], after.json()) == (before.headers["ETag"], before.json())
    hub.run()
    assert hub.api.get(path).headers["ETag"] != before.headers["ETag"], "it was read completely, which is shown"
