"""What an import is made of: its parts, the groups of rows that mean one contact, and a member's own column mappings."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

from pydantic import ConfigDict, Field, StringConstraints

from chalicelib.core.models import Model

if TYPE_CHECKING:
    from chalicelib.domain.imports.reading.drafts import ReadRow, Rejected

MAPPING_PREFIX = "map"
DUE_KIND = "import"
ROWS_A_PART = 500
MAX_BODY = 4 * 1024 * 1024  # API Gateway's 6 MB hold 4.5 MB of bytes in base64

Group = list["ReadRow"]
Header = Annotated[str, StringConstraints(min_length=1, max_length=200)]
FieldName = Annotated[str, StringConstraints(min_length=1, max_length=40)]


class MappingIn(Model):
    """`columns`: column name of the file -> our field."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
    columns: Annotated[dict[Header, FieldName], Field(min_length=1, max_length=100)]


class MappingPayload(Model):
    name: str
    columns: dict[str, str]
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True)
class Part:
    """One piece of an import: groups of rows that mean one contact each, and rows that reading refused."""

    groups: list[Group]
    rejected: list[tuple[int, str]]

    @property
    def size(self) -> int:
        """How many rows of the file it holds."""
        return sum(map(len, self.groups)) + len(self.rejected)

    def to_bytes(self) -> bytes:
        """Compact JSON."""
        content = {"groups": [[row.to_dict() for row in group] for group in self.groups], "rejected": self.rejected}
        return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()

    @classmethod
    def from_bytes(cls, content: bytes) -> "Part":
        """The part of which to_bytes() was taken."""
        from chalicelib.domain.imports.reading.drafts import ReadRow  # noqa: PLC0415 - cold start

        data = json.loads(content)
        groups = [[ReadRow.from_dict(row) for row in group] for group in data["groups"]]
        return cls(groups, [(number, code) for number, code in data["rejected"]])


def grouped(rows: Sequence["ReadRow"]) -> list[Group]:
    """The rows by contact: what shares an address or a profile URL, through others too, or is the same row without
    either. Groups and the rows in them keep the order of `rows`."""
    parent = list(range(len(rows)))

    def root(index: int) -> int:
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    first: dict[str, int] = {}
    for index, row in enumerate(rows):
        for key in keys_of(row):
            # The earlier root stays, so that a group stands where its first row does.
            one, other = sorted((root(first.setdefault(key, index)), root(index)))
            parent[other] = one
    groups: dict[int, Group] = {}
    for index, row in enumerate(rows):
        groups.setdefault(root(index), []).append(row)
    return list(groups.values())


def keys_of(row: "ReadRow") -> list[str]:
    """What makes another row the same contact: each address and profile URL, else the hash of the row."""
    from chalicelib.core.identifiers import EmailAddress  # noqa: PLC0415 - cold start

    keys = [f"email:{EmailAddress.parse(email).exact}" for email in row.emails]
    keys += [f"url:{url}" for url in row.profile_urls]
    return keys or [row.natural_key()]


def natural_key(group: Group) -> str:
    """The key of a group's contact: its first address, else its first profile URL, else the hash of its first row."""
    ranked = sorted((row.natural_key() for row in group), key=lambda key: ("email:", "url:", "row:").index(_kind(key)))
    return ranked[0]


def _kind(key: str) -> str:
    return key[: key.index(":") + 1]


def parts_of(groups: Sequence[Group], rejected: Sequence["Rejected"]) -> Iterator[Part]:
    """Parts of about ROWS_A_PART rows, in the order of the file; a group is never divided."""
    entries: list[tuple[int, Group | str]] = [(group[0].number, group) for group in groups]
    entries += [(row.number, row.code) for row in rejected]
    entries.sort(key=lambda entry: entry[0])
    part = Part([], [])
    for number, entry in entries:
        if isinstance(entry, str):
            part.rejected.append((number, entry))
        else:
            part.groups.append(entry)
        if part.size >= ROWS_A_PART:
            yield part
            part = Part([], [])
    if part.size:
        yield part
