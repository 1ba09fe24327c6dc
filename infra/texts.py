"""`python -m infra.texts [file]`: bring every .po of `chalicelib/texts/catalog` up to its en.pot, and say what is untranslated.

A translation follows its text by name (msgctxt). Where the English has changed it is kept as fuzzy, until somebody has read it
and taken the mark away; texts that are gone go. A TOML file adds texts, or says them anew, in all their languages at once:

    [persons."page.copy.title"]
    en = "Your data"
    fr = "Vos données"

and for a text said of a number, `{n}`, each form in the order of the language's Plural-Forms: `en = ["{n} day", "{n} days"]`.
"""

import re
import sys
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import polib

from chalicelib.texts.catalogues import LANGUAGES

CATALOG = Path(__file__).resolve().parents[1] / "chalicelib" / "texts" / "catalog"
_WIDTH = 110
Said = str | list[str]


def template(audience: str) -> Any:
    """Return the English texts of an audience."""
    return polib.pofile(str(CATALOG / audience / "en.pot"), wrapwidth=_WIDTH)


def translation(audience: str, language: str) -> Any:
    """Return what stands in a language's file."""
    return polib.pofile(str(CATALOG / audience / f"{language}.po"), wrapwidth=_WIDTH)


def brought_up(audience: str, language: str) -> Any:
    """Return a language's texts as they follow from the English ones."""
    before = translation(audience, language)
    known = {entry.msgctxt: entry for entry in before if not entry.obsolete}
    made = polib.POFile(wrapwidth=_WIDTH)
    made.header, made.metadata = before.header, before.metadata
    for english in template(audience):
        made.append(_followed(english, known.get(english.msgctxt)))
    return made


def _followed(english: Any, known: Any) -> Any:
    """The entry of a translation: what was said before, fuzzy where it was said of other words."""
    entry = polib.POEntry(msgctxt=english.msgctxt, msgid=english.msgid, msgid_plural=english.msgid_plural)
    entry.comment, entry.flags = english.comment, list(english.flags)
    if known:
        entry.msgstr, entry.msgstr_plural = known.msgstr, known.msgstr_plural
        said = known.msgstr or any(known.msgstr_plural.values())
        if said and (known.fuzzy or (known.msgid, known.msgid_plural) != (english.msgid, english.msgid_plural)):
            entry.flags.insert(0, "fuzzy")
    return entry


def untranslated(audience: str, language: str) -> Iterator[str]:
    """Yield the name of each text that nobody has translated, or read again since the English changed."""
    for entry in translation(audience, language):
        if not entry.translated():
            yield entry.msgctxt


def add(texts: dict[str, dict[str, dict[str, Said]]]) -> None:
    """Write the texts by audience, name and language. KeyError for an audience, or an English text, that is not there."""
    for audience, named in texts.items():
        english = template(audience)
        for name, said in named.items():
            _put(english, name, said["en"])
        english.save()
        for language in _others(audience):
            made = brought_up(audience, language)
            entries = {entry.msgctxt: entry for entry in made}
            for name, said in named.items():
                if language in said:
                    _say(entries[name], said[language])
            made.save(str(CATALOG / audience / f"{language}.po"))


def _put(english: Any, name: str, text: Said) -> None:
    """Set an English text; a new one comes after the last that stands in the same table."""
    entry = next((each for each in english if each.msgctxt == name), None)
    if entry is None:
        entry = polib.POEntry(msgctxt=name)
        table = name.rpartition(".")[0] + "."
        beside = [place for place, each in enumerate(english, 1) if each.msgctxt.startswith(table)]
        english.insert(beside[-1] if beside else len(english), entry)
    entry.msgid, entry.msgid_plural = (text, "") if isinstance(text, str) else text
    entry.flags = ["python-brace-format"] if re.search(r"\{\w+\}", entry.msgid + entry.msgid_plural) else []


def _say(entry: Any, text: Said) -> None:
    entry.flags = [flag for flag in entry.flags if flag != "fuzzy"]
    if isinstance(text, str):
        entry.msgstr = text
    else:
        entry.msgstr_plural = dict(enumerate(text))


def _others(audience: str) -> Iterable[str]:
    return (language for language in LANGUAGES[audience] if language != "en")


def main() -> int:
    """Add the texts of the files named, bring all up, and print what is left to translate; 1 if there is any."""
    for file in sys.argv[1:]:
        add(tomllib.loads(Path(file).read_text("utf-8")))
    left = 0
    for audience in LANGUAGES:
        for language in _others(audience):
            brought_up(audience, language).save(str(CATALOG / audience / f"{language}.po"))
            for name in untranslated(audience, language):
                left += 1
                print(f"{audience}/{language}.po: {name}")
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
