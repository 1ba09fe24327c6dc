"""Reading the journal: several ranges as one, in the order of time."""

import heapq
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from chalicelib.core import ids
from chalicelib.core.ids import OwnerCode, TenantId
from chalicelib.domain.audit.model import KIND, SHOWN_KIND, JournalPayload
from chalicelib.domain.audit.records import JournalRecord, ShownRecord
from chalicelib.store import rows, side_by_side
from chalicelib.store.queries import Page, Span


@dataclass(frozen=True)
class Noted:
    """One row: in whose range, its ULID there, and what it says, opened at need."""

    owner: OwnerCode
    local: str
    record: JournalRecord | ShownRecord

    @property
    def payload(self) -> JournalPayload:
        return self.record.unsealed(JournalPayload)


@dataclass(frozen=True)
class Place:
    """A range to read: one member's journal, or what colleagues in a view (see audit.model.VIEWS) are told of it. Where they are
    set, only the rows beyond the ULID `begin`, and those before the ULID `end`."""

    owner: OwnerCode
    view: str = ""
    begin: str = ""
    end: str = ""

    @property
    def record(self) -> type[JournalRecord | ShownRecord]:
        return ShownRecord if self.view else JournalRecord

    @property
    def prefix(self) -> str:
        return ids.key_range(SHOWN_KIND, self.owner, self.view) if self.view else ids.key_range(KIND, self.owner)

    @property
    def span(self) -> str | Span:
        """Return what of the range is read."""
        return Span(self.prefix, self.prefix + self.end) if self.end else self.prefix


def in_order(
    tenant: TenantId, places: Iterable[Place], *, after: str | None = None, size: int, newest_first: bool = False
) -> Iterator[Noted]:
    """Yield the rows of these ranges beyond the ULID `after`, if any, merged by their ULIDs. One call a range, side by side,
    and one more each time `size` rows of one were used up."""

    def read(place: Place, start: str | None) -> Page[Any]:
        return rows.page(place.record, tenant, place.span, limit=size, after=start, forward=not newest_first)

    def begin(place: Place) -> tuple[Place, Page[Any]]:
        begin = after or place.begin
        return place, read(place, f"{place.prefix}{begin}" if begin else None)

    firsts = side_by_side.in_order(partial(begin, place) for place in places)
    ranges = [_range(place, first, partial(read, place)) for place, first in firsts]
    yield from heapq.merge(*ranges, key=lambda noted: noted.local, reverse=newest_first)


def _range(place: Place, page: Page[Any], read: Callable[[str], Page[Any]]) -> Iterator[Noted]:
    while True:
        for record in page.records:
            yield Noted(place.owner, record.sk.removeprefix(place.prefix), record)
        if page.last is None:
            return
        page = read(page.last)
