"""What a job tells of a file: nothing of it vanishes in silence."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest

from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.support.imported_files import send
from tests.unit.domain.imports import files


@pytest.fixture
def result(cloud: Cloud, member: Member) -> Callable[..., dict[str, Any]]:
    """Imports a file and gives the job's result."""

    def go(body: str | bytes, content_type: str = "text/csv") -> dict[str, Any]:
        job = send(member, body, content_type).json()["job"]["id"]
        cloud.drain()
        return dict(member.api.get(f"/v1/jobs/{job}").json()["result"])

    return go


def test_columns_cells_and_how_the_file_was_read(result: Callable[..., dict[str, Any]]) -> None:
    text = (
        "Vorname;Nachname;E-Mail;Telefon;Position;Titel;Schuhgröße;\n"
        "Jörg;Müßig;j@nord.example;n/a;Einkäufer ::: Chef;Dr.;44;x\n"
        "Anna;Keller;info@nord.example;030 1234567;;;;\n"
    )
    told = result(text.encode("cp1252"))
    assert told["columns"] == [
        {"name": "Vorname", "used_as": "first_name"},
        {"name": "Nachname", "used_as": "last_name"},
        {"name": "E-Mail", "used_as": "email"},
        {"name": "Telefon", "used_as": "phone"},
        {"name": "Position", "used_as": "title"},
        {"name": "Titel", "used_as": None},
        {"name": "Schuhgröße", "used_as": None},
        {"name": "", "used_as": None},
    ]
    assert told["dropped"] == [
        {"row": 1, "column": "Position", "code": "further_value"},
        {"row": 1, "column": "Telefon", "code": "not_a_number"},
        {"row": 2, "column": "E-Mail", "code": "address_not_storable"},
    ]
    assert (told["created"], told["dropped_total"]) == (2, 3)
    read = {"format": "generic_csv", "charset": "cp1252", "owner_only": False}
    assert told["file"] == {**read, "passed_over": [], "passed_over_total": 0}


def test_properties_of_cards_in_an_archive(result: Callable[..., dict[str, Any]]) -> None:
    card = files.card(
        "FN:Anna Keller", "EMAIL:anna@nord.example", "TEL;TYPE=FAX:030 1234567", "NOTE:x", "TITLE:CFO", "TITLE:CEO"
    )
    told = result(files.zipped({"Kontakte/Alle.vcf": card}), "application/zip")
    assert told["columns"] == [
        {"name": "FN", "used_as": "full_name"},
        {"name": "EMAIL", "used_as": "email"},
        {"name": "TEL", "used_as": "phone"},
        {"name": "NOTE", "used_as": None},
        {"name": "TITLE", "used_as": "title"},
    ]
    assert [(each["column"], each["code"]) for each in told["dropped"]] == [
        ("TEL", "no_telephone"),
        ("TITLE", "already_given"),
    ]
    assert told["file"]["format"] == "vcard"


def test_values_that_a_contact_has_no_room_for(member: Member, result: Callable[..., dict[str, Any]]) -> None:
    many = [f"i{number}@one.example" for number in range(19)]
    made = member.api.post("/v1/contacts", {"first_name": "Ida", "emails": many}).json()["id"]
    told = result(f"Name,E-Mail\nIda,{many[0]}; new@one.example; newer@one.example\nIda,{many[1]}\n")
    assert (told["updated"], told["created"]) == (2, 0)
    assert told["dropped"] == [{"row": 1, "column": "emails", "code": "too_many_values"}]
    assert member.api.get(f"/v1/contacts/{made}").json()["emails"] == [*many, "new@one.example"]


def test_files_of_an_archive_that_are_not_read_are_told(cloud: Cloud, member: Member) -> None:
    address = f"{uuid.uuid4().hex}@people.example"
    rest = {f"more/{number}.txt": "x" for number in range(150)}
    archive = files.zipped(
        {
            "Takeout/Kontakte/Alle Kontakte.vcf": files.card("FN:Anna Keller", f"EMAIL:{address}"),
            "Takeout/index.html": "<html>",
            "Takeout/ada@people.example.txt": "CANARY",
            "__MACOSX/._x": "x",
            **rest,
        }
    )
    answer = member.api.post("/v1/imports", data=archive, headers={"Content-Type": "application/zip"})
    cloud.drain()
    job = member.api.get(f"/v1/jobs/{answer.json()['job']['id']}").json()
    file = job["result"]["file"]
    assert (job["state"], job["result"]["created"], file["passed_over_total"]) == ("done", 1, 152)
    assert file["passed_over"][:3] == ["Takeout/index.html", "[…]", "more/0.txt"]
    assert len(file["passed_over"]) == 100
    tried = member.api.post(
        "/v1/imports?dry_run=true", data=archive, headers={"Content-Type": "application/zip"}
    ).json()
    assert tried["result"]["file"] == file


def test_a_file_by_itself_passes_nothing_over(cloud: Cloud, member: Member) -> None:
    answer = member.api.post("/v1/imports", data=b"First Name,Email\nA,\n", headers={"Content-Type": "text/csv"})
    cloud.drain()
    file = member.api.get(f"/v1/jobs/{answer.json()['job']['id']}").json()["result"]["file"]
    assert (file["passed_over"], file["passed_over_total"]) == ([], 0)
