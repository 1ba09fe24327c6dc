"""What sources write in a contact's fields, made fit to keep: invisible characters, addresses within names."""

import re
import unicodedata

from chalicelib.core.identifiers import without_unseen

_WORD = re.compile(r"[^\s<>()\[\],;:\"]+")


def clean(text: str) -> str:
    """NFC, without control and invisible characters, white space as single blanks, none at the ends."""
    if not (text.isascii() and text.isprintable()):
        text = unicodedata.normalize("NFC", without_unseen(text))
    return " ".join(text.split())


def without_addresses(text: str) -> tuple[str, list[str]]:
    """The cleaned text without the e-mail addresses in it, and those addresses: an address must never hide where no
    look-up by address finds it."""
    if "@" not in text:
        return clean(text), []
    found = [word for word in _WORD.findall(text) if _is_address(word)]
    rest = _WORD.sub(lambda match: "" if _is_address(match.group()) else match.group(), text)
    rest = re.sub(r"<\s*>|\(\s*\)|\[\s*\]|mailto:", " ", rest)
    return clean(rest).strip("<>,;:-/| "), found


def _is_address(word: str) -> bool:
    local, _, domain = word.rpartition("@")
    return bool(local) and "." in domain.strip(".")
