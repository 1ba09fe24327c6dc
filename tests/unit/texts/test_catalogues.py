"""The catalogues are whole: each says in its own language all that the English one says, with the same values in it."""

import re
import string
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from chalicelib.core import languages
from chalicelib.domain.privacy.parsing import lexicon
from chalicelib.domain.privacy.parsing.language import detect
from chalicelib.texts import catalogues, pages, render

OTHERS = [(of, language) for of, all_ in catalogues.LANGUAGES.items() for language in all_ if language != "en"]
PERSONS = [language for language in languages.OF_PERSONS if language != "en"]
ALONE = (
    "{link}",
    "{keys_link}",
    "{salt}",
    "{sources}",
    "{form}",
    "{understood}",
    "{notes}",
    "{said}",
    "{complaint}",
    "{status}",
    "{desk}",
    "{controller}",
    "{privacy_address}",
)
"""What stands on a line of its own: links, so that no program breaks them, and what is a paragraph by itself."""
DAYS = {
    "en": ("1 January 2027", "30 November 2026"),
    "fr": ("1er janvier 2027", "30 novembre 2026"),
    "de": ("1. Januar 2027", "30. November 2026"),
    "es": ("1 de enero de 2027", "30 de noviembre de 2026"),
    "it": ("1º gennaio 2027", "30 novembre 2026"),
    "nl": ("1 januari 2027", "30 november 2026"),
    "pt": ("1 de janeiro de 2027", "30 de novembro de 2026"),
    "pl": ("1 stycznia 2027", "30 listopada 2026"),
    "sv": ("1 januari 2027", "30 november 2026"),
    "da": ("1. januar 2027", "30. november 2026"),
    "cs": ("1. ledna 2027", "30. listopadu 2026"),
    "ro": ("1 ianuarie 2027", "30 noiembrie 2026"),
    "el": ("1η Ιανουαρίου 2027", "30 Νοεμβρίου 2026"),
    "hr": ("1. siječnja 2027.", "30. studenoga 2026."),
}


def texts(audience: str, language: str) -> dict[str, str]:
    """Return every text by the path of its name."""
    return dict(_flat(catalogues.catalogue(audience, language)))


def _flat(node: Any, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(node, dict):
        for name, below in node.items():
            yield from _flat(below, f"{path}.{name}".lstrip("."))
    else:
        yield path, str(node)


def fields(text: str) -> list[str]:
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name)


@pytest.mark.parametrize(("audience", "language"), OTHERS)
def test_nothing_is_missing_that_the_english_says(audience: str, language: str) -> None:
    english, said = texts(audience, "en"), texts(audience, language)
    missing = sorted(english.keys() - said.keys())
    assert missing == [], f"catalog/{audience}/{language}.toml does not say yet: {', '.join(missing)}"
    assert sorted(said.keys() - english.keys()) == []
    other = {name: (fields(text), fields(said[name])) for name, text in english.items()}
    assert {name: both for name, both in other.items() if both[0] != both[1]} == {}


@pytest.mark.parametrize("language", PERSONS)
def test_no_text_is_left_in_english(language: str) -> None:
    english, said = texts(catalogues.PERSONS, "en"), texts(catalogues.PERSONS, language)
    assert [name for name, text in said.items() if text == english[name] and not name.startswith("day.")] == []
    assert all(text.strip() == text and text for name, text in said.items() if not name.endswith(".body"))


@pytest.mark.parametrize("language", languages.OF_PERSONS)
def test_what_a_mail_says_is_in_its_language(language: str) -> None:
    """Told by the reader of letters, which knows nothing of the catalogues."""
    mails = catalogues.catalogue(catalogues.PERSONS, language)["mail"]
    told = {
        name: detect(mail["subject"], re.sub(r"\{\w+\}", "", mail["body"])).language for name, mail in mails.items()
    }
    assert told == dict.fromkeys(mails, language)


@pytest.mark.parametrize("language", languages.OF_PERSONS)
def test_links_and_paragraphs_of_their_own_stand_alone(language: str) -> None:
    for name, mail in catalogues.catalogue(catalogues.PERSONS, language)["mail"].items():
        lines = mail["body"].splitlines()
        assert [line for line in lines if any(each in line for each in ALONE) and line not in ALONE] == [], name
        assert lines[-2:] == ["{controller}", "{privacy_address}"], name


@pytest.mark.parametrize("language", languages.OF_PERSONS)
def test_days_are_written_as_people_write_them(language: str) -> None:
    days = (datetime(2027, 1, 1, tzinfo=UTC), datetime(2026, 11, 30, tzinfo=UTC))
    assert tuple(render.day(each, language) for each in days) == DAYS[language]
    year = {render.day(datetime(2026, month, 2, tzinfo=UTC), language) for month in range(1, 13)}
    assert len(year) == 12


def test_persons_are_answered_in_each_language_that_is_read() -> None:
    assert set(languages.OF_PERSONS) == set(lexicon.LANGUAGES) == set(languages.OWN_NAMES) == set(DAYS)


def test_a_text_is_in_the_languages_of_whom_it_is_for() -> None:
    link = {"link": "https://l.example", "controller": "IKO", "privacy_address": "p@iko.example"}
    assert render.mail("verify_address", "el", **link).html.startswith('<!doctype html><html lang="el">')
    ours = render.mail("settings_restored", "el")
    assert ours == render.mail("settings_restored", "en"), "a member's text, of which there is none in Greek"
    whose = {"controller": "IKO", "privacy_address": "p@iko.example"}
    assert '<html lang="hr">' in pages.page("link_expired", "hr", **whose)
    assert '<html lang="en">' in pages.page("consent_denied", "hr", **whose)
