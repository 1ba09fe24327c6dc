"""Who works on a connection, and when: failures back off, slow workers lose nothing, nobody keeps the others waiting."""

import json
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from chalicelib.connectors.port import Organization
from chalicelib.core import clock, ids
from chalicelib.domain.connections import repository
from chalicelib.domain.connections.model import SYNC_DUE, ConnectionPayload
from chalicelib.domain.contacts import writer_lock
from chalicelib.domain.sync import worker
from chalicelib.jobs import due as scheduler
from chalicelib.jobs import sync
from chalicelib.store import due, rows, steps
from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.crash import state
from tests.support.queues import take_off
from tests.support.scripted_connection import Synced, connected, forget, person

DAY = 86_400


@pytest.fixture
def connect(cloud: Cloud, member: Member, tmp_path: Path) -> Iterator[Callable[..., Synced]]:
    made: list[Synced] = []

    def make(page: int = 2, of: Member = member) -> Synced:
        made.append(connected(cloud, of, tmp_path, page))
        return made[-1]

    yield make
    for each in made:
        forget(each)
    take_off(cloud, "sync")


def planned(hub: Synced) -> float:
    """Seconds until the connection is due."""
    row = rows.get(due.DueRecord, due.Due(SYNC_DUE, hub.ident).pk, due.SK)
    assert row is not None
    assert not row.lease
    return (clock.parse_rfc3339(str(row.due_at)) - clock.now()).total_seconds()


def failures(hub: Synced) -> int:
    record = repository.find(hub.member.tenant, hub.id)
    assert record is not None
    return record.unsealed(ConnectionPayload).failures


def test_failures_back_off_and_say_why(connect: Callable[..., Synced]) -> None:
    hub = connect()
    hub.account.put(*(person(n) for n in range(4)))
    for number in range(1, 9):
        hub.account.fault("down", "companies")
        hub.run()
        assert failures(hub) == number
        assert 4 <= planned(hub) <= min(3600, 60 * 2 ** (number - 1))
    hub.account.fault("quota", "companies", retry_after=7000)
    hub.run()
    assert planned(hub) >= 6990
    assert hub.seen()["health"]["incomplete"] == "over_quota"
    hub.account.fault("quota", "companies", retry_after=10**12)
    hub.run()
    assert planned(hub) <= DAY  # that was no number of seconds
    hub.account.fault("down", after=1)
    hub.run()
    assert failures(hub) == 1  # it got on
    hub.run()
    assert (failures(hub), hub.seen()["health"]["incomplete"], len(hub.contacts())) == (0, None, 4)
    assert 700 <= planned(hub) <= 1000
    assert [run["outcome"] for run in hub.runs()][:5] == [
        "complete",
        "provider_unavailable",
        "over_quota",
        "over_quota",
        "provider_unavailable",
    ]


def test_a_grant_that_ended_waits_for_its_member(connect: Callable[..., Synced]) -> None:
    hub = connect()
    hub.account.put(person(1))
    hub.account.fault("ended")
    hub.run()
    assert (hub.seen()["state"], hub.runs()[0]["outcome"]) == ("needs_consent", "needs_consent")
    assert not state.due(SYNC_DUE, hub.ident)
    answer = hub.api.post(f"/v1/connections/{hub.id}/sync")
    assert (answer.status_code, answer.json()["code"]) == (409, "needs_consent")


def test_what_the_grant_does_not_reach_is_left_out_or_fails(connect: Callable[..., Synced]) -> None:
    hub = connect()
    hub.account.put(Organization("c", "Nord AG"), person(1))
    hub.account.fault("forbidden")
    hub.run()
    seen = hub.seen()
    assert (seen["state"], seen["health"]["incomplete"], seen["health"]["stored"]) == ("active", "scope_missing", 1)
    for expected in ("active", "failed"):  # more than an hour after the first refusal
        hub.account.fault("forbidden")
        hub.account.fault("forbidden", "companies")
        hub.cloud.advance(3601)
        hub.run()
        assert (hub.seen()["state"], hub.seen()["health"]["incomplete"]) == (expected, "scope_missing")
    assert hub.seen()["reason"] == "scope_missing"
    hub.run()  # its administrator has allowed it, and its member asked for a sync
    assert (hub.seen()["state"], hub.seen()["reason"], len(hub.contacts())) == ("active", None, 1)


