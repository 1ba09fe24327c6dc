"""An import file, read: `open_file` tells the format, then its rows come one at a time."""

import contextlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import IO, Self, TextIO

from chalicelib.connectors.port import PrivacyClass
from chalicelib.core.codes import CellCode, RowCode
from chalicelib.core.errors import UnsupportedMediaType
from chalicelib.domain.imports.parsing import (
    container,
    csv_reader,
    encoding,
    layouts,
    own_columns,
    own_export,
    own_json,
    stream,
    values,
    vcard,
)
from chalicelib.domain.imports.parsing.columns import Field
from chalicelib.domain.imports.parsing.csv_reader import Record, Table
from chalicelib.domain.imports.parsing.encoding import Encoding
from chalicelib.domain.imports.parsing.errors import FileRefused
from chalicelib.domain.imports.parsing.layouts import Layout
from chalicelib.domain.imports.parsing.names import decoded
from chalicelib.domain.imports.parsing.own_rows import Row
from chalicelib.domain.imports.parsing.row import CompanyRow, Draft, ReadRow, Rejected, salesforce_id
from chalicelib.domain.imports.parsing.values import Cell
from chalicelib.domain.imports.parsing.wordlists import words
from chalicelib.domain.sources.provenance import Format

__all__ = ["CompanyRow", "Format", "ImportFile", "ReadRow", "Rejected", "Row", "asked", "open_file"]

# What browsers and curl call these files. What a file is, its content says.
MEDIA_TYPES = words(
    "text/csv application/csv text/x-csv text/comma-separated-values text/tab-separated-values text/plain text/vcard "
    "text/x-vcard text/directory application/vnd.ms-excel application/zip application/x-zip-compressed "
    "application/octet-stream application/json"
)
MAX_ROWS = 100_000  # of one file, where nobody says less
_HEAD = 64
_CONTROL = re.compile("[\x00-\x08\x0e-\x1b\x7f]")
_MAX_CONTROLS = 0.05  # of all characters: above, it is no text
_LISTS = {
    Field.EMAIL: lambda draft: draft.emails,
    Field.PHONE: lambda draft: draft.phones,
    Field.URL: lambda draft: draft.urls,
    Field.WEBSITE: lambda draft: draft.websites,
}
_SINGLES = {
    Field.FIRST: "first",
    Field.MIDDLE: "middle",
    Field.LAST: "last",
    Field.FULL: "full",
    Field.TITLE: "title",
    Field.COMPANY: "company",
    Field.SOURCE_ID: "source_id",
}


@dataclass(frozen=True)
class ImportFile:
    """A file whose layout is known. `privacy_class`: who may see what it alone says, also where a mapping reads it
    (P8).

    It reads the file that was opened, which stays its caller's; close() ends what it opened itself.
    """

    format: Format
    privacy_class: PrivacyClass
    _content: IO[bytes]
    _encoding: Encoding
    _read: Callable[[TextIO], Iterator[Row]]
    # Each with the field it gives, None: not read; of a vCard the properties, once its rows were read.
    columns: list[tuple[str, str | None]]
    _opened: contextlib.ExitStack
    passed_over: Sequence[str] = ()  # the names of an archive's files that are not read

    def rows(self, at_most: int = MAX_ROWS) -> Iterator[Row]:
        """Yield the rows in the order of the file, the same in each call.

        Blank rows of a CSV count in the row numbers but are not yielded. FileRefused(too_many_rows) instead of one more
        than `at_most`.
        """
        with self._encoding.text(self._content) as characters:
            for count, row in enumerate(self._read(characters), 1):
                if count > at_most:
                    raise FileRefused("too_many_rows")
                yield row

    @property
    def charset(self) -> str:
        """The name of the encoding that the file was read in."""
        return self._encoding.name

    def close(self) -> None:
        """Close the file; no rows can be read after that."""
        self._opened.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _cards(characters: TextIO, columns: list[tuple[str, str | None]]) -> Iterator[Row]:
    names: dict[str, str | None] = {}
    for number, draft in enumerate(vcard.drafts(stream.lines(characters), names), 1):
        yield draft.accept(number)
    columns[:] = names.items()


