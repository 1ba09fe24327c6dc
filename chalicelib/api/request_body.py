"""Checking what a client sent against a model: a JSON body in strict types, a query with each parameter read by its type."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from chalicelib.api import field_errors
from chalicelib.core.codes import FieldCode
from chalicelib.core.errors import FieldError, Unprocessable

M = TypeVar("M", bound=BaseModel)
MAX_ERRORS = 50  # in one answer; who makes more mistakes has not read of the first ones
_BOOLEANS = {"true": True, "false": False}
_INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,14})")


def validate(model: type[M], value: Any) -> M:
    """Return the model of a body. Unprocessable with one entry per invalid field; entries never show a value."""
    return _checked(model, value, "body")


def validate_query(model: type[M], sent: Mapping[str, Sequence[str]]) -> M:
    """Return the model of a query: a boolean is `true` or `false`, a number is written in digits, nothing stands twice.

    Unprocessable otherwise, also for a parameter that the model does not know.
    """
    repeated = [name for name, values in sent.items() if len(values) > 1]
    if repeated:
        told = [FieldError(name, FieldCode.REPEATED, "Send this parameter only once.") for name in repeated]
        raise Unprocessable([each.as_parameter() for each in told[:MAX_ERRORS]])
    return _checked(model, {name: _typed(model, name, values[0]) for name, values in sent.items() if values}, "query")


def _checked(model: type[M], value: Any, where: str) -> M:
    try:
        # By way of JSON, where a text may be an enumeration's value or a time, which Python's strict types would refuse.
        return model.model_validate_json(json.dumps(value))
    except ValidationError as error:
        told = list(field_errors.found(error, model, value))[:MAX_ERRORS]
        raise Unprocessable([each.as_parameter() for each in told] if where == "query" else told) from None


def _typed(model: type[BaseModel], name: str, text: str) -> Any:
    """The parameter by the type of its field; as it is where it does not fit, so that the model refuses it."""
    types = set(_types(model.model_fields[name].annotation)) if name in model.model_fields else set()
    if bool in types and text in _BOOLEANS:
        return _BOOLEANS[text]
    if int in types and _INTEGER.fullmatch(text):
        return int(text)
    return text


def _types(annotation: Any) -> Iterator[Any]:
    yield annotation
    for inner in get_args(annotation):
        yield from _types(inner)
