"""A row between its file and us: what its columns gave, and what is accepted of that."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from chalicelib.core.codes import CellCode, RowCode
from chalicelib.domain.imports.parsing import names, values
from chalicelib.domain.imports.parsing.errors import RowRefused
from chalicelib.domain.imports.parsing.values import Cell, Dropped
from chalicelib.domain.ingest import cells, identity
from chalicelib.domain.redaction.mentions import holds_identifier

ROLE = RowCode.ADDRESS_NOT_STORABLE
MAX_NAME, MAX_TEXT, _MAX_SOURCE_ID = 200, 300, 200
_MAX_RAW = 4000  # characters of a cell, before what is dropped from it
_SEVERAL = frozenset({"emails", "phones", "profile_urls", "meant"})  # fields of a row that hold any number of values
_SALESFORCE_ID = re.compile(r"[A-Za-z0-9]{15}(?:[A-Z0-5]{3})?")


class ReadRow(NamedTuple):
    """One accepted row: allow-listed fields only, each in its accepted form.

    `number` counts as a user counts: the rows of a CSV file below its column names, blank ones included, or the
    cards of a vCard file; the first is 1. `emails` and `phones` are as written, `profile_urls` in the form of
    identifiers.profile_url(). `source_id` is the id that the exporting program gave, or empty. `dropped` says which cells
    were not taken, as (column, code), `meant` whom these may mean (ingest.cells): it is asked whether they were erased.

    `ours`: it is a contact of an export of ours, known by its id there, whatever other rows it resembles; its URLs are as
    written. Only such a row has notes, a company's id there, and says whether the person wants no mail.
    """

    number: int
    first_name: str = ""
    last_name: str = ""
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    profile_urls: tuple[str, ...] = ()
    title: str = ""
    company_name: str = ""
    source_id: str = ""
    dropped: tuple[tuple[str, str], ...] = ()
    ours: bool = False
    company_id: str = ""
    notes: str = ""
    opted_out: bool = False
    meant: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, object]:
        """Return the row as a dict for JSON, without empty values."""
        return {name: value for name, value in zip(self._fields, self, strict=True) if value}

    @classmethod
    def from_dict(cls, data: Mapping[str, object]) -> "ReadRow":
        """Return the row from the dict that `to_dict` made of it."""
        return cls(**_from_dict(data))

    def digest(self) -> str:
        """Return a hash of all that the row says of its person: two rows that have it in common say the same."""
        return _digest(self.to_dict())


class CompanyRow(NamedTuple):
    """One accepted company of an export of ours: checked values; `source_id` is its id there."""

    number: int
    name: str
    source_id: str = ""
    domain: str = ""
    industry: str = ""
    country: str = ""
    size: int | str | None = None
    tag: str = ""
    notes: str = ""
    dropped: tuple[tuple[str, str], ...] = ()

    def to_dict(self) -> dict[str, object]:
        """Return the row as a dict for JSON, without empty values; a size of 0 is one."""
        return {name: value for name, value in zip(self._fields, self, strict=True) if value or value == 0}

    def digest(self) -> str:
        """Return a hash of all that the row says of its company."""
        return _digest(self.to_dict())

    @classmethod
    def from_dict(cls, data: Mapping[str, object]) -> "CompanyRow":
        """Return the row from the dict that `to_dict` made of it."""
        return cls(**_from_dict(data))


def _digest(said: Mapping[str, object]) -> str:
    left_out = ("number", "source_id", "dropped", "meant")
    fields = {name: value for name, value in said.items() if name not in left_out}
    canonical = json.dumps(fields, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return f"row:{hashlib.sha256(canonical.encode()).hexdigest()}"


def _from_dict(data: Mapping[str, object]) -> dict[str, Any]:
    fields: dict[str, Any] = {**data}
    for name in _SEVERAL & fields.keys():
        fields[name] = tuple(fields[name])
    if "dropped" in fields:
        fields["dropped"] = tuple((column, code) for column, code in fields["dropped"])
    return fields


class Rejected(NamedTuple):
    """One row that is not taken, and why: a RowCode."""

    number: int
    code: str


@dataclass(slots=True)
class Draft:
    """What one row or card said, not yet checked."""

    first: str = ""
    middle: str = ""
    last: str = ""
    full: str = ""
    title: str = ""
    company: str = ""
    source_id: str = ""
    emails: list[Cell] = field(default_factory=list)
    phones: list[Cell] = field(default_factory=list)
    urls: list[Cell] = field(default_factory=list)
    websites: list[Cell] = field(default_factory=list)
    refusal: RowCode | None = None
    of: dict[str, str] = field(default_factory=dict)  # the column that gave each text
    dropped: list[Dropped] = field(default_factory=list)
    meant: list[str] = field(default_factory=list)

    def drop(self, column: str, code: CellCode) -> None:
        """Note a value that is not taken."""
        self.dropped.append(Dropped(column, code))

    def accept(self, number: int) -> ReadRow | Rejected:
        """Return the row, or the reason why it is not taken."""
        try:
            return self._row(number)
        except RowRefused as refused:
            return Rejected(number, refused.code)

    def _row(self, number: int) -> ReadRow:
        if self.refusal:
            raise RowRefused(self.refusal)
        if max(map(len, (self.first, self.middle, self.last, self.full, self.title, self.company))) > _MAX_RAW:
            for part in ("first", "middle", "last", "full", "title", "company"):
                setattr(self, part, self._fit(part, getattr(self, part), _MAX_RAW))
        first, last = self._name()
        first, last = self._fit("first", first, MAX_NAME), self._fit("last", last, MAX_NAME)
        emails, no_emails, meant = values.addresses(self.emails)
        phones, no_phones, beside = values.numbers((*self.phones, *values.chats((*self.urls, *self.websites))))
        urls, no_urls, elsewhere = values.profiles(self.urls, self.websites)
        if not (emails or phones or urls) and any(each.code is CellCode.ADDRESS_NOT_STORABLE for each in no_emails):
            raise RowRefused(ROLE)
        title = self._fit("title", names.clean(self.title), MAX_TEXT) if self.title else ""
        company = self._fit("company", names.clean(self.company), MAX_TEXT) if self.company else ""
        if title and names.is_honorific(title):
            self.drop(self.of.get("title", ""), CellCode.NO_TITLE)
            title = ""
        source_id = self._fit("source_id", names.clean(self.source_id), _MAX_SOURCE_ID) if self.source_id else ""
        if source_id and holds_identifier(source_id):
            self.drop(self.of.get("source_id", ""), CellCode.ADDRESS_IN_TEXT)
            source_id = ""
        if not (first or last or emails or phones or urls):
            long = any(each.code is CellCode.TOO_LONG for each in self.dropped)
            raise RowRefused(RowCode.TOO_LONG if long else RowCode.NO_IDENTITY)
        every = (*self.dropped, *no_emails, *no_phones, *no_urls)
        dropped = tuple((each.column, each.code) for each in dict.fromkeys(every)) if every else ()
        named = cells.but((*self.meant, *meant, *beside, *elsewhere), emails)
        if len(named) > cells.MOST_MEANT:
            raise RowRefused(RowCode.TOO_MANY_VALUES)
        return ReadRow(number, first, last, emails, phones, urls, title, company, source_id, dropped, meant=named)

    def _fit(self, part: str, text: str, most: int) -> str:
        """The text; empty, and noted, where it is longer than any is."""
        if len(text) <= most:
            return text
        self.drop(self.of.get(part) or self.of.get("full", ""), CellCode.TOO_LONG)
        return ""

    def _name(self) -> tuple[str, str]:
        first, middle = self._name_part(self.first), self._name_part(self.middle)
        last, full = self._name_part(self.last), self._name_part(self.full)
        if first or last:
            if full and not identity.agree(
                [identity.name_of(full, "")], [identity.name_of(f"{first} {middle} {last}", "")]
            ):
                self.drop(self.of.get("full", ""), CellCode.ALREADY_GIVEN)
            return names.with_middle(first, middle, last)
        if full and holds_identifier(full):
            return full, ""  # an address is not torn in two
        return names.split_full(full) if full else (middle, "")

    def _name_part(self, text: str) -> str:
        """The part without addresses in it, which count as addresses of the row."""
        if not text:
            return ""
        rest, found = names.without_addresses(text)
        self.emails.extend(Cell(each) for each in found)
        self.meant.extend(cells.meant(text))
        return rest


def salesforce_id(text: str) -> str:
    """Return a Salesforce id in its form of 18 characters, so that both forms are one; empty for any other text.

    The first 15 tell ids apart by case; the last three spell which of each five are capitals, lowest bit first.
    """
    if not _SALESFORCE_ID.fullmatch(text):
        return ""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
    parts = (text[start : start + 5] for start in (0, 5, 10))
    return text[:15] + "".join(alphabet[sum(c.isupper() << i for i, c in enumerate(part))] for part in parts)
