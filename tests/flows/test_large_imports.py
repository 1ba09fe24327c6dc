"""Imports whose file the client uploads by itself: announced, posted into the bucket, started, read by the worker."""

import base64
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.support.imported_files import LINKEDIN, contacts, counts, people, send
from tests.support.uploads import announce, put, start, upload
from tests.unit.domain.imports import files

DAY = 86_400
PEOPLE = [
    {"First Name": "Zoë", "Last Name": "Ek", "E-mail 1 - Value": "zoe@wide.example", "Organization Name": "Nord AB"},
    {"First Name": "Ana", "E-mail 1 - Value": "ana@wide.example", "E-mail 2 - Value": "zoe@wide.example"},
    {"First Name": "Desk", "E-mail 1 - Value": "info@wide.example"},
]
CARDS = files.card("FN:Zoë Ek", "N:Ek;Zoë;;;", "EMAIL:zoe@wide.example") + files.card("FN:Bo", "EMAIL:bo@wide.example")
LAYOUTS = {
    "google": files.table(files.GOOGLE, PEOPLE).encode(),
    "utf-16": files.table(files.GOOGLE, PEOPLE).encode("utf-16"),
    "cp1252": files.table(files.GOOGLE, PEOPLE, ";").encode("cp1252"),
    "linkedin": LINKEDIN.encode(),
    "hubspot": files.table(
        files.HUBSPOT, [{"Record ID": "1", "First Name": "Ana", "Email": "a@wide.example"}]
    ).encode(),
    "vcard": CARDS.encode(),
    "zip": files.zipped({"Connections.csv": LINKEDIN, "Messages.csv": "FROM,CONTENT\nx,y\n"}),
    "zipped cards": files.zipped({"all contacts.vcf": CARDS}),
    "broken": b'First Name,Last Name,Email\nAnna,Keller,a@wide.example\nBen,"Weber,b@wide.example\nCy,Roe,c@wide.example\n',
}


def run(cloud: Cloud, member: Member, body: bytes, **more: Any) -> dict[str, Any]:
    """Imports a file this way; the finished job."""
    job = start(member, upload(member, body, **more))
    cloud.drain()
    done: dict[str, Any] = member.api.get(f"/v1/jobs/{job}").json()
    return done


def left(cloud: Cloud, member: Member) -> list[str]:
    """Keys of what stands in the bucket for a tenant."""
    found = cloud.client("s3").list_objects_v2(Bucket=cloud.outputs["ImportsBucketName"], Prefix=f"{member.tenant}/")
    return [item["Key"] for item in found.get("Contents", [])]


def said(member: Member) -> list[str]:
    """The contacts without what differs from import to import."""
    kept = ["first_name", "last_name", "title", "company_name", "emails", "phones", "profile_urls"]
    return sorted(json.dumps([[c[k] for k in kept], [s["source"] for s in c["sources"]]]) for c in contacts(member))


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_large_import_ends_as_the_direct_one_of_the_same_file(
    cloud: Cloud, new_workspace: Callable[..., Member], layout: str
) -> None:
    direct, large = new_workspace(), new_workspace()
    sent = send(direct, LAYOUTS[layout]).json()["job"]["id"]
    done = run(cloud, large, LAYOUTS[layout])
    wanted = direct.api.get(f"/v1/jobs/{sent}").json()
    assert (done["state"], done["progress"]) == ("done", wanted["progress"])
    assert done["result"] == wanted["result"]
    assert done["result"]["created"]
    assert said(large) == said(direct)
    assert left(cloud, large) == []


