"""What an import is made of: its parts, a file that is still to come, and a member's own column mappings."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

from pydantic import Field, StringConstraints

from chalicelib.core.models import Input, Model, Omittable
from chalicelib.core.written import ONE_LINE

if TYPE_CHECKING:
    from chalicelib.domain.imports.parsing.row import CompanyRow, ReadRow
    from chalicelib.domain.work.model import Tally

MAPPING_PREFIX = "map"
IMPORT_PREFIX = "imp"
DUE_KIND = "import"
ROWS_A_PART = 500
MAX_BODY = 4 * 1024 * 1024  # API Gateway's 6 MB hold 4.5 MB of bytes in base64
MAX_UPLOAD = 25 * 1024 * 1024
MAX_UPLOADED_ROWS = 50_000
LINK_SECONDS = 15 * 60
UPLOAD_LIFE_DAYS = 1

_EXPORT = re.compile(rb'(?:\xef\xbb\xbf)?\s*\{\s*"(?:items|next_cursor)"\s*:')
Group = list["ReadRow"]
Header = Annotated[str, StringConstraints(min_length=1, max_length=200), ONE_LINE]
FieldName = Annotated[str, StringConstraints(min_length=1, max_length=40), ONE_LINE]


@dataclass(frozen=True)
class HowToRead:
    """What a member says of a file: its format (`auto`, or the program that wrote it), the mapping that reads it ({column name:
    our field}), and whether colleagues may see what it says though its columns look like a CRM's."""

    format: str = "auto"
    mapping: Mapping[str, str] | None = None
    shareable: bool = False


def is_export(raw: bytes) -> bool:
    """Return whether the bytes begin as a list of contacts or companies that was exported here, as JSON."""
    return _EXPORT.match(raw) is not None


class MappingIn(Input):
    """`columns`: column name of the file -> our field."""

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100), ONE_LINE]
    columns: Annotated[dict[Header, FieldName], Field(min_length=1, max_length=100)]


class MappingPayload(Model):
    name: str
    columns: dict[str, str]
    created_at: datetime
    updated_at: datetime


class UploadIn(Input):
    """A file that is to be uploaded: its format (auto, or the program that wrote it), the id of an import mapping, and how
    many bytes it has. `shareable` and `dry_run` as in the query of POST /v1/imports."""

    format: Annotated[str, StringConstraints(max_length=40), ONE_LINE] = "auto"
    mapping: Omittable[Annotated[str, StringConstraints(max_length=80), ONE_LINE]] = None
    shareable: bool = False
    dry_run: bool = False
    size: Annotated[int, Field(ge=1)]


class UploadPayload(Model):
    """`columns`: of the mapping that the file is read by, as it was when the upload was announced. `started`: there is, or
    was, a job of it."""

    format: str
    columns: dict[str, str] | None
    shareable: bool = False
    dry_run: bool = False
    size: int
    started: bool = False
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True)
class Part:
    """One piece of an import: groups of rows that mean one contact each, rows that reading refused, and companies."""

    groups: list[Group]
    rejected: list[tuple[int, str]]
    companies: list["CompanyRow"] = field(default_factory=list)

    @property
    def size(self) -> int:
        """How many rows of the file it holds."""
        return sum(map(len, self.groups)) + len(self.rejected) + len(self.companies)

    def count_dropped(self, tally: "Tally") -> None:
        """Count the cells that were not taken of the rows that were."""
        refused = {row for rows in tally.rejected.values() for row in rows}
        taken: list[ReadRow | CompanyRow] = [*self.companies, *(row for group in self.groups for row in group)]
        for row in (row for row in taken if row.number not in refused):
            for column, code in row.dropped:
                tally.drop(row.number, column, code)

    def to_bytes(self) -> bytes:
        """Return the part as compact JSON."""
        content = {
            "groups": [[row.to_dict() for row in group] for group in self.groups],
            "rejected": self.rejected,
            "companies": [row.to_dict() for row in self.companies],
        }
        return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()

    @classmethod
    def from_bytes(cls, content: bytes) -> "Part":
        """Return the part from the bytes that `to_bytes` made of it."""
        from chalicelib.domain.imports.parsing.row import CompanyRow, ReadRow  # noqa: PLC0415 - cold start

        data = json.loads(content)
        groups = [[ReadRow.from_dict(row) for row in group] for group in data["groups"]]
        companies = [CompanyRow.from_dict(row) for row in data["companies"]]
        return cls(groups, [(number, code) for number, code in data["rejected"]], companies)
