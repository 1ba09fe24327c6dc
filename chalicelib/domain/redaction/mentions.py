"""The identifiers that stand in a free text: addresses, profile URLs and phone numbers, each with its place.

Finding too much does no harm (a pointer that no look-up asks for); finding too little leaves a person behind.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from chalicelib.core.identifiers import EmailAddress, InvalidIdentifier, phone, profile_url
from chalicelib.domain.suppression.model import Mark, marks_of

_BLANK = r" \t\u00a0\u2009\u202f"
_EMAIL = re.compile(r"(?P<local>[^\s@＠<>()\[\],;:\"\\|]{1,80})[@＠](?P<domain>[\w-]+(?:[.\u3002][\w-]+)+)")
_URL = re.compile(r"(?<![\w-])(?:https?://)?(?:[\w-]{1,63}\.){1,8}[\w-]{2,63}/[^\s<>\"'()\[\]{}|«»“”]+", re.IGNORECASE)
_PHONE = re.compile(rf"(?<![\w+])(?:\+[{_BLANK}]?)?\(?\d(?:[{_BLANK}().\-/‐‑–]{{0,4}}\d){{5,17}}(?!\w)")
_BEFORE_LOCAL = re.compile(r"^.*[/=?&|]|^['*_`“”„‚‘’«»•·~#]+")
_AFTER_URL = ".,;:!?*_`'’…"


@dataclass(frozen=True)
class Mention:
    """One identifier in a text: text[start:end], and the marks it gives."""

    start: int
    end: int
    marks: tuple[Mark, ...]


def mentions_in(text: str) -> tuple[Mention, ...]:
    """Every identifier in the text, in order, none within another: a number in a URL is part of the URL."""
    taken: list[Mention] = []
    for find in (_emails, _urls, _phones):
        taken += [m for m in find(text) if not any(m.start < t.end and t.start < m.end for t in taken)]
    return tuple(sorted(taken, key=lambda mention: mention.start))


def marks_in(text: str | None) -> tuple[Mark, ...]:
    """The marks of every identifier in the text, each once."""
    return tuple(dict.fromkeys(mark for mention in mentions_in(text or "") for mark in mention.marks))


def holds_address(text: str) -> bool:
    """Whether an e-mail address stands in the text: names and titles must not hold one, for no pointer would find it."""
    return next(_emails(text), None) is not None


def _emails(text: str) -> Iterator[Mention]:
    for match in _EMAIL.finditer(text):
        start = match.start() + len(match["local"]) - len(_BEFORE_LOCAL.sub("", match["local"]))
        yield from _parsed(text, start, match.end(), lambda found: marks_of(emails=[EmailAddress.parse(found)]))


def _urls(text: str) -> Iterator[Mention]:
    for match in _URL.finditer(text):
        end = match.start() + len(match[0].rstrip(_AFTER_URL))
        yield from _parsed(text, match.start(), end, lambda found: marks_of(profile_urls=[profile_url(found)]))


def _phones(text: str) -> Iterator[Mention]:
    for match in _PHONE.finditer(text):
        yield from _parsed(text, match.start(), match.end(), lambda found: marks_of(phones=[phone(found)]))


def _parsed(text: str, start: int, end: int, read: Callable[[str], tuple[Mark, ...]]) -> Iterator[Mention]:
    try:
        yield Mention(start, end, read(text[start:end]))
    except InvalidIdentifier:
        return
