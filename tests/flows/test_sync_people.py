"""Who a record of a connection becomes here: joined or apart, kept as its member wants it, away where it may not be."""

from collections.abc import Callable
from typing import Any

from chalicelib.connectors.port import Organization, Person
from chalicelib.core import ids
from chalicelib.domain.connections.model import PREFIX
from chalicelib.domain.sources import links
from chalicelib.domain.sources.records import SourceLinkRecord
from chalicelib.domain.sync import disconnect_cleanup
from chalicelib.store import batch
from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.crash import state
from tests.support.scripted_connection import Synced, person

DAY = 86_400


def copy_of(hub: Synced, external_id: str) -> str:
    """The sort key of what is kept of a person's record there."""
    key = links.key_of(hub.member.tenant, "contact", f"{hub.source}:{external_id}")
    connection = ids.parse_owned(hub.id, PREFIX)
    assert connection
    return links.prefix(connection, "contact") + key


def sources(item: dict[str, Any]) -> set[str]:
    return {each["source"] for each in item["sources"]}


def test_two_records_with_one_address_stay_two(connect: Callable[..., Synced]) -> None:
    hub = connect()
    hub.account.put(
        Person("a", "Ana", "Doe", ("desk@pair.example",)), Person("b", "Ben", "Roe", ("desk@pair.example",))
    )
    hub.run()
    assert sorted(hub.contacts()) == ["Doe", "Roe"]


def test_a_contact_that_comes_back_has_another_id(connect: Callable[..., Synced]) -> None:
    hub = connect()
    ids_of = list[str]()
    for _ in range(2):
        hub.account.put(person(1), Organization("o1", "Acme", "acme.example"))
        hub.run()
        ids_of += [hub.contacts()["Person1"]["id"]]
        hub.account.delete("p1")
        hub.run()
        assert hub.contacts() == {}
    assert len(set(ids_of)) == 2, "else it told that a source brought it"


def test_a_record_joins_whom_the_member_has_where_nothing_speaks_against_it(
    connect: Callable[..., Synced], run_import: Callable[..., Any]
) -> None:
    hub = connect()
    run_import(
        hub.member, "First Name,Last Name,Email,Title\nÁna,Doe,ana@join.example,CEO\nJon,Poe,shared@join.example,\n"
    )
    hub.account.put(
        Person("a", "Ana", "Doe", ("ANA@join.example", "ana2@join.example"), title="Buyer"),
        Person("b", "Ana", "Doe", ("ana@join.example",)),
        Person("c", "Eva", "Moe", ("shared@join.example",)),
    )
    hub.run()
    items = hub.api.get("/v1/contacts").json()["items"]
    (joined,) = [each for each in items if hub.source in sources(each) and len(each["sources"]) == 2]
    assert (joined["title"], joined["emails"]) == ("CEO", ["ana@join.example", "ana2@join.example"])
    assert len(items) == 4  # the other record of that name, and the two who share a mailbox
    again = connect()  # a second connection joins both of the same person's, as it has one record
    again.account.put(Person("z", "", "", ("ana2@join.example",), phones=("+49 30 1234567",)))
    again.run()
    items = hub.api.get("/v1/contacts").json()["items"]
    assert len(items) == 4
    (joined,) = [each for each in items if each["id"] == joined["id"]]
    assert joined["phones"] == ["+49 30 1234567"]
    hub.account.delete("a")
    hub.run()
    (left,) = [each for each in hub.api.get("/v1/contacts").json()["items"] if each["id"] == joined["id"]]
    assert left["emails"] == ["ana@join.example", "ana2@join.example"]  # others vouch for both
    assert sources(left) & {hub.source} == set()
    assert state.unpointed(hub.cloud, hub.member.tenant) == []


def test_a_profile_of_its_own_joins_a_record_and_a_shared_page_does_not(
    connect: Callable[..., Synced], run_import: Callable[..., Any]
) -> None:
    hub = connect()
    run_import(
        hub.member,
        "First Name,Last Name,LinkedIn\nAna,Doe,linkedin.com/in/ana-doe\nEva,Moe,https://shop.example/team\n",
    )
    hub.account.put(
        Person("a", "A.", "Doe", profile_urls=("https://www.linkedin.com/in/ana-doe/",), title="Buyer"),
        Person("b", "Eva", "Moe", profile_urls=("https://shop.example/team",)),
        Person("c", "Ben", "Roe", profile_urls=("https://linkedin.com/in/ana-doe",)),
    )
    hub.run()
    items = hub.api.get("/v1/contacts").json()["items"]
    assert sorted((each["first_name"], each["title"], len(each["sources"])) for each in items) == [
        ("Ana", "Buyer", 2),
        ("Ben", None, 1),
        ("Eva", None, 1),
        ("Eva", None, 1),
    ]


