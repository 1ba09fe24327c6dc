"""A connection is read: what arrives, changes and goes at the source does so here, page by page, whatever happens in between."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from chalicelib.connectors.port import Organization
from chalicelib.core import clock, settings
from chalicelib.domain.connections.model import SYNC_DUE
from chalicelib.domain.sync.records import PassRecord
from chalicelib.store import batch, due
from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.crash import state
from tests.support.scripted_connection import Synced, connected, forget, person, written

WEEK = 7 * 86_400 + 60


@pytest.fixture
def connect(cloud: Cloud, member: Member, tmp_path: Path) -> Iterator[Callable[..., Synced]]:
    made: list[Synced] = []

    def make(page: int = 2) -> Synced:
        made.append(connected(cloud, member, tmp_path, page))
        return made[-1]

    yield make
    for each in made:
        forget(each)


def test_what_is_there_arrives_changes_and_goes(cloud: Cloud, connect: Callable[..., Synced]) -> None:
    hub = connect()
    hub.account.put(Organization("c1", "Nordwerk", "https://www.nordwerk.example/about"))
    hub.account.put(*(person(n, company_external_id="c1", title="Buyer") for n in range(5)))
    hub.run()
    contacts, companies = hub.contacts(), hub.companies()
    assert sorted(contacts) == [f"Person{n}" for n in range(5)]
    assert companies["Nordwerk"]["domain"] == "nordwerk.example"
    first = contacts["Person0"]
    assert (first["emails"], first["company_id"], first["company_name"]) == (
        ["ana.0@sync.example"],
        companies["Nordwerk"]["id"],
        "Nordwerk",
    )
    assert [source["source"] for source in first["sources"]] == [hub.source]
    health = hub.seen()["health"]
    assert (health["seen"], health["stored"], health["skipped"], health["incomplete"]) == (6, 6, {}, None)
    run = hub.runs()[0]
    assert (run["outcome"], run["created"], run["seen"], run["pages"]) == ("complete", 6, 6, 4)

    hub.account.put(person(0, last_name="Renamed", emails=("new.0@sync.example",)))
    hub.account.delete("p1")
    hub.run()
    contacts = hub.contacts()
    assert sorted(contacts) == ["Person2", "Person3", "Person4", "Renamed"]
    assert contacts["Renamed"]["emails"] == ["new.0@sync.example"]
    assert contacts["Renamed"]["id"] == first["id"]
    assert (contacts["Renamed"]["title"], contacts["Renamed"]["company_id"]) == (None, None)
    assert hub.seen()["health"]["stored"] == 5
    assert state.unpointed(cloud, hub.member.tenant) == []
    assert hub.rows("pass") == []


def test_clients_hear_of_it_and_the_log_does_not_tell(connect: Callable[..., Synced]) -> None:
    hub = connect()
    hub.account.put(person(1))
    hub.run()
    told = hub.api.get("/v1/changes").json()
    (ident,) = [each["id"] for each in hub.contacts().values()]
    assert [each["id"] for each in told["upserts"]] == [ident]
    hub.account.delete("p1")
    hub.run()
    told = hub.api.get("/v1/changes", params={"cursor": told["next_cursor"]}).json()
    assert [each["id"] for each in told["deleted"]] == [ident]
    assert hub.api.get("/v1/audit").json()["items"] == []


def test_a_second_pass_with_no_change_writes_nothing_but_its_bookkeeping(connect: Callable[..., Synced]) -> None:
    hub = connect(page=50)
    hub.account.put(Organization("c1", "Nordwerk", "nordwerk.example"), *(person(n) for n in range(20)))
    hub.run()
    with written() as seen:
        hub.run()
    rows = {kind: count for kind, count in seen.items() if not kind.startswith("call ")}
    # Its place in both streams; the run; the evidence; when it is due, asked for (by the test), taken and planned anew.
    assert rows == {"checkpoint": 2, "run": 1, "connection": 1, "sync": 3}
    run = hub.runs()[0]
    assert (run["outcome"], run["seen"], run["created"], run["updated"]) == ("complete", 0, 0, 0)
    hub.cloud.advance(WEEK)
    with written() as seen:
        hub.run()  # a full pass
    rows = {kind: count for kind, count in seen.items() if not kind.startswith("call ")}
    assert rows == {"checkpoint": 4, "run": 2, "connection": 1, "sync": 2, "pass": 4}
    assert hub.runs()[0]["unchanged"] == 21


def test_only_a_complete_pass_deletes_and_what_is_still_there_stays(connect: Callable[..., Synced]) -> None:
    hub = connect()
    hub.account.put(*(person(n) for n in range(6)))
    hub.run()
    hub.cloud.advance(WEEK)
    hub.account.delete("p0", silently=True)
    hub.account.fault("skip")  # one page is left out: what it held is no less there
    hub.account.fault("down")
    hub.run()
    assert len(hub.contacts()) == 6
    hub.run()
    assert sorted(hub.contacts()) == [f"Person{n}" for n in range(1, 6)]
    assert hub.runs()[0]["deleted"] == 1
    assert "look contacts" in hub.account.asked


def test_what_vanishes_and_comes_back_between_pages(connect: Callable[..., Synced]) -> None:
    hub = connect()
    hub.account.put(*(person(n) for n in range(6)))
    hub.run()
    ids = {name: each["id"] for name, each in hub.contacts().items()}
    hub.cloud.advance(WEEK)
    hub.account.delete("p0", "p5", silently=True)
    hub.run(one_page=True)  # the companies' pass
    hub.run(one_page=True)  # p1, p2
    hub.account.put(person(0), person(5))
    hub.run()
    hub.run()
    assert {name: each["id"] for name, each in hub.contacts().items()} == ids


def test_a_page_that_repeats_begins_the_pass_again_but_not_for_ever(connect: Callable[..., Synced]) -> None:
    hub = connect()
    hub.account.put(*(person(n) for n in range(5)))
    hub.account.fault("repeat", after=1)
    hub.run()
    assert len(hub.contacts()) == 5
    assert hub.seen()["health"]["stored"] == 5
    hub.cloud.advance(WEEK)
    for _ in range(4):
        hub.account.fault("repeat")
    hub.run()
    assert (hub.runs()[0]["outcome"], hub.seen()["health"]["incomplete"]) == ("pages_repeat", "pages_repeat")
    hub.account.set(faults=[])
    hub.run()
    assert hub.seen()["health"]["incomplete"] is None


def test_a_position_that_is_lost_again_and_again_is_let_go(connect: Callable[..., Synced]) -> None:
    hub = connect()
    hub.account.put(*(person(n) for n in range(5)))
    for _ in range(4):
        hub.account.fault("lost", after=1)
    hub.run()
    assert hub.runs()[0]["outcome"] == "pages_repeat"
    hub.account.fault("lost")  # where the last run was, if it were asked for that
    hub.run()
    assert (hub.runs()[0]["outcome"], len(hub.contacts())) == ("complete", 5)


def test_a_worker_killed_at_the_end_of_a_pass_counts_nothing_twice(connect: Callable[..., Synced]) -> None:
    hub = connect()
    hub.account.put(*(person(n) for n in range(4)))
    for _ in range(3):  # the companies' pass, and both pages
        hub.run(one_page=True)
    shown = [(hub.member.tenant, sk) for sk in hub.rows("pass") if hub.id[-26:] in sk]
    assert shown
    batch.delete_all(PassRecord, shown)  # as the killed worker did, just before it wrote that the pass is complete
    hub.run()
    assert (hub.runs()[0]["outcome"], hub.seen()["health"]["stored"]) == ("complete", 4)
    asked = hub.account.asked
    assert (asked.count("count contacts"), "look contacts" in asked) == (1, False)


def test_what_a_killed_worker_had_stored_is_counted(cloud: Cloud, connect: Callable[..., Synced]) -> None:
    """Else a deletion that only the source's count tells of would go unseen: one more here, one less there."""
    hub = connect()
    hub.account.put(*(person(n) for n in range(3)))
    hub.run()
    table = settings.current().tables.tenant_data
    rows_before = state.partition(cloud, table, "tenant", hub.member.tenant)
    hub.account.put(person(3))
    hub.run()
    for item in rows_before:  # as if it had been killed before it wrote where it was
        if item["sk"]["S"].startswith("checkpoint#"):
            cloud.client("dynamodb").put_item(TableName=table, Item=item)
    due.schedule(due.Due(SYNC_DUE, hub.ident), clock.now())  # its lease was never given back
    hub.account.delete("p1", silently=True)
    hub.run()
    assert sorted(hub.contacts()) == ["Person0", "Person2", "Person3"]
    health = hub.seen()["health"]
    assert (health["seen"], health["stored"], health["incomplete"]) == (3, 3, None)


