"""CSV that a spreadsheet shows and never runs, and that an import reads back to the letter.

A phone number reads '+49 30 … (see imports.parsing.own_cells). The JSON file beside it has every value unaltered. All cells are
quoted, and the values of a list are joined by " | ", so that no program that takes another separator begins a cell within a
value of ours.
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import IO, Any

from chalicelib.domain.imports.parsing import own_cells


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
        value = own_cells.joined(str(each["source"]) if isinstance(each, dict) else str(each) for each in value)
    shown = str(value)
    return own_cells.quoted(shown) if isinstance(value, str) or shown.startswith("-") else shown
