"""A sync killed at any call: what the source has is here once, what it has no more is not, and nothing hangs about."""

from collections.abc import Callable
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
# The child knows the scripted provider once this module is loaded there.
LOADED = {"tests.support.scripted_provider:IN_CHILD": 1}
WEEK = 7 * 86_400 + 60


def person(number: int, **more: Any) -> Person:
    given = {"first_name": "Ana", "last_name": f"Person{number}", "emails": (f"ana.{number}@crash.example",), **more}
    return Person(f"p{number}", company_external_id="c1", **given)


def begin(cloud: Cloud, member: Member, folder: Path) -> Synced:
    """Everything that a pass can meet: new, changed, joined, opted out, gone and said so, gone without a word."""
    hub = connected(cloud, member, folder, page=3)
    hub.account.put(Organization("c1", "Nord AG", "nord.example"), Organization("c2", "Gone AG"))
    hub.account.put(*(person(n) for n in range(6)))
    hub.run()
    hub.api.patch(f"/v1/contacts/{hub.contacts()['Person4']['id']}", {"phones": ["+49 30 1234567"]})
    hub.api.post("/v1/contacts", {"first_name": "Ana", "last_name": "Person7", "emails": ["ana.7@crash.example"]})
    hub.account.put(person(0, emails=("new.0@crash.example",)), person(5, opted_out=True), person(6), person(7))
    hub.account.put(Organization("c1", "Nord SE", "nord.example"))
    hub.account.delete("p1", "p4", silently=True)
    hub.account.delete("p2")
    hub.account.delete("c2", stream="companies")
    cloud.advance(WEEK)
    return hub


def check(cloud: Cloud, hub: Synced) -> None:
    contacts = hub.contacts()
    assert sorted(contacts) == ["Person0", "Person3", "Person4", "Person5", "Person6", "Person7"]
    assert contacts["Person4"]["phones"] == ["+49 30 1234567"]  # the member's own
    assert contacts["Person0"]["emails"] == ["new.0@crash.example"]
    assert {each["source"] for each in contacts["Person7"]["sources"]} == {"member", hub.source}
    assert set(hub.companies()) == {"Nord SE"}
    assert {name: each["company_name"] for name, each in contacts.items()}["Person6"] == "Nord SE"
    assert len(hub.rows("opt_out")) == 1
    assert (len(hub.rows("copy")), hub.rows("pass")) == (6, [])
    health = hub.seen()["health"]
    assert (health["seen"], health["stored"], health["incomplete"]) == (6, 6, None)
    assert state.unpointed(cloud, hub.member.tenant) == []
    assert state.due("sync", hub.ident)
    ended = {"complete", "to_be_continued", "killed", "taken_over", "waits_for_its_turn"}
    assert {run["outcome"] for run in hub.runs()} <= ended


def test_a_sync_killed_at_any_call(
    cloud: Cloud,
    new_workspace: Callable[..., Member],
    crasher: Crasher,
    killing: Killing,
    tmp_path: Path,
) -> None:
    def job(hub: Synced) -> tuple[str, list[Any]]:
        return "chalicelib.jobs.sync:handle", [sqs_event({"kind": "sync", "id": hub.ident}), None]

    def ended(hub: Synced) -> None:
        check(cloud, hub)
        forget(hub)

    hub = begin(cloud, new_workspace(), tmp_path)
    alive = crasher.run(*job(hub), constants=LOADED)
    assert alive["answer"] == "{'batchItemFailures': []}", alive
    ended(hub)
    where = points(alive["calls"], 3, kills=3)
    killing("sync", alive, where, lambda: begin(cloud, new_workspace(), tmp_path), job, ended, LOADED)
    take_off(cloud, "sync")


def test_a_disconnection_killed_at_any_call(
    cloud: Cloud,
    new_workspace: Callable[..., Member],
    crasher: Crasher,
    settle: Callable[[], None],
    killing: Killing,
    tmp_path: Path,
) -> None:
    def job(hub: Synced) -> tuple[str, list[Any]]:
        assert hub.api.delete(f"/v1/connections/{hub.id}").status_code == 202
        take_off(cloud, "sync")
        return "chalicelib.jobs.sync:handle", [sqs_event({"kind": "disconnect", "id": hub.ident}), None]

    hub = begin(cloud, new_workspace(), tmp_path)
    alive = crasher.run(*job(hub), constants=LOADED)
    settle()
    left(cloud, hub)
    where = points(alive["calls"], 7)
    killing(
        "disconnection with contents",
        alive,
        where,
        lambda: begin(cloud, new_workspace(), tmp_path),
        job,
        lambda hub: left(cloud, hub),
        LOADED,
    )


def left(cloud: Cloud, hub: Synced) -> None:
    """Only what the member said, or said something of."""
    contacts = hub.contacts()
    assert sorted(contacts) == ["Person4", "Person7"]
    assert hub.companies() == {}
    assert [kind for kind in ("copy", "pass", "run", "checkpoint", "connection") if hub.rows(kind)] == []
    (kept,) = state.marked(cloud, hub.member.tenant, hub.source)  # what its member annotated says whence it was
    assert contacts["Person4"]["id"].endswith(kept.rpartition("#")[2])
    assert state.unpointed(cloud, hub.member.tenant) == []
