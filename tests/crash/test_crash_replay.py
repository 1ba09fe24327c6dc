"""The replay after a restore, killed anywhere and run again: who was erased is gone all the same, names in notes too, and what
was disconnected is."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.jobs import replay, sync
from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.crash import state
from tests.crash.conftest import Crasher, points
from tests.support.consent_flow import connect, listed
from tests.support.queues import sqs_event
from tests.support.table_backup import TABLES, Backup, empty_replay_log

pytestmark = pytest.mark.crash
JOB: tuple[str, list[Any]] = "chalicelib.jobs.replay:handle", [{}, None]


def stable(backup: Backup) -> set[tuple[str, ...]]:
    """The keys of all tenants' rows but those that clients are told changes by."""
    return {key for key in backup.now("tenant_data") if not key[1].startswith(("audit#", "shown#"))}


def known_as(mark: str, team: Member, other: Member) -> str:
    """Two teams know a person, by the mark; the address."""
    address, url = f"{mark}@crash.example", f"https://www.linkedin.com/in/{mark}"
    team.api.post(
        "/v1/contacts", {"first_name": "Lea", "last_name": "Roth", "emails": [address], "profile_urls": [url]}
    )
    team.api.post("/v1/contacts", {"first_name": "Leonie", "last_name": "Roth", "profile_urls": [url]})
    team.api.post("/v1/contacts", {"first_name": "Stays", "notes": f"knows Lea Roth or Leonie, {address}, well"})
    other.api.post("/v1/companies", {"name": "Firm", "notes": f"ask {address}"})
    return address


def assert_gone(cloud: Cloud, mark: str, address: str, team: Member, other: Member, what: tuple[int, str]) -> None:
    """Nothing of the person is left in either team, and nothing comes back."""
    items = team.api.get("/v1/contacts").json()["items"]
    assert [(i["first_name"], i["notes"]) for i in items] == [("Stays", "knows […] or […], […], well")], what
    for member in (team, other):
        assert state.marked(cloud, member.tenant, mark) == [], what
        assert state.unpointed(cloud, member.tenant) == [], what
        refused = member.api.post("/v1/contacts", {"first_name": "Back", "emails": [address]})
        assert refused.json()["code"] == "address_not_storable", what


def test_a_replay_killed_at_any_call(
    cloud: Cloud,
    new_workspace: Callable[..., Member],
    erased: Callable[..., str],
    crasher: Crasher,
    say: Callable[[str, int, int], None],
) -> None:
    empty_replay_log()
    team, other = new_workspace(), new_workspace()
    address = known_as(mark := f"p{uuid.uuid4().hex[:12]}", team, other)
    ident = connect(cloud, team, "x")["id"]
    cloud.drain()
    backup = Backup(cloud)
    ended = team.api.delete(f"/v1/connections/{ident}").json()["job"]["id"]
    erased(address)
    assert team.api.delete(f"/v1/jobs/{ended}").status_code == 204
    after = stable(backup)

    def check(what: tuple[int, str]) -> None:
        assert listed(team) == [], what
        sync.handle(sqs_event({"kind": "disconnect", "id": f"{team.tenant}.{ident}"}), None)
        assert_gone(cloud, mark, address, team, other, what)
        # Clients hear of what went as often as it goes: every other row is as it was after the erasure.
        assert stable(backup) == after, what
        again: dict[str, Any] = replay.handle({}, None)
        assert (again["done"], again["changed"]) == (True, 0), what

    backup.put_back(*TABLES)
    alive = crasher.run(*JOB)
    assert alive["code"] == 0, alive
    check((0, "alive"))
    kills = 0
    for point in points(alive["calls"], 0):
        backup.put_back(*TABLES)
        kills += crasher.kill(*JOB, *point)
        assert replay.handle({}, None)["done"], point
        check(point)
    say("replay", alive["calls"], kills)
    assert kills
