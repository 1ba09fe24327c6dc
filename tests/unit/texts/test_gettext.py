"""The catalogues as gettext reads them: whole, read by somebody, plural where the language is, and as the tool writes them."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from babel.dates import format_date
from babel.messages.plurals import get_plural
from babel.messages.pofile import read_po

from chalicelib.core import languages
from chalicelib.texts import catalogues, render
from infra import texts
from tests.unit.texts.test_catalogues import fields

OTHERS = [(of, language) for of, all_ in catalogues.LANGUAGES.items() for language in all_ if language != "en"]


@pytest.mark.parametrize(("audience", "language"), OTHERS)
def test_each_language_says_everything_and_somebody_has_read_it(audience: str, language: str) -> None:
    assert list(texts.untranslated(audience, language)) == [], (
        "translate it; `python -m infra.texts` tells what is left"
    )
    said = texts.translation(audience, language)
    assert [entry.msgctxt for entry in said if entry.fuzzy or entry.obsolete] == []
    assert len({entry.msgctxt for entry in said}) == len(said)


@pytest.mark.parametrize(("audience", "language"), OTHERS)
def test_files_follow_from_the_english_ones(audience: str, language: str) -> None:
    file = texts.CATALOG / audience / f"{language}.po"
    assert str(texts.brought_up(audience, language)) == file.read_text("utf-8"), "run `python -m infra.texts`"


@pytest.mark.parametrize(("audience", "language"), OTHERS)
def test_placeholders_and_forms_agree(audience: str, language: str) -> None:
    with (texts.CATALOG / audience / f"{language}.po").open("rb") as file:
        catalog = read_po(file, abort_invalid=True)
    assert (catalog.num_plurals, catalog.plural_expr) == (
        get_plural(language).num_plurals,
        get_plural(language).plural_expr,
    )
    assert catalog.locale is not None
    assert catalog.locale.language == language
    for message in catalog:
        if message.id:
            ids, strings = (_all(message.id), _all(message.string))
            assert len(strings) == (catalog.num_plurals if message.pluralizable else 1), message.context
            assert {tuple(fields(each)) for each in strings} <= {tuple(fields(each)) for each in ids}, message.context
            assert ("python-brace-format" in message.flags) == bool(fields(ids[-1])), message.context


def _all(text: Any) -> list[str]:
    return [text] if isinstance(text, str) else list(text)


@pytest.mark.parametrize("language", languages.OF_PERSONS)
def test_days_are_those_of_cldr(language: str) -> None:
    """But for the first, which CLDR writes as a plain number everywhere."""
    cldr = "en_GB" if language == "en" else language
    days = [datetime(2026, month, 2 + month, tzinfo=UTC) for month in range(1, 13)]
    assert [render.day(day, language) for day in days] == [format_date(day, "long", locale=cldr) for day in days]


def test_a_text_is_added_in_all_its_languages_and_asks_to_be_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(texts, "CATALOG", tmp_path)
    monkeypatch.setattr(texts, "LANGUAGES", {"members": ("en", "fr")})
    (tmp_path / "members").mkdir()
    for name in ("en.pot", "fr.po"):
        (tmp_path / "members" / name).write_text('msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n')
    texts.add({"members": {"page.a.title": {"en": "Hello", "fr": "Bonjour"}, "b": {"en": ["{n} day", "{n} days"]}}})
    texts.add({"members": {"page.a.text": {"en": "You", "fr": "Vous"}}})
    assert [entry.msgctxt for entry in texts.translation("members", "fr")] == ["page.a.title", "page.a.text", "b"]
    assert list(texts.untranslated("members", "fr")) == ["b"]
    texts.add({"members": {"page.a.title": {"en": "Good day"}}})
    assert list(texts.untranslated("members", "fr")) == ["page.a.title", "b"], "said of other words"
    texts.add({"members": {"page.a.title": {"en": "Good day", "fr": "Bonjour"}}})
    assert list(texts.untranslated("members", "fr")) == ["b"]
