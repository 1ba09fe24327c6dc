"""The part of SOQL that the backend uses, read strictly; the rest is refused as Salesforce refuses a mistake.

SELECT field, … | COUNT() FROM object [WHERE condition [AND …]] [ORDER BY field [ASC | DESC], …] [LIMIT n], where a condition is
field operator value, field IN ('x', …) or (condition OR …), after
https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_soql_select.htm, and there
…_comparisonoperators.htm, …_dateformats.htm (a dateTime has no quotes) and …_count.htm (COUNT() stands alone).
"""

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

_TOKEN = re.compile(
    r"\s*(?:(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d))|([A-Za-z][A-Za-z0-9_.]*)|('(?:[^'\\]|\\.)*')"
    r"|(\d+)|([<>!]=|[(),=<>])|(\S))",
    re.DOTALL,
)
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", '"': '"', "'": "'", "\\": "\\"}
_SHOWN = 24  # characters of the query around a mistake
OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
Value = str | datetime | bool
T = TypeVar("T")


class Refused(Exception):
    """400 with that error code and message."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code)
        self.code, self.message = code, message


@dataclass(frozen=True)
class Condition:
    """The field stands in that relation to one of the values."""

    field: str
    operator: str
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Query:
    """One query; `text` is as it was sent. Of each group in `conditions` one has to hold. `order`: field, descending."""

    text: str
    fields: tuple[str, ...]  # none: COUNT()
    of: str
    conditions: tuple[tuple[Condition, ...], ...] = ()
    order: tuple[tuple[str, bool], ...] = ()
    limit: int | None = None

    def at(self, name: str) -> str:
        """Where a name stands, as Salesforce shows it in its messages."""
        column = self.text.find(name)
        around = self.text[max(0, column - _SHOWN) : column + _SHOWN]
        return f"\n{around}\n{' ' * min(column, _SHOWN)}^\nERROR at Row:1:Column:{column + 1}\n"


def parse(text: str) -> Query:
    """The query. Refused(MALFORMED_QUERY) for anything else."""
    if not text.strip():
        raise Refused("MALFORMED_QUERY", "A query string has to be specified")
    return _Parser(text).query()


class _Parser:
    def __init__(self, text: str) -> None:
        self._text, self._at = text, 0
        self._tokens = [match.group(0).strip() for match in _TOKEN.finditer(text.strip())]

    def query(self) -> Query:
        self._keyword("SELECT")
        fields = self._selected()
        self._keyword("FROM")
        of = self._name()
        conditions: list[tuple[Condition, ...]] = []
        if self._takes("WHERE"):
            conditions.append(self._group())
            while self._takes("AND"):
                conditions.append(self._group())
        order: tuple[tuple[str, bool], ...] = ()
        if fields and self._takes("ORDER"):
            self._keyword("BY")
            order = self._list(self._ordered)
        limit = int(self._matching(r"\d+")) if self._takes("LIMIT") else None
        if self._at < len(self._tokens):
            raise self._unexpected()
        return Query(self._text, fields, of, tuple(conditions), order, limit)

    def _selected(self) -> tuple[str, ...]:
        if self._takes("COUNT"):
            self._matching(r"\(")
            self._matching(r"\)")
            return ()
        return self._list(self._name)

    def _group(self) -> tuple[Condition, ...]:
        if not self._takes("("):
            return (self._condition(),)
        either = [self._condition()]
        while self._takes("OR"):
            either.append(self._condition())
        self._matching(r"\)")
        return tuple(either)

    def _condition(self) -> Condition:
        field = self._name()
        if self._takes("IN"):
            self._matching(r"\(")
            values = self._list(self._value)
            self._matching(r"\)")
            return Condition(field, "=", values)
        return Condition(field, self._matching(r"[<>!]?=|[<>]"), (self._value(),))

    def _ordered(self) -> tuple[str, bool]:
        field = self._name()
        return field, self._takes("DESC") or (self._takes("ASC") and False)

    def _list(self, one: Callable[[], T]) -> tuple[T, ...]:
        found = [one()]
        while self._takes(","):
            found.append(one())
        return tuple(found)

    def _name(self) -> str:
        return self._matching(r"[A-Za-z][A-Za-z0-9_]*")

    def _value(self) -> Value:
        for word, value in (("TRUE", True), ("FALSE", False)):
            if self._takes(word):
                return value
        if self._at < len(self._tokens) and self._tokens[self._at][:1].isdigit():
            return datetime.fromisoformat(self._matching(r"\d{4}-\d\d-\d\dT.*"))
        return self._literal()

    def _literal(self) -> str:
        inner = self._matching(r"(?s)'.*'")[1:-1]
        for escape in re.findall(r"(?s)\\(.)", inner):
            if escape not in _ESCAPES:
                text = f"Invalid string literal '{inner}'. Illegal character sequence '\\{escape}' in string literal."
                raise Refused("MALFORMED_QUERY", text)
        return re.sub(r"(?s)\\(.)", lambda found: _ESCAPES[found[1]], inner)

    def _keyword(self, word: str) -> None:
        if not self._takes(word):
            raise self._unexpected()

    def _takes(self, word: str) -> bool:
        if self._at < len(self._tokens) and self._tokens[self._at].upper() == word:
            self._at += 1
            return True
        return False

    def _matching(self, pattern: str) -> str:
        if self._at >= len(self._tokens) or not re.fullmatch(pattern, self._tokens[self._at]):
            raise self._unexpected()
        self._at += 1
        return self._tokens[self._at - 1]

    def _unexpected(self) -> Refused:
        token = self._tokens[self._at] if self._at < len(self._tokens) else "<EOF>"
        return Refused("MALFORMED_QUERY", f"unexpected token: '{token}'")
