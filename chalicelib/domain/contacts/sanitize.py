"""What sources write in a contact's fields, made fit to keep: invisible characters, addresses within names."""

import re
import unicodedata
from html import unescape

from chalicelib.core.identifiers import without_unseen

_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_WORD = re.compile(r"[^\s<>()\[\],;:\"]+")


def clean(text: str) -> str:
    """Return the text in NFC, its HTML entities decoded, without what nobody sees, white space as single blanks."""
    if "&" in text:
        text = _decoded(text)
    if not (text.isascii() and text.isprintable()):
        text = unicodedata.normalize("NFC", without_unseen(text))
    return " ".join(text.split())


def _decoded(text: str) -> str:
    """What a program meant that escaped a text for a page before it stored it, some of them twice."""
    return unescape(unescape(text)) if _ENTITY.search(text) else text


def without_addresses(text: str) -> tuple[str, list[str]]:
    """The cleaned text without the e-mail addresses in it, and those addresses: an address must never hide where no
    look-up by address finds it."""
    text = _decoded(text) if "&" in text else text
    if "@" not in text:
        return clean(text), []
    found = [word for word in _WORD.findall(text) if _is_address(word)]
    rest = _WORD.sub(lambda match: "" if _is_address(match.group()) else match.group(), text)
    rest = re.sub(r"<\s*>|\(\s*\)|\[\s*\]|mailto:", " ", rest)
    return clean(rest).strip("<>,;:-/| "), found


def _is_address(word: str) -> bool:
    local, _, domain = word.rpartition("@")
    return bool(local) and "." in domain.strip(".")
