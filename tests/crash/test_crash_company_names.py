"""The walk that carries a company's name to contacts, killed anywhere: in the end each contact shows the name that it has now."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from chalicelib.core import ids
from chalicelib.domain.accounts import member_lookup
from chalicelib.domain.companies import lent_names, repository
from chalicelib.domain.companies.records import LentNamesRecord
from chalicelib.store import due, rows
from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.crash import state
from tests.crash.conftest import Crasher, Killing, points
from tests.support.queues import sqs_event

pytestmark = pytest.mark.crash
SMALL = {"chalicelib.domain.contacts.company_names:_AT_ONCE": 2}


@dataclass
class Renamed:
    """A company that has another name, and one that is gone; contacts of both say the old names still."""

    member: Member
    work: due.Due


def begin(member: Member) -> Renamed:
    made = [member.api.post("/v1/companies", {"name": name}).json()["id"] for name in ("Acme", "Lost")]
    for number in range(5):
        fields = {"first_name": f"P{number}", "company_id": made[number % 2]}
        assert member.api.post("/v1/contacts", fields).status_code == 201
    owner = ids.owner_code(member.id)
    team = member_lookup.readable(member.tenant, owner)
    assert team is not None
    repository.update(team.actor, made[0], {"name": "Zenith"})
    repository.delete(team.actor, made[1])
    return Renamed(member, lent_names.due_of(member.tenant, owner))


def check(cloud: Cloud, begun: Renamed) -> None:
    member = begun.member
    member.api.token = cloud.issuer.token(member.email)
    items = member.api.get("/v1/contacts").json()["items"]
    assert sorted(str(item["company_name"]) for item in items) == ["None", "None", "Zenith", "Zenith", "Zenith"]
    assert sorted(item["company_id"] is None for item in items) == [False, False, False, True, True]
    assert rows.get(LentNamesRecord, member.tenant, lent_names.record_sk(ids.owner_code(member.id))) is None
    assert due.planned(begun.work) is None
    assert state.unpointed(cloud, member.tenant) == []


def test_the_walk_killed_at_any_call(
    cloud: Cloud, new_workspace: Callable[..., Member], crasher: Crasher, killing: Killing
) -> None:
    def job(begun: Renamed) -> tuple[str, list[Any]]:
        return "chalicelib.jobs.work:handle", [sqs_event({"kind": begun.work.kind, "id": begun.work.id}), None]

    begun = begin(new_workspace())
    alive = crasher.run(*job(begun), constants=SMALL)
    assert alive["answer"] == "{'batchItemFailures': []}", alive
    check(cloud, begun)
    where = points(alive["calls"], 4)
    killing("names of companies", alive, where, lambda: begin(new_workspace()), job, lambda it: check(cloud, it), SMALL)