def test_what_another_connection_shows_comes_back_though_nothing_of_what_went_was_its_own(
    connect: Callable[..., Synced],
) -> None:
    hub, other = connect(), connect()
    hub.account.put(Organization("c", "Nord AG", "nord.example"), Person("a", "Ana", "Doe", ("ana@own.example",)))
    hub.run()
    other.account.put(Organization("z", "Nord", "nord.example"), Person("z", "", "", ("ana@own.example",)))
    other.run()
    other.account.put(Organization("z", "Nord", "other.example"), Person("z", "Anna", "Roe"))
    other.run()  # joined: the first one's name, domain and address stay, and none of them is the second one's
    assert (set(hub.companies()), hub.contacts()["Doe"]["first_name"]) == ({"Nord AG"}, "Ana")
    hub.account.delete("a")
    hub.account.delete("c", stream="companies")
    hub.run()
    other.cloud.advance(8 * DAY)
    other.run()
    assert (set(other.companies()), other.contacts()["Roe"]["first_name"]) == ({"Nord"}, "Anna")
    assert state.unpointed(hub.cloud, hub.member.tenant) == []


def test_a_disconnection_finds_what_a_killed_worker_had_not_noted(connect: Callable[..., Synced]) -> None:
    hub = connect()
    hub.account.put(Organization("c", "Nord AG"), person(1), person(2))
    hub.run()
    own = [(hub.member.tenant, sk) for sk in hub.rows("copy") if hub.id[-26:] in sk]
    batch.delete_all(SourceLinkRecord, own)
    assert disconnect_cleanup.forget(hub.member.tenant, hub.id, lambda: True)
    assert (hub.contacts(), hub.companies()) == ({}, {})
    assert state.unpointed(hub.cloud, hub.member.tenant) == []


def test_what_the_member_says_stands(connect: Callable[..., Synced]) -> None:
    hub = connect()
    hub.account.put(Organization("c", "Nord AG", "nord.example"), person(1, title="Buyer", company_external_id="c"))
    own = hub.api.post("/v1/companies", {"name": "Nord", "domain": "nord.example"}).json()
    hub.run()
    assert set(hub.companies()) == {"Nord"}  # joined by its domain; the member's name stands
    contact = hub.contacts()["Person1"]
    assert contact["company_id"] == own["id"]
    assert hub.api.patch(f"/v1/contacts/{contact['id']}", {"title": "Boss", "notes": "met"}).status_code == 200
    hub.account.put(person(1, title="Seller", phones=("+33 1 23 45 67 89",), company_external_id="c"))
    hub.run()
    contact = hub.contacts()["Person1"]
    assert (contact["title"], contact["notes"], contact["phones"]) == ("Boss", "met", ["+33 1 23 45 67 89"])
    hub.api.put(f"/v1/companies/{own['id']}/tag", {"tag": "client"})
    hub.account.delete("p1")
    hub.account.delete("c", stream="companies")
    hub.run()
    kept = hub.contacts()["Person1"]  # which has a note of the member's
    assert (kept["id"], kept["title"], kept["emails"]) == (contact["id"], "Boss", contact["emails"])
    assert set(hub.companies()) == {"Nord"}


def test_what_the_member_deleted_stays_away_while_the_source_shows_it(connect: Callable[..., Synced]) -> None:
    hub = connect()
    hub.account.put(Organization("c", "Nord AG"), person(1), person(2))
    hub.run()
    assert hub.api.delete(f"/v1/contacts/{hub.contacts()['Person1']['id']}").status_code == 204
    assert hub.api.delete(f"/v1/companies/{hub.companies()['Nord AG']['id']}").status_code == 204
    hub.account.put(Organization("c", "Nord SE"), person(1, title="Boss"))
    hub.run()
    hub.cloud.advance(8 * DAY)
    hub.run()
    assert (set(hub.contacts()), hub.companies()) == ({"Person2"}, {})
    health = hub.seen()["health"]
    assert (health["seen"], health["stored"], health["skipped"]) == (3, 1, {"dropped_here": 2})
    hub.account.delete("p1")
    hub.run()
    hub.account.put(person(1))
    hub.run()
    assert set(hub.contacts()) == {"Person1", "Person2"}


