"""Reading what colleagues may be shown, and only that: the rows between, which show nothing, cost no call and no time.

A row is in this range by its own attribute (store.records.SharedRecord), so no write can move the one without the other.
"""

from collections.abc import Iterator
from typing import TypeVar

from chalicelib.core.ids import TenantId
from chalicelib.store import rows
from chalicelib.store.records import ByShown, SharedRecord

R = TypeVar("R", bound=SharedRecord)


def page(
    record: type[R], tenant: TenantId, prefix: str, *, limit: int, after: str | None = None, forward: bool = True
) -> rows.Page[R]:
    """Return at most `limit` rows that show something and whose sort key starts with `prefix`, after the key `after`. One call,
    consistent as `rows.page`."""
    start = {"tenant": {"S": tenant}, "sk": {"S": after}, "shown": {"S": after}} if after else None
    with rows.signed(record, tenant):
        answer = record._get_connection().query(  # noqa: SLF001 - as in rows.page
            tenant,
            range_key_condition=record.shown.startswith(prefix),
            index_name=ByShown.Meta.index_name,
            consistent_read=True,
            limit=limit,
            exclusive_start_key=start,
            scan_index_forward=forward,
        )
    found = [record.from_raw_data(item) for item in answer["Items"]]
    last = answer.get("LastEvaluatedKey")
    return rows.Page([row for row in found if not row.expired], last["sk"]["S"] if last else None)


def every(record: type[R], tenant: TenantId, prefix: str) -> Iterator[R]:
    """Yield all rows of the range that show something, page by page."""
    after: str | None = None
    while True:
        found = page(record, tenant, prefix, limit=1000, after=after)
        yield from found.records
        if found.last is None:
            return
        after = found.last
