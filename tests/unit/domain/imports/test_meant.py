"""Cells whose addresses are spelled as no mail arrives: who is meant is asked of the tombstones, and nobody else."""

import pytest

from chalicelib.domain.imports.parsing.row import ReadRow, Rejected
from tests.unit.domain.imports import files
from tests.unit.domain.imports.files import accepted, read

CARD = "text/vcard"


@pytest.mark.parametrize(
    "cell",
    [
        "jan\n@a.example",
        "jan\r\n@a.example",
        "jan\t@a.example",
        "jan\x85@a.example",
        "jan\u2028@a.example",
        "jan@\na.example",
        "jan@a\n.example",
        "ja\x07n@a.example",
        "jan&#10;@a.example",
        "\x1fjan@a.\x1cexample\n",
        "jan@a%2eexample%20",
    ],
)
def test_a_control_within_an_address_is_none_of_its_characters(cell: str) -> None:
    for row in (
        accepted(first_name="Jan", email=cell),
        files.only(files.card("N:;Jan;;;", f"EMAIL:{_escaped(cell)}"), CARD),
    ):
        assert (row.first_name, row.emails, row.dropped, row.meant) == ("Jan", ("jan@a.example",), (), ())


def _escaped(cell: str) -> str:
    return cell.replace("\r\n", "\n").replace("\n", "\\n")


def test_a_control_between_addresses_parts_them() -> None:
    for control in ("\n", "\t", "\u2028", "\x85"):
        row = accepted(first_name="A", email=f"a@a.example{control}b@b.example")
        assert (row.emails, row.dropped) == (("a@a.example", "b@b.example"), ())
        row = accepted(first_name="A", email=f"Work{control}a@a.example")
        assert (row.emails, row.meant) == (("a@a.example",), ("work.a@a.example", "worka@a.example"))


@pytest.mark.parametrize(
    ("cell", "meant"),
    [
        ("jan @a.example", "jan@a.example"),
        ("jan@ a.example", "jan@a.example"),
        ("jan@a.example?subject=x", "jan@a.example"),
        ("mailto:jan@a.example?subject=x", "jan@a.example"),
        ("jan(at)a.example", "jan@a.example"),
        ("jan [at] a [dot] example", "jan@a.example"),
        ("b@b.example; jan (at) a (dot) example", "jan@a.example"),
        ("jan\ufffd@a.example", "jan@a.example"),
        ("j\ue000an@a.example", "jan@a.example"),
        ("jan(Einkauf)@a.example", "jan@a.example"),
        ('"Jan" <jan @a.example>', "jan@a.example"),
        ("jan@a.example <b@b.example>", "jan@a.example"),
        ("b@b.example (jan@a.example)", "jan@a.example"),
        ("jan@@a.example", "jan@a.example"),
        ("jan@a,example", "jan@a.example"),
        ("jan@a..example", "jan@a.example"),
        ("j a n @ a . example", "jan@a.example"),
        ("jan=40a.example", "jan@a.example"),
        (r"jan\u0040a.example", "jan@a.example"),
        (r"jan\n@a.example", "jan@a.example"),
        ("jan at a.example", "jan@a.example"),
        ("https://b.example/?to=jan@a.example", "jan@a.example"),
        ("aaa..bbb.cc@docomo.example", "aaa..bbb.cc@docomo.example"),
        (".x@docomo.example", ".x@docomo.example"),
        ("x.@docomo.example; b@b.example", "x.@docomo.example"),
        ("info@a.example", "info@a.example"),
    ],
)
def test_whom_a_cell_may_mean_is_asked_and_nobody_else(cell: str, meant: str) -> None:
    row = accepted(first_name="A", phone="030 1234567", email=cell)
    assert meant in row.meant
    assert meant not in row.emails
    assert not {"b@b.example", "an@a.example"} & {*row.meant}


@pytest.mark.parametrize(
    ("cells", "meant"),
    [
        ({"phone": "030 1234567 jan@a.example"}, ("jan@a.example",)),
        ({"phone": "jan@a.example"}, ("jan@a.example",)),
        ({"phone": "030 1234567 jan (at) a.example"}, ("jan@a.example",)),
        ({"first_name": "Jan at a.example"}, ("jan@a.example",)),
        ({"website": "mailto:jan@a.example"}, ("jan@a.example",)),
        ({"website": "http://jan@a.example"}, ("jan@a.example",)),
        ({"linkedin": "LinkedIn: linkedin.com/in/jan?x=b@b.example"}, ("https://linkedin.com/in/jan",)),
        ({"website": "https://acme.example/team?mail=jan@a.example"}, ()),
        ({"linkedin": "https://acme.example/?of=linkedin.com/in/jan"}, ()),
        ({"email": "x/jan@a.example; n/a"}, ("x@a.example",)),
        ({"email": "n/a", "phone": "keine", "website": "-"}, ()),
    ],
)
def test_what_other_cells_mean(cells: dict[str, str], meant: tuple[str, ...]) -> None:
    row = accepted(**{"first_name": "A", **cells})
    assert row.meant[:1] == meant
    assert ReadRow.from_dict(row.to_dict()) == row


