"""The cells of our own sheets: written so that no program runs or rounds them, and read back to the letter.

A text that begins with = + - @, a tab, a line break or NUL would be run as a formula (OWASP, "CSV Injection"; ASVS 5.0, 1.2.10),
and so would the full-width forms of the four signs in some programs; of one that consists of digits a program takes away the
zeros in front, or all digits but fifteen. Each such cell gets a leading apostrophe, and so does one that already has apostrophes
there, so that taking one away gives back what stood in it. Values of a list are joined by " | "; a bar or a backslash within a
value has a backslash before it.
"""

import re
from collections.abc import Iterable

JOINED_BY = " | "
_CHANGED_BY_PROGRAMS = re.compile("\\A'*(?:[=+\\-@\t\r\n\0＝＋－＠]|[0-9]+\\Z)")
_ESCAPED = re.compile(r"[|\\]")
_PIECE = re.compile(r"((?:[^|\\]|\\.?)*)(?:\||\Z)", re.DOTALL)  # a backslash at the end escapes nothing
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)


def quoted(text: str) -> str:
    """Return the text of a cell so that a spreadsheet shows it and does nothing else with it."""
    return f"'{text}" if _CHANGED_BY_PROGRAMS.match(text) else text


def unquoted(cell: str) -> str:
    """Return the text that `quoted` made the cell of."""
    return cell[1:] if cell.startswith("'") and _CHANGED_BY_PROGRAMS.match(cell) else cell


def joined(values: Iterable[str]) -> str:
    """Return several values as the text of one cell."""
    return JOINED_BY.join(_ESCAPED.sub(r"\\\g<0>", value) for value in values)


def parted(text: str) -> list[str]:
    """Return the values that `joined` made the text of, without the empty ones."""
    pieces = (_ESCAPE.sub(r"\1", match.group(1).strip()) for match in _PIECE.finditer(text))
    return [piece for piece in pieces if piece]