def _records(characters: TextIO, table: Table) -> Iterator[Row]:
    records, fmt = csv_reader.records(stream.lines(characters), table), table.layout.format
    if fmt is Format.IKO_EXPORT:
        return own_export.sheet(records, table)
    return (row for record in records if (row := _row(record, table, fmt)) is not None)


def asked(format: str, mapping: Mapping[str, str] | None) -> tuple[Format | None, dict[str, Field] | None]:  # noqa: A002
    """Check and return the format and mapping that a caller asks for. FileRefused(unknown_format, bad_mapping)."""
    wanted = layouts.named(format)
    fields = None if mapping is None else layouts.checked_mapping(mapping)
    if wanted is Format.MAPPED_CSV and fields is None:
        raise FileRefused("bad_mapping")
    return wanted, fields


def open_file(
    file: IO[bytes],
    *,
    content_type: str = "",
    format: str = "auto",  # noqa: A002
    mapping: Mapping[str, str] | None = None,
    shareable: bool = False,
) -> ImportFile:
    """Return the file with its format recognised. `file` must be seekable; it is read in pieces, however large it is.

    `format` is `auto` or a value of Format; `mapping` ({column name: field of columns.MAPPABLE}) reads any CSV; `shareable`: a
    file whose columns only look like a CRM's is none. Raises
    UnsupportedMediaType, or FileRefused (422) with one of: empty_file, not_a_table, not_a_vcard, unknown_columns,
    too_many_columns, unreadable_encoding, unknown_format, bad_mapping.
    """
    if content_type and content_type.partition(";")[0].strip().lower() not in MEDIA_TYPES:
        raise UnsupportedMediaType("Send the file as text/csv or text/vcard.")
    wanted, fields = asked(format, mapping)
    with contextlib.ExitStack() as opened:
        content, passed_over = _content(file, opened)
        found = _recognised(content, content_type, wanted, fields, opened, shareable=shareable)
        return replace(found, passed_over=passed_over)


def _recognised(
    content: IO[bytes],
    content_type: str,
    wanted: Format | None,
    fields: dict[str, Field] | None,
    opened: contextlib.ExitStack,
    *,
    shareable: bool,
) -> ImportFile:
    chosen = encoding.detect(content, encoding.charset_of(content_type))
    sample = _sample(content, chosen)
    is_vcard = vcard.begins(sample)
    if is_vcard and fields is None and wanted in (None, Format.VCARD):
        properties: list[tuple[str, str | None]] = []
        return _file(Format.VCARD, content, chosen, partial(_cards, columns=properties), opened, properties)
    if own_json.begins(sample):
        if fields is not None or wanted not in (None, Format.IKO_EXPORT):
            raise FileRefused("not_a_table")
        return _file(Format.IKO_EXPORT, content, chosen, own_export.documents, opened, own_columns.used())
    if wanted is Format.VCARD or (not is_vcard and "vcard" in content_type.lower()):
        raise FileRefused("not_a_vcard")
    table = csv_reader.find_table(sample, _recogniser(wanted, fields))
    layout = table.layout.with_rows(csv_reader.first_rows(sample, table), wanted)
    if shareable:
        layout = layout.shareable()
    read = partial(_records, table=replace(table, layout=layout))
    return ImportFile(layout.format, layout.privacy_class, content, chosen, read, layout.used(), opened.pop_all())


def _file(
    fmt: Format,
    content: IO[bytes],
    chosen: Encoding,
    read: Callable[[TextIO], Iterator[Row]],
    opened: contextlib.ExitStack,
    columns: list[tuple[str, str | None]],
) -> ImportFile:
    return ImportFile(fmt, fmt.privacy_class, content, chosen, read, columns, opened.pop_all())


