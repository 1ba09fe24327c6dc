"""A sync killed while records go on under other ids: each is here once, with what its member added."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from chalicelib.connectors.port import Organization, Person
from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.crash import state
from tests.crash.conftest import Crasher, Killing, points
from tests.support.queues import sqs_event, take_off
from tests.support.scripted_connection import Synced, connected, forget

pytestmark = pytest.mark.crash
LOADED = {"tests.support.scripted_provider:IN_CHILD": 1}  # see test_crash_sync.py


@dataclass
class Begun:
    """A connection whose records have other ids now, two people one; and the ids here of whom the member added to."""

    hub: Synced
    contact: str
    company: str


def begin(cloud: Cloud, member: Member, folder: Path) -> Begun:
    hub = connected(cloud, member, folder, page=3)
    people = [
        Person(f"p{n}", "Ana", f"Person{n}", (f"ana.{n}@crash.example",), company_external_id="c1") for n in range(3)
    ]
    hub.account.put(Organization("c1", "Nord AG"), *people)
    hub.run()
    begun = Begun(hub, hub.contacts()["Person0"]["id"], hub.companies()["Nord AG"]["id"])
    hub.api.patch(f"/v1/contacts/{begun.contact}", {"notes": "Met at the fair"})
    hub.api.patch(f"/v1/companies/{begun.company}", {"tag": "prospect"})
    hub.account.rename("c1", "c9", stream="companies")
    hub.account.rename("p0", "p9", last_name="Merged", company_external_id="c9")
    hub.account.rename("p1", "p9")
    cloud.advance(1000)
    return begun


def check(cloud: Cloud, begun: Begun) -> None:
    hub = begun.hub
    contacts, companies = hub.contacts(), hub.companies()
    assert sorted(contacts) == ["Merged", "Person2"]
    merged = contacts["Merged"]
    assert (merged["id"], merged["notes"]) == (begun.contact, "Met at the fair")
    assert merged["company_id"] == begun.company
    assert {each["id"]: each["tag"] for each in companies.values()} == {begun.company: "prospect"}
    assert (len(hub.rows("copy")), hub.rows("pass")) == (3, [])
    for ident, there in {"p0": 0, "p1": 0, "c1": 0, "p9": 1, "c9": 1}.items():
        assert len(state.marked(cloud, hub.member.tenant, f'"{hub.source}:{ident}"'.lower())) == there
    assert state.unpointed(cloud, hub.member.tenant) == []
    health = hub.seen()["health"]
    assert (health["seen"], health["stored"], health["incomplete"]) == (3, 3, None)


def test_a_sync_of_renamed_records_killed_at_any_call(
    cloud: Cloud,
    new_workspace: Callable[..., Member],
    crasher: Crasher,
    killing: Killing,
    tmp_path: Path,
) -> None:
    def job(begun: Begun) -> tuple[str, list[Any]]:
        return "chalicelib.jobs.sync:handle", [sqs_event({"kind": "sync", "id": begun.hub.ident}), None]

    def ended(begun: Begun) -> None:
        check(cloud, begun)
        forget(begun.hub)

    begun = begin(cloud, new_workspace(), tmp_path)
    alive = crasher.run(*job(begun), constants=LOADED)
    assert alive["answer"] == "{'batchItemFailures': []}", alive
    ended(begun)
    where = points(alive["calls"], 6, kills=3)
    killing(
        "sync of renamed records", alive, where, lambda: begin(cloud, new_workspace(), tmp_path), job, ended, LOADED
    )
    take_off(cloud, "sync")
