"""The texts as gettext catalogues: `en.pot` is what we say, in English, and a `.po` beside it says the same in another language.

One folder an audience, one file a language, so that a translator touches nothing else. A text has a name, its `msgctxt`, such as
`page.privacy.title`: the tables that it stands in, and its own. Files are read as they are, so nothing has to be compiled before
a change is seen. How to add a text: CONTRIBUTING.md.
"""

import functools
import gettext
import io
from pathlib import Path
from typing import Any

from chalicelib.core import languages

PERSONS, MEMBERS = "persons", "members"
LANGUAGES = {PERSONS: languages.OF_PERSONS, MEMBERS: languages.OF_MEMBERS}
_CATALOG = Path(__file__).parent / "catalog"


class TextMissing(LookupError):
    """A catalogue lacks a text, or a text lacks a value."""


def answering(language: str, audience: str = PERSONS) -> str:
    """Return the language that we answer in to somebody who writes that one: the same where we have its texts, else English."""
    return language if language in LANGUAGES[audience] else "en"


@functools.cache
def catalogue(audience: str, language: str) -> dict[str, Any]:
    """Return all texts of an audience in a language, or the English ones if there are none in that: tables in tables. Texts
    that are said of a number are left out."""
    said, tables = _translations(audience, answering(language, audience)), dict[str, Any]()
    for entry in _english(audience):
        if not entry.msgid_plural:
            *path, name = entry.msgctxt.split(".")
            table = tables
            for each in path:
                table = table.setdefault(each, {})
            table[name] = said.pgettext(entry.msgctxt, entry.msgid)
    return tables


def counted(name: str, number: int, language: str, audience: str = PERSONS) -> str:
    """Return the text said of that number, in the form that the language has for it. TextMissing if there is none."""
    said = _translations(audience, answering(language, audience))
    for entry in _english(audience):
        if entry.msgctxt == name and entry.msgid_plural:
            return said.npgettext(name, entry.msgid, entry.msgid_plural, number).format(n=number)
    raise TextMissing(name)


@functools.cache
def _english(audience: str) -> Any:
    import polib  # noqa: PLC0415 - cold start

    return polib.pofile(str(_CATALOG / audience / "en.pot"))


@functools.cache
def _translations(audience: str, language: str) -> gettext.NullTranslations:
    """The texts in that language; of the English ones each stands for itself."""
    import polib  # noqa: PLC0415 - cold start

    if language == "en":
        return gettext.NullTranslations()
    return gettext.GNUTranslations(io.BytesIO(polib.pofile(str(_CATALOG / audience / f"{language}.po")).to_binary()))