def test_what_a_worker_that_failed_had_taken_away_is_counted(connect: Callable[..., Synced]) -> None:
    hub = connect(page=1)
    hub.account.put(*(person(n) for n in range(4)))
    hub.run()
    hub.account.delete("p1")
    hub.account.put(person(2, title="Buyer"), person(3, title="Buyer"))
    while hub.contacts()["Person2"]["title"] is None:
        hub.run(one_page=True)
    hub.account.delete("p2")  # shown, and said to be gone, in one pass: that is asked again
    hub.account.fault("down", at="look")
    hub.run()
    assert sorted(hub.contacts()) == ["Person0", "Person2", "Person3"]
    assert hub.seen()["health"]["incomplete"] == "provider_unavailable"
    assert "look contacts" in hub.account.asked
    hub.run()
    assert sorted(hub.contacts()) == ["Person0", "Person3"]
    assert (hub.seen()["health"]["stored"], hub.seen()["health"]["incomplete"]) == (2, None)
    assert hub.account.asked.count("count contacts") == 1, "a full pass followed, for it was miscounted"


def test_pages_of_changes_that_showed_nothing_are_not_read_again_after_a_failure(
    connect: Callable[..., Synced],
) -> None:
    hub = connect()
    hub.account.put(person(0))
    hub.run()
    hub.account.set(page=20, asked=[])
    firms = [Organization(f"c{number}", f"Firm {number}") for number in range(50)]
    hub.account.put(*firms)  # of which three pages of contacts show nothing
    hub.account.fault("down", after=2)
    hub.run()
    assert hub.account.asked.count("page contacts") == 3
    hub.run()
    assert hub.account.asked.count("page contacts") == 1


def test_a_lost_position_and_counts_that_differ_lead_to_a_full_pass(connect: Callable[..., Synced]) -> None:
    hub = connect()
    hub.account.put(*(person(n) for n in range(3)))
    hub.run()
    hub.account.delete("p1", silently=True)
    hub.account.fault("lost")
    hub.run()
    assert sorted(hub.contacts()) == ["Person0", "Person2"]
    hub.account.delete("p2", silently=True)
    hub.run()  # what it counts is one less than what is here
    assert sorted(hub.contacts()) == ["Person0"]
    assert hub.seen()["health"]["incomplete"] is None
    hub.account.set(hidden=2)
    hub.run()
    assert hub.seen()["health"]["incomplete"] == "counts_differ"
    asked = hub.account.asked
    hub.run()
    assert len(hub.account.asked) < len(asked)  # no full pass each time
    hub.account.set(hidden=0)
    hub.run()
    assert hub.seen()["health"]["incomplete"] is None
