"""CSV that a spreadsheet shows and never runs.

A cell that begins with = + - @, a tab, a line break or NUL would be run as a formula (OWASP, "CSV Injection"; ASVS 5.0, 1.2.10),
and so would the full-width forms of the four signs in some programs. Each such cell gets a leading apostrophe, without
exception: a phone number reads '+49 30 …. The JSON file beside it has every value unaltered. All cells are quoted, and the
values of a list are joined by " | ", so that no program that takes another separator begins a cell within a value of ours.
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import IO, Any

_RUN_AS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")
JOINED_BY = " | "


def write(target: IO[bytes], columns: Sequence[str], items: Iterable[Mapping[str, Any]]) -> None:
    """Write a header and a row for each item, in UTF-8.

    The file begins with a byte order mark: without it, Excel reads Windows-1252.
    """
    text = io.TextIOWrapper(target, encoding="utf-8-sig", newline="")
    sheet = csv.writer(text, quoting=csv.QUOTE_ALL)
    sheet.writerow(columns)
    for item in items:
        sheet.writerow([cell(item.get(column)) for column in columns])
    text.flush()
    text.detach()  # the wrapper would close what it was given


def cell(value: object) -> str:
    """Return the text of a value's cell: empty for None, a list's values joined, the names of `sources`."""
    if value is None:
        return ""
    if isinstance(value, list):
        value = JOINED_BY.join(str(each["source"]) if isinstance(each, dict) else str(each) for each in value)
    shown = str(value)
    return f"'{shown}" if shown.startswith(_RUN_AS_FORMULA) else shown
