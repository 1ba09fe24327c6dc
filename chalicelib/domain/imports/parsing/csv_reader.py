"""CSV as programs write it: the separator and the row of column names are found, broken rows lose nothing but
themselves.

Rows are read one at a time from a stream of characters; beside the open row nothing is held.
"""

import csv
import io
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from chalicelib.domain.imports.parsing.errors import FileRefused
from chalicelib.domain.imports.parsing.layouts import Layout

MAX_COLUMNS = 500
SAMPLE_CHARACTERS = 1 << 18
_SEPARATORS = (",", ";", "\t", "|")
# Names of columns may stand below a notice: LinkedIn writes three lines of it, others fewer.
_HEADER_WITHIN = 25
# A cell may be as long as a file; the module's own limit would make a long note an error. It is one number for the
# whole process, so it is set once, here, and never again: threads cannot meet in it.
csv.field_size_limit(1 << 27)
ENDS = " \t\0\x04\x1a"  # what old programs write behind the last line, and blanks
# How many characters are read a second time behind quotes that never end, before the rest is taken as it comes.
_MAX_REREAD = 1 << 24
# Lines and characters of one row: a cell with more of them is a quote that never ends.
_MAX_LINES, _MAX_CHARACTERS = 12_000, 1 << 21  # a note of ours may have 10,000 lines


class Record(NamedTuple):
    """One row: its number below the column names (first is 1), its cells, and whether it is whole. `reread`: a quote that never
    ended had swallowed it, so it may be a part of some longer text."""

    number: int
    cells: list[str]
    whole: bool = True
    reread: bool = False


@dataclass(frozen=True)
class Table:
    """How a file is laid out: the separator, how many records stand before the first row, and what the columns give."""

    separator: str
    skip: int
    layout: Layout


def find_table(sample: str, recognise: Callable[[list[str]], Layout | None]) -> Table:
    """Return the table that begins in `sample`, a file's first SAMPLE_CHARACTERS.

    Of all separators, the one counts under which most columns are known. FileRefused(unknown_columns, too_many_columns)
    where no table begins.
    """
    tables: list[Table] = []
    too_wide = False
    for separator in _SEPARATORS:
        reader = csv.reader(io.StringIO(sample, newline=""), delimiter=separator, skipinitialspace=True)
        above = 0  # rows with content above: only a row that says more than one word may be the names then
        for index, cells in enumerate(islice(reader, _HEADER_WITHIN)):
            if len(cells) > MAX_COLUMNS:
                too_wide = True
                continue
            layout = recognise(cells)
            if layout and (not above or len(layout.columns) > 1):
                tables.append(Table(separator, index + 1, layout))
                break
            above += any(cell.strip() for cell in cells) and not cells[0].lower().startswith("sep=")
    if not tables:
        raise FileRefused("too_many_columns" if too_wide else "unknown_columns")
    return max(tables, key=lambda table: len(table.layout.columns))


def first_rows(sample: str, table: Table, at_most: int = 20) -> list[list[str]]:
    """Return the cells of the first rows below the column names, as far as they stand in the sample."""
    reader = csv.reader(io.StringIO(sample, newline=""), delimiter=table.separator, skipinitialspace=True)
    return list(islice(reader, table.skip, table.skip + at_most))


def records(lines: Iterable[str], table: Table) -> Iterator[Record]:
    """Yield the rows below the column names.

    A row is not whole and has no cells where the file's end cuts it or its quote never ends. Lines that such a quote
    swallowed are read again, as rows where they have a cell for each column.
    """
    feed = _Feed(lines)
    reader = csv.reader(feed, delimiter=table.separator, skipinitialspace=True)
    for _ in range(table.skip):
        next(reader, None)
    number, reread = 0, 0
    while True:
        feed.begin()
        try:
            cells = next(reader, None)
        except _Unending:
            cells = []
        if cells is None:
            return
        whole = feed.row_is_whole(cells, table)
        doubtful = feed.rereading and len(cells) != table.layout.width
        if len(cells) > 1 or not doubtful:  # else it is a line of some longer text, and no row
            number += 1
            yield (
                Record(number, cells, reread=feed.rereading)
                if whole and not doubtful
                else Record(number, [], whole=False)
            )
        if not whole and reread < _MAX_REREAD:
            reread += feed.give_back()


class _Unending(Exception):
    """The open row has more lines or characters than any row has."""


class _Feed:
    """Lines for csv.reader that remembers those of the open row, and can give them again."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self._again: deque[str] = deque()
        self._taken: list[str] = []
        self._characters = 0  # of those taken
        self._ended = False
        self.rereading = False

    def begin(self) -> None:
        """Begin a new row with the next line. `rereading` tells whether a quote had swallowed that line before."""
        self._taken, self._characters = [], 0
        self._ended = False
        self.rereading = bool(self._again)

    def row_is_whole(self, cells: list[str], table: Table) -> bool:
        """Return whether the row is whole.

        It is not where the file ended, or no end came, within it; where its last line has no end and cells are missing;
        or where a stray quote joined rows: their cells are not as many as the columns, and a line within has the
        separators of a row. Otherwise cells may be missing at the end, for Excel leaves out empty ones.
        """
        width, inner = table.layout.width, self._taken[1:]
        if self._ended:
            return False
        if len(cells) != width and any(line.count(table.separator) * 2 >= width - 1 for line in inner):
            return False
        return len(cells) >= width or self._taken[-1].endswith(("\n", "\r")) or not self._taken[-1].strip(ENDS)

    def give_back(self) -> int:
        """Offer all lines of the open row but its first once more, and return their number of characters."""
        self._again.extendleft(reversed(self._taken[1:]))
        return sum(map(len, self._taken[1:]))

    def __iter__(self) -> "_Feed":
        return self

    def __next__(self) -> str:
        if len(self._taken) == _MAX_LINES or self._characters >= _MAX_CHARACTERS:
            self._ended = True
            raise _Unending
        line = self._again.popleft() if self._again else next(self._lines, None)
        if line is None:
            self._ended = True
            raise StopIteration
        self._taken.append(line)
        self._characters += len(line)
        return line
