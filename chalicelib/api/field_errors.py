"""What is wrong with the fields of a request, in our own codes and words: never pydantic's, never a value that was sent."""

import difflib
import re
from collections.abc import Iterator, Mapping
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from chalicelib.core.codes import FieldCode
from chalicelib.core.errors import FieldError
from chalicelib.core.models import InvalidValue

Path = tuple[str | int, ...]
_LONGEST_NAME = 100  # characters of an unknown field's name that are repeated
_ALIKE = 0.7  # of difflib's ratio: `retention_day` for `retention_days`, but not any field for any other
_TIME = (FieldCode.NOT_A_TIME, "Send a time as RFC 3339 writes it, like 2026-01-31T09:00:00Z.")
_DATE = (FieldCode.NOT_A_TIME, "Send a date, like 2026-01-31.")

# Our code and sentence for each of pydantic's types of errors; {…} is filled from the error's context.
_SAID: dict[str, tuple[FieldCode, str]] = {
    "missing": (FieldCode.MISSING, "This field is missing."),
    "extra_forbidden": (FieldCode.UNKNOWN_FIELD, "There is no such field."),
    "bool_type": (FieldCode.NOT_A_BOOLEAN, "Send true or false."),
    "int_type": (FieldCode.NOT_AN_INTEGER, "Send a whole number."),
    "int_from_float": (FieldCode.NOT_AN_INTEGER, "Send a whole number."),
    "float_type": (FieldCode.NOT_A_NUMBER, "Send a number."),
    "string_type": (FieldCode.NOT_A_STRING, "Send text."),
    "list_type": (FieldCode.NOT_A_LIST, "Send a list."),
    "dict_type": (FieldCode.NOT_AN_OBJECT, "Send an object."),
    "model_type": (FieldCode.NOT_AN_OBJECT, "Send an object."),
    "literal_error": (FieldCode.NOT_A_CHOICE, "Send one of: {choices}."),
    "enum": (FieldCode.NOT_A_CHOICE, "Send one of: {choices}."),
    "greater_than_equal": (FieldCode.OUT_OF_RANGE, "Send a number of at least {ge}."),
    "less_than_equal": (FieldCode.OUT_OF_RANGE, "Send a number of at most {le}."),
    "string_too_short": (FieldCode.TOO_SHORT, "Send at least {min_length} characters."),
    "string_too_long": (FieldCode.TOO_LONG, "Send at most {max_length} characters."),
    "too_short": (FieldCode.TOO_FEW, "Send at least {min_length} entries."),
    "too_long": (FieldCode.TOO_MANY, "Send at most {max_length} entries."),
    "string_pattern_mismatch": (FieldCode.WRONG_FORM, "This does not have the form that is asked for."),
    "datetime_type": _TIME,
    "datetime_parsing": _TIME,
    "datetime_from_date_parsing": _TIME,
    "timezone_aware": _TIME,
    "date_type": _DATE,
    "date_parsing": _DATE,
    "date_from_datetime_parsing": _DATE,
    "date_from_datetime_inexact": _DATE,
}
_OTHERWISE = (FieldCode.INVALID, "This value is not valid here.")
_NULL = (FieldCode.NULL_NOT_ALLOWED, "Null is not allowed here. Leave the field out instead.")
_NO_TYPE = (FieldCode.WRONG_TYPE, "This value has none of the types that are allowed.")
_TYPES = {
    "bool_type",
    "int_type",
    "int_from_float",
    "float_type",
    "string_type",
    "list_type",
    "dict_type",
    "model_type",
}


def found(error: ValidationError, model: type[BaseModel], value: Any) -> Iterator[FieldError]:
    """Yield one error per field that is wrong, in the order of the fields."""
    by_path: dict[Path, list[Mapping[str, Any]]] = {}
    for entry in error.errors(include_url=False):
        by_path.setdefault(_path(entry, value), []).append(entry)
    for path, entries in by_path.items():
        code, sentence = _said(entries)
        suggestion = _suggestion(model, path) if code is FieldCode.UNKNOWN_FIELD else ""
        if suggestion:
            sentence += f" Did you mean {suggestion}?"
        yield FieldError(dotted(path), code, sentence, suggestion=suggestion, pointer=pointer(path))


def pointer(path: Path) -> str:
    """Return the path as a JSON pointer (RFC 6901)."""
    return "".join(f"/{str(part)[:_LONGEST_NAME].replace('~', '~0').replace('/', '~1')}" for part in path)


def dotted(path: Path) -> str:
    """Return the path as `field` names it; `body` for the body itself."""
    return ".".join(str(part)[:_LONGEST_NAME] for part in path) or "body"


def _path(entry: Mapping[str, Any], value: Any) -> Path:
    """The parts of pydantic's location that stand in what was sent: it also names members of unions, and keys."""
    path: list[str | int] = []
    for part in entry["loc"]:
        if (isinstance(value, dict) and part in value) or (isinstance(value, list) and isinstance(part, int)):
            path.append(part)
            value = value[part]
    return (*path, entry["loc"][-1]) if entry["type"] == "missing" else tuple(path)


def _said(entries: list[Mapping[str, Any]]) -> tuple[FieldCode, str]:
    telling = [entry for entry in entries if entry["type"] not in _TYPES]
    if any(entry["input"] is None and entry["type"] != "missing" for entry in entries):
        return _NULL
    if len(entries) > 1 and not telling:
        return _NO_TYPE
    return _words((telling or entries)[0])


def _words(entry: Mapping[str, Any]) -> tuple[FieldCode, str]:
    context = entry.get("ctx", {})
    refusal = context.get("error")
    if isinstance(refusal, InvalidValue):
        return refusal.code, refusal.sentence
    code, sentence = _SAID.get(entry["type"], _OTHERWISE)
    choices = ", ".join(re.findall(r"'([^']*)'", str(context.get("expected", ""))))
    return code, sentence.format_map({**context, "choices": choices})


def _suggestion(model: type[BaseModel], path: Path) -> str:
    known = {_folded(name): name for name in _fields(model, path[:-1])}
    near = difflib.get_close_matches(_folded(str(path[-1])[:_LONGEST_NAME]), known, n=1, cutoff=_ALIKE)
    return known[near[0]] if near else ""


def _folded(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _fields(model: type[BaseModel], path: Path) -> list[str]:
    """The names of the fields of the object at that path."""
    here: list[type[BaseModel]] = [model]
    for part in path:
        if isinstance(part, str):
            here = [
                inner
                for each in here
                if part in each.model_fields
                for inner in _models(each.model_fields[part].annotation)
            ]
    return [name for each in here for name in each.model_fields]


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _models(inner)
