"""An export killed anywhere is made all the same, once, or is gone after its day; nothing is left half-made in the bucket."""

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
import requests

from chalicelib.core.ids import MemberId, TenantId
from chalicelib.store import rows
from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.crash import state
from tests.crash.conftest import CRASHED, Crasher, points
from tests.support.queues import sqs_event, take_off

pytestmark = pytest.mark.crash
DAY_S = 86_401
STAGES = ("make", "delete")


def begin(cloud: Cloud, member: Member) -> str:
    """A queued export; its message is taken off the queue, for the test delivers it."""
    for name in ("Ada", "Ben"):
        member.api.post("/v1/contacts", {"first_name": name})
    made: str = member.api.post("/v1/exports").json()["id"]
    take_off(cloud, "work")
    return made


def arguments(member: Member, export: str) -> list[Any]:
    return [sqs_event({"kind": "export", "id": f"{member.tenant}.{export}"}), None]


def check_made(cloud: Cloud, member: Member, export: str) -> None:
    assert member.api.get(f"/v1/exports/{export}").json()["state"] == "done"
    assert member.api.get(f"/v1/jobs/{export.replace('exp_', 'job_')}").json()["state"] == "done"
    assert state.exported(cloud, member.tenant) == [f"{member.tenant}/{export}/export.zip"]
    url = member.api.get(f"/v1/exports/{export}/file").headers["Location"]
    with zipfile.ZipFile(io.BytesIO(requests.get(url, timeout=30).content)) as archive:
        assert archive.testzip() is None
        assert archive.read("contacts.csv").count(b"\r\n") == 3
    assert state.due("export", f"{member.tenant}.{export}"), "its end is planned"
    assert not free_of(member, "exporting#"), "another may be made"


def check_gone(cloud: Cloud, member: Member, export: str) -> None:
    assert member.api.get(f"/v1/exports/{export}").json()["state"] == "expired"
    assert member.api.get(f"/v1/exports/{export}/file").status_code == 410
    assert state.exported(cloud, member.tenant) == []
    assert not state.due("export", f"{member.tenant}.{export}")


def free_of(member: Member, prefix: str) -> list[str]:
    from chalicelib.domain.exports.records import ExportingRecord

    return [row.sk for row in rows.every(ExportingRecord, member.tenant, prefix)]


def reach(cloud: Cloud, member: Member, crasher: Crasher, stage: str) -> str:
    export = begin(cloud, member)
    if stage == "delete":
        assert crasher.run("app:work", arguments(member, export))["code"] == 0
        cloud.advance(DAY_S)
        member.api.token = cloud.issuer.token(member.email)
    return export


@pytest.mark.parametrize("stage", STAGES)
def test_an_export_killed_at_any_call(
    cloud: Cloud,
    new_workspace: Callable[..., Member],
    crasher: Crasher,
    settle: Callable[[], None],
    say: Callable[[str, int, int], None],
    stage: str,
) -> None:
    check = check_made if stage == "make" else check_gone
    member = new_workspace()
    export = reach(cloud, member, crasher, stage)
    alive = crasher.run("app:work", arguments(member, export))
    assert alive["answer"] == "{'batchItemFailures': []}", alive
    check(cloud, member, export)
    kills = 0
    for call, when in points(alive["calls"], STAGES.index(stage)):
        member = new_workspace()
        export = reach(cloud, member, crasher, stage)
        killed = crasher.run("app:work", arguments(member, export), call, when)
        assert killed["code"] == CRASHED, (call, when, killed)
        kills += 1
        settle()
        check(cloud, member, export)
    say(f"export, {stage}", alive["calls"], kills)
    assert kills


def test_a_request_for_an_export_killed_at_any_call(
    cloud: Cloud,
    new_workspace: Callable[..., Member],
    crasher: Crasher,
    settle: Callable[[], None],
    say: Callable[[str, int, int], None],
) -> None:
    """The client that got no answer asks again; there is one export, and it is made."""
    asking = "tests.crash.test_crash_export:ask"
    member = new_workspace()
    alive = crasher.run(asking, [member.tenant, member.id])
    assert alive["code"] == 0, alive
    cloud.drain()
    kills = 0
    for call, when in points(alive["calls"], 2):
        member = new_workspace()
        assert crasher.run(asking, [member.tenant, member.id], call, when)["code"] == CRASHED
        kills += 1
        export = member.api.post("/v1/exports").json()["id"]
        settle()
        assert member.api.get(f"/v1/exports/{export}").json()["state"] == "done"
        assert state.exported(cloud, member.tenant) == [f"{member.tenant}/{export}/export.zip"]
    say("export, request", alive["calls"], kills)
    assert kills


def ask(tenant: TenantId, member: MemberId) -> None:
    """What POST /v1/exports does; run in the process that is killed."""
    from chalicelib.core import ids
    from chalicelib.core.actor import Actor
    from chalicelib.domain.exports import request

    request.request(Actor(tenant, member, "owner", ids.owner_code(member)))
