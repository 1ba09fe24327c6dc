"""Cards that a program cut or filled oddly: what can be read of them is."""

import pytest

from tests.unit.domain.imports import files

TYPE = "text/vcard"


def test_a_card_that_never_ends_is_read_as_far_as_it_is_there() -> None:
    said = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Βίκυ Λάππα\r\nEMAIL:viky@example.org\r\nTEL:+30 210 00"
    row = files.only(said.encode(), TYPE)
    assert (row.last_name, row.emails, row.phones) == ("Λάππα", ("viky@example.org",), ())
    for text in (
        "BEGIN:VCARD\r\nFN:Jörg Müßig\r\nTEL:+49 30 901820\r\n",
        "BEGIN:VCARD\nN:Novák;Jiří\nEMAIL:j@example.org\n",
    ):
        row = files.only(text.encode(), TYPE)
        assert row.last_name in ("Müßig", "Novák")


@pytest.mark.parametrize(
    ("lines", "name"),
    [
        (["N:John Smith;;;;", "EMAIL:j@example.org"], ("John", "Smith")),
        (["N:Jiří Novák", "FN:Jiří Novák", "EMAIL:j@example.org"], ("Jiří", "Novák")),
        (["N:Ελένη Παππά;;;;", "TEL:+30 210 3000000"], ("Ελένη", "Παππά")),
        (["N:van den Berg;;;;", "EMAIL:b@example.org"], ("", "van den Berg")),
        (["N:García Márquez;Gabriel;;;", "EMAIL:g@example.org"], ("Gabriel", "García Márquez")),
        (["N:García Márquez;;;;", "FN:Gabriel García Márquez", "EMAIL:g@example.org"], ("", "García Márquez")),
    ],
)
def test_a_whole_name_in_the_place_of_the_last(lines: list[str], name: tuple[str, str]) -> None:
    row = files.only(files.card(*lines), TYPE)
    assert (row.first_name, row.last_name) == name
