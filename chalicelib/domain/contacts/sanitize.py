"""What sources write in a contact's fields, made fit to keep: invisible characters, addresses within names."""

import re
import unicodedata
from html import unescape

from chalicelib.core.identifiers import without_unseen
from chalicelib.domain.redaction.mentions import Mention, identifiers_in, may_identify
from chalicelib.domain.redaction.names import merged
from chalicelib.vault.tags import Identifier

_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_SPACED = re.compile(r"(?<=\w) [@＠] (?=\w)")


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
    """Return the cleaned text without the e-mail addresses and persons' pages in it, and those addresses. Where it is not clear
    how far one goes, it stays: a text carries whom it names."""
    text = clean(text)
    if not may_identify(text):  # most names and titles: nothing more is looked at
        return text, []
    hidden = _sure(text)
    if any(_SPACED.search(text, each.start, each.end) for each in hidden):
        text = _SPACED.sub(" at ", text)  # "CTO @ Booking.com" is a title
        hidden = _sure(text)
    rest, at, found = "", 0, list[str]()
    for start, end in merged([(m.start, m.end) for m in hidden]):
        addresses = {
            mark.exact for m in hidden if start <= m.start < end for mark in m.marks if mark.kind is Identifier.EMAIL
        }
        if len(addresses) <= 1:
            rest, at = rest + text[at:start], end
            found += addresses
    return (_trimmed(rest + text[at:]), found) if at else (text, [])


def _sure(text: str) -> list[Mention]:
    """The identifiers that can mean nothing else: somebody may work at a place whose name is a domain."""
    return [each for each in identifiers_in(text) if not each.guessed]


def _trimmed(text: str) -> str:
    """The text without what stood around the addresses that were taken out of it."""
    return clean(re.sub(r"<\s*>|\(\s*\)|\[\s*\]|mailto:", " ", text)).strip("<>,;:-/| ")
