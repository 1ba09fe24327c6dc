"""What texts may be stored: nothing that cuts a text short, turns the direction of what follows, or is half a character.

One rule for every text that somebody sends: request models refuse by it (422, naming the field). Files and syncs bring what
others wrote, so their cells are cleaned instead (`identifiers.without_unseen`).
"""

import re
from typing import Any

from pydantic import BeforeValidator

from chalicelib.core.codes import FieldCode
from chalicelib.core.models import InvalidValue

_BREAKS = "\n\r\x0b\x0c\x85\u2028\u2029"  # whatever programs write at the end of a line
_BREAK = re.compile(f"[{_BREAKS}]")
# Controls but tabs and the ends of lines; embeddings, overrides and isolates of direction (UAX 9); lone surrogates. The marks
# U+200E, U+200F and U+061C stay: they turn nothing but what stands beside them, and Arabic and Hebrew need them.
_TURNING = "\u202a-\u202e\u2066-\u2069"
_CONTROL = "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff"
_UNUSABLE = re.compile(f"[{_CONTROL}{_TURNING}]")
_TURNS = re.compile(f"[{_TURNING}]")


def fault(text: str, *, lines: bool = False) -> FieldCode | None:
    """Return the code of what makes the text unfit to be stored: UNUSABLE_CHARACTER or, unless it may have `lines`,
    LINE_BREAK; None where it is fit. White space around it counts for nothing."""
    text = text.strip()
    if text.isascii() and text.isprintable():
        return None
    if _UNUSABLE.search(text):
        return FieldCode.UNUSABLE_CHARACTER
    return FieldCode.LINE_BREAK if not lines and _BREAK.search(text) else None


def usable(text: str) -> str:
    """Return the text without the characters that make it unfit; its lines stay."""
    return _UNUSABLE.sub("", text)


def _one_line(value: Any) -> Any:
    return _checked(value, lines=False)


def _lines(value: Any) -> Any:
    return _checked(value, lines=True)


def _identifier(value: Any) -> Any:
    """Phones and address books put marks of direction around numbers and addresses: these are cut, as by core.identifiers."""
    return _checked(_TURNS.sub("", value) if isinstance(value, str) else value, lines=False)


def _checked(value: Any, *, lines: bool) -> Any:
    found = fault(value, lines=lines) if isinstance(value, str) else None
    if found is FieldCode.LINE_BREAK:
        raise InvalidValue(found, "Write this in one line.")
    if found is not None:
        raise InvalidValue(found, "This holds a control character, or one that turns the direction of writing.")
    return value


# Behind every `str` that a request brings, last in its Annotated, so that it looks before anything else does.
ONE_LINE = BeforeValidator(_one_line)  # names, titles, companies, ids, searches
LINES = BeforeValidator(_lines)  # notes, postal addresses
IDENTIFIER = BeforeValidator(_identifier)  # e-mail addresses, phone numbers, profile URLs

LONGEST_NOTES = 10_000  # characters
