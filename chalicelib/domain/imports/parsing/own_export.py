"""What a member exported here, brought back: our own sheets and JSON files, whose rows are taken to the letter.

A sheet's row and an item of a JSON file say the same under the same names. What of it is left out, and what is not as we write
it, is told like that of every other file.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any, TextIO

from chalicelib.core.codes import RowCode
from chalicelib.domain.imports.parsing import own_cells, own_json, own_rows
from chalicelib.domain.imports.parsing.column_names import normalised
from chalicelib.domain.imports.parsing.csv_reader import Record, Table
from chalicelib.domain.imports.parsing.own_rows import Row
from chalicelib.domain.imports.parsing.row import Rejected

_LISTS = ("emails", "phones", "profile_urls")
_NUMBER = re.compile(r"\A(?:0|[1-9][0-9]{0,7})\Z")
_YES = frozenset({"true", "yes", "1", "wahr", "vrai", "verdadero", "vero", "waar"})  # as spreadsheets translate TRUE


def sheet(records: Iterable[Record], table: Table) -> Iterator[Row]:
    """Yield what the rows of one of our sheets say, without blank ones."""
    names = [normalised(name).replace(" ", "_") for name in table.layout.names]
    for record in records:
        if not record.whole or len(record.cells) > len(names):
            yield Rejected(record.number, RowCode.TOO_MANY_CELLS if record.whole else RowCode.ROW_INCOMPLETE)
        elif any(cell and not cell.isspace() for cell in record.cells):
            cells = [*record.cells, *[""] * (len(names) - len(record.cells))]
            yield own_rows.row(record.number, dict(zip(names, map(_value, names, cells), strict=True)))


def documents(characters: TextIO) -> Iterator[Row]:
    """Yield what the items of our JSON files say, one file after the other. FileRefused(not_a_table) where they are none."""
    for number, item in enumerate(own_json.items(characters), 1):
        yield own_rows.row(number, item)


def _value(name: str, cell: str) -> Any:
    text = own_cells.unquoted(cell)
    if name in _LISTS:
        return own_cells.parted(text)
    if name == "size" and text == cell and _NUMBER.match(text):
        return int(text)  # one that was given as a text has an apostrophe
    return text.strip().lower() in _YES if name == "opted_out" else text
