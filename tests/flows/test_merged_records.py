"""Records that were merged or made anew at their source keep here what their member added."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from chalicelib.connectors.port import Person
from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.crash import state
from tests.support.provider_connection import Followed
from tests.support.scripted_connection import Synced, connected, forget

ANA = "ana.berg@nord.example"


@pytest.fixture
def hub(cloud: Cloud, member: Member, tmp_path: Path) -> Iterator[Synced]:
    """A connection to a scripted account."""
    made = connected(cloud, member, tmp_path)
    yield made
    forget(made)


def noted(hub: Synced, name: str, notes: str = "Met at the fair") -> str:
    """The id of a contact that its member has notes on now."""
    ident = str(hub.contacts()[name]["id"])
    assert hub.api.patch(f"/v1/contacts/{ident}", {"notes": notes}).status_code == 200
    return ident


def kept(hub: Synced) -> list[tuple[str, Any]]:
    """Each contact's id and notes."""
    items = hub.api.get("/v1/contacts?limit=100").json()["items"]
    return [(each["id"], each["notes"]) for each in items]


@pytest.mark.parametrize("last", ["Berg", "Tal"])
@pytest.mark.parametrize("full", [False, True])
def test_who_was_made_anew_at_the_source_is_who_it_was(hub: Synced, last: str, *, full: bool) -> None:
    """With another id and the same own address, as after a restore there; a married name, too."""
    hub.account.put(Person("p1", "Ana", "Berg", (ANA,)), Person("p2", "Ben", "Kept"))
    hub.run()
    ident = noted(hub, "Berg")
    if full:
        hub.cloud.advance(8 * 86_400)
    hub.account.delete("p1")
    hub.account.put(Person("p9", "Ana", last, (ANA,)))
    hub.run()
    assert (ident, "Met at the fair") in kept(hub)
    assert len(kept(hub)) == 2
    health = hub.seen()["health"]
    assert (health["seen"], health["stored"], health["incomplete"]) == (2, 2, None)
    hub.cloud.advance(8 * 86_400)
    hub.run()
    assert (ident, "Met at the fair") in kept(hub)
    assert state.unpointed(hub.cloud, hub.member.tenant) == []


def test_two_who_share_an_address_at_the_source_stay_two(hub: Synced) -> None:
    hub.account.put(Person("p1", "Ana", "Berg", (ANA,)))
    hub.run()
    ident = noted(hub, "Berg")
    hub.account.put(Person("p9", "Ida", "Tal", (ANA,)))
    hub.run()
    assert sorted(hub.contacts()) == ["Berg", "Tal"]
    assert (ident, "Met at the fair") in kept(hub)


@pytest.mark.parametrize("new", ["p2", "p9"])
def test_whom_several_became_has_what_was_noted_of_each(hub: Synced, new: str) -> None:
    """One of them, or a record that is new."""
    hub.account.put(Person("p1", "Ana", "Berg", (ANA,)), Person("p2", "Anna", "Berger"))
    hub.run()
    first, second = noted(hub, "Berg", "Met at the fair"), noted(hub, "Berger", "Likes tea")
    for old in {"p1", "p2"} - {new}:
        hub.account.rename(old, new)
    hub.run()
    ((ident, notes),) = kept(hub)
    assert ident == (second if new == "p2" else ident)
    assert ident in {first, second}
    assert sorted(notes.split("\n\n")) == ["Likes tea", "Met at the fair"]
    assert state.unpointed(hub.cloud, hub.member.tenant) == []


@pytest.mark.parametrize("full", [False, True])
def test_what_salesforce_merges_keeps_note_and_tag(org: Followed, *, full: bool) -> None:
    """MasterRecordId of what is in the recycle bin says which record it became a part of."""
    crm: Any = org.cloud.salesforce.crm
    firm, twin = (crm.add("Account", Name=name) for name in ("West AG", "West Inc"))
    one, other = (crm.add("Contact", LastName=name, AccountId=firm) for name in ("Ahl", "Ahlberg"))
    org.settle()
    people = {each["last_name"]: each["id"] for each in org.items()}
    assert org.api.patch(f"/v1/contacts/{people['Ahlberg']}", {"notes": "Met at the fair"}).status_code == 200
    firms = {each["name"]: each["id"] for each in org.api.get("/v1/companies").json()["items"]}
    assert org.api.put(f"/v1/companies/{firms['West Inc']}/tag", {"tag": "client"}).status_code == 200
    crm.merge("Contact", other, one)
    crm.merge("Account", twin, firm)
    org.cloud.advance(8 * 86_400 if full else 3600)
    org.settle()
    assert [(each["last_name"], each["id"], each["notes"]) for each in org.items()] == [
        ("Ahl", people["Ahl"], "Met at the fair")
    ]
    left = {each["name"]: (each["id"], each["tag"]) for each in org.api.get("/v1/companies").json()["items"]}
    assert left["West AG"] == (firms["West AG"], "client")
    assert "West Inc" not in left
    assert state.unpointed(org.cloud, org.member.tenant) == []
