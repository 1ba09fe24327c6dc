"""Queries in SOQL, built so that a value can't become a part of the query.

https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_soql_select.htm, and there
"Reserved Characters" and "Quoted String Escape Sequences".
"""

import re
from collections.abc import Iterable, Mapping

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,79}")
_ESCAPED = {"\\": "\\\\", "'": "\\'", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f", '"': '\\"'}


def literal(value: str) -> str:
    """A text as a quoted string."""
    return "'" + "".join(_ESCAPED.get(character, character) for character in value) + "'"


def name(text: str) -> str:
    """The name of an object or a field, as it is. ValueError where it can't be one."""
    if not _NAME.fullmatch(text):
        raise ValueError("this is no name of an object or a field")
    return text


def select(
    fields: Iterable[str], of: str, where: Mapping[str, str | tuple[str, ...]], *, order: str = "", limit: int
) -> str:
    """SELECT these fields of an object, where each named field has the value, or one of the values."""
    conditions = [f"{name(field)} {_wanted(value)}" for field, value in where.items()]
    listed, chosen = ", ".join(map(name, fields)), " AND ".join(conditions)
    text = f"SELECT {listed} FROM {name(of)} WHERE {chosen}"  # noqa: S608 - names are checked, values are literals
    ordered = f" ORDER BY {name(order)} DESC" if order else ""
    return f"{text}{ordered} LIMIT {limit:d}"


def _wanted(value: str | tuple[str, ...]) -> str:
    if isinstance(value, str):
        return f"= {literal(value)}"
    return f"IN ({', '.join(map(literal, value))})"