def _content(file: IO[bytes], opened: contextlib.ExitStack) -> tuple[IO[bytes], list[str]]:
    """The contact file within, with whole characters; what had to be made for it is in `opened`. And the names of what else is
    there."""
    content, passed_over = container.unpack(file)
    if content is not file:
        opened.enter_context(content)
    if not vcard.begins(stream.head(content, _HEAD).decode("latin-1")):
        return content, passed_over
    whole = vcard.with_whole_characters(content)
    if whole is not content:
        opened.enter_context(whole)
    return whole, passed_over


def _recogniser(wanted: Format | None, fields: Mapping[str, Field] | None) -> Callable[[list[str]], Layout | None]:
    if fields is not None:
        return partial(layouts.mapped, mapping=fields)
    return partial(layouts.recognise, wanted=wanted)


def _sample(content: IO[bytes], chosen: Encoding) -> str:
    """The beginning of the text; FileRefused where it is none."""
    with chosen.text(content) as text:
        sample = text.read(csv_reader.SAMPLE_CHARACTERS)
    if not sample.strip("\ufeff \t\r\n,;"):
        raise FileRefused("empty_file")
    if len(_CONTROL.findall(sample)) > len(sample) * _MAX_CONTROLS:
        raise FileRefused("not_a_table")
    return sample


def _row(record: Record, table: Table, fmt: Format) -> ReadRow | Rejected | None:
    """What is made of one row of a CSV; None for a blank one."""
    number, cells, width = record.number, record.cells, table.layout.width
    if not record.whole:
        return Rejected(number, RowCode.ROW_INCOMPLETE)
    if not any(map(_says, cells)):
        return None
    if len(cells) == 1 < width:
        # Reports of Salesforce end with lines on who made them, and under which terms.
        return None if fmt is Format.SALESFORCE_CSV else Rejected(number, RowCode.ROW_INCOMPLETE)
    if any(map(_says, cells[width:])):
        # An unquoted separator moved the cells behind it: what stands where cannot be told.
        return Rejected(number, RowCode.TOO_MANY_CELLS)
    draft = Draft()
    for index, gives in table.layout.columns:
        cell = cells[index] if index < len(cells) else ""
        if cell:
            _give(draft, gives, Cell(cell, table.layout.names[index]), fmt)
    row = draft.accept(number)
    torn = record.reread and isinstance(row, ReadRow) and row.dropped  # words of a note in the place of values
    return Rejected(number, RowCode.ROW_INCOMPLETE) if torn else row


def _says(cell: str) -> bool:
    """Whether there is more in it than blanks, and what ends a file for old programs."""
    return bool(cell) and not cell.isspace() and bool(cell.strip(csv_reader.ENDS))


def _give(draft: Draft, field: Field, cell: Cell, fmt: Format) -> None:
    if field.holds_many:
        _LISTS[field](draft).append(cell)
        return
    text, name = cell.text, _SINGLES[field]
    if field is Field.SOURCE_ID:
        text = _source_id(text.strip(), fmt)
        if not text and cell.text.strip():
            draft.drop(cell.column, CellCode.NOT_AN_ID)
    elif field in (Field.TITLE, Field.COMPANY):
        whole = decoded(text) if "&" in text else text  # before it is taken apart at its semicolons
        text = values.first_of(whole, also=";" if fmt is Format.HUBSPOT_CSV else None)
        if whole[len(text) :].strip(" :;"):
            draft.drop(cell.column, CellCode.FURTHER_VALUE)
    before = getattr(draft, name).strip()
    if text and not before:
        setattr(draft, name, text)
        draft.of[name] = cell.column
    elif text.strip() not in ("", before):
        draft.drop(cell.column, CellCode.ALREADY_GIVEN)


def _source_id(cell: str, fmt: Format) -> str:
    if fmt is Format.SALESFORCE_CSV:
        return salesforce_id(cell)
    return cell if cell.isascii() and cell.isdigit() else ""
