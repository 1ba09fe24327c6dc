"""Our own exports as others may have changed them: nobody is lost to one bad cell, nothing hostile gets through or costs."""

import json
import time
from typing import Any

import pytest

from chalicelib.connectors.port import PrivacyClass
from chalicelib.domain.imports.parsing.errors import FileRefused
from chalicelib.domain.imports.parsing.row import CompanyRow, ReadRow, Rejected
from chalicelib.domain.sources.provenance import Format
from tests.unit.domain.imports.files import opened, zipped

CON, COM = f"con_{'a1' * 18}", f"com_{'b2' * 18}"
COMPANY: dict[str, Any] = {"name": "Firm", "domain": None}
NOBODY: dict[str, Any] = {"first_name": None, "last_name": None, "emails": [], "phones": [], "profile_urls": []}


def of_json(*items: object, kind: str = "application/json") -> list[object]:
    return list(opened(json.dumps({"items": items, "next_cursor": None}, indent=1), kind).rows())


def contact(**fields: Any) -> Any:
    (row,) = of_json({**NOBODY, **fields})
    return row


def test_it_is_told_from_every_other_file_and_its_owners_alone() -> None:
    for text in (
        '"id","first_name","emails","phones","profile_urls"\r\n"x","A","","",""\r\n',
        "id;name;domain;industry;country;size;tag;notes\r\nx;Firm;;;;;;\r\n",
        '{"items":[],"next_cursor":null}',
    ):
        with opened(text, "text/plain") as file:
            assert (file.format, file.privacy_class) == (Format.IKO_EXPORT, PrivacyClass.OWNER_ONLY)


def test_a_sheet_that_a_spreadsheet_saved_again() -> None:
    cells = f"{CON};Zoë;z@people.example | y@people.example;'+49 30 5550177;;WAHR;'=1"
    text = f"id;first_name;emails;phones;profile_urls;opted_out;notes\r\n{cells}\r\n;;;;;;\r\n"
    (row,) = opened(text.encode("cp1252")).rows()
    assert isinstance(row, ReadRow)
    assert (row.first_name, row.phones, row.opted_out, row.notes) == ("Zoë", ("+49 30 5550177",), True, "=1")
    assert row.emails == ("z@people.example", "y@people.example")
    assert (row.ours, row.source_id) == (True, CON)


def test_one_bad_cell_costs_that_cell() -> None:
    row = contact(
        first_name="A", title="x" * 301, emails=["a@people.example", "n/a", "info@firm.example"], phones=["none", 5],
        profile_urls=["not a url"], notes="n" * 10_001,
    )  # fmt: skip
    assert (row.first_name, row.emails, row.phones, row.title, row.notes) == ("A", ("a@people.example",), (), "", "")
    assert set(row.dropped) == {
        ("title", "too_long"), ("emails", "not_an_address"), ("emails", "address_not_storable"), ("phones", "not_a_text"),
        ("phones", "not_a_number"), ("profile_urls", "no_persons_page"), ("notes", "too_long"),
    }  # fmt: skip
    (company,) = of_json({"name": "Firm", "domain": "no domain", "country": "XX", "size": True, "tag": "friend"})
    assert isinstance(company, CompanyRow)
    assert (company.name, company.domain, company.country, company.size, company.tag) == ("Firm", "", "", None, "")
    assert {code for _, code in company.dropped} == {"not_a_domain", "not_a_country", "not_a_text", "not_a_tag"}


def test_who_is_nobody_is_refused() -> None:
    assert contact() == Rejected(1, "no_identity")
    assert contact(emails=["info@firm.example"]) == Rejected(1, "address_not_storable")
    assert of_json(5, {**COMPANY, "name": ""}) == [Rejected(1, "row_incomplete"), Rejected(2, "no_identity")]
    assert contact(emails=[f"a{n}@people.example" for n in range(51)]) == Rejected(1, "too_many_values")


def test_no_text_turns_cuts_or_breaks_and_what_it_says_of_people_stays() -> None:
    row = contact(first_name="A\u202eB\0\nC lea@people.example", notes="one\n\u2066two\0")
    assert (row.first_name, row.emails, row.notes) == ("AB C lea@people.example", (), "one\ntwo")


