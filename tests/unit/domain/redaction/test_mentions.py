"""Identifiers in free text."""

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chalicelib.domain.redaction.mentions import holds_identifier, marks_in, may_mention
from chalicelib.domain.suppression.model import Mark
from chalicelib.vault.tags import Identifier


@pytest.mark.parametrize(
    ("text", "exact"),
    [
        ("(bob@x.example)", "bob@x.example"),
        ("'bob@x.example'", "bob@x.example"),
        ("https://x.example/?mail=bob@x.example", "bob@x.example"),
        ("bob＠x.example", "bob@x.example"),
        ("Bob@bücher.example!", "bob@xn--bcher-kva.example"),
        ("b.o.b+news@gmail.com", "bob@gmail.com"),
        ("bob&#64;x.example", "bob@x.example"),
        ("bob&#x40;x.example", "bob@x.example"),
        ("b\x00ob@x.example", "bob@x.example"),
        ('"bob"@x.example', "bob@x.example"),
        ('by "Bob Ray"@x.example.', '"bob ray"@x.example'),
        ("(b..ob.@docomo.example)", "b..ob.@docomo.example"),
        ("bob@mail_1.x.example", "bob@mail_1.x.example"),
    ],
)
def test_addresses(text: str, exact: str) -> None:
    assert Mark(Identifier.EMAIL, exact) in marks_in(text)
    assert holds_identifier(text)


def test_an_alias_also_gives_its_base() -> None:
    assert marks_in("bob+news@x.example") == (
        Mark(Identifier.EMAIL, "bob+news@x.example"),
        Mark(Identifier.EMAIL_BASE, "bob@x.example"),
    )


def test_urls_and_phones() -> None:
    assert marks_in("www.linkedin.com/in/Bob/, +49 30 1234567; (030) 123 45 67") == (
        Mark(Identifier.URL, "https://linkedin.com/in/bob"),
        Mark(Identifier.PHONE, "+49301234567"),
        Mark(Identifier.PHONE, "0301234567"),
    )


@pytest.mark.parametrize("text", ["", "meet @ 5", "a/b", "www.x.example", "no. 1234", "@bob"])
def test_nothing_is_found_where_nothing_is(text: str) -> None:
    assert marks_in(text) == ()


@pytest.mark.parametrize("text", [("a中" * 40 + "@" + "b中." * 80) * 25, "x.com/" + "中a" * 5_000, "@a.a.a.a." * 1_100])
def test_the_longest_note_takes_little_time(text: str) -> None:
    began = time.process_time()
    marks_in(text)
    assert time.process_time() - began < 3  # seconds; 36 where each start was tried with each end


@given(st.from_regex(r"[A-Za-z][A-Za-z0-9]{0,24}", fullmatch=True))
@example("a491701234567")
@example("Given491701234567x12")
@example("bob1atmaildotexample")
def test_a_word_that_begins_with_a_letter_names_nobody(word: str) -> None:
    assert not may_mention(word)
    assert marks_in(f" {word} ") == ()  # as it is read where it is not passed over


@pytest.mark.parametrize(
    "text", ["491701234567", "491701234567x12", "Tel. 0170 1234567", "a@b.example", "Bob at x.example"]
)
def test_what_may_name_somebody_is_looked_at(text: str) -> None:
    assert may_mention(text)
