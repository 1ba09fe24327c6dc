"""What a reader would take for an erased person's address or profile is cut out of a text, and nothing else."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.core.identifiers import EmailAddress
from chalicelib.domain.redaction.names import PersonName
from chalicelib.domain.redaction.prose import redacted
from chalicelib.domain.redaction.texts import without_addresses
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


@pytest.mark.parametrize(
    ("note", "left"),
    [
        ("Ask ann.berg@nord‑werk.example, please", "Ask […], please"),
        ("Ask ann.berg@nord–werk.example", "Ask […]"),
        ("Mail–ann.berg@nord-werk.example–Phone", "Mail–[…]–Phone"),
        ("Ask ann.berg @nord-werk.example", "Ask […]"),
        ("Ask ann.berg@ nord-werk.example", "Ask […]"),
        ("Ask ann.berg@\nnord-werk.example", "Ask […]"),
        ("Spørg ann.berg(a)nord-werk.example", "Spørg […]"),
        (r"Ask ann\.berg\@nord\-werk\.example \*soon\*", r"Ask […] \*soon\*"),
        ("почтаann.berg@nord-werk.exampleпочта", "почта[…]почта"),
        ("Ask {ann.berg, bo.li}@nord-werk.example", "Ask {[…], bo.li}@nord-werk.example"),
        ("Ask ann.berg=40nord-werk.example", "Ask […]"),
        ("Ask ann=2Eberg=40nord-werk=2Eexample or bo.li=40nord-werk.example", "Ask […] or bo.li=40nord-werk.example"),
        ("Ask ann.berg@nord-we=\r\nrk.example", "Ask […]"),
        (r'{"to": "ann.berg\u0040nord-werk.example"}', '{"to": "[…]"}'),
        (r"Ask \x61nn.berg\x40nord-werk.example", "Ask […]"),
        ("?to=ann.berg%u0040nord-werk.example", "?to=[…]"),
        ("Ask ann.berg&#64nord-werk.example", "Ask […]"),
        ("Ask ann.berg/bo.li@nord-werk.example", "Ask […]/bo.li@nord-werk.example"),
        ("Ask bo.li|ann.berg|cy@nord-werk.example", "Ask bo.li|[…]|cy@nord-werk.example"),
        ("Ask bo.li,ann.berg@nord-werk.example", "Ask bo.li,[…]"),
        ("Ask ann.berg(Buying)@nord-werk.example", "Ask […]"),
        ("Ask ann.berg@(Buying)nord-werk.example", "Ask […]"),
        ("Ask ann.b\ufffderg@nord-werk.example", "Ask […]"),
        ("Ask ann.berg@nord-werk\n.example", "Ask […]"),
        ("Ask ann.\u2800berg\ufffc@nord-werk.example", "Ask […]"),
        ("See linkedin.com/in/ann-berg?from=bo.li@nord-werk.example", "See […]?from=bo.li@nord-werk.example"),
        (r"See linkedin.com\/in\/ann-berg", "See […]"),
        ("See linkedin.com:443/in/ann-berg/", "See […]"),
        ("See https://www.linkedin.com./in/ann-berg", "See […]"),
        ("詳細はwww。linkedin。com/in/ann-bergです", "詳細は[…]です"),
        ("See linkedin.com/in/ann-berg&trk=x and https://linkedin.com/public-profile/in/ann-berg", "See […] and […]"),
        ("Call +49 30 12345678x12 or wa.me/493012345678", "Call […]x12 or […]"),
    ],
)
def test_it_is_cut_as_people_and_programs_write_it(note: str, left: str) -> None:
    marks = marks_of(
        [EmailAddress.parse("ann.berg@nord-werk.example")], ["https://linkedin.com/in/ann-berg"], ["+493012345678"]
    )
    assert redacted(note, marks, []) == left
    assert redacted(left, marks, []) == left


@pytest.mark.parametrize(
    "note",
    [
        "Ask ann.berg/bo.li@nord-werk.example",
        "Ask bo.li=40nord-werk.example, v=40",
        r"C:\new\tools, bo.li\u0040nord-werk.example",
        "Ask bo.li(ann.berg)@nord-werk.example",
        "ann.berg, then cy@nord-werk.example",
    ],
)
def test_those_beside_it_stay(note: str) -> None:
    assert redacted(note, marks_of([EmailAddress.parse("ann@nord-werk.example")]), []) == note


def test_who_is_named_in_a_list_of_mailboxes_is_cut_by_name() -> None:
    assert redacted("Anna,bo@nord-werk.example", [], [PersonName("Anna", "Berg")]) == "[…],bo@nord-werk.example"


@pytest.mark.parametrize("title", ["CTO @booking.example", "Head of Sales@ Nordwerk.example", "R\\&D"])
def test_a_title_is_no_address(title: str) -> None:
    assert without_addresses(title) == (title, [])