def test_a_run_goes_on_where_the_last_had_to_stop(cloud: Cloud, connect: Callable[..., Synced]) -> None:
    hub = connect()
    hub.account.put(Organization("c", "Nord AG"), *(person(n) for n in range(5)))
    assert 4 <= _until_complete(hub) <= 7
    assert failures(hub) == 0
    assert (len(hub.contacts()), hub.seen()["health"]["stored"]) == (5, 6)
    cloud.advance(8 * DAY)
    hub.account.delete("p0", "p3", silently=True)
    hub.account.fault("lost")
    assert _until_complete(hub) <= 8
    assert (len(hub.contacts()), hub.seen()["health"]["stored"]) == (3, 4)


def _until_complete(hub: Synced) -> int:
    """How many invocations a pass takes that have time for one page only."""
    for number in range(1, 20):
        hub.run(one_page=True)
        outcome = hub.runs()[0]["outcome"]
        assert outcome == "complete" or (outcome == "to_be_continued" and planned(hub) <= 0)
        if outcome == "complete":
            return number
    raise AssertionError


def test_a_worker_whose_lease_ran_out_writes_nothing_more(connect: Callable[..., Synced]) -> None:
    hub = connect()
    hub.account.put(*(person(n) for n in range(4)))
    hub.run()
    hub.account.put(person(0, title="Old"))
    hub.account.fault("down", after=0, slow=0)
    hub.run()
    hub.account.fault("slow", slow=400)
    hub.run()  # its page came when another could have had the lease
    assert hub.runs()[0]["outcome"] == "taken_over"
    assert hub.contacts()["Person0"]["title"] is None
    hub.run()
    assert (hub.runs()[0]["outcome"], hub.contacts()["Person0"]["title"]) == ("complete", "Old")
    health = hub.seen()["health"]
    hub.account.fault("slow", slow=400)
    hub.run()  # there was nothing new; what it would say is of a time when another could have read more
    assert (hub.runs()[0]["outcome"], hub.seen()["health"]["last_complete_at"]) == (
        "taken_over",
        health["last_complete_at"],
    )


def test_two_workers_at_once_are_one(connect: Callable[..., Synced]) -> None:
    hub = connect()
    hub.account.put(person(1))
    piece = due.Due(SYNC_DUE, hub.ident)
    lease = due.lease(piece, 60)
    hub.run()
    assert hub.account.asked == []
    job = hub.api.post(f"/v1/connections/{hub.id}/sync").json()["job"]
    assert (job["type"], job["state"]) == ("sync", "queued")
    due.release(lease, clock.now() + timedelta(seconds=900))
    assert planned(hub) <= 0  # it was asked for meanwhile
    hub.run()
    assert set(hub.contacts()) == {"Person1"}
    assert hub.api.get(f"/v1/jobs/{job['id']}").json()["state"] == "done"
    asked = hub.account.asked
    cloud_message = {"Records": [{"messageId": "m", "body": json.dumps({"kind": SYNC_DUE, "id": hub.ident})}]}
    sync.handle(cloud_message, None)  # a message that had waited while another brought the work here
    assert (asked != [], hub.account.asked) == (True, [])


def test_one_writes_many_contacts_of_a_member_at_a_time(connect: Callable[..., Synced]) -> None:
    hub = connect()
    hub.account.put(person(1))
    writer_lock.acquire(hub.member.tenant, ids.owner_code(hub.member.id), "job_of_an_import", 300)
    hub.run()
    assert (hub.runs()[0]["outcome"], hub.contacts()) == ("waits_for_its_turn", {})
    assert planned(hub) <= 30
    writer_lock.release(hub.member.tenant, ids.owner_code(hub.member.id), "job_of_an_import")
    hub.run()
    assert set(hub.contacts()) == {"Person1"}


