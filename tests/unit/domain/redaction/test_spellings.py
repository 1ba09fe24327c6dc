"""What a reader would take for an erased person's address or profile is cut out of a text, and nothing else."""

from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.core.identifiers import EmailAddress
from chalicelib.domain.redaction.prose import redacted
from chalicelib.domain.suppression.model import marks_of
from tests.support.spellings import addresses, profiles, understood, within

NAME, NEAR = "zq4711gone", "zq4711near"
MARKS = marks_of([EmailAddress.parse(f"{NAME}@people.example")], [f"https://linkedin.com/in/{NAME}"])


def spelt(name: str) -> st.SearchStrategy[str]:
    return within(st.one_of(addresses(f"{name}@people.example"), profiles(name)))


@settings(max_examples=500)
@given(spelt(NAME))
def test_no_spelling_is_left(text: str) -> None:
    assert NAME not in understood(redacted(text, MARKS, []))


@settings(max_examples=200)
@given(spelt(NEAR))
def test_somebody_elses_stays_to_the_letter(text: str) -> None:
    assert redacted(text, MARKS, []) == text
