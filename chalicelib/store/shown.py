"""Reading what colleagues may be shown, and only that: the rows between, which show nothing, cost no call and no time.

A row is in this range by its own attribute (store.records.SharedRecord), so no write can move the one without the other.
"""

from collections.abc import Iterator
from typing import TypeVar

from chalicelib.core.ids import TenantId
from chalicelib.store.queries import Index, Page, Span, query, walk
from chalicelib.store.records import ByShown, SharedRecord

R = TypeVar("R", bound=SharedRecord)
_BY_SHOWN = Index(ByShown.Meta.index_name, "shown")


def page(record: type[R], tenant: TenantId, prefix: str | Span, *, limit: int, after: str | None = None) -> Page[R]:
    """Return at most `limit` rows that show something and whose sort key starts with `prefix`, or is in that span, after the key
    `after`. One call, consistent as `rows.page`."""
    found, last = query(record, tenant, prefix, limit=limit, after=after, forward=True, index=_BY_SHOWN)
    return Page([row for row in found if not row.expired], last)


def every(record: type[R], tenant: TenantId, prefix: str) -> Iterator[R]:
    """Yield all rows of the range that show something, page by page."""
    return walk(lambda after: page(record, tenant, prefix, limit=1000, after=after))
