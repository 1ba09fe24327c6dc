"""The walk that tells what a switch changed, killed anywhere: in the end colleagues are told of all that they saw, and nothing
else."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from chalicelib.core import ids
from chalicelib.domain.accounts import sharing
from chalicelib.domain.accounts.model import MemberPayload
from chalicelib.store import due
from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.crash.conftest import Crasher, Killing, points
from tests.support.changes_client import Follower
from tests.support.queues import sqs_event

pytestmark = pytest.mark.crash
SMALL = {"chalicelib.domain.contacts.switches:_AT_ONCE": 2}


@dataclass
class Hidden:
    """A member that shares nothing any more or is about to, and a colleague that had followed it; `seen` is what that has to
    drop."""

    owner: Member
    phone: Follower
    seen: set[str]
    work: due.Due


def shared(owner: Member, colleague: Member) -> Hidden:
    owner.api.patch("/v1/me/settings", {"share_contacts": True, "share_tags": True})
    made = [owner.api.post("/v1/contacts", {"first_name": f"P{number}"}).json()["id"] for number in range(5)]
    made += [owner.api.post("/v1/companies", {"name": f"C{number}"}).json()["id"] for number in range(3)]
    phone = Follower(colleague)
    phone.poll()
    return Hidden(owner, phone, set(made), sharing.due_of(owner.tenant, ids.owner_code(owner.id)))


def begin(owner: Member, colleague: Member) -> Hidden:
    begun = shared(owner, colleague)
    owner.api.patch("/v1/me/settings", {"share_contacts": False, "share_tags": False})
    assert owner.api.post("/v1/contacts", {"first_name": "Private"}).status_code == 201
    assert owner.api.delete(f"/v1/contacts/{max(begun.seen)}").status_code == 204
    return begun


def check(cloud: Cloud, begun: Hidden) -> None:
    begun.phone.member.api.token = cloud.issuer.token(begun.phone.member.email)
    assert begun.phone.poll() == (set(), begun.seen)
    row = sharing.row_of(begun.owner.tenant, ids.owner_code(begun.owner.id))
    assert row is not None
    assert all(each.told_at for each in row.unsealed(MemberPayload).switches)


def test_the_telling_killed_at_any_call(
    cloud: Cloud,
    new_workspace: Callable[..., Member],
    new_colleague: Callable[[Member], Member],
    crasher: Crasher,
    killing: Killing,
) -> None:
    def another() -> Hidden:
        owner = new_workspace()
        return begin(owner, new_colleague(owner))

    def job(begun: Hidden) -> tuple[str, list[Any]]:
        return "chalicelib.jobs.work:handle", [sqs_event({"kind": begun.work.kind, "id": begun.work.id}), None]

    begun = another()
    alive = crasher.run(*job(begun), constants=SMALL)
    assert alive["answer"] == "{'batchItemFailures': []}", alive
    check(cloud, begun)
    where = points(alive["calls"], 4)
    killing("what a switch changed", alive, where, another, job, lambda it: check(cloud, it), SMALL)


def test_the_request_of_a_switch_killed_at_any_call(
    cloud: Cloud,
    new_workspace: Callable[..., Member],
    new_colleague: Callable[[Member], Member],
    crasher: Crasher,
    killing: Killing,
) -> None:
    """The member does it again where it was killed; what has already been written is told without that."""

    def another() -> Hidden:
        owner = new_workspace()
        return shared(owner, new_colleague(owner))

    def job(begun: Hidden) -> tuple[str, list[Any]]:
        return "tests.crash.acting:hide", [begun.owner.tenant, begun.owner.id]

    def done_again(begun: Hidden) -> None:
        begun.owner.api.token = cloud.issuer.token(begun.owner.email)
        if begun.owner.api.get("/v1/me").json()["settings"]["share_contacts"]:
            begun.phone.member.api.token = cloud.issuer.token(begun.phone.member.email)
            assert begun.phone.poll()[1] == set()
            assert crasher.run(*job(begun))["code"] == 0
            cloud.drain()
        check(cloud, begun)

    begun = another()
    alive = crasher.run(*job(begun))
    assert alive["code"] == 0, alive
    cloud.drain()
    check(cloud, begun)
    killing("the request of a switch", alive, points(alive["calls"], 1), another, job, done_again)
