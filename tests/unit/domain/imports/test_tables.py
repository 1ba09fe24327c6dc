"""Separators, quotes, line ends and files that break: what is whole is read, what is not is said."""

import csv
import random
import threading
import tracemalloc
from typing import Any

import pytest

from chalicelib.core.errors import UnsupportedMediaType
from chalicelib.domain.imports.parsing.errors import FileRefused
from chalicelib.domain.imports.parsing.rows import ReadRow, Rejected
from tests.unit.domain.imports import files

HEADER = ["First Name", "Last Name", "Email", "Company", "Notes"]


def row(number: int, note: str = "") -> list[str]:
    return [f"Anna{number}", "Keller", f"anna{number}@example.org", "Nordwerk", note]


def names(text: str | bytes) -> list[str]:
    return [read.first_name for read in files.rows(text) if isinstance(read, ReadRow)]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("ends", ["\r\n", "\n", "\r"])
def test_separators_and_line_ends(separator: str, ends: str) -> None:
    note = f'one{ends}two, three; four\t"five" | six'
    text = files.table(HEADER, [row(1, note), row(2)], separator, ends)
    assert names(text) == ["Anna1", "Anna2"]


def test_blank_rows_are_counted_and_not_said() -> None:
    text = files.table(HEADER, [row(1), [""] * 5, [" "] * 5, row(4)]) + "\r\n" + files.table(row(6), [])
    assert files.codes(text) == [(1, "ok"), (4, "ok"), (6, "ok")]


def test_spaces_behind_separators_and_around_cells() -> None:
    assert (
        files.only('First Name, Last Name, Email\n "Anna, B." , Keller ,  anna@example.org \n').first_name == "Anna, B."
    )


def test_rows_with_fewer_cells_and_with_more() -> None:
    text = (
        "First Name,Last Name,Email,Company\nAnna,Keller,anna@example.org\nAnna,Keller,a@example.org,Nord,,\n"
        "A,K,a@b.example,Nord, GmbH\n"
    )
    assert files.codes(text) == [(1, "ok"), (2, "ok"), (3, "too_many_cells")]


def test_a_line_that_is_no_row() -> None:
    assert files.codes("First Name,Last Name,Email\nExported by somebody\nA,K,a@b.example\n") == [
        (1, "row_incomplete"),
        (2, "ok"),
    ]


def test_a_file_of_one_column() -> None:
    assert files.only("E-Mail\nanna@example.org\n").emails == ("anna@example.org",)


@pytest.mark.parametrize(
    "tail",
    ['"Anna9","Keller","anna9@exa', '"Anna9","Keller","anna9@example.org","Nord', "Anna9,Keller", "Anna9,Keller,a@b.example,",
     'Anna9,Keller,anna9@example.org,Nordwerk,"a note\nof lines, with, commas, and, more\nthat never'],
)  # fmt: skip
def test_a_file_that_ends_within_a_row_loses_that_row_alone(tail: str) -> None:
    text = files.table(HEADER, [row(1, "a\nb"), row(2)]) + tail
    outcome = files.codes(text)
    assert outcome[:2] == [(1, "ok"), (2, "ok")]
    assert outcome[2] == (3, "row_incomplete")
    assert names(text) == ["Anna1", "Anna2"]


def test_lines_of_a_broken_note_become_nobody() -> None:
    """Other than a row, such a line seldom has a cell for each column."""
    text = (
        files.table(HEADER, [row(1)])
        + 'Anna2,Keller,anna2@example.org,Nordwerk,"met\nBen, Weber, ben@example.org\nDora\n'
    )
    assert files.codes(text) == [(1, "ok"), (2, "row_incomplete"), (3, "row_incomplete")]


def test_every_prefix_of_a_file_keeps_the_rows_before() -> None:
    text = files.table(HEADER, [row(1, "x"), row(2, 'q "a", \n b'), row(3)])
    ends = [text.index("\r\n", text.index("Anna1")) + 2, text.index("Anna3"), len(text)]
    for cut in range(text.index("Anna1"), len(text)):
        complete = sum(cut >= end for end in ends)
        read = names(text[:cut])
        assert read[:complete] == ["Anna1", "Anna2", "Anna3"][:complete], cut
        assert all(name in ("Anna1", "Anna2", "Anna3") for name in read), cut


@pytest.mark.parametrize("later", [[], [row(7, "a\nb")], [row(7, "ends it"), row(8, 'with, "quotes"')]])
def test_a_quote_that_never_ends_swallows_nothing(later: list[list[str]]) -> None:
    good = [row(n) for n in range(2, 7)]
    broken = 'Anna1,"Keller,anna1@example.org,Nordwerk,\r\n'
    head, _, rest = files.table(HEADER, [*good, *later]).partition("\r\n")
    text = f"{head}\r\n{broken}{rest}"
    assert names(text) == [cells[0] for cells in [*good, *later]]
    assert files.codes(text)[0] == (1, "row_incomplete")


