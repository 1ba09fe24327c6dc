"""The shape of tests/data/privacy_letters: fields, counts, balanced halves, nobody real."""

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

LETTERS = Path(__file__).resolve().parents[1] / "data" / "privacy_letters"
ANSWERED = ["en", "fr", "de", "es", "it", "nl", "pt", "pl", "sv", "da", "cs", "ro", "el", "hr"]
OTHERS = ["fi", "hu", "sk", "bg", "uk", "tr", "no", "ja"]
RIGHTS = [
    "erasure",
    "access",
    "source",
    "rectification",
    "restriction",
    "objection",
    "consent_withdrawn",
    "portability",
    "automated_decisions",
    "complaint",
]
FIELDS = [
    "id",
    "lang",
    "intent",
    "secondary_intents",
    "kind",
    "scope",
    "fields",
    "about",
    "new_values",
    "expect",
    "subject",
    "body",
    "half",
]
PARTS = {"name", "last_name", "title", "company", "email", "phone", "address", "photo", "profile"}
_DOMAIN = re.compile(r"(?:@|://|www\.)((?:[\w-]+\.)*[\w-]+)|((?:[\w-]+\.)+(?:com|org|net|eu|info|io|biz))\b")
_OF_EXAMPLES = re.compile(r"(?:.+\.)?(?:example|example\.(?:com|org|net))")
_PHONE = re.compile(r"(?:\+|\(|\b0)[\d ()/-]{7,}\d")
# Ofcom, ARCEP, BNetzA, PTS and the North American plan keep these for fiction; no number starts with 000 after a country.
_OF_FICTION = re.compile(
    r"(?:07|447)700900\d{3}|026191\d{4}|063998\d{4}|01713920\d{3}|015228817386|07017406\d\d|1?\d{3}55501\d\d|\d\d000\d+"
)

Letter = dict[str, Any]


def letters(language: str) -> list[Letter]:
    return [json.loads(line) for line in (LETTERS / f"{language}.jsonl").read_text("utf-8").splitlines()]


def hasty_letters(folder: str, language: str) -> list[Letter]:
    return [json.loads(line) for line in (LETTERS / folder / f"{language}.jsonl").read_text("utf-8").splitlines()]


HASTY = [
    letter for folder in ("short", "sloppy") for language in ANSWERED for letter in hasty_letters(folder, language)
]
EVERY = [letter for language in ANSWERED + OTHERS for letter in letters(language)]


def difference(of: list[Letter]) -> int:
    """Return by how many letters one half is larger than the other."""
    halves = Counter(letter["half"] for letter in of)
    assert set(halves) <= {"tune", "held_out"}
    return abs(halves["tune"] - halves["held_out"])


def test_each_language_has_its_file_and_no_letter_stands_twice() -> None:
    assert sorted(path.stem for path in LETTERS.glob("*.jsonl")) == sorted(ANSWERED + OTHERS)
    assert len({letter["id"] for letter in EVERY}) == len(EVERY)
    assert len({(letter["lang"], letter["subject"], letter["body"]) for letter in EVERY}) == len(EVERY)


@pytest.mark.parametrize("language", ANSWERED + OTHERS)
def test_each_language_has_its_letters_in_equal_halves(language: str) -> None:
    requests = [letter for letter in letters(language) if letter["intent"] != "none"]
    ordinary = [letter for letter in letters(language) if letter["intent"] == "none"]
    assert (len(requests), len(ordinary)) == ((25, 5) if language in ANSWERED else (6, 3))
    assert difference(requests) <= 1
    assert difference(ordinary) <= 1
    if language in ANSWERED:
        rights = Counter(letter["intent"] for letter in requests)
        assert rights["erasure"] >= 8
        assert rights["access"] + rights["source"] >= 4
        assert sum(letter["expect"] == "link" for letter in requests) >= 7


@pytest.mark.parametrize("right", [*RIGHTS, "none"])
def test_each_right_stands_in_equal_halves(right: str) -> None:
    assert difference([letter for letter in EVERY if letter["intent"] == right]) <= 1


@pytest.mark.parametrize("letter", EVERY, ids=lambda letter: letter["id"])
def test_each_letter_has_the_fields_and_what_it_deserves_follows_from_them(letter: Letter) -> None:
    assert list(letter) == FIELDS
    assert letter["id"].startswith(f"letters-{letter['lang']}-")
    assert letter["subject"] or letter["body"]
    assert set(letter["secondary_intents"]) <= set(RIGHTS) - {letter["intent"]}
    assert (letter["scope"] == "part") == bool(letter["fields"])
    assert set(letter["fields"]) | set(letter["new_values"]) <= PARTS
    rights = [letter["intent"], *letter["secondary_intents"]]
    assert ("rectification" in rights) == bool(letter["new_values"])
    assert all(value in f"{letter['subject']}\n{letter['body']}" for value in letter["new_values"].values())
    assert letter["expect"] == deserved(letter)


def deserved(letter: Letter) -> str:
    """Return what the README says that such a letter deserves."""
    if letter["intent"] == "none":
        assert letter["scope"] is letter["about"] is None
        return "none"
    assert letter["scope"] in ("all", "part")
    assert letter["about"] in ("writer", "other_person", "agent")
    part = letter["intent"] == "erasure" and letter["scope"] == "part"
    if part or letter["about"] != "writer" or letter["intent"] == "complaint":
        return "officer"
    alone = letter["intent"] == "erasure" and set(letter["secondary_intents"]) <= {"objection", "consent_withdrawn"}
    return "link" if alone else "answer"


@pytest.mark.parametrize("language", ANSWERED)
def test_the_short_letters_of_each_language_are_in_halves_too(language: str) -> None:
    found = hasty_letters("short", language)
    halves = Counter(letter["half"] for letter in found)
    assert set(halves) == {"short_tune", "short_held_out"}
    assert abs(halves["short_tune"] - halves["short_held_out"]) <= 9
    assert len({letter["id"] for letter in found}) == len(found) == 35
    assert all(letter["subject"] or letter["body"] for letter in found)
    assert {letter["intent"] for letter in found} <= {*RIGHTS, "none"}
    assert {letter["expect"] for letter in found} == {"link", "officer", "answer", "none"}


@pytest.mark.parametrize("language", ANSWERED)
def test_the_sloppy_letters_of_each_language_take_turns_in_halves(language: str) -> None:
    found = hasty_letters("sloppy", language)
    halves = Counter(letter["half"] for letter in found)
    assert set(halves) == {"sloppy_tune", "sloppy_held_out"}
    assert abs(halves["sloppy_tune"] - halves["sloppy_held_out"]) <= 1
    assert (
        len({letter["id"] for letter in found})
        == len({(each["subject"], each["body"]) for each in found})
        == len(found)
    )
    assert all(letter["subject"] or letter["body"] for letter in found)
    wished = Counter(letter["expect"] for letter in found)
    assert (wished["link"], wished["answer"] >= 3, wished["none"] >= 4) == (12, True, True)


def test_nobody_real_is_named_by_an_address_a_link_or_a_number() -> None:
    for letter in EVERY + HASTY:
        text = f"{letter['subject']}\n{letter['body']}"
        for at, bare in _DOMAIN.findall(text):
            assert _OF_EXAMPLES.fullmatch((at or bare).lower()), letter["id"]
        for number in _PHONE.findall(text):
            digits = re.sub(r"\D", "", number)
            assert len(digits) < 9 or _OF_FICTION.fullmatch(digits), letter["id"]
