"""What has another id at its source now is here what it was: its id, notes, tag; and away, if its member did not want it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from chalicelib.connectors.port import Organization, Person
from infra.local.cloud import Cloud
from infra.simulators.google.contacts import described
from infra.simulators.hubspot.simulator import HubSpot
from tests.conftest import Member
from tests.crash import state
from tests.flows.test_hubspot_sync import at_source, contacts, made, synced
from tests.support.consent_flow import connect
from tests.support.hubspot_app import emptied
from tests.support.scripted_connection import Synced, connected, forget


@pytest.fixture
def hubspot(cloud: Cloud) -> Iterator[HubSpot]:
    """The cloud's own, emptied."""
    yield from emptied(cloud)


@pytest.fixture
def hub(cloud: Cloud, member: Member, tmp_path: Path) -> Iterator[Synced]:
    """A connection to a scripted account."""
    made = connected(cloud, member, tmp_path)
    yield made
    forget(made)


def noted(member: Member, item: dict[str, Any]) -> str:
    """The id of a contact that its member has notes on now."""
    answer = member.api.patch(f"/v1/contacts/{item['id']}", {"notes": "Met at the fair"})
    assert answer.status_code == 200, answer.text
    return str(item["id"])


def test_what_hubspot_merges_into_a_new_record_stays_what_it_was(
    cloud: Cloud, member: Member, hubspot: HubSpot
) -> None:
    nord = made(hubspot, "companies", name="Nord Papier", domain="nord-papier.example")
    other = made(hubspot, "companies", name="Nord Paper")
    told = {"associatedcompanyid": other}
    ada = made(hubspot, "contacts", firstname="Ada", lastname="Ahl", email="ada.ahl@nord-papier.example", **told)
    twin = made(hubspot, "contacts", firstname="Adah", lastname="Ahl", email="adah.ahl@nord-papier.example")
    connection = connect(cloud, member, "hubspot")["id"]
    cloud.drain()
    contact = noted(member, contacts(member)["Ada"])
    companies = member.api.get("/v1/companies").json()["items"]
    company = next(each["id"] for each in companies if each["name"] == "Nord Papier")
    assert member.api.put(f"/v1/companies/{company}/tag", {"tag": "client"}).status_code == 200
    hubspot.objects.lag_s = 60  # searches find the new records later than the old ones are archived
    at_source(hubspot, "POST", f"/_companies/{other}/merge", into=nord)
    at_source(hubspot, "POST", f"/_contacts/{twin}/merge", into=ada)
    assert member.api.post(f"/v1/connections/{connection}/sync").status_code == 202
    cloud.drain()
    assert [each["id"] for each in contacts(member).values()] == [contact]
    health = synced(cloud, member, connection)
    items = member.api.get("/v1/contacts").json()["items"]
    assert [(each["id"], each["notes"], each["company_id"]) for each in items] == [
        (contact, "Met at the fair", company)
    ]
    companies = member.api.get("/v1/companies").json()["items"]
    assert [(each["id"], each["tag"]) for each in companies] == [(company, "client")]
    assert (health["seen"], health["stored"], health["incomplete"]) == (2, 2, None)
    assert state.unpointed(cloud, member.tenant) == []

    assert member.api.patch(f"/v1/contacts/{contact}", {"notes": None}).status_code == 200, "its member lets it go"
    assert member.api.delete(f"/v1/companies/{company}/tag").status_code < 300
    at_source(hubspot, "DELETE", f"/_contacts/{at_source(hubspot, 'GET', '/_contacts')[0]['id']}")
    assert synced(cloud, member, connection)["stored"] == 1
    assert contacts(member) == {}, "it goes by its new id"


def test_who_has_another_name_at_google_stays_who_it_was(cloud: Cloud, member: Member) -> None:
    google, address = cloud.connectors.google, f"renaming.{member.id}@team.example"
    people = google.accounts.add(address, "Mia Member").contacts
    ada = people.add(described(first_name="Ada", emails=["ada.ahl@nord-papier.example"]))
    people.add(described(first_name="Ben", emails=["ben.berg@nord-papier.example"]))
    connection = connect(cloud, member, "google", address, tier="contacts")["id"]
    cloud.drain()
    contact = noted(member, contacts(member)["Ada"])
    people.rename(ada.name)
    health = synced(cloud, member, connection)
    there = contacts(member)
    assert sorted(there) == ["Ada", "Ben"]
    assert (there["Ada"]["id"], there["Ada"]["notes"]) == (contact, "Met at the fair")
    assert (health["seen"], health["stored"], health["incomplete"]) == (2, 2, None)
    assert state.unpointed(cloud, member.tenant) == []


def test_what_was_deleted_here_stays_away_under_another_id(hub: Synced) -> None:
    hub.account.put(Organization("c1", "Gone AG"), Person("p1", "Ana", "Gone"), Person("p2", "Ben", "Kept"))
    hub.run()
    kept = hub.contacts()["Kept"]["id"]
    assert hub.api.delete(f"/v1/contacts/{hub.contacts()['Gone']['id']}").status_code == 204
    assert hub.api.delete(f"/v1/companies/{hub.companies()['Gone AG']['id']}").status_code == 204
    hub.account.rename("p1", "p9")
    hub.account.rename("c1", "c9", stream="companies")
    hub.run()
    assert (sorted(hub.contacts()), hub.companies()) == (["Kept"], {})
    hub.account.rename("p9", "p10")  # with somebody who is wanted: that one it is
    hub.account.rename("p2", "p10")
    hub.run()
    assert sorted(hub.contacts()) == ["Gone"], "as it is there now"
    assert [each["id"] for each in hub.contacts().values()] == [kept]


def test_what_another_record_became_a_part_of_keeps_its_own(hub: Synced) -> None:
    hub.account.put(*(Person(f"p{n}", "Ana", f"Person{n}") for n in range(2)), Organization("c1", "Nord"))
    hub.account.put(Organization("c2", "Nord AG"))
    hub.run()
    ids = {**hub.contacts(), **hub.companies()}
    hub.account.rename("p0", "p1")
    hub.account.rename("c2", "c1", stream="companies")
    hub.run()
    left = {**hub.contacts(), **hub.companies()}
    assert {name: each["id"] for name, each in left.items()} == {name: ids[name]["id"] for name in ("Person1", "Nord")}
    health = hub.seen()["health"]
    assert (health["seen"], health["stored"], health["incomplete"]) == (2, 2, None)


def test_what_was_shown_by_its_old_id_in_the_same_pass_is_no_other(hub: Synced) -> None:
    """The old id on one page, the new one on a later page; in a full pass, too."""
    hub.account.put(*(Person(f"p{n}", "Ana", f"Person{n}", (f"ana.{n}@old.example",)) for n in range(4)))
    hub.run()
    ids = {name: each["id"] for name, each in hub.contacts().items()}
    hub.cloud.advance(7 * 86_400 + 60)
    hub.run(one_page=True)  # the companies' pass
    hub.run(one_page=True)  # p0, p1
    hub.account.rename("p0", "p9")
    hub.run()
    hub.run()
    assert {name: each["id"] for name, each in hub.contacts().items()} == ids
    health = hub.seen()["health"]
    assert (health["seen"], health["stored"], health["incomplete"]) == (4, 4, None)