def test_roles_nobody_and_the_erased_are_skipped_at_every_pass(
    connect: Callable[..., Synced], erased: Callable[..., str]
) -> None:
    hub = connect()
    gone = Person("gone", "Gone", "Person", (f"gone-{hub.id[-6:]}@sync.example",), phones=("+49 30 7654321",))
    hub.account.put(
        gone,
        Person("role", "Front", "Desk", ("info@sync.example", "not an address")),
        Person("none", title="Buyer"),
        Person("mixed", "Mia", f"Mixed mia-{hub.id[-6:]}@sync.example", ("sales@sync.example",)),
    )
    hub.account.put(Person("aside", "", "Aside", phones=(f"030 7654321 ({gone.emails[0]})", "a12345@sync.example")))
    hub.run()
    assert hub.contacts()["Aside"]["phones"] == ["030 7654321"], "an address hides as a number"
    hub.account.delete("aside")
    hub.run()
    assert set(hub.contacts()) == {"Person", "Mixed"}
    assert hub.contacts()["Mixed"]["emails"] == [f"mia-{hub.id[-6:]}@sync.example"]
    of_gone, of_mixed = (copy_of(hub, each) for each in ("gone", "mixed"))
    assert sorted(hub.rows("copy")) == sorted([of_gone, of_mixed])
    erased(gone.emails[0])
    assert hub.rows("copy") == [of_mixed], "nothing is kept of which record the erased person was"
    for days in (0, 8):
        hub.cloud.advance(days * DAY)
        hub.account.put(gone)
        hub.run()
        assert set(hub.contacts()) == {"Mixed"}
        assert hub.seen()["health"]["seen"] == 4
    health = hub.seen()["health"]
    assert (health["stored"], health["skipped"]) == (1, {"address_not_storable": 2, "nobody": 1})
    assert state.marked(hub.cloud, hub.member.tenant, gone.emails[0]) == []


def test_colleagues_see_that_it_is_shared_and_not_by_which_connection(
    connect: Callable[..., Synced], new_colleague: Callable[[Member], Member]
) -> None:
    hub = connect()
    other = new_colleague(hub.member)
    hub.account.put(person(1, opted_out=True))
    hub.run()
    hub.api.patch("/v1/me/settings", {"share_contacts": True})
    (seen,) = other.api.get("/v1/contacts").json()["items"]
    assert (seen["last_name"], sources(seen), seen["opted_out"]) == ("Person1", {"viadeo"}, False)


def test_a_disconnection_takes_only_what_came_from_it(
    connect: Callable[..., Synced], run_import: Callable[..., Any], cloud: Cloud
) -> None:
    one, two = connect(), connect()
    run_import(one.member, "First Name,Last Name,Email\nAna,Person1,ana.1@sync.example\n")
    one.account.put(Organization("c", "Nord AG", "nord.example"), *(person(n) for n in range(30)))
    two.account.put(Organization("x", "Nord", "nord.example"), person(1), person(2, phones=("+49 30 1112223",)))
    one.run()
    two.run()
    assert len(one.contacts()) == 30
    assert one.api.delete(f"/v1/connections/{one.id}").status_code == 202
    cloud.drain()
    cloud.advance(120)
    cloud.drain()
    assert one.api.get(f"/v1/connections/{one.id}").status_code == 404
    left = two.contacts()
    assert set(left) == {"Person1", "Person2"}
    assert sources(left["Person1"]) == {"import:generic_csv", two.source}
    assert set(two.companies()) == {"Nord"}, "the next best name is shown at once"
    of_one = [sk for kind in ("copy", "run", "checkpoint", "pass") for sk in one.rows(kind) if one.id[-26:] in sk]
    assert of_one == []
    assert state.marked(cloud, one.member.tenant, one.source) == []
    assert state.unpointed(cloud, one.member.tenant) == []
