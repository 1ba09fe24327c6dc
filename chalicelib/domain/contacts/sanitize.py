"""What sources write in a contact's fields, made fit to keep: invisible characters, addresses within names."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from html import unescape

from chalicelib.core.identifiers import without_unseen
from chalicelib.domain.redaction.mentions import Mention, identifiers_in, may_identify
from chalicelib.domain.redaction.names import merged
from chalicelib.vault.tags import Identifier

_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_SPACED = re.compile(r"(?<=\w) [@＠] (?=\w)")
_WORD = re.compile(r"[^\s<>()\[\],;:\"]+")


def clean(text: str) -> str:
    """Return the text in NFC, its HTML entities decoded, without what nobody sees, white space as single blanks."""
    if "&" in text:
        text = decoded(text)
    if not (text.isascii() and text.isprintable()):
        text = unicodedata.normalize("NFC", without_unseen(text))
    return " ".join(text.split())


def decoded(text: str) -> str:
    """Return what a program meant that escaped a text for a page before it stored it, some of them twice."""
    return unescape(unescape(text)) if _ENTITY.search(text) else text


def without_addresses(text: str) -> tuple[str, list[str]]:
    """Return the cleaned text without the e-mail addresses and persons' pages in it, and those addresses: none must
    hide where no look-up finds it, in whatever spelling."""
    if not text:
        return "", []
    text = decoded(text) if "&" in text else text
    found: list[str] = []
    if "@" in text:
        found = [word for word in _WORD.findall(text) if _is_address(word)]
        text = _trimmed(_WORD.sub(lambda match: "" if _is_address(match.group()) else match.group(), text))
    text = clean(text)
    if not may_identify(text):  # most names and titles: nothing more is looked at
        return text, found
    hidden = _sure(text)
    if any(_SPACED.search(text, each.start, each.end) for each in hidden):
        text = _SPACED.sub(" at ", text)  # "CTO @ Booking.com" is a title
        hidden = _sure(text)
    if not hidden:
        return text, found
    rest, at = "", 0
    for start, end in merged([(m.start, m.end) for m in hidden]):
        rest, at = rest + text[at:start], end
    return _trimmed(rest + text[at:]), [*found, *_spelt(hidden)]


def _sure(text: str) -> list[Mention]:
    """The identifiers that can mean nothing else: somebody may work at a place whose name is a domain."""
    return [each for each in identifiers_in(text) if not each.guessed]


def _trimmed(text: str) -> str:
    """The text without what stood around the addresses that were taken out of it."""
    return clean(re.sub(r"<\s*>|\(\s*\)|\[\s*\]|mailto:", " ", text)).strip("<>,;:-/| ")


def _spelt(hidden: Sequence[Mention]) -> Iterator[str]:
    """The addresses that are written otherwise, as (at) or %40; where it is not clear how far one goes, the shortest."""
    taken: list[Mention] = []
    for mention in sorted(hidden, key=lambda each: each.end - each.start):
        if not any(mention.start < other.end and other.start < mention.end for other in taken):
            taken.append(mention)
            yield from (mark.exact for mark in mention.marks if mark.kind is Identifier.EMAIL)


def _is_address(word: str) -> bool:
    local, _, domain = word.rpartition("@")
    return bool(local) and "." in domain.strip(".")
