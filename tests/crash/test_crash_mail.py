"""A worker that reads a mailbox, killed anywhere: each message counts once all the same."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from chalicelib.domain.connections import repository
from chalicelib.domain.connections.model import ConnectionPayload, ConnectionState
from chalicelib.domain.network.records import HeardRecord
from chalicelib.store import due, rows
from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.crash import state
from tests.crash.conftest import Crasher, Killing, points
from tests.support.google_connection import Joined, exchanges, join
from tests.support.queues import sqs_event, take_off
from tests.support.scripted_mailbox import contact

pytestmark = pytest.mark.crash
ADA, BO = "ada@people.example", "bo@people.example"


def begin(cloud: Cloud, member: Member) -> Joined:
    """Two contacts, who wrote and were written to, and a mailbox that nobody has read."""
    contact(member, ADA)
    contact(member, BO)
    joined = join(cloud, member)
    for _ in range(3):
        joined.mailbox.add(sender=ADA, to=[joined.address])
        joined.mailbox.add(to=[ADA, BO])
    take_off(cloud, "sync")
    return joined


def check(cloud: Cloud, joined: Joined) -> None:
    assert counts(joined.member) == {ADA: (3, 3, 9), BO: (0, 3, 6)}
    joined.mailbox.add(sender=BO, to=[joined.address])
    cloud.connectors.google.fault("history_expired")
    joined.sync()
    cloud.advance(130)  # when it was to be read within two minutes anyway, it is read then
    cloud.drain()
    assert counts(joined.member) == {ADA: (3, 3, 9), BO: (1, 3, 7)}
    work = due.Due("sync", f"{joined.member.tenant}.{joined.id}")
    assert state.due(work.kind, work.id)
    due.done(work)  # the next ones' times are no concern of it


def counts(member: Member) -> dict[str, tuple[int, int, int]]:
    found = exchanges(member)
    return {address: (each.received, each.sent, each.recipients) for address, each in found.items()}


def test_a_reading_killed_at_any_call(
    cloud: Cloud,
    new_workspace: Callable[..., Member],
    crasher: Crasher,
    killing: Killing,
) -> None:
    def job(joined: Joined) -> tuple[str, list[Any]]:
        ident = f"{joined.member.tenant}.{joined.id}"
        return "chalicelib.jobs.sync:handle", [sqs_event({"kind": "sync", "id": ident}), None]

    joined = begin(cloud, new_workspace())
    alive = crasher.run(*job(joined))
    assert alive["answer"] == "{'batchItemFailures': []}", alive
    check(cloud, joined)
    where = points(alive["calls"], 7)
    killing("mail", alive, where, lambda: begin(cloud, new_workspace()), job, lambda joined: check(cloud, joined))


@pytest.fixture
def few_at_once(cloud: Cloud) -> Iterator[None]:
    """Gmail takes two calls at a time, and now and then none for half a minute."""
    cloud.connectors.google.gmail.concurrent = 2
    yield
    cloud.connectors.google.gmail.concurrent = None
    cloud.connectors.google.heal()


def test_a_reading_in_shrinking_batches_killed_at_any_call(
    cloud: Cloud, new_workspace: Callable[..., Member], crasher: Crasher, killing: Killing, few_at_once: None
) -> None:
    """What came before Gmail wanted no more is kept, whoever is killed then; the next run goes on with the rest."""

    def ready() -> Joined:
        cloud.connectors.google.heal()
        joined = begin(cloud, new_workspace())
        last = joined.mailbox.all()[-1]
        cloud.connectors.google.fault("limit", seconds=30, on=f"/gmail/v1/users/me/messages/{last.id}", times=1)
        return joined

    def job(joined: Joined) -> tuple[str, list[Any]]:
        ident = f"{joined.member.tenant}.{joined.id}"
        return "chalicelib.jobs.sync:handle", [sqs_event({"kind": "sync", "id": ident}), None]

    joined = ready()
    alive = crasher.run(*job(joined))
    assert alive["answer"] == "{'batchItemFailures': []}", alive
    cloud.connectors.google.heal()
    assert counts(joined.member) != {}, "a page was kept before its rest"
    cloud.advance(130)
    cloud.drain()
    check(cloud, joined)
    killing("mail in small batches", alive, points(alive["calls"], 11), ready, job, lambda each: check(cloud, each))


def test_the_end_of_a_reading_killed_at_any_call(
    cloud: Cloud,
    new_workspace: Callable[..., Member],
    crasher: Crasher,
    killing: Killing,
) -> None:
    def job(member: Member) -> tuple[str, list[Any]]:
        joined = begin(cloud, member)
        cloud.advance(130)
        cloud.drain()
        assert counts(member) == {ADA: (3, 3, 9), BO: (0, 3, 6)}
        join(cloud, member, "contacts", joined.address)
        take_off(cloud, "sync")
        ident = f"{member.tenant}.{joined.id}"
        return "chalicelib.jobs.sync:handle", [sqs_event({"kind": "sync", "id": ident}), None]

    member = new_workspace()
    alive = crasher.run(*job(member))
    assert alive["answer"] == "{'batchItemFailures': []}", alive
    assert_unread(member)
    killing("end of mail", alive, points(alive["calls"], 21), new_workspace, job, assert_unread)


def assert_unread(member: Member) -> None:
    """Nothing is left of a mailbox, nor is anything to be done about it."""
    assert counts(member) == {}
    assert [*rows.every(HeardRecord, member.tenant, "heard#")] == []
    (record,) = repository.of_tenant(member.tenant)
    payload = record.unsealed(ConnectionPayload)
    assert (payload.state, payload.tier, payload.mail_ended) == (ConnectionState.ACTIVE, "contacts", False)
    due.done(due.Due("sync", repository.work_id(record)))  # its next times are no concern of it
