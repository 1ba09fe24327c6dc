"""What sources write in a contact's fields, made fit to keep."""

import pytest

from chalicelib.domain.redaction.mentions import holds_identifier, marks_in
from chalicelib.domain.redaction.texts import without_addresses
from chalicelib.domain.suppression.model import Mark
from chalicelib.vault.tags import Identifier


@pytest.mark.parametrize(
    "spelling",
    [
        "anna@example.com",
        "anna＠example.com",
        "anna﹫example。com",
        "anna%40example.com",
        "anna(at)example.com",
        "anna [at] example [dot] com",
        "anna&#64;example.com",
        "anna&#x40;example&#46;com",
        "anna&amp;amp;#64;example.com",
    ],
)
def test_no_spelling_of_an_address_hides_in_a_text(spelling: str) -> None:
    rest, found = without_addresses(f"Head of {spelling}")
    assert rest.startswith("Head of")
    assert not holds_identifier(rest)
    assert found == ["anna@example.com"]


@pytest.mark.parametrize(
    "text", ["https://x.example/?mail=anna%40example.com", "メールはanna@example.comです", "anna at example dot com"]
)
def test_what_may_be_read_in_several_ways_stays_and_is_a_mention(text: str) -> None:
    assert without_addresses(text) == (text, [])
    assert Mark(Identifier.EMAIL, "anna@example.com") in marks_in(text)


def test_a_persons_page_hides_in_no_text() -> None:
    assert without_addresses("Head, de.linkedin.com/in/anna-keller/") == ("Head", [])


@pytest.mark.parametrize(
    "text", ["CTO (EMEA)", "R&D / Sales", "AC/DC", "x.com/search", "50 % [interim]", "Marketing @ Acme"]
)
def test_what_is_no_identifier_stays(text: str) -> None:
    assert without_addresses(text) == (text, [])


def test_where_somebody_works_is_no_address() -> None:
    assert without_addresses("CTO @ Booking.com") == ("CTO at Booking.com", [])
