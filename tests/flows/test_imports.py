"""Imports through the HTTP API and the work queue."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.support.imported_files import LINKEDIN, contacts, counts, people, send


@pytest.fixture
def run(cloud: Cloud) -> Callable[..., dict[str, Any]]:
    """Imports a file and gives the finished job."""

    def go(member: Member, body: bytes | str, content_type: str = "text/csv", query: str = "") -> dict[str, Any]:
        answer = send(member, body, content_type, query)
        assert answer.status_code == 202, answer.text
        job = answer.json()["job"]
        assert job["state"] == "queued"
        assert answer.headers["Location"] == f"/v1/jobs/{job['id']}"
        cloud.drain()
        done: dict[str, Any] = member.api.get(f"/v1/jobs/{job['id']}").json()
        return done

    return go


def test_an_import_is_a_job_with_a_result_for_each_row(member: Member, run: Callable[..., Any]) -> None:
    rows = [("Ana", "Silva", "ana@silva.example"), ("Team", "", "info@silva.example"), ("", "", "")]
    rows += [("Ana", "Silva", "ANA@silva.example"), ("Bo", "Ek", "bo@ek.example")]
    job = run(member, people(rows))
    assert job["state"] == "done"
    assert job["progress"] == {"done": job["progress"]["total"], "total": job["progress"]["total"]}
    assert counts(job)[:4] == (2, 0, 0, 1)
    assert {"row": 2, "code": "address_not_storable"} in job["result"]["rejected"]
    assert sorted(c["first_name"] for c in contacts(member)) == ["Ana", "Bo"]


def test_importing_twice_changes_nothing(member: Member, run: Callable[..., Any]) -> None:
    first = run(member, LINKEDIN)
    assert counts(first) == (2, 0, 0, 0, 1)
    before = contacts(member)
    assert counts(run(member, LINKEDIN)) == (0, 0, 2, 0, 1)
    assert contacts(member) == before


def test_the_same_person_from_another_file_is_updated(member: Member, run: Callable[..., Any]) -> None:
    run(member, LINKEDIN)
    card = "BEGIN:VCARD\nVERSION:4.0\nFN:Joel Brandt\nEMAIL:joel@brandt.example\nEMAIL:j@home.example\nEND:VCARD\n"
    assert counts(run(member, card, "text/vcard")) == (0, 1, 0, 0, 0)
    (joel,) = [c for c in contacts(member) if c["first_name"] == "Joel"]
    assert set(joel["emails"]) == {"joel@brandt.example", "j@home.example"}
    # Known by the second address from now on
    assert counts(run(member, people([("Joel", "Brandt", "j@home.example")])))[0] == 0


def test_rows_of_one_person_merge_within_a_file(member: Member, run: Callable[..., Any]) -> None:
    text = (
        "First Name,Last Name,Email,LinkedIn\n"
        "Iris,Moe,iris@one.example,\n"
        "Iris,Moe,iris@two.example,https://linkedin.com/in/iris\n"
        "Iris,,iris@one.example,linkedin.com/in/iris/\n"
    )
    assert counts(run(member, text)) == (1, 0, 0, 2, 0)
    (iris,) = contacts(member)
    assert set(iris["emails"]) == {"iris@one.example", "iris@two.example"}


def test_a_couple_with_one_mailbox_is_two_contacts_and_stays_so(member: Member, run: Callable[..., Any]) -> None:
    head = "First Name,Last Name,Email,Phone\n"
    tom, ann = (f"{name},Ford,family@ford.example,+49 170 {n}\n" for name, n in (("Tom", 1111111), ("Ann", 2222222)))
    assert counts(run(member, head + tom + ann)) == (2, 0, 0, 0, 0)
    before = {each["first_name"]: each for each in contacts(member)}
    assert {name: each["phones"] for name, each in before.items()} == {
        "Tom": ["+49 170 1111111"],
        "Ann": ["+49 170 2222222"],
    }
    for text in (ann + tom, tom + ann, ann, tom):  # however they stand, and alone
        assert counts(run(member, head + text))[:2] == (0, 0)
    assert {each["first_name"]: each for each in contacts(member)} == before
    assert counts(run(member, "First Name,Last Name,Email\nA.,Ford,family@ford.example\n"))[0] == 0
    assert counts(run(member, "First Name,Last Name,Email\nEve,Ford,family@ford.example\n"))[0] == 1
    assert counts(run(member, f"{head}Tom,Ford,family@ford.example,+49 170 3333333\n")) == (0, 1, 0, 0, 0)
    assert len(contacts(member)) == 3


def test_whom_no_identifier_tells_apart_is_known_by_its_row(member: Member, run: Callable[..., Any]) -> None:
    many = people([(f"Given{n}", "Many", "all@crowd.example") for n in range(25)])
    nameless = "First Name,Last Name,Phone\nNo,Address,\nOf,Phone,+49 30 1234567\n"
    assert counts(run(member, many))[0] == 25
    assert counts(run(member, nameless))[0] == 2
    before = {each["id"] for each in contacts(member)}
    for file in (many, nameless):
        assert counts(run(member, file))[:2] == (0, 0)
    assert {each["id"] for each in contacts(member)} == before
    for each in contacts(member):
        assert member.api.delete(f"/v1/contacts/{each['id']}").status_code == 204
    run(member, nameless)
    left = {each["id"] for each in contacts(member)}
    assert len(left) == 2
    assert not left & before, "an id that came back would tell of the file"


def test_rows_without_a_name_join_one_contact_and_make_no_two_into_one(member: Member, run: Callable[..., Any]) -> None:
    run(member, people([("", "", "desk@pair.example")]))
    job = run(member, people([("Ana", "Doe", "desk@pair.example"), ("Ben", "Roe", "desk@pair.example")]))
    assert counts(job) == (1, 1, 0, 0, 0)
    assert {(each["first_name"], *each["emails"]) for each in contacts(member)} == {
        ("Ana", "desk@pair.example"),
        ("Ben", "desk@pair.example"),
    }


def test_what_the_member_wrote_stands(member: Member, run: Callable[..., Any]) -> None:
    made = member.api.post("/v1/contacts", {"first_name": "J.", "emails": ["joel@brandt.example"]})
    assert made.status_code == 201, made.text
    assert counts(run(member, LINKEDIN)) == (1, 1, 0, 0, 1)
    joel = member.api.get(f"/v1/contacts/{made.json()['id']}").json()
    assert (joel["first_name"], joel["last_name"], joel["title"]) == ("J.", "Brandt", "CEO")


def test_an_erased_address_is_rejected_like_a_role_address(member: Member, run: Callable[..., Any]) -> None:
    from chalicelib.core.identifiers import EmailAddress
    from chalicelib.domain.suppression.model import marks_of
    from chalicelib.domain.suppression.tombstones import entomb

    entomb(marks_of([EmailAddress.parse("gone@erased.example")]), None)
    rows = [
        ("Gus", "Orn", "gone@erased.example"),
        ("Gus", "Orn", "gone+x@erased.example"),
        ("Ole", "By", "ole@by.example"),
    ]
    job = run(member, people(rows))
    assert counts(job) == (1, 0, 0, 0, 2)
    assert job["result"]["rejected"] == [{"row": n, "code": "address_not_storable"} for n in (1, 2)]
    assert [c["first_name"] for c in contacts(member)] == ["Ole"]


def test_an_erased_row_joins_no_others(member: Member, run: Callable[..., Any]) -> None:
    from chalicelib.core.identifiers import EmailAddress
    from chalicelib.domain.suppression.model import marks_of
    from chalicelib.domain.suppression.tombstones import entomb

    entomb(marks_of([EmailAddress.parse("bridge@erased.example")]), None)
    text = (
        "First Name,Email,Email 2\nUma,uma@a.example,\nX,uma@a.example,bridge@erased.example\n"
        "Y,vic@b.example,bridge@erased.example\nVic,vic@b.example,\n"
    )
    assert counts(run(member, text)) == (2, 0, 0, 0, 2)
    assert sorted(c["first_name"] for c in contacts(member)) == ["Uma", "Vic"]


def test_members_do_not_share_contacts_or_jobs(
    member: Member, new_colleague: Callable[[Member], Member], run: Callable[..., Any]
) -> None:
    colleague = new_colleague(member)
    job = run(member, LINKEDIN)
    assert counts(run(colleague, LINKEDIN)) == (2, 0, 0, 0, 1)
    unknown = colleague.api.get("/v1/jobs/job_" + "0" * 36)
    hidden = colleague.api.get(f"/v1/jobs/{job['id']}")
    assert (hidden.status_code, hidden.json()) == (unknown.status_code, unknown.json())
    assert colleague.api.delete(f"/v1/jobs/{job['id']}").status_code == 404
    assert job["id"] not in {j["id"] for j in colleague.api.get("/v1/jobs").json()["items"]}


def test_a_mapping_reads_columns_of_ones_own(member: Member, run: Callable[..., Any]) -> None:
    text = "Rufname;Kontakt\nLea;lea@own.example\n"
    columns = {"Rufname": "first_name", "Kontakt": "email"}
    made = member.api.post("/v1/import-mappings", {"name": "mine", "columns": columns})
    assert made.status_code == 201, made.text
    assert made.json()["columns"] == columns
    assert [m["id"] for m in member.api.get("/v1/import-mappings").json()["items"]] == [made.json()["id"]]
    assert counts(run(member, text, query=f"?mapping={made.json()['id']}")) == (1, 0, 0, 0, 0)
    (lea,) = contacts(member)
    assert (lea["first_name"], lea["emails"]) == ("Lea", ["lea@own.example"])
    unknown = send(member, text, query="?mapping=map_nothing")
    assert (unknown.status_code, unknown.json()["errors"][0]["field"]) == (422, "query.mapping")
    bad = member.api.post("/v1/import-mappings", {"name": "bad", "columns": {"A": "opportunity_amount"}})
    assert (bad.status_code, bad.json()["code"]) == (422, "bad_mapping")


@pytest.mark.parametrize(
    ("body", "content_type", "status", "code"),
    [
        (b"", "text/csv", 422, "empty_file"),
        (b"First Name,Email\r\n", "text/csv", 422, "empty_file"),
        (b"%PDF-1.7 \x00\x01\x02", "text/csv", 422, "not_a_table"),
        (b"Width,Height\r\n1,2\r\n", "text/csv", 422, "unknown_columns"),
        (b"{}", "application/json", 422, "invalid"),
        (b"x", "image/png", 415, "unsupported_media_type"),
        (b"First Name,Email\r\n" + b"x" * (4 * 1024 * 1024), "text/csv", 413, "too_large"),
    ],
)
def test_files_that_are_refused(member: Member, body: bytes, content_type: str, status: int, code: str) -> None:
    answer = send(member, body, content_type)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert member.api.get("/v1/jobs").json()["items"] == []


def test_bytes_of_utf_16_arrive_whole(member: Member, run: Callable[..., Any]) -> None:
    text = "First Name,Last Name,Email\nZoë,Ångström,zoe@wide.example\n"
    assert counts(run(member, text.encode("utf-16"))) == (1, 0, 0, 0, 0)
    assert contacts(member)[0]["last_name"] == "Ångström"


def test_nothing_of_a_finished_import_is_left_in_the_bucket_or_planned(member: Member, run: Callable[..., Any]) -> None:
    from chalicelib.core import clock, settings
    from chalicelib.store import due
    from chalicelib.vault import aws

    job = run(member, LINKEDIN)
    bucket = settings.current().buckets.imports
    left = aws.client("s3").list_objects_v2(Bucket=bucket, Prefix=f"{member.tenant}/{job['id']}")
    assert left["KeyCount"] == 0
    assert not [piece for piece in due.find(clock.now() + timedelta(days=2)) if job["id"] in piece.id]


def test_the_job_tells_of_every_cell_and_column_that_was_not_taken(run: Callable[..., Any], member: Member) -> None:
    body = (
        b"First Name,Last Name,Email,Phone,Shoe Size\n"
        b"Anna,Keller,n/a,+49 30 1234567,38\n"
        b"Ben,Weber,ben@x.example; info@x.example,4.91701E+11,44\n"
    )
    result = run(member, body)["result"]
    assert (result["created"], result["rejected"]) == (2, [])
    assert result["dropped"] == [
        {"row": 1, "column": "Email", "code": "not_an_address"},
        {"row": 2, "column": "Email", "code": "address_not_storable"},
        {"row": 2, "column": "Phone", "code": "not_a_number"},
    ]
    assert result["dropped_total"] == 3
    assert {each["name"]: each["used_as"] for each in result["columns"]} == {
        "First Name": "first_name", "Last Name": "last_name", "Email": "email", "Phone": "phone", "Shoe Size": None,
    }  # fmt: skip