@pytest.mark.parametrize("field", ["First Name", "Email", "Phone", "Company", "LinkedIn"])
@pytest.mark.parametrize(
    "long", ["a" * 300_000 + "@", " " * 300_000 + "x", "(" * 300_000, "<a@" * 100_000, "\u0301" * 300_000]
)
def test_cells_of_any_length_are_read_in_time_that_grows_no_faster(field: str, long: str) -> None:
    header = ["First Name", "Last Name", "Email", "Phone", "Company", "LinkedIn"]
    (found,) = files.rows(files.table(header, [{"Last Name": "Keller", field: long}]))
    assert found.number == 1


def test_quotes_that_never_end_cost_no_more_than_reading_twice_over() -> None:
    """Each of these lines opens a quote that the next closes and opens again; reading must end all the same."""
    text = "First Name,Last Name\n" + 'a"b,"c\n' * 100_000
    found = list(files.opened(text, content_type="text/csv").rows())
    assert found
    assert all(isinstance(one, Rejected) for one in found)


@pytest.mark.parametrize(
    "start", ['First Name,Last Name\nAnna,Keller\nBen,"', "BEGIN:VCARD\nFN:Anna\nEND:VCARD\nBEGIN:VCARD\nFN:"]
)
def test_what_never_ends_is_not_held(start: str) -> None:
    body = (start + "\n a" * 50_000).encode()
    tracemalloc.start()
    accepted = sum(isinstance(one, ReadRow) for one in files.opened(body, content_type="").rows())
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert accepted == 1
    assert peak < 2_500_000


@pytest.mark.parametrize("body", ["First Name,Last Name\n" + "A,B\n" * 1_001, "BEGIN:VCARD\nEND:VCARD\n" * 1_001])
def test_more_rows_than_are_taken(body: str) -> None:
    assert sum(1 for _ in files.opened(body, "").rows(at_most=1_001)) == 1_001
    with pytest.raises(FileRefused, match="too_many_rows"):
        sum(1 for _ in files.opened(body, "").rows(at_most=1_000))


def test_a_note_larger_than_the_csv_module_allows_is_passed_over() -> None:
    text = files.table(HEADER, [row(1, "x, y\n" * 300 + "z" * 300_000), row(2)])
    assert names(text) == ["Anna1", "Anna2"]


def test_no_reading_changes_the_limit_of_the_csv_module() -> None:
    before = csv.field_size_limit()
    text = files.table(HEADER, [row(n, "x" * 200_000) for n in range(3)]).encode()
    found: list[int] = []
    threads = [
        threading.Thread(target=lambda: found.append(len(list(files.opened(text, content_type="text/csv").rows()))))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [3, 3, 3, 3]
    assert csv.field_size_limit() == before


def test_formulas_are_data() -> None:
    read = files.only(files.table(HEADER, [["=1+1", "@Keller", "a@example.org", "+Nord|cmd", ""]]))
    assert (read.first_name, read.last_name, read.company_name) == ("=1+1", "@Keller", "+Nord|cmd")


def test_rows_come_again_and_in_turns() -> None:
    for file in (
        files.opened(files.table(HEADER, [row(n) for n in range(1, 9)])),
        files.opened("".join(files.card(f"FN:Anna {n}") for n in range(4)), "text/vcard"),
    ):
        everything = list(file.rows())
        assert list(file.rows()) == everything
        assert list(zip(file.rows(), file.rows(), strict=True)) == list(zip(everything, everything, strict=True))


def test_blank_rows_are_not_among_those_that_are_too_many() -> None:
    text = files.table(HEADER, [row(1), [""] * 5, row(3), [""] * 5]) + "\r\n"
    assert len(list(files.opened(text).rows(at_most=2))) == 2
    with pytest.raises(FileRefused, match="too_many_rows"):
        list(files.opened(text).rows(at_most=1))


def refused(body: str | bytes, content_type: str = "text/csv", **options: Any) -> str:
    content = body.encode() if isinstance(body, str) else body
    with pytest.raises(FileRefused) as caught:
        files.opened(content, content_type=content_type, **options)
    assert caught.value.status == 422
    assert caught.value.detail.endswith(".")
    assert "CANARY" not in caught.value.detail
    return caught.value.code


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj CANARY", "not_a_table"),
        (b"\x89PNG\r\n\x1a\n\0\0", "not_a_table"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 64, "not_a_table"),
        (b"<!DOCTYPE html><title>CANARY</title>", "not_a_table"),
        (b'{"name": "CANARY"}', "not_a_table"),
        (b"First Name,Email\n\0\0\0\0,\n", "not_a_table"),
        (b"", "empty_file"),
        (b"\xef\xbb\xbf \r\n", "empty_file"),
        (b"\r\n,,,\r\n", "empty_file"),
        (b"sku,price\nCANARY,5\n", "unknown_columns"),
        (b"Anna,Keller,anna@example.org\nBen,Weber,ben@example.org\n", "unknown_columns"),
        (b"sku,price\nEmail,5\nCANARY,6\n", "unknown_columns"),
        (b"Name,SKU,Price\nCANARY,1,2\n", "unknown_columns"),
        (",".join(f"column {n}" for n in range(10_000)).encode() + b"\n1,2\n", "too_many_columns"),
        (("First Name,Email," + ",".join(f"c{n}" for n in range(600))).encode() + b"\n1,2\n", "too_many_columns"),
        (b"\xff\xfe\0\0F\0\0\0", "unreadable_encoding"),
        ("First Name,Email\n\x81\x8d\x8f".encode("latin-1"), "unreadable_encoding"),
    ],
)  # fmt: skip
def test_what_is_no_table(body: bytes, code: str) -> None:
    assert refused(body) == code


