"""The jobs of imports: cancelled, interrupted, begun twice, of many parts."""

from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.support.imported_files import LINKEDIN, contacts, counts, people, send


def test_a_cancelled_job_writes_nothing_more_and_then_can_be_removed(member: Member, cloud: Cloud) -> None:
    job = send(member, LINKEDIN).json()["job"]
    assert member.api.delete(f"/v1/jobs/{job['id']}").status_code == 204
    assert member.api.get(f"/v1/jobs/{job['id']}").json()["state"] == "cancelled"
    cloud.drain()
    assert contacts(member) == []
    assert member.api.delete(f"/v1/jobs/{job['id']}").status_code == 204
    assert member.api.get(f"/v1/jobs/{job['id']}").status_code == 404


def test_two_imports_of_one_member_make_no_contact_twice(member: Member, cloud: Cloud) -> None:
    jobs = [send(member, LINKEDIN).json()["job"]["id"] for _ in range(3)]
    cloud.drain()
    done = [member.api.get(f"/v1/jobs/{job}").json() for job in jobs]
    assert sorted(counts(job)[:3] for job in done) == [(0, 0, 2), (0, 0, 2), (2, 0, 0)]
    listed = member.api.get("/v1/jobs?limit=2").json()
    assert [job["id"] for job in listed["items"]] == [jobs[2], jobs[1]]
    rest = member.api.get(f"/v1/jobs?limit=2&cursor={listed['next_cursor']}").json()
    assert [job["id"] for job in rest["items"]] == [jobs[0]]


def test_a_worker_without_time_goes_on_later(member: Member, cloud: Cloud) -> None:
    from chalicelib.domain.imports import worker
    from chalicelib.store import steps

    rows = [(f"P{n}", "Long", f"p{n}@long.example") for n in range(1100)]
    job = send(member, people(rows)).json()["job"]["id"]
    assert steps.run(worker.WORK, f"{member.tenant}.{job}", lambda: False) == steps.AGAIN
    half = member.api.get(f"/v1/jobs/{job}").json()
    assert (half["state"], half["progress"]) == ("running", {"done": 500, "total": 1100})
    cloud.drain()
    done = member.api.get(f"/v1/jobs/{job}").json()
    assert (done["state"], counts(done)) == ("done", (1100, 0, 0, 0, 0))


def test_a_part_written_before_its_checkpoint_counts_the_same_again(member: Member, cloud: Cloud) -> None:
    from chalicelib.core import ids
    from chalicelib.domain.imports.storing import Storing
    from chalicelib.domain.imports.worker import _part
    from chalicelib.domain.work import jobs
    from chalicelib.domain.work.model import JobPayload

    job = send(member, LINKEDIN).json()["job"]["id"]
    payload = jobs.find(member.tenant, job).unsealed(JobPayload)  # type: ignore[union-attr]
    owner = ids.parse_owned(job, "job")
    assert owner is not None
    assert payload.file is not None
    Storing(member.tenant, owner, payload.file.source, payload.created_at).part(_part(member.tenant, owner, 0))
    cloud.drain()
    assert counts(member.api.get(f"/v1/jobs/{job}").json()) == (2, 0, 0, 0, 1)
    assert len(contacts(member)) == 2


def test_the_same_idempotency_key_starts_one_import(member: Member, cloud: Cloud) -> None:
    headers = {"Content-Type": "text/csv", "Idempotency-Key": "once"}
    answers = [member.api.post("/v1/imports", data=LINKEDIN.encode(), headers=headers) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [202, 202]
    assert answers[0].json()["job"]["id"] == answers[1].json()["job"]["id"]
    cloud.drain()
    assert len(member.api.get("/v1/jobs").json()["items"]) == 1


def test_more_rows_than_one_part_holds(member: Member, cloud: Cloud) -> None:
    rows = [(f"Given{n}", f"Family{n}", f"person{n}@many.example") for n in range(2_000)]
    job = send(member, people(rows)).json()["job"]["id"]
    cloud.drain()
    done = member.api.get(f"/v1/jobs/{job}").json()
    assert (done["state"], counts(done)) == ("done", (2_000, 0, 0, 0, 0))
