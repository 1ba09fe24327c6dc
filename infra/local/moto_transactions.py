"""moto's DynamoDB, made fit for many threads: one operation at a time, and transactions that check first and then write.

A transaction that is sent again with its token is answered as done (of which moto knows nothing): with the same items for as long
as the process lives, where DynamoDB remembers for ten minutes.

moto 5.2 copies each table whole before a transaction, for each of its items, and puts the copy back where a condition
fails: what other threads wrote meanwhile is lost, their writes break the copying, and each write costs the size of the table.
"""

import functools
import threading
from collections.abc import Callable
from typing import Any

_MOST_ITEMS = 100
_turn = threading.RLock()
_Failure = tuple[str, str, Any] | tuple[None, None, None]


def install() -> None:
    """Put it in place, once a process."""
    from moto.dynamodb.models import DynamoDBBackend
    from moto.dynamodb.responses import DynamoHandler

    if DynamoDBBackend.transact_write_items is _transact:
        return
    for name in ("put_item", "delete_item", "update_item", "query", "scan"):
        setattr(DynamoDBBackend, name, _in_turn(getattr(DynamoDBBackend, name)))
    DynamoDBBackend.transact_write_items = _transact
    DynamoHandler.update_item = _in_turn(DynamoHandler.update_item)  # what it answers, too, is read before and after
    DynamoHandler.transact_write_items = _once(DynamoHandler.transact_write_items)


def _in_turn(operation: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(operation)
    def run(*arguments: Any, **more: Any) -> Any:
        with _turn:
            return operation(*arguments, **more)

    return run


def _once(operation: Callable[[Any], Any]) -> Callable[[Any], Any]:
    answered: dict[str, tuple[int, Any]] = {}

    @functools.wraps(operation)
    def run(self: Any) -> Any:
        token, items = self.body.get("ClientRequestToken"), hash(repr(self.body["TransactItems"]))
        with _turn:
            if token in answered:
                before, answer = answered[token]
                if before == items:
                    return answer
            answer = operation(self)
            if token:
                answered[token] = (items, answer)
            return answer

    return run


def _transact(self: Any, transact_items: list[dict[str, Any]]) -> None:
    """All of the items, or TransactionCanceledException with a reason for each and nothing written."""
    from moto.dynamodb.exceptions import (
        MultipleTransactionsException,
        TooManyTransactionsException,
        TransactionCanceledException,
    )

    if len(transact_items) > _MOST_ITEMS:
        raise TooManyTransactionsException
    operations = [next(iter(item.items())) for item in transact_items]
    with _turn:
        keys = [(what["TableName"], str(sorted(_key(self, kind, what).items()))) for kind, what in operations]
        if len(set(keys)) < len(keys):
            raise MultipleTransactionsException
        failures = [_failure(self, kind, what) for kind, what in operations]
        if any(code for code, _, _ in failures):
            raise TransactionCanceledException(failures)
        for kind, what in operations:
            _write(self, kind, what)


def _key(backend: Any, kind: str, what: dict[str, Any]) -> dict[str, Any]:
    if kind != "Put":
        return dict(what["Key"])
    table = backend.get_table(what["TableName"])
    return {name: what["Item"][name] for name in (table.hash_key_attr, table.range_key_attr) if name}


def _failure(backend: Any, kind: str, what: dict[str, Any]) -> _Failure:
    from moto.dynamodb.comparisons import get_filter_expression

    if "ConditionExpression" not in what:
        return None, None, None
    names, values = what.get("ExpressionAttributeNames"), what.get("ExpressionAttributeValues")
    condition = get_filter_expression(what["ConditionExpression"], names, values)
    if condition.expr(backend.get_item(what["TableName"], _key(backend, kind, what))):
        return None, None, None
    return "ConditionalCheckFailed", "The conditional request failed", None


def _write(backend: Any, kind: str, what: dict[str, Any]) -> None:
    if kind == "Put":
        backend.put_item(what["TableName"], what["Item"])
    elif kind == "Delete":
        backend.delete_item(what["TableName"], what["Key"])
    elif kind == "Update":
        backend.update_item(
            what["TableName"],
            what["Key"],
            update_expression=what["UpdateExpression"],
            expression_attribute_names=what.get("ExpressionAttributeNames"),
            expression_attribute_values=what.get("ExpressionAttributeValues"),
        )
