"""What an import would do, told and stored nowhere."""

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.core.identifiers import EmailAddress
from chalicelib.domain.suppression.model import marks_of
from chalicelib.domain.suppression.tombstones import entomb
from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.flows.test_large_imports import DAY, LAYOUTS, left
from tests.scan import places
from tests.support.imported_files import contacts, counts, people, send
from tests.support.uploads import start, upload


def _stored(cloud: Cloud) -> set[bytes]:
    """Everything that stands anywhere, but the platform's own keys, which are made when they are first used."""
    every = (found.content for found in places.raw(cloud, places.CapturedLog()))
    return {content for content in every if b"scope=platform" not in content}


def _tried(member: Member, body: bytes | str, query: str = "") -> dict[str, Any]:
    answer = send(member, body, query=f"?dry_run=true{query}")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def _imported(cloud: Cloud, member: Member, body: bytes | str) -> dict[str, Any]:
    job = send(member, body).json()["job"]["id"]
    cloud.drain()
    return dict(member.api.get(f"/v1/jobs/{job}").json()["result"])


@pytest.mark.parametrize("layout", LAYOUTS)
def test_it_tells_what_the_import_then_does(cloud: Cloud, member: Member, layout: str) -> None:
    for _ in range(2):  # the second finds everybody there
        before = _stored(cloud)
        tried = _tried(member, LAYOUTS[layout])
        assert _stored(cloud) == before
        assert tried["result"] == _imported(cloud, member, LAYOUTS[layout])


def test_a_job_tells_the_same_of_a_file_that_is_uploaded(cloud: Cloud, member: Member) -> None:
    rows = [(f"P{n}", "Long", f"p{n}@long.example") for n in range(2_100)]
    _imported(cloud, member, people([*rows[:700], ("Gone", "By", "")]))
    body = people([*rows, ("P0", "Longer", "p0@long.example"), ("Desk", "", "info@long.example")])
    there, told = contacts(member), member.api.get("/v1/changes").json()
    large = send(member, body, query="?dry_run=true")
    assert large.status_code == 202, "more rows than one request tries"
    jobs = [large.json()["job"]["id"], start(member, upload(member, body, dry_run=True))]
    cloud.drain()
    done = [member.api.get(f"/v1/jobs/{job}").json() for job in jobs]
    assert [(each["state"], each["dry_run"], counts(each)) for each in done] == [
        ("done", True, (1401, 0, 700, 0, 1))
    ] * 2
    assert left(cloud, member) == []
    assert (contacts(member), member.api.get("/v1/changes").json()["upserts"]) == (there, told["upserts"])
    assert places.holding("p1500@", places.unsealed(cloud)) == []
    for job in jobs:
        member.api.delete(f"/v1/jobs/{job}")
    real = _imported(cloud, member, body)
    assert real == done[0]["result"]


def test_the_first_rows_come_as_they_would_come_out(cloud: Cloud, member: Member) -> None:
    made = member.api.post("/v1/contacts", {"first_name": "Ana", "emails": ["ana@one.example"], "title": "CTO"}).json()
    body = (
        "Name;E-Mail;Telefon;Position\n"
        "Ana Silva;ana@one.example;0171 1234567;CEO\nDr. Bo Ek;bo@one.example;n/a;\n"
        ";team@;;\n;info@one.example;;\nBo Ek;BO@one.example;;Buyer\n"
    )
    rows = _tried(member, body)["rows"]
    assert [(each["row"], each["outcome"], each["code"]) for each in rows] == [
        (1, "updated", None),
        (2, "created", None),
        (3, "rejected", "no_identity"),
        (4, "rejected", "address_not_storable"),
        (5, "merged", None),
    ]
    ana, bo = rows[0]["contact"], rows[1]["contact"]
    assert (ana["first_name"], ana["last_name"], ana["title"]) == ("Ana", "Silva", "CTO"), (
        "what the member wrote stands"
    )
    assert (bo["first_name"], bo["last_name"], bo["emails"], bo["title"]) == ("Bo", "Ek", ["bo@one.example"], "Buyer")
    assert rows[4]["contact"] == bo
    assert contacts(member) == [made]
    _imported(cloud, member, body)
    now = {each["first_name"]: each for each in contacts(member)}
    assert {name: now["Ana"][name] for name in ana} == ana
    assert {name: now["Bo"][name] for name in bo} == bo


def test_only_the_first_rows_are_shown(member: Member) -> None:
    tried = _tried(member, people([(f"P{n}", "Many", f"p{n}@many.example") for n in range(2_000)]))
    assert [each["row"] for each in tried["rows"]] == list(range(1, 21))
    assert tried["result"]["created"] == 2_000


def test_the_erased_are_refused_as_a_role_address_is_and_nothing_remembers_the_question(
    cloud: Cloud, member: Member
) -> None:
    entomb(marks_of([EmailAddress.parse("gone@tried.example")]), None)
    rows = [("Gus", "Orn", "gone@tried.example"), ("Gus", "Orn", "g+x@tried.example"), ("", "", "info@tried.example")]
    before = _stored(cloud)
    tried = _tried(member, people(rows))
    refused = [each for each in tried["rows"] if each["outcome"] == "rejected"]
    assert [(each["row"], each["code"], each["contact"]) for each in refused] == [
        (1, "address_not_storable", None),
        (3, "address_not_storable", None),
    ]
    assert _stored(cloud) == before


def test_a_contact_past_its_life_is_neither_met_nor_ended(cloud: Cloud, member: Member) -> None:
    _imported(cloud, member, people([("Old", "Ek", "old@tried.example")]))
    cloud.advance(37 * 31 * DAY)
    member.api.token = cloud.issuer.token(member.email)
    before = _stored(cloud)
    assert _tried(member, people([("Old", "Ek", "old@tried.example")]))["result"]["created"] == 1
    assert _stored(cloud) == before


@pytest.mark.parametrize(
    ("body", "code"), [("", "empty_file"), ("What;Else\n1;2\n", "unknown_columns"), ("%PDF-1.4", "not_a_table")]
)
def test_what_an_import_refuses_a_dry_run_refuses(member: Member, body: str, code: str) -> None:
    answers = [send(member, body, query=query) for query in ("", "?dry_run=true")]
    assert [(each.status_code, each.json()["code"]) for each in answers] == [(422, code)] * 2


def test_a_repeated_key_tries_anew(member: Member) -> None:
    headers = {"Content-Type": "text/csv", "Idempotency-Key": "tried"}
    body = people([("Ana", "Silva", "ana@silva.example")])
    one, two = (member.api.post("/v1/imports?dry_run=true", data=body, headers=headers) for _ in range(2))
    assert (one.status_code, two.status_code, one.json()) == (200, 200, two.json())


def test_a_colleagues_contact_changes_nothing_of_it(member: Member, new_colleague: Callable[[Member], Member]) -> None:
    body = people([("Ana", "Silva", "ana@silva.example")])
    before = _tried(member, body)
    colleague = new_colleague(member)
    colleague.api.patch("/v1/me/settings", {"share_contacts": True})
    colleague.api.post("/v1/contacts", {"first_name": "Ana", "last_name": "Silva", "emails": ["ana@silva.example"]})
    assert _tried(member, body) == before
