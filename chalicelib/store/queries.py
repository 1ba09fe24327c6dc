"""Reading one page of a range at a time, of a table or of one of its indexes."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pynamodb.expressions.condition import Condition

from chalicelib.store.records import SealedRecord, signed

R = TypeVar("R", bound=SealedRecord)
_LAST = "~"  # sorts behind every character of a sort key


@dataclass(frozen=True)
class Page(Generic[R]):
    """Records in key order; `last` is the sort key to go on after, None at the end of the range."""

    records: list[R]
    last: str | None


@dataclass(frozen=True)
class Span:
    """All that sorts from the first of two prefixes to the end of the last."""

    first: str
    last: str


@dataclass(frozen=True)
class Index:
    """A local index: its name, and the attribute that it sorts by. Rows that stand in it have their sort key there, too."""

    name: str
    sort_key: str


def query(
    record: type[R],
    hash_key: str,
    prefix: str | Span,
    *,
    limit: int,
    after: str | None,
    forward: bool,
    index: Index | None = None,
) -> tuple[list[R], str | None]:
    """Return one page of a range, expired rows too, and the key after which the next one begins, None at the end. One call.

    `index`: of the rows that stand in it.
    """
    by = index.sort_key if index else "sk"
    start = {record.hash_name: {"S": hash_key}, "sk": {"S": after}, by: {"S": after}} if after else None
    with signed(record, hash_key):
        answer = record._get_connection().query(  # noqa: SLF001 - one call a page; Model.query would go on by itself
            hash_key,
            range_key_condition=_within(record, prefix, by),
            index_name=index.name if index else None,
            consistent_read=True,
            limit=limit,
            exclusive_start_key=start,
            scan_index_forward=forward,
        )
    last = answer.get("LastEvaluatedKey")
    return [record.from_raw_data(item) for item in answer["Items"]], last["sk"]["S"] if last else None


def walk(read: Callable[[str | None], Page[R]]) -> Iterator[R]:
    """Yield the rows of all pages; `read` returns the page after a key, the first one for None."""
    after: str | None = None
    while True:
        found = read(after)
        yield from found.records
        if found.last is None:
            return
        after = found.last


def _within(record: type[SealedRecord], prefix: str | Span, by: str) -> Condition | None:
    if not prefix:
        return None
    sort_key: Any = getattr(record, by)
    if isinstance(prefix, Span):
        between: Condition = sort_key.between(prefix.first, f"{prefix.last}{_LAST}")
        return between
    starts: Condition = sort_key.startswith(prefix)
    return starts