def test_a_slow_worker_does_not_end_the_turn_of_the_next(cloud: Cloud, connect: Callable[..., Synced]) -> None:
    hub, reached, go = connect(), threading.Event(), threading.Event()
    hub.account.put(*(person(n) for n in range(4)))

    def next_has_time() -> bool:
        reached.set()
        return go.wait(20)

    next_one = threading.Thread(target=lambda: steps.run(worker.WORK, hub.ident, next_has_time))

    def slow_has_time() -> bool:
        if any(hub.id[-26:] in sk for sk in hub.rows("copy")) and not next_one.is_alive():
            cloud.advance(400)
            next_one.start()
            assert reached.wait(20)
        return True

    steps.run(worker.WORK, hub.ident, slow_has_time)
    assert hub.runs()[0]["outcome"] == "running"
    with pytest.raises(writer_lock.WriterBusy):
        writer_lock.acquire(hub.member.tenant, ids.owner_code(hub.member.id), "job_of_an_import", 300)
    go.set()
    next_one.join()
    assert [run["outcome"] for run in hub.runs()] == ["complete", "taken_over"]
    assert len(hub.contacts()) == 4


def test_sync_now_and_a_killed_run(cloud: Cloud, connect: Callable[..., Synced], api: Any) -> None:
    hub = connect()
    hub.account.put(person(1))
    answer = hub.api.post(f"/v1/connections/{hub.id}/sync")
    assert answer.status_code == 202
    assert hub.api.post(f"/v1/connections/{hub.id}/sync").json() == answer.json()
    cloud.drain()
    done = hub.api.get(f"/v1/jobs/{answer.json()['job']['id']}").json()
    assert (done["state"], done["result"]["created"]) == ("done", 1)
    assert len(hub.runs()) == 1  # asked for twice, queued once
    assert hub.api.get("/v1/connections/cxn_unknown/runs").status_code == 404
    from chalicelib.domain.sync.runs import Run

    record = repository.find(hub.member.tenant, hub.id)
    assert record is not None
    Run(record).begin()
    assert hub.runs()[0]["outcome"] == "running"
    cloud.advance(1000)
    assert hub.runs()[0]["outcome"] == "killed"
    page = hub.api.get(f"/v1/connections/{hub.id}/runs?limit=1").json()
    rest = hub.api.get(f"/v1/connections/{hub.id}/runs", params={"cursor": page["next_cursor"]}).json()
    assert [each["outcome"] for each in page["items"] + rest["items"]][:2] == ["killed", "complete"]


def test_nothing_is_written_for_a_locked_workspace_or_a_member_that_left(
    connect: Callable[..., Synced], new_colleague: Callable[[Member], Member], member: Member
) -> None:
    other = new_colleague(member)
    hub = connect(of=other)
    hub.account.put(person(1))
    from chalicelib.domain.accounts.membership import set_tenant_state
    from chalicelib.domain.accounts.model import TenantState

    set_tenant_state(member.tenant, TenantState.LOCKED, frozenset(TenantState))
    hub.run()
    assert (hub.rows("run"), hub.rows("contact"), planned(hub) > 3000) == ([], [], True)
    set_tenant_state(member.tenant, TenantState.ACTIVE, frozenset(TenantState))
    from chalicelib.domain.accounts import team

    team.remove_member(member.tenant, other.id)
    hub.run()
    assert (hub.rows("run"), hub.rows("contact")) == ([], [])


def test_no_workspace_keeps_the_workers_from_the_others(
    cloud: Cloud, connect: Callable[..., Synced], new_workspace: Callable[..., Member]
) -> None:
    take_off(cloud, "sync")
    cloud.drain()
    many = [connect() for _ in range(8)]
    one = connect(of=new_workspace())
    for each in [*many, one]:
        due.schedule(due.Due(SYNC_DUE, each.ident), clock.now())
    assert scheduler.handle({}, None)["sync"] == 6  # five of the one workspace, and the other's
    waiting = [planned(each) for each in many]
    assert sum(pause > 0 for pause in waiting) == 8
    assert len({round(pause) for pause in waiting}) > 1
    queue = next(c.url for c in cloud.consumers if c.name == "sync")
    sent = []
    while found := cloud.client("sqs").receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages"):
        sent += [each["Body"] for each in found]
    assert sum(one.ident in body for body in sent) == 1
