"""moto, made fit for many small calls and for tables of thousands of rows.

moto 5.2 lists its package's folders for each call; and for each query sorts all items of the table, by values that it works out
anew for each comparison.
"""

import functools
import inspect
from collections.abc import Callable, Sequence
from typing import Any

_INSTALLED = "_iko_narrowed"


def install() -> None:
    """Put it in place, once a process. To be called after moto_transactions.install, under whose lock queries run."""
    from moto import backends
    from moto.dynamodb.models.dynamo_type import DynamoType
    from moto.dynamodb.models.table import Table

    if _INSTALLED in vars(Table):
        return
    modules: Sequence[str] = tuple(backends.list_of_moto_modules())
    backends.list_of_moto_modules = lambda: modules
    setattr(Table, _INSTALLED, True)
    Table.query = _narrowed(Table.query)
    DynamoType.cast_value = property(_of_strings_first(DynamoType.cast_value.fget))


def _narrowed(query: Callable[..., Any]) -> Callable[..., Any]:
    """The query, over the items alone that have its hash key."""
    parameters = inspect.signature(query)

    @functools.wraps(query)
    def run(self: Any, *arguments: Any, **more: Any) -> Any:
        asked = parameters.bind(self, *arguments, **more).arguments
        if asked.get("index_name"):
            found = [item for item in _every(self) if _has(item, asked.get("hash_key_conditions") or ())]
        else:
            held = self.items.get(asked["hash_key"], {})
            found = list(held.values()) if self.range_key_attr else [held] if held else []
        self.all_items = lambda: found
        try:
            return query(self, *arguments, **more)
        finally:
            del self.all_items

    return run


def _every(table: Any) -> list[Any]:
    held = table.items.values()
    return [item for each in held for item in each.values()] if table.range_key_attr else list(held)


def _has(item: Any, conditions: Sequence[tuple[str, Any]]) -> bool:
    """Whether the item may be meant: the query looks at the types, too."""
    for name, wanted in conditions:
        value = item.attrs.get(name)
        if value is None or value.value != wanted.value:
            return False
    return True


def _of_strings_first(cast: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: value.value if value.type == "S" else cast(value)
