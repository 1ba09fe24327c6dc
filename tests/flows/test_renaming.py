"""What has another id at its source now is here what it was: its id, notes, tag; and away, if its member did not want it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from chalicelib.connectors.port import Organization, Person
from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.support.syncing import Synced, connected, forget


@pytest.fixture
def hub(cloud: Cloud, member: Member, tmp_path: Path) -> Iterator[Synced]:
    """A connection to a scripted account."""
    made = connected(cloud, member, tmp_path)
    yield made
    forget(made)


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
