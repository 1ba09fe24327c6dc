"""Queries in SOQL, built so that a value can't become a part of the query.

https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_soql_select.htm, and there
"Reserved Characters", "Quoted String Escape Sequences", "Comparison Operators", "Date Formats" and "COUNT()".
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chalicelib.core import clock

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,79}")
_ESCAPED = {"\\": "\\\\", "'": "\\'", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f", '"': '\\"'}
Value = str | datetime | bool


class Operator(StrEnum):
    """How a field is compared."""

    EQUAL = "="
    ABOVE = ">"
    FROM = ">="


@dataclass(frozen=True)
class Compared:
    """A field against one value. A datetime is compared as one, and a text as a text: SOQL tells them by the quotes."""

    field: str
    operator: Operator
    value: Value

    def __str__(self) -> str:
        return f"{name(self.field)} {Operator(self.operator)} {literal(self.value)}"


@dataclass(frozen=True)
class OneOf:
    """A field that has one of the values."""

    field: str
    values: tuple[str, ...]

    def __str__(self) -> str:
        return f"{name(self.field)} IN ({', '.join(map(literal, self.values))})"


@dataclass(frozen=True)
class Either:
    """At least one of the conditions."""

    conditions: tuple[Compared, ...]

    def __str__(self) -> str:
        return f"({' OR '.join(map(str, self.conditions))})"


Condition = Compared | OneOf | Either


def literal(value: Value) -> str:
    """Return a value as SOQL: a text as a quoted string, a time in UTC with milliseconds, a boolean as a word."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, datetime):
        return clock.rfc3339(value)
    return "'" + "".join(_ESCAPED.get(character, character) for character in value) + "'"


def name(text: str) -> str:
    """Return the name of an object or a field, unchanged. ValueError if it can't be one."""
    if not _NAME.fullmatch(text):
        raise ValueError("this is no name of an object or a field")
    return text


def select(
    fields: Iterable[str], of: str, where: Mapping[str, str | tuple[str, ...]], *, order: str = "", limit: int
) -> str:
    """Return a SELECT of these fields of an object, greatest `order` first.

    Each field named in `where` has the value, or one of the values.
    """
    conditions = [_wanted(field, value) for field, value in where.items()]
    ordered = f" ORDER BY {name(order)} DESC" if order else ""
    return f"{_chosen(fields, of, conditions)}{ordered} LIMIT {limit:d}"


def ascending(fields: Iterable[str], of: str, where: Sequence[Condition], *, order: Sequence[str], limit: int) -> str:
    """Return a SELECT of these fields of an object where every condition holds, least `order` first."""
    return f"{_chosen(fields, of, where)} ORDER BY {', '.join(map(name, order))} LIMIT {limit:d}"


def count(of: str, where: Sequence[Condition] = ()) -> str:
    """Return a query that counts the records of an object for which all conditions hold, as `totalSize` of the answer."""
    text = f"SELECT COUNT() FROM {name(of)}"  # noqa: S608 - the name is checked
    return f"{text} WHERE {' AND '.join(map(str, where))}" if where else text


def _chosen(fields: Iterable[str], of: str, where: Sequence[Condition]) -> str:
    text = f"SELECT {', '.join(map(name, fields))} FROM {name(of)}"  # noqa: S608 - names are checked
    return f"{text} WHERE {' AND '.join(map(str, where))}" if where else text


def _wanted(field: str, value: str | tuple[str, ...]) -> Condition:
    return Compared(field, Operator.EQUAL, value) if isinstance(value, str) else OneOf(field, value)
