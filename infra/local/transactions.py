"""DynamoDB's transactions in moto 5.2, made to undo what they did and nothing else.

moto copies every table that a transaction names (seconds for some ten thousand rows), and puts the copies back when it fails:
what others wrote meanwhile is lost then. Here the rows that it names are kept, and put back.
"""

import contextvars
import copy
import threading
from collections.abc import Iterator
from typing import Any

_LOCK = threading.Lock()
_within: contextvars.ContextVar[bool] = contextvars.ContextVar("within_transaction", default=False)


def install() -> None:
    """Replace moto's. Harmless to repeat."""
    from moto.dynamodb.models import DynamoDBBackend, Table

    original = DynamoDBBackend.transact_write_items
    if getattr(original, "undoes_rows", False):
        return

    def transact(self: Any, transact_items: list[dict[str, Any]]) -> None:
        with _LOCK:
            kept = list(_rows(self, transact_items))
            token = _within.set(True)
            try:
                original(self, transact_items)
            except Exception:
                _put_back(kept)
                raise
            finally:
                _within.reset(token)

    def copied(self: Any, memo: dict[int, Any]) -> Any:
        if _within.get():
            return self  # what moto puts back is then the table itself
        fresh = copy.copy(self)
        fresh.__dict__.update(copy.deepcopy(self.__dict__, memo))
        return fresh

    transact.undoes_rows = True  # type: ignore[attr-defined]
    DynamoDBBackend.transact_write_items = transact
    Table.__deepcopy__ = copied


def _rows(backend: Any, items: list[dict[str, Any]]) -> Iterator[tuple[Any, Any, Any, Any]]:
    """Table, keys, and the row that stands there now, for each row that is named."""
    from moto.dynamodb.models.dynamo_type import DynamoType

    for item in items:
        ((_, what),) = item.items()
        table = backend.tables.get(what.get("TableName"))
        if table is None:
            continue
        named = what.get("Key") or what.get("Item") or {}
        hash_key, range_key = (DynamoType(named[n]) if n else None for n in (table.hash_key_attr, table.range_key_attr))
        yield table, hash_key, range_key, copy.deepcopy(table.get_item(hash_key, range_key))


def _put_back(kept: list[tuple[Any, Any, Any, Any]]) -> None:
    for table, hash_key, range_key, row in kept:
        if row is not None:
            table.items[hash_key][range_key] = row
        elif hash_key in table.items:
            table.items[hash_key].pop(range_key, None)
