"""A member's own words outlive their source: however a source ends, what its member annotated stays as the member's own."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest

from chalicelib.connectors.port import Person
from chalicelib.core import clock
from chalicelib.core.identifiers import EmailAddress
from chalicelib.domain import kinds
from chalicelib.domain.connections import repository
from chalicelib.domain.connections.model import DISCONNECT_DUE, SYNC_DUE
from chalicelib.domain.contacts.records import ContactRecord
from chalicelib.domain.retention import sweep
from chalicelib.domain.sources.provenance import MEMBER_HIDDEN
from chalicelib.domain.suppression import tombstones
from chalicelib.domain.suppression.model import marks_of
from chalicelib.store import due, rows, steps
from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.crash import state
from tests.support.annotated_contacts import WORDS, begun
from tests.support.export_zip import exported
from tests.support.scripted_connection import Synced

DAY = 86_400
End = Callable[[Synced], None]


def silence(hub: Synced) -> None:
    """For 31 days; the daily pass has not come yet."""
    hub.cloud.advance(31 * DAY)


def swept(hub: Synced) -> None:
    hub.cloud.advance(31 * DAY)
    assert steps.run(sweep.work(kinds.RECORDS), hub.member.tenant, lambda: True).state == "passed"


def deleted_at_the_source(hub: Synced) -> None:
    for each in (*WORDS, "Plain"):
        hub.account.delete(each)
    hub.account.delete("c", stream="companies")
    hub.run()
    hub.cloud.advance(3600)
    hub.run()  # all of them at once: the pass an hour later decides


def disconnected(hub: Synced) -> None:
    assert hub.api.delete(f"/v1/connections/{hub.id}").status_code == 202
    due.done(due.Due(SYNC_DUE, hub.ident))
    hub.cloud.drain()
    record = repository.find(hub.member.tenant, hub.id)
    assert record is None, state.due(DISCONNECT_DUE, hub.ident)


ENDS: tuple[End, ...] = (silence, swept, deleted_at_the_source, disconnected)


@pytest.mark.parametrize("end", ENDS)
def test_what_its_member_annotated_stays_and_says_so(connect: Callable[..., Synced], end: End) -> None:
    hub = connect()
    before = begun(hub)
    assert {each.get("kept_since") for each in before.values()} == {None}
    end(hub)
    after = hub.contacts()
    assert sorted(after) == sorted(WORDS), "and nothing else does"
    for name, each in after.items():
        same = ("id", "first_name", "emails", "phones", "title", "company_id", "company_name", "notes")
        assert {key: each[key] for key in same} == {key: before[name][key] for key in same}
        since = clock.parse_rfc3339(each["kept_since"])
        assert clock.now() - timedelta(days=2) < since <= clock.now()
        told = {source["source"] for source in each["sources"]}
        assert told <= {"member", "member:kept", MEMBER_HIDDEN}
        assert hub.api.get(f"/v1/contacts/{each['id']}").json() == each
    assert hub.companies()["Nord AG"]["tag"] == "client"
    assert state.unpointed(hub.cloud, hub.member.tenant) == []


@pytest.mark.parametrize("end", ENDS)
def test_what_stays_lives_for_its_36_months_and_is_announced(connect: Callable[..., Synced], end: End) -> None:
    hub = connect()
    begun(hub)
    end(hub)
    lived = (clock.now() - clock.parse_rfc3339(hub.contacts()["Noted"]["created_at"])).total_seconds()
    hub.cloud.advance((1095 - 15) * DAY - lived)  # 36 months have 1,095 or 1,096 days
    assert hub.api.get("/v1/contacts?expiring=true").json()["items"] == []
    hub.cloud.advance(2.5 * DAY)
    listed = {each["last_name"]: each for each in hub.api.get("/v1/contacts?expiring=true").json()["items"]}
    assert sorted(listed) == ["Linked", "Noted", "Phoned"], "a client's contact stays"
    assert listed["Noted"]["kept_since"]
    hub.cloud.advance(14 * DAY)
    assert sorted(hub.contacts()) == ["Tagged"]


def test_what_no_connection_shows_and_nobody_annotated_is_announced(connect: Callable[..., Synced]) -> None:
    hub = connect()
    begun(hub)
    hub.cloud.advance(15 * DAY)
    assert hub.api.get("/v1/contacts?expiring=true").json()["items"] == []
    hub.cloud.advance(2 * DAY)
    (item,) = hub.api.get("/v1/contacts?expiring=true").json()["items"]
    assert item["last_name"] == "Plain"
    left = clock.parse_rfc3339(item["expires_at"]) - clock.now()
    assert timedelta(days=12) < left < timedelta(days=13.1)
    assert hub.api.patch(f"/v1/contacts/{item['id']}", {"notes": "mine"}).status_code == 200
    assert hub.api.get("/v1/contacts?expiring=true").json()["items"] == []
    hub.cloud.advance(20 * DAY)
    assert hub.contacts()["Plain"]["kept_since"]


def test_a_connection_that_comes_back_takes_up_what_was_kept(connect: Callable[..., Synced]) -> None:
    hub = connect()
    before = begun(hub)
    swept(hub)
    hub.account.put(Person("Noted", "Ana", "Noted", ("new@own.example",), title="Boss"))
    hub.run()
    after = hub.contacts()
    assert sorted(after) == sorted((*WORDS, "Plain"))
    noted = after["Noted"]
    assert (noted["id"], noted["notes"]) == (before["Noted"]["id"], "met in Bonn")
    assert (noted["emails"], noted["title"]) == (["new@own.example"], "Boss"), "as the connection has it, nothing else"
    assert {each.get("kept_since") for each in after.values()} == {None}
    assert after["Tagged"]["company_id"] == before["Tagged"]["company_id"]
    for name in WORDS:
        assert {source["source"] for source in after[name]["sources"]} <= {"member", hub.source}
    hub.account.delete("Noted")
    hub.run()
    assert hub.contacts()["Noted"]["emails"] == ["new@own.example"]
    assert state.unpointed(hub.cloud, hub.member.tenant) == []


@pytest.mark.parametrize("end", ENDS)
def test_an_erasure_finds_what_was_kept(connect: Callable[..., Synced], erased: Callable[..., str], end: End) -> None:
    hub = connect()
    before = begun(hub)
    end(hub)
    erased(before["Noted"]["emails"][0])
    assert "Noted" not in hub.contacts()
    assert state.unpointed(hub.cloud, hub.member.tenant) == []
    if end is not disconnected:
        hub.run()
        assert "Noted" not in hub.contacts()


def test_what_a_connection_shows_no_more_of_somebody_erased_is_not_kept(connect: Callable[..., Synced]) -> None:
    """An erasure that has set its tombstones, and has not come to the contact yet."""
    hub = connect()
    begun(hub)
    address = EmailAddress.parse(hub.contacts()["Noted"]["emails"][0])
    tombstones.entomb(marks_of([address], [], [], []), hub.member.tenant)
    deleted_at_the_source(hub)
    assert sorted(hub.contacts()) == ["Linked", "Phoned", "Tagged"]


def test_who_leaves_takes_along_what_was_kept(
    connect: Callable[..., Synced],
    new_colleague: Callable[[Member], Member],
    member: Member,
    cloud: Cloud,
) -> None:
    goes = new_colleague(member)
    hub = connect(goes)
    begun(hub)
    swept(hub)
    assert sorted(hub.contacts()) == sorted(WORDS)
    member.api.token = cloud.issuer.token(member.email)
    assert member.api.delete(f"/v1/members/{goes.id}").status_code == 202
    for _ in range(3):
        cloud.drain()
        cloud.advance(700)
    assert list(rows.keys(ContactRecord, member.tenant, "contact#")) in ([], [[]])
    assert state.unpointed(cloud, member.tenant) == []


def test_an_export_says_what_was_kept_and_since_when(connect: Callable[..., Synced]) -> None:
    hub = connect()
    begun(hub)
    swept(hub)
    shown = {name: each["kept_since"] for name, each in hub.contacts().items()}
    assert hub.api.post("/v1/exports").status_code == 202
    due.done(due.Due(SYNC_DUE, hub.ident))
    hub.cloud.drain()
    (text,) = [body for name, body in exported(hub.cloud, hub.member.tenant).items() if name.endswith("contacts.json")]
    told = {each["last_name"]: each.get("kept_since") for each in json.loads(text)["items"]}
    assert told == shown


@pytest.mark.parametrize("silent_before", [False, True])
def test_a_disconnection_asks_first_and_removes_what_was_annotated_where_it_is_told_to(
    connect: Callable[..., Synced], silent_before: bool
) -> None:
    hub = connect()
    begun(hub)
    if silent_before:
        swept(hub)
    counted = {"contacts": 4, "companies": 1, "complete": True}
    path = f"/v1/connections/{hub.id}"
    asked = hub.api.get(f"{path}/annotated")
    assert (asked.status_code, asked.json()) == (200, counted)
    assert hub.api.delete(f"{path}?annotated=perhaps").status_code == 422
    answer = hub.api.delete(f"{path}?annotated=remove")
    assert (answer.status_code, answer.json()["annotated"]) == (202, counted)
    due.done(due.Due(SYNC_DUE, hub.ident))
    hub.cloud.drain()
    assert hub.contacts() == {}
    assert set(hub.companies()) == {"Own Ltd"}
    assert state.unpointed(hub.cloud, hub.member.tenant) == []


def test_a_disconnection_keeps_where_nothing_is_said_and_counts_what_it_keeps(connect: Callable[..., Synced]) -> None:
    hub = connect()
    begun(hub)
    answer = hub.api.delete(f"/v1/connections/{hub.id}")
    assert answer.json()["annotated"] == {"contacts": 4, "companies": 1, "complete": True}
    assert sorted(hub.api.get(f"/v1/connections/{hub.id}/annotated").json()["code"]) == sorted("not_found")


def test_what_stands_without_the_member_s_words_is_not_counted_among_what_they_keep(
    connect: Callable[..., Synced],
) -> None:
    hub = connect()
    own = {"first_name": "Ana", "last_name": "Noted", "emails": [f"noted.{hub.id[-6:]}@own.example"]}
    assert hub.api.post("/v1/contacts", own).status_code == 201
    begun(hub)
    kept = hub.contacts()["Noted"]
    assert (kept["notes"], kept["title"]) == ("met in Bonn", "Buyer")
    asked = hub.api.get(f"/v1/connections/{hub.id}/annotated")
    assert asked.json() == {"contacts": 3, "companies": 1, "complete": True}
