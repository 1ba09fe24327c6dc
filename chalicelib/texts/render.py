"""Mails from the catalogues, and the sentences and words that they are made of.

Persons who write to us about their data are answered in more languages than the app speaks. A text belongs to one audience,
and its name says to which: callers name a text and a language alone. What both read (days, the frame of a page) is the persons'.

Mails are plain text with an HTML twin; no remote content, no tracking, no rewritten link. Pages: `texts/pages.py`.
"""

import functools
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from pathlib import Path
from typing import Any

from chalicelib.texts.catalogues import LANGUAGES, MEMBERS, PERSONS, TextMissing, answering, catalogue

_NO_WORDS = re.compile(r"\n{3,}")


@dataclass(frozen=True)
class Mail:
    subject: str
    text: str
    html: str


def audience_of(table: str, name: str) -> str:
    """Whose text this is. TextMissing if it is nobody's."""
    for audience in LANGUAGES:
        if name in catalogue(audience, "en").get(table, {}):
            return audience
    raise TextMissing(name)


def _text(table: str, name: str, language: str) -> Any:
    try:
        return catalogue(audience_of(table, name), language)[table][name]
    except KeyError as error:
        raise TextMissing(name) from error


def mail(name: str, language: str, foreword: str = "", **values: str) -> Mail:
    """Return the mail `name` with the placeholders of subject and body filled, below `foreword`. A paragraph without words is
    left out. TextMissing if one has no value."""
    texts, spoken = _text("mail", name, language), answering(language, audience_of("mail", name))
    try:
        filled = f"{foreword}\n\n{texts['body'].strip().format(**values)}"
        subject = texts["subject"].format(**values)
    except (KeyError, IndexError) as error:
        raise TextMissing(name) from error
    body = _NO_WORDS.sub("\n\n", filled).strip() + "\n"
    return Mail(subject, body, _html(body, spoken))


def foreword(language: str, link: str) -> str:
    """Return what a mail in English begins with for who wrote in a language that we have no other texts in: a sentence of theirs,
    and a link alone on its line. Empty where we have none."""
    said = _forewords().get(language)
    return f"{said}\n\n{link}" if said else ""


@functools.cache
def _forewords() -> dict[str, str]:
    return tomllib.loads((Path(__file__).parent / "catalog" / "others.toml").read_text("utf-8"))


def _html(body: str, language: str) -> str:
    parts = "".join(f"<p>{_paragraph(block)}</p>" for block in body.strip().split("\n\n"))
    return (
        f'<!doctype html><html lang="{escape(language)}"><head><meta charset="utf-8"></head>'
        f'<body style="font:16px/1.5 sans-serif;max-width:40rem">{parts}</body></html>'
    )


def _paragraph(block: str) -> str:
    if block.startswith(("http://", "https://")) and not any(c.isspace() for c in block):
        return f'<a href="{escape(block)}">{escape(block)}</a>'
    return "<br>".join(escape(line) for line in block.split("\n"))


def provider(name: str, language: str) -> str:
    """Return the name of a provider as people know it. TextMissing if no member can connect the provider."""
    return word("provider", name, language)


def meaning(reason: str, language: str) -> str:
    """Return a sentence that says what a provider's refusal means, by our word for it, or the one for all others. What is
    said of a stream is said of a whole account, unless there is more to say of that."""
    texts = catalogue(MEMBERS, language)
    return str((texts["unreadable"] | texts["meaning"]).get(reason, texts["meaning"]["other"]))


def word(table: str, name: str, language: str) -> str:
    """Return what a table of the catalogue says of a name. TextMissing if it has no such name."""
    return str(_text(table, name, language))


def sentence(name: str, language: str, **values: str) -> str:
    """Return a part of a mail with its placeholders filled. TextMissing if one has no value."""
    try:
        return word("sentence", name, language).format(**values)
    except (KeyError, IndexError) as error:
        raise TextMissing(name) from error


def rights(language: str, kinds: Sequence[str]) -> str:
    """Return the rights by their names on the privacy page, each in a line; one without a name there is what was written."""
    labels = catalogue(PERSONS, language)["page"]["privacy"]
    return "\n".join(dict.fromkeys(f"– {labels.get(kind, labels['unclear'])}" for kind in kinds))


def day(moment: datetime, language: str) -> str:
    """Return the day of that time, by UTC, as people write it."""
    words = catalogue(PERSONS, language)["day"]
    number = words["first"] if moment.day == 1 else str(moment.day)
    return str(words["form"]).format(day=number, month=words["months"][str(moment.month)], year=moment.year)


def counts(language: str, found: dict[str, int]) -> str:
    """Return a sentence that says what was deleted."""
    texts = catalogue(PERSONS, language)["counts"]
    named = [texts[kind].format(n=number) for kind, number in sorted(found.items()) if number and kind in texts]
    return ", ".join(named) or str(texts["none"])


def count_texts(language: str) -> list[tuple[str, str]]:
    """Return the kinds of records that `counts` names, each with its words around `{n}`."""
    return [(kind, text) for kind, text in catalogue(PERSONS, language)["counts"].items() if kind != "none"]
