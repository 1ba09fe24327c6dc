"""Reading the journal: several ranges as one, in the order of time."""

import heapq
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from chalicelib.core import ids
from chalicelib.core.ids import OwnerCode, TenantId
from chalicelib.domain.audit.model import KIND, JournalPayload
from chalicelib.domain.audit.records import JournalRecord
from chalicelib.store import rows


@dataclass(frozen=True)
class Noted:
    """One row: in whose range, its ULID there, and what it says, opened at need."""

    owner: OwnerCode
    local: str
    record: JournalRecord

    @property
    def payload(self) -> JournalPayload:
        return self.record.unsealed(JournalPayload)


def in_order(
    tenant: TenantId, owners: Iterable[OwnerCode], *, after: str | None, size: int, newest_first: bool = False
) -> Iterator[Noted]:
    """Yield the rows of these ranges beyond the ULID `after`, merged by their ULIDs. One call a range, and one more
    each time `size` rows of one were used up."""
    ranges = (_range(tenant, owner, after, size, forward=not newest_first) for owner in owners)
    return heapq.merge(*ranges, key=lambda noted: noted.local, reverse=newest_first)


def _range(tenant: TenantId, owner: OwnerCode, after: str | None, size: int, *, forward: bool) -> Iterator[Noted]:
    prefix = ids.key_range(KIND, owner)
    start = f"{prefix}{after}" if after else None
    while True:
        page = rows.page(JournalRecord, tenant, prefix, limit=size, after=start, forward=forward)
        for record in page.records:
            yield Noted(owner, record.sk.removeprefix(prefix), record)
        if page.last is None:
            return
        start = page.last
