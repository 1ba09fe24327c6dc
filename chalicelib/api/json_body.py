"""Reading JSON that anybody may have sent: bounded before it is parsed, and refused with the place of the first mistake.

Beyond RFC 8259 we refuse what two readers may understand differently (RFC 7493): a name that stands twice in an object, a
number that another program would round, half of a surrogate pair.
"""

import json
import math
import re
from dataclasses import dataclass, field
from typing import Any

from chalicelib.core.codes import Code
from chalicelib.core.errors import BadRequest, TooLarge, UnsupportedMediaType

MAX_JSON = 256 * 1024  # bytes; the largest resource is far below
MAX_DEPTH = 20  # deeper nesting is an attack on the parser (RecursionError), never a resource of ours
MAX_INTEGER = 2**53 - 1  # larger ones are rounded by programs that read numbers as doubles
_JSON = ("application/json", "application/merge-patch+json")
_PIECE = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}:,]|-?\d[\d.eE+-]*|-?[A-Za-z]+', re.DOTALL)
_WORDS = ("true", "false", "null")
# By the beginnings of the json module's sentences: what was expected where it stopped. They differ between Pythons.
_EXPECTED = {
    "Expecting value": "a value was expected",
    "Expecting property name": 'a name in double quotes, or "}", was expected',
    "Expecting ':'": 'a ":" was expected',
    "Expecting ','": 'a "," or the closing bracket was expected',
    "Extra data": "the end was expected",
    "Unterminated string": "this text has no closing quote",
    "Invalid control character": "a control character must be escaped",
    "Invalid \\u": "four hexadecimal digits were expected after \\u",
    "Invalid \\": "this escape sequence does not exist",
    "Illegal trailing comma": "a value was expected after the comma",
}


def is_json(content_type: str) -> bool:
    """Return whether the sender says that the body is JSON."""
    return content_type.split(";", maxsplit=1)[0].strip().lower() in _JSON


def parse(raw: bytes, content_type: str) -> Any:
    """Return the JSON value of a body. UnsupportedMediaType, TooLarge, or BadRequest(invalid_json) with line and column."""
    if not is_json(content_type):
        raise UnsupportedMediaType("Send application/json.")
    if len(raw) > MAX_JSON:
        raise TooLarge(f"Send at most {MAX_JSON} bytes of JSON.")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _invalid(f"The body is not UTF-8: the byte at position {error.start} cannot be read.") from None
    _check(text)
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise _at(text, error.pos, _expected(error.msg)) from None


def _expected(said: str) -> str:
    return next((ours for theirs, ours in _EXPECTED.items() if said.startswith(theirs)), "this cannot be read")


def _invalid(sentence: str) -> BadRequest:
    return BadRequest(sentence, code=Code.INVALID_JSON)


def _at(text: str, position: int, what: str) -> BadRequest:
    line = text.count("\n", 0, position) + 1
    column = position - text.rfind("\n", 0, position)
    return _invalid(f"The body is not valid JSON: at line {line}, column {column}, {what}.")


@dataclass
class _Level:
    """A list or an object that is open; `names` are those that the object has so far, None in a list."""

    names: set[str] | None = None
    name_next: bool = field(default=False)


def _check(text: str) -> None:
    """Raise BadRequest for what the parser would take, or fall over; what else is wrong, it says itself."""
    levels: list[_Level] = []
    for found in _PIECE.finditer(text):
        piece = found[0]
        here = levels[-1] if levels else _Level()
        if piece in "[{":
            if len(levels) == MAX_DEPTH:
                raise _at(text, found.start(), f"the nesting is deeper than {MAX_DEPTH} levels")
            levels.append(_Level() if piece == "[" else _Level(set(), name_next=True))
        elif piece in "]}":
            del levels[-1:]
        elif piece == ",":
            here.name_next = here.names is not None
        elif piece[0] == '"':
            _check_text(text, found, here)
        elif piece != ":" and piece not in _WORDS:
            _check_number(text, found)


def _check_text(text: str, found: re.Match[str], here: _Level) -> None:
    value = found[0][1:-1]
    if "\\u" in value:
        try:
            value = json.loads(found[0], strict=False)
            value.encode()
        except json.JSONDecodeError:
            return  # the parser will say where
        except UnicodeEncodeError:
            raise _at(text, found.start(), "this text holds half of a surrogate pair") from None
    if here.names is not None and here.name_next:
        if value in here.names:
            raise _at(text, found.start(), "this name stands twice in one object")
        here.names.add(value)
        here.name_next = False


def _check_number(text: str, found: re.Match[str]) -> None:
    piece = found[0]
    if piece[-1].isalpha():
        if piece.lstrip("-") in ("NaN", "Infinity"):
            raise _at(text, found.start(), "NaN and Infinity are not JSON")
        return
    digits = re.fullmatch(r"-?(\d+)", piece)
    if digits and (len(digits[1]) > len(str(MAX_INTEGER)) or int(digits[1]) > MAX_INTEGER):
        raise _at(text, found.start(), f"this number is beyond {MAX_INTEGER}")
    if not digits and _is_endless(piece):
        raise _at(text, found.start(), "this number is too large")


def _is_endless(piece: str) -> bool:
    try:
        return not math.isfinite(float(piece))
    except ValueError:
        return False  # the parser will say where