@pytest.mark.parametrize(
    "cell",
    [
        "//jan@a.example",
        "smtp:///{jan@a.example",
        "/O=Firm/OU=x/CN=Jan@a.example",
        "E-Mail=jan@a.example",
        "?to=jan@a.example",
        "#jan@a.example",
        "|jan@a.example",
        "!jan@a.example",
        "mx!jan@a.example",
        "-jan@a.example",
        "~jan@a.example",
        "_jan_@a.example",
        "jan}@a.example",
        "+jan@a.example",
        "\u2192jan@a.example",
        "\u90ae\u7bb1jan@a.example",
        "jan,bo@a.example",
        "jan;bo@a.example",
        "jan, bo, cy@a.example",
        "jan | bo@a.example",
        "jan und bo@a.example",
        "bo et jan et cy@a.example",
        "{jan,bo}@a.example",
        "[jan; bo]@a.example",
        "jan/bo@a.example",
        "x@x.example, jan & bo@a.example",
        "x@x.example;jan,bo@a.example",
    ],
)
def test_rubbish_before_an_address_and_lists_hide_nobody(cell: str) -> None:
    row = accepted(first_name="A", email=cell)
    assert "jan@a.example" in (*row.meant, *row.emails)
    assert "x@x.example" not in row.meant


@pytest.mark.parametrize(
    "cell",
    [
        "jan,eras@a.example",
        "jan eras@a.example",
        "x@x.example jan eras@a.example",
        "Work: jan,eras@a.example",
        "jan.eras.@a.example",
        ".jan..eras@a.example",
        "{jan,eras}@a.example",
    ],
)
def test_a_slip_in_a_local_part_hides_nobody(cell: str) -> None:
    assert "jan.eras@a.example" in accepted(first_name="A", email=cell).meant


def test_a_slip_behind_an_address_hides_nobody() -> None:
    for cell in ("jan@a.co,uk", "x@x.example; jan@a.co, uk"):
        row = accepted(first_name="A", email=cell)
        assert "jan@a.co.uk" in row.meant
        assert "jan@a.co" in row.emails


@pytest.mark.parametrize("local", ["o'brien", "jan.eras", "jan-eras", "jan_eras", "7jan", "m\u00fcller", "jan+news"])
def test_an_address_as_others_are_means_only_itself(local: str) -> None:
    row = accepted(first_name="A", email=f"{local}@a.example")
    assert (row.emails, row.meant) == ((f"{local}@a.example",), ())


def test_a_row_that_names_a_hundred_people_is_none() -> None:
    for joint in (" ", "; ", ","):
        cell = joint.join(f"a{number}@b.example" for number in range(130))
        assert read(first_name="A", email=cell) == Rejected(1, "too_many_values")
    spelled = "; ".join(f"a{number} (at) b.example" for number in range(130))
    assert read(first_name="A", email=spelled) == Rejected(1, "too_many_values")
    row = accepted(first_name="A", email=" ".join(f"a{number}@b.example" for number in range(60)))
    assert (len(row.emails), len(row.meant)) == (20, 40)


def test_no_part_of_a_torn_address_stays_beside_a_number() -> None:
    for torn in (
        "jan\n@erase.example",
        "jan\r\n@erase dot example",
        "jan\\n@erase.example",
        "jan=40erase;x",
        "(jan@x.example)",
    ):
        row = files.only(f'Name,Email,Phone\nAnna,a@x.example,"030 123456 {torn}"\n')
        assert row.phones == ("030 123456",), torn
    assert files.only('Name,Phone\nAnna Ott,"030 123456\n0170 654321"\n').phones == ("030 123456", "0170 654321")


@pytest.mark.parametrize(
    "torn",
    ["jan\n@erase.example", "jan\r\n@erase dot example", "jan\\n@erase.example", "j\u200ban\x1f@er%61se．example"],
)
def test_a_row_still_names_whom_a_torn_address_beside_its_number_means(torn: str) -> None:
    row = files.only(f'Name,Email,Phone\nAnna,a@x.example,"030 123456 {torn}"\n')
    assert row.phones == ("030 123456",)
    assert "jan@erase.example" in row.meant
