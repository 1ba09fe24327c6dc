"""A deletion killed anywhere is told to clients if it was done, and only then, though nobody begins it again."""

from collections.abc import Callable

import pytest

from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.crash.conftest import CRASHED, Crasher, points
from tests.support.changes_client import Follower

pytestmark = pytest.mark.crash


def test_a_deletion_killed_at_any_call(
    cloud: Cloud,
    new_workspace: Callable[..., Member],
    crasher: Crasher,
    say: Callable[[str, int, int], None],
) -> None:
    member = new_workspace()

    def begin() -> tuple[str, list[str]]:
        ident = str(member.api.post("/v1/contacts", {"first_name": "Ann", "emails": ["a@crash.example"]}).json()["id"])
        return ident, [member.tenant, f"contact#{ident[4:14]}#{ident[14:]}"]

    job = "chalicelib.domain.contacts.erase:erase_contact"
    _, arguments = begin()
    calls = crasher.run(job, arguments)["calls"]
    kills, outcomes = 0, set()
    for call, when in points(calls, 0, kills=2 * calls):  # few calls: each point
        ident, arguments = begin()
        assert crasher.run(job, arguments, call, when)["code"] == CRASHED
        kills += 1
        gone = member.api.get(f"/v1/contacts/{ident}").status_code == 404
        upserts, deleted = Follower(member).poll()
        assert (ident in deleted, ident in upserts) == (gone, not gone), (call, when)
        outcomes.add(gone)
    assert outcomes == {True, False}
    say("deletion", calls, kills)