def test_what_an_announcement_answers(cloud: Cloud, member: Member) -> None:
    answer = member.api.post("/v1/imports", {"size": 1234})
    made = answer.json()
    assert answer.status_code == 201
    assert set(made) == {"id", "upload", "created_at", "updated_at", "expires_at"}
    assert made["id"].startswith("imp_")
    assert answer.headers["ETag"]
    fields = made["upload"]["fields"]
    owner, local = made["id"][4:14], made["id"][14:]
    assert fields["key"] == f"{member.tenant}/job_{owner}{local}/upload"
    policy = json.loads(base64.b64decode(fields["policy"]))
    assert ["content-length-range", 1234, 1234] in policy["conditions"]
    assert {"key": fields["key"]} in policy["conditions"]
    assert {"bucket": cloud.outputs["ImportsBucketName"]} in policy["conditions"]
    assert fields["x-amz-algorithm"] == "AWS4-HMAC-SHA256", "S3 takes nothing older where KMS encrypts the bucket"
    made_at, ends = datetime.fromisoformat(made["created_at"]), datetime.fromisoformat(made["upload"]["expires_at"])
    assert ends - made_at == timedelta(minutes=15)
    assert datetime.fromisoformat(made["expires_at"]) - made_at == timedelta(days=1)


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({}, 422, "invalid"),
        ({"size": 0}, 422, "invalid"),
        ({"size": "10"}, 422, "invalid"),
        ({"size": 10, "other": 1}, 422, "invalid"),
        ({"size": 25 * 1024 * 1024 + 1}, 413, "too_large"),
        ({"size": 10, "format": "word"}, 422, "unknown_format"),
        ({"size": 10, "format": "mapped_csv"}, 422, "bad_mapping"),
        ({"size": 10, "mapping": "map_nothing"}, 422, "invalid"),
    ],
)
def test_announcements_that_are_refused(member: Member, body: dict[str, Any], status: int, code: str) -> None:
    answer = member.api.post("/v1/imports", body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_a_file_of_the_largest_size_may_be_announced(member: Member) -> None:
    announce(member, 25 * 1024 * 1024)


def test_a_mapping_is_kept_as_it_was(cloud: Cloud, member: Member) -> None:
    columns = {"Rufname": "first_name", "Kontakt": "email"}
    mapping = member.api.post("/v1/import-mappings", {"name": "mine", "columns": columns}).json()["id"]
    job = run(cloud, member, b"Rufname;Kontakt\nLea;lea@own.example\n", mapping=mapping)
    assert counts(job) == (1, 0, 0, 0, 0)
    assert [c["first_name"] for c in contacts(member)] == ["Lea"]


def test_starting_twice_answers_the_same_job(cloud: Cloud, member: Member) -> None:
    made = upload(member, LINKEDIN.encode())
    first = start(member, made)
    assert start(member, made) == first
    cloud.drain()
    assert start(member, made) == first
    cloud.drain()
    assert [job["id"] for job in member.api.get("/v1/jobs").json()["items"]] == [first]
    assert counts(member.api.get(f"/v1/jobs/{first}").json())[0] == 2
    member.api.delete(f"/v1/jobs/{first}")
    gone = member.api.post(f"/v1/imports/{made}/start")
    assert (gone.status_code, gone.json()["code"]) == (410, "gone")


def test_the_same_idempotency_keys_announce_and_start_once(cloud: Cloud, member: Member) -> None:
    body = LINKEDIN.encode()
    made = [
        member.api.post("/v1/imports", {"size": len(body)}, headers={"Idempotency-Key": "announce"}) for _ in range(2)
    ]
    assert [answer.status_code for answer in made] == [201, 201]
    assert made[0].json()["id"] == made[1].json()["id"]
    put(made[1].json(), body)
    path = f"/v1/imports/{made[0].json()['id']}/start"
    started = [member.api.post(path, headers={"Idempotency-Key": "start"}) for _ in range(2)]
    assert [answer.status_code for answer in started] == [202, 202]
    assert started[0].json()["job"]["id"] == started[1].json()["job"]["id"]
    assert started[1].headers["Idempotency-Replayed"] == "true"
    cloud.drain()
    assert len(contacts(member)) == 2


def test_starts_that_are_refused(
    cloud: Cloud, member: Member, new_colleague: Callable[[Member], Member], new_workspace: Callable[..., Member]
) -> None:
    made = announce(member, 10)["id"]
    early = member.api.post(f"/v1/imports/{made}/start")
    assert (early.status_code, early.json()["code"]) == (409, "not_uploaded")
    for other in (new_colleague(member), new_workspace()):
        assert other.api.post(f"/v1/imports/{made}/start").status_code == 404
    for unknown in (made[:-1] + ("0" if made[-1] != "0" else "1"), "imp_x", "imp_" + "z" * 36, "job_" + made[4:]):
        assert member.api.post(f"/v1/imports/{unknown}/start").status_code == 404
    cloud.advance(DAY)
    member.api.token = cloud.issuer.token(member.email)
    late = member.api.post(f"/v1/imports/{made}/start")
    assert (late.status_code, late.json()["code"]) == (410, "gone")


def test_an_erased_persons_rows_stay_out(cloud: Cloud, member: Member) -> None:
    from chalicelib.core.identifiers import EmailAddress
    from chalicelib.domain.suppression.model import marks_of
    from chalicelib.domain.suppression.tombstones import entomb

    entomb(marks_of([EmailAddress.parse("left@erased.example")]), None)
    job = run(cloud, member, people([("Gus", "Orn", "left@erased.example"), ("Ole", "By", "ole@by.example")]))
    assert job["result"]["rejected"] == [{"row": 1, "code": "address_not_storable"}]
    assert [c["first_name"] for c in contacts(member)] == ["Ole"]


@pytest.mark.parametrize(
    ("body", "announced", "code"),
    [
        (b"%PDF-1.7 nothing to read here", 0, "not_a_table"),
        (b"Width,Height\r\n1,2\r\n", 0, "unknown_columns"),
        (b"First Name,Email\r\n", 0, "empty_file"),
        (b"First Name,Email\r\n\x81\x8d\x8f,a@b.example", 0, "unreadable_encoding"),
        (files.zipped({"a.txt": "x"}), 0, "not_a_table"),
        (LINKEDIN.encode(), 10, "other_size"),  # S3 itself refuses these; the simulated one does not look
        (LINKEDIN.encode(), 100_000, "other_size"),
        (b"x" * (25 * 1024 * 1024 + 1), 10, "too_large"),
    ],
)
def test_files_that_cannot_be_read_fail_their_job(
    cloud: Cloud, member: Member, body: bytes, announced: int, code: str
) -> None:
    made = announce(member, announced or len(body))
    put(made, body)
    job = start(member, made["id"])
    cloud.drain()
    failed = member.api.get(f"/v1/jobs/{job}").json()
    assert (failed["state"], failed["failure"], counts(failed)) == ("failed", code, (0, 0, 0, 0, 0))
    assert contacts(member) == []
    assert left(cloud, member) == []


def test_a_file_that_went_before_its_job_ran_fails_it(cloud: Cloud, member: Member) -> None:
    job = start(member, upload(member, LINKEDIN.encode()))
    for key in left(cloud, member):
        cloud.client("s3").delete_object(Bucket=cloud.outputs["ImportsBucketName"], Key=key)
    cloud.drain()
    failed = member.api.get(f"/v1/jobs/{job}").json()
    assert (failed["state"], failed["failure"]) == ("failed", "not_uploaded")


def test_more_rows_than_are_taken_store_nothing(cloud: Cloud, member: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    from chalicelib.domain.imports import model, uploads

    assert model.MAX_UPLOADED_ROWS == 50_000
    monkeypatch.setattr(uploads, "MAX_UPLOADED_ROWS", 30)
    monkeypatch.setattr(model, "ROWS_A_PART", 5)
    rows = [(f"P{n}", "Many", f"p{n}@many.example") for n in range(31)]
    assert counts(run(cloud, member, people(rows[:30])))[0] == 30
    failed = run(cloud, member, people(rows))
    assert (failed["state"], failed["failure"]) == ("failed", "too_many_rows")
    assert len(contacts(member)) == 30
    assert left(cloud, member) == []


@pytest.mark.parametrize("when", ["queued", "half stored"])
def test_a_cancelled_job_leaves_no_file(
    cloud: Cloud, member: Member, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    from chalicelib.domain.imports import model, worker
    from chalicelib.store import steps

    monkeypatch.setattr(model, "ROWS_A_PART", 5)
    job = start(member, upload(member, people([(f"P{n}", "C", f"p{n}@c.example") for n in range(12)])))
    if when == "half stored":
        answers = iter([True, False])
        assert steps.run(worker.WORK, f"{member.tenant}.{job}", lambda: next(answers)) == steps.AGAIN
        assert len(contacts(member)) == 5
        assert [key.rpartition("/")[2] for key in left(cloud, member)] == ["00000", "00001", "00002"]
    assert member.api.delete(f"/v1/jobs/{job}").status_code == 204
    if when == "queued":
        assert member.api.delete(f"/v1/jobs/{job}").status_code == 204  # and removed at once
    cloud.drain()
    assert left(cloud, member) == []
    assert len(contacts(member)) == (5 if when == "half stored" else 0)


def test_a_worker_without_time_reads_now_and_stores_later(cloud: Cloud, member: Member) -> None:
    from chalicelib.domain.imports import worker
    from chalicelib.store import steps

    job = start(member, upload(member, LINKEDIN.encode()))
    before = member.api.get(f"/v1/jobs/{job}").json()
    assert (before["state"], before["progress"]) == ("queued", {"done": 0, "total": 0})
    assert steps.run(worker.WORK, f"{member.tenant}.{job}", lambda: False) == steps.AGAIN
    half = member.api.get(f"/v1/jobs/{job}").json()
    assert (half["state"], half["progress"]) == ("running", {"done": 0, "total": 3})
    assert [key.rpartition("/")[2] for key in left(cloud, member)] == ["00000"], "the file goes once it is read"
    cloud.drain()
    assert counts(member.api.get(f"/v1/jobs/{job}").json()) == (2, 0, 0, 0, 1)


def test_an_import_that_is_never_started_goes_after_a_day(cloud: Cloud, member: Member) -> None:
    upload(member, LINKEDIN.encode())
    cloud.advance(DAY - 3600)
    cloud.drain()
    assert len(left(cloud, member)) == 1
    cloud.advance(3600)
    cloud.drain()
    assert left(cloud, member) == []


def test_a_start_that_died_before_its_job_loses_no_file(cloud: Cloud, member: Member) -> None:
    """Its due row comes up, finds no job, and leaves the file to a second start."""
    from chalicelib.core import clock
    from chalicelib.store import due

    made = upload(member, LINKEDIN.encode())
    due.schedule(due.Due("import", f"{member.tenant}.job_{made[4:]}"), clock.now())
    cloud.drain()
    job = start(member, made)
    cloud.drain()
    assert counts(member.api.get(f"/v1/jobs/{job}").json())[0] == 2


def test_a_link_used_again_after_the_job_leaves_nothing(cloud: Cloud, member: Member) -> None:
    made = announce(member, len(LINKEDIN))
    put(made, LINKEDIN.encode())
    start(member, made["id"])
    cloud.drain()
    put(made, LINKEDIN.encode())
    assert len(left(cloud, member)) == 1
    cloud.advance(1200)
    cloud.drain()
    assert left(cloud, member) == []
