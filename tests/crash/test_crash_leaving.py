"""A leaving killed anywhere: once begun, the member is out, and everything it brought goes; nothing of others does."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from chalicelib.core import settings
from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.crash import state
from tests.crash.conftest import CRASHED, Crasher, points
from tests.support.queues import sqs_event, take_off

pytestmark = pytest.mark.crash


@dataclass
class Team:
    """An owner who stays and a member who goes."""

    cloud: Cloud
    stays: Member
    goes: Member

    def pass_(self) -> list[Any]:
        """One message to the function that carries leavings on."""
        return [sqs_event({"kind": "leaving", "id": f"{self.goes.tenant}.{self.goes.id}"}), None]

    def check(self) -> None:
        """The end state, whatever happened before."""
        code, tenant = self.goes.id[-10:], self.goes.tenant
        rows = state.partition(self.cloud, settings.current().tables.tenant_data, "tenant", tenant)
        assert [row["sk"]["S"] for row in rows if f"#{code}#" in row["sk"]["S"]] == []
        assert state.unpointed(self.cloud, tenant) == []
        assert not state.due("leaving", f"{tenant}.{self.goes.id}")
        self.stays.api.token = self.cloud.issuer.token(self.stays.email)  # days may have passed
        assert len(self.stays.api.get("/v1/contacts").json()["items"]) == 1


@pytest.fixture
def start(
    cloud: Cloud, new_workspace: Callable[..., Member], new_colleague: Callable[[Member], Member]
) -> Callable[[], Team]:
    """A new team; the member has asked to leave, and the message waits."""

    def make() -> Team:
        stays = new_workspace()
        goes = new_colleague(stays)
        for member in (stays, goes):
            body = {"first_name": "A", "emails": ["a@crash.example", "b@crash.example"], "notes": "c@crash.example"}
            assert member.api.post("/v1/contacts", body).status_code == 201
        assert goes.api.delete("/v1/me").status_code == 202
        take_off(cloud, "deletions")
        return Team(cloud, stays, goes)

    return make


def test_a_killed_pass_is_finished(
    cloud: Cloud,
    crasher: Crasher,
    start: Callable[[], Team],
    settle: Callable[[], None],
    say: Callable[[str, int, int], None],
) -> None:
    first = start()
    calls = crasher.run("chalicelib.jobs.deletions:handle", first.pass_())["calls"]
    settle()
    first.check()
    kills = 0
    for call, when in points(calls, shift=1):
        team = start()
        assert crasher.run("chalicelib.jobs.deletions:handle", team.pass_(), call, when)["code"] == CRASHED
        kills += 1
        settle()
        team.check()
    say("leaving, first pass", calls, kills)