@pytest.mark.parametrize("seed", range(20))
def test_noise_is_refused(seed: int) -> None:
    assert refused(random.Random(seed).randbytes(4000)) in ("not_a_table", "unreadable_encoding")  # noqa: S311 - a repeatable table, no secret


@pytest.mark.parametrize("stray", ["\0", "\x1a", "\x04"])
def test_a_control_in_a_cell_or_at_the_end_loses_nobody(stray: str) -> None:
    """As programs in C leave them, and what ended a file for old ones. A file full of them is none."""
    text = f"First Name,Last Name,Email\r\nAn{stray}na,Keller{stray},a@x.example\r\nBo,Ott,b@x.example\r\n{stray}"
    with files.opened(text) as file:
        found = [(each.first_name, each.last_name) for each in file.rows() if isinstance(each, ReadRow)]
        assert found == [("Anna", "Keller"), ("Bo", "Ott")]
        assert len(list(file.rows())) == 2


def test_archives_that_are_not_opened() -> None:
    table = files.table(HEADER, [row(1)])
    assert refused(files.zipped({"a.csv": table, "b.csv": table})) == "not_a_table"
    assert refused(files.zipped({"notes.txt": "CANARY"})) == "not_a_table"
    assert refused(files.zipped({"[Content_Types].xml": "<x/>", "people.csv": table})) == "not_a_table"
    assert refused(files.zipped({"contacts.csv": "First Name,Email\n" + "a,\n" * 10_000_000})) == "not_a_table"
    assert (
        refused(files.zipped({"Connections.csv": table} | {f"{n}{'x' * 60_000}": "" for n in range(20)}))
        == "not_a_table"
    )
    locked = bytearray(files.zipped({"Connections.csv": table}))
    locked[locked.index(b"PK\x01\x02") + 8] |= 1  # the mark of an encrypted entry
    assert refused(bytes(locked)) == "not_a_table"
    assert refused(b"PK\x03\x04" + b"CANARY" * 50) == "not_a_table"
    whole = files.zipped({"Connections.csv": table})
    for cut in range(30, len(whole) - 1, 7):
        assert refused(whole[:cut]) == "not_a_table"


@pytest.mark.parametrize(
    "mapping",
    [{}, {"a": "notes"}, {"a": "first_name", "b": "first_name"}, {"a": "company_name"}, {"": "email"},
     {"E-Mail": "email", "e mail": "email"}],
)  # fmt: skip
def test_mappings_that_cannot_be(mapping: dict[str, str]) -> None:
    assert refused("a,b\n1,2\n", mapping=mapping) == "bad_mapping"


def test_a_mapping_of_other_columns_and_formats_that_are_not() -> None:
    assert refused("a,b\n1,2\n", mapping={"CANARY": "email"}) == "unknown_columns"
    assert refused("a,b\n1,2\n", format="mapped_csv") == "bad_mapping"
    assert refused("a,b\n1,2\n", format="CANARY") == "unknown_format"
    assert refused("Email\na@example.org\n", format="vcard") == "not_a_vcard"
    assert refused("Email\na@example.org\n", "text/vcard") == "not_a_vcard"
    assert refused(files.card("FN:Anna"), format="google_csv") == "unknown_columns"
    with pytest.raises(UnsupportedMediaType):
        files.opened(b"Email\n", content_type="application/pdf")


def test_a_format_asked_for_by_name() -> None:
    text = "First Name,Last Name,Email,Title\nAnna,Keller,a@example.org,CFO\n"
    assert files.opened(text, content_type="text/csv; charset=utf-8", format="google").format == "google_csv"
