"""An uploaded file whose start, reading or storing is killed anywhere is imported once, and nothing of it is left behind."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.domain.imports import model
from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.crash import state
from tests.crash.conftest import CRASHED, Crasher, points
from tests.crash.test_crash_import import body, check
from tests.support.queues import sqs_event, take_off
from tests.support.uploads import upload

pytestmark = pytest.mark.crash
PART = {"chalicelib.domain.imports.model:ROWS_A_PART": 5}
Job = tuple[str, list[Any]]


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, rows in PART.items():
        monkeypatch.setattr(model, name.split(":")[1], rows)


def uploaded(member: Member) -> tuple[str, str]:
    """The mark of a file, and the id of its import."""
    run = uuid.uuid4().hex[:8]
    member.api.post("/v1/contacts", {"first_name": "Known", "emails": [f"known-{run}@crash.example"]})
    return run, upload(member, body(run))


def job_of(made: str) -> str:
    return f"job_{made.removeprefix('imp_')}"


def test_a_start_killed_at_any_call(
    cloud: Cloud,
    new_workspace: Callable[..., Member],
    crasher: Crasher,
    settle: Callable[[], None],
    say: Callable[[str, int, int], None],
) -> None:
    def begin() -> tuple[Member, str, str, Job]:
        member = new_workspace()
        run, made = uploaded(member)
        return member, run, made, ("tests.crash.acting:start_import", [member.tenant, member.id, made])

    member, run, made, start = begin()
    calls = crasher.run(*start, constants=PART)["calls"]
    settle()
    check(member, cloud, run, job_of(made))
    kills = 0
    for call, when in points(calls, 3):
        member, run, made, start = begin()
        killed = crasher.run(*start, call, when, constants=PART)
        assert killed["code"] == CRASHED, (call, when, killed)
        kills += 1
        settle()  # what its due row brings back; a file without a job waits for its member
        again = member.api.post(f"/v1/imports/{made}/start")
        assert (again.status_code, again.json()["job"]["id"]) == (202, job_of(made)), again.text
        settle()
        check(member, cloud, run, job_of(made))
    say("large import, start", calls, kills)
    assert kills


def test_a_worker_killed_at_any_call(
    cloud: Cloud,
    new_workspace: Callable[..., Member],
    crasher: Crasher,
    settle: Callable[[], None],
    say: Callable[[str, int, int], None],
) -> None:
    def begin() -> tuple[Member, str, str, Job]:
        member = new_workspace()
        run, made = uploaded(member)
        assert member.api.post(f"/v1/imports/{made}/start").status_code == 202
        take_off(cloud, "work")
        ident = f"{member.tenant}.{job_of(made)}"
        return (
            member,
            run,
            job_of(made),
            ("chalicelib.jobs.work:handle", [sqs_event({"kind": "import", "id": ident}), None]),
        )

    member, run, job, work = begin()
    alive = crasher.run(*work, constants=PART)
    assert alive["answer"] == "{'batchItemFailures': []}", alive
    settle()
    check(member, cloud, run, job)
    kills = 0
    for call, when in points(alive["calls"], 1):
        member, run, job, work = begin()
        killed = crasher.run(*work, call, when, constants=PART)
        assert killed["code"] == CRASHED, (call, when, killed)
        kills += 1
        settle()
        check(member, cloud, run, job)
    say("large import, reading and storing", alive["calls"], kills)
    assert kills


def test_a_direct_import_killed_before_its_answer_leaves_nothing_or_a_job(
    cloud: Cloud,
    new_workspace: Callable[..., Member],
    crasher: Crasher,
    settle: Callable[[], None],
    say: Callable[[str, int, int], None],
) -> None:
    def begin() -> tuple[Member, str, Job]:
        member, run = new_workspace(), uuid.uuid4().hex[:8]
        member.api.post("/v1/contacts", {"first_name": "Known", "emails": [f"known-{run}@crash.example"]})
        return member, run, ("tests.crash.acting:send_file", [member.tenant, member.id, body(run).decode()])

    member, run, send = begin()
    calls = crasher.run(*send, constants=PART)["calls"]
    kills = 0
    for call, when in points(calls, 0):
        member, run, send = begin()
        assert crasher.run(*send, call, when, constants=PART)["code"] == CRASHED
        kills += 1
        settle()
        jobs = member.api.get("/v1/jobs").json()["items"]
        for job in jobs:
            check(member, cloud, run, job["id"])
        found = cloud.client("s3").list_objects_v2(
            Bucket=cloud.outputs["ImportsBucketName"], Prefix=f"{member.tenant}/"
        )
        assert found["KeyCount"] == 0, (call, when)
        assert bool(jobs) == bool(state.marked(cloud, member.tenant, f"p1-{run}")), (call, when)
    say("direct import, its request", calls, kills)
    assert kills