def test_sizes_come_back_as_they_were() -> None:
    text = "name,domain,industry,country,size,tag\r\nA,,,,51,\r\nB,,,,'51,\r\nC,,,,0,\r\nD,,,,007,\r\nE,,,,51-200,\r\n"
    assert [row.size for row in opened(text).rows() if isinstance(row, CompanyRow)] == [51, "51", 0, "007", "51-200"]
    assert CompanyRow.from_dict(CompanyRow(1, "A", size=0).to_dict()).size == 0


@pytest.mark.parametrize(
    "text",
    [
        '{"items":[{"emails":[]',
        '{"items":[{"emails":[]} {"emails":[]}]}',
        '{"items":' + "[" * 100_000,
        '{"items":[' + "9" * 10_000 + "]}",
        '{"items":[{"emails":"' + "x" * 3_000_000,
        '{"items":{}}',
        '{"items":[]}trailing',
        '{"items":[]}' + " " * 20_000_000 + "x",
    ],
)
def test_json_that_is_not_ours_is_refused(text: str) -> None:
    began = time.process_time()
    with pytest.raises(FileRefused) as refused:
        list(opened(text, "application/json").rows())
    assert refused.value.code == "not_a_table"
    assert time.process_time() - began < 5


def test_other_json_stays_no_table() -> None:
    for text in ('{"contacts":[]}', "[{}]", r"{\rtf1 x}"):
        with pytest.raises(FileRefused) as refused:
            opened(text, "text/plain")
        assert refused.value.code == "not_a_table"


def test_a_zip_gives_companies_before_contacts() -> None:
    lists = {"contacts.json": [{**NOBODY, "first_name": "A"}], "companies.json": [COMPANY], "schema.json": []}
    for folder in ("", "iko-export-2026-11-30/"):  # as it came, and unpacked and packed again
        packed = zipped({folder + name: json.dumps({"items": items}) for name, items in lists.items()})
        found = list(opened(packed, "application/zip").rows())
        assert [type(row) for row in found] == [CompanyRow, ReadRow]
        assert [row.number for row in found] == [1, 2]


def test_an_id_that_is_none_is_not_kept_where_nobody_would_look() -> None:
    for ident in ("gone@people.example", "linkedin.com/in/gone", "x", COM, CON.upper(), 7):
        row = contact(first_name="A", id=ident, company_id="gone@people.example")
        assert (row.source_id, row.company_id, row.ours) == ("", "", False)
        assert {column for column, _ in row.dropped} == {"id", "company_id"}
    assert (contact(first_name="A", id=CON, company_id=COM).source_id, contact(id=CON, first_name="A").ours) == (
        CON,
        True,
    )
    (company,) = of_json({**COMPANY, "id": "gone@people.example"})
    assert isinstance(company, CompanyRow)
    assert (company.source_id, company.dropped) == ("", (("id", "not_an_id"),))


def test_what_is_neither_contact_nor_company_makes_none() -> None:
    member, mapping = {"id": "mem_1", "name": "Ada Ahl", "email": "ada@people.example"}, {"name": "Mine", "columns": {}}
    assert of_json(member, mapping) == [Rejected(1, "no_identity"), Rejected(2, "no_identity")]


def test_another_programs_people_with_their_companies_stay_people() -> None:
    text = (
        "First Name,Last Name,Email,Company Name,Domain,Industry,Country,Size,Tag\nAda,Ahl,ada@people.example,F,,,,,\n"
    )
    with opened(text) as file:
        (row,) = file.rows()
        assert file.format is not Format.IKO_EXPORT
    assert isinstance(row, ReadRow)
    assert (row.first_name, row.emails) == ("Ada", ("ada@people.example",))


def test_every_name_of_it_is_told_with_what_it_gives() -> None:
    with opened('{"items":[],"next_cursor":null}', "application/json") as file:
        told = dict(file.columns)
    assert (told["emails"], told["tag"], told["sources"], told["created_at"]) == ("email", "tag", None, None)
