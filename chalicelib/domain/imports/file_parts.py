"""A file's rows become parts: sealed objects of a few hundred rows each, which the storing takes one by one.

The rows wait in a temporary file without a name, so that neither the size of a file nor how its rows belong together costs
memory, and nothing of it outlives the process.
"""

import json
import tempfile
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import IO, Any

from chalicelib.connectors.port import PrivacyClass
from chalicelib.core import ids, settings
from chalicelib.core.ids import TenantId
from chalicelib.domain.imports import model
from chalicelib.domain.imports.model import Part
from chalicelib.domain.imports.parsing.errors import FileRefused
from chalicelib.domain.imports.parsing.layouts import told_name
from chalicelib.domain.imports.parsing.row import CompanyRow, ReadRow, Rejected
from chalicelib.domain.imports.parsing.rows import ImportFile, Row
from chalicelib.domain.imports.row_groups import Links, keys_of
from chalicelib.domain.ingest.identity import Name, name_of
from chalicelib.domain.sources.provenance import CRM_FILE, FILE
from chalicelib.domain.work.model import FileRead
from chalicelib.store import objects

_MOST_NAMED = 100  # files that an archive has beside what is read of it
_IN_MEMORY = 1 << 20  # bytes of rows; more of them go to the disk
_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))  # made once: making one costs as much as a row


@dataclass(frozen=True)
class Kept:
    """How many parts an import has, and how many rows are in them."""

    parts: int
    rows: int


def keep(tenant: TenantId, job_id: ids.OwnedId, parts: Iterable[Part]) -> Kept:
    """Seal the parts into the bucket, over those of an earlier attempt."""
    bucket, count, rows = settings.current().buckets.imports, 0, 0
    for part in parts:
        objects.put_sealed(bucket, part_key(tenant, str(job_id), count), tenant, part.to_bytes())
        count, rows = count + 1, rows + part.size
    return Kept(count, rows)


def prefix(tenant: TenantId, job_id: str) -> str:
    """Return the prefix of all keys of an import in the bucket. It consists of ids only."""
    return f"{tenant}/{job_id}/"


def part_key(tenant: TenantId, job_id: str, number: int) -> str:
    """Return the key of a part of an import in the bucket."""
    return f"{prefix(tenant, job_id)}{number:05}"


def read_of(file: ImportFile) -> FileRead:
    """Return how the file was read, once it was. The source of a CRM's values is told as such, also where a mapping read it."""
    hidden = file.privacy_class is PrivacyClass.OWNER_ONLY
    return FileRead(
        source=f"{CRM_FILE if hidden else FILE}{file.format.value}",
        format=file.format.value,
        charset=file.charset,
        columns=file.columns,
        passed_over=[told_name(name) or "[…]" for name in file.passed_over[:_MOST_NAMED]],
        passed_over_total=len(file.passed_over),
    )


def parts_of(rows: Iterable[Row]) -> Iterator[Part]:
    """Yield parts of about ROWS_A_PART rows, in the order of the file.

    Rows of one contact (row_groups) stand together, where the first of them is; such a group is never divided. All rows
    are read before the first part is yielded: what `rows` raises, and FileRefused(empty_file) where it has none, comes
    before.
    """
    with tempfile.SpooledTemporaryFile(_IN_MEMORY) as waiting:
        links, places, end = Links(), array("Q"), 0
        for row in rows:
            links.add(keys_of(row) if isinstance(row, ReadRow) else ())
            places.append(end)
            end += waiting.write(_line(row))
        if not places:
            raise FileRefused("empty_file")

        def name_at(entry: int) -> Name:
            row = _content(waiting, places[entry])
            return name_of(row.get("first_name", ""), row.get("last_name", "")) if isinstance(row, dict) else ()

        part, size = Part([], []), 0
        for group in links.groups(name_at):
            _add(part, [_row(waiting, places[entry]) for entry in group])
            size += len(group)
            if size >= model.ROWS_A_PART:
                yield part
                part, size = Part([], []), 0
        if size:
            yield part


def _add(part: Part, group: list[Row]) -> None:
    part.rejected.extend((row.number, row.code) for row in group if isinstance(row, Rejected))
    part.companies.extend(row for row in group if isinstance(row, CompanyRow))
    taken = [row for row in group if isinstance(row, ReadRow)]
    if taken:
        part.groups.append(taken)


def _line(row: Row) -> bytes:
    content: object = [row.number, row.code] if isinstance(row, Rejected) else row.to_dict()
    content = [content] if isinstance(row, CompanyRow) else content
    return _JSON.encode(content).encode() + b"\n"


def _content(waiting: IO[bytes], place: int) -> Any:
    waiting.seek(place)
    return json.loads(waiting.readline())


def _row(waiting: IO[bytes], place: int) -> Row:
    content = _content(waiting, place)
    if isinstance(content, dict):
        return ReadRow.from_dict(content)
    return Rejected(*content) if len(content) > 1 else CompanyRow.from_dict(content[0])
