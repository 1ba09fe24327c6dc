"""An import killed anywhere ends as if it had never been: every row once, with its pointers, and nothing left behind."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.domain.imports import model
from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.crash import state
from tests.crash.conftest import CRASHED, Crasher, points
from tests.support.changes_client import Follower
from tests.support.queues import sqs_event, take_off

pytestmark = pytest.mark.crash


def body(run: str) -> bytes:
    """Twelve people: two of them the same, one of them a role address, one already there."""
    rows = [f"Person{n},Test,p{n}-{run}@crash.example" for n in range(9)]
    rows += [
        f"Person0,Test,P0-{run}@crash.example",
        "Desk,,info@crash.example",
        f"Known,Already,known-{run}@crash.example",
    ]
    return ("First Name,Last Name,Email\r\n" + "\r\n".join(rows) + "\r\n").encode()


def begin(member: Member, cloud: Cloud) -> tuple[str, str]:
    """A queued import; its message is taken off the queue, for the test delivers it."""
    run = uuid.uuid4().hex[:8]
    member.api.post("/v1/contacts", {"first_name": "Known", "emails": [f"known-{run}@crash.example"]})
    job: str = member.api.post("/v1/imports", data=body(run), headers={"Content-Type": "text/csv"}).json()["job"]["id"]
    take_off(cloud, "work")
    return run, job


def check(member: Member, cloud: Cloud, run: str, job: str) -> None:
    done = member.api.get(f"/v1/jobs/{job}").json()
    assert done["state"] == "done", done
    result = done["result"]
    assert result["rejected"] == [{"row": 11, "code": "address_not_storable"}]
    assert (result["created"], result["merged"], result["updated"]) == (9, 1, 1), result
    items = member.api.get("/v1/contacts?limit=100").json()["items"]
    mails = sorted(mail.lower() for item in items for mail in item["emails"] if run in mail.lower())
    assert mails == sorted(f"{name}-{run}@crash.example" for name in ["known", *(f"p{n}" for n in range(9))])
    left = cloud.client("s3").list_objects_v2(
        Bucket=cloud.outputs["ImportsBucketName"], Prefix=f"{member.tenant}/{job}/"
    )
    assert left["KeyCount"] == 0
    assert state.unpointed(cloud, member.tenant) == []
    assert Follower(member).poll() == ({item["id"] for item in items}, set())
    log = [(entry["action"], entry["about"]) for entry in member.api.get("/v1/audit").json()["items"]]
    assert [entry for entry in log if entry[0] != "contact.created"] == [("import.finished", [job])]
    assert not state.due("import", f"{member.tenant}.{job}")


def test_an_import_killed_at_any_call(
    cloud: Cloud,
    new_workspace: Callable[..., Member],
    crasher: Crasher,
    settle: Callable[[], None],
    say: Callable[[str, int, int], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(model, "ROWS_A_PART", 5)  # several checkpoints in a small file
    job_name = "chalicelib.jobs.work:handle"

    def arguments(member: Member, job: str) -> list[Any]:
        return [sqs_event({"kind": "import", "id": f"{member.tenant}.{job}"}), None]

    member = new_workspace()
    run, job = begin(member, cloud)
    alive = crasher.run(job_name, arguments(member, job))
    assert alive["answer"] == "{'batchItemFailures': []}", alive
    calls = alive["calls"]
    check(member, cloud, run, job)
    kills = 0
    for call, when in points(calls, 0):
        member = new_workspace()
        run, job = begin(member, cloud)
        killed = crasher.run(job_name, arguments(member, job), call, when)
        assert killed["code"] == CRASHED, (call, when, killed)
        kills += 1
        settle()
        check(member, cloud, run, job)
    say("import", calls, kills)
    assert kills
