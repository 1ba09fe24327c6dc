"""Reading what a client sent: bounded size and depth before parsing, then a pydantic model, then named field errors."""

import json
import re
from collections.abc import Mapping
from typing import Any, NoReturn, TypeVar

from pydantic import BaseModel, ValidationError

from chalicelib.core.errors import BadRequest, FieldError, TooLarge, Unprocessable, UnsupportedMediaType

M = TypeVar("M", bound=BaseModel)
MAX_JSON = 256 * 1024  # bytes; the largest resource is far below
MAX_DEPTH = 20  # deeper nesting is an attack on the parser (RecursionError), never a resource of ours
_JSON = ("application/json", "application/merge-patch+json")
_STRINGS = re.compile(rb'"(?:[^"\\]|\\.)*"')


def is_json(content_type: str) -> bool:
    """Return whether the sender says that the body is JSON."""
    return content_type.split(";", maxsplit=1)[0].strip().lower() in _JSON


def parse_json(raw: bytes, content_type: str) -> Any:
    """Return the JSON value of a body. BadRequest, TooLarge or UnsupportedMediaType in our own words."""
    if not is_json(content_type):
        raise UnsupportedMediaType("Send application/json.")
    if len(raw) > MAX_JSON:
        raise TooLarge(f"Send at most {MAX_JSON} bytes of JSON.")
    if _depth(raw) > MAX_DEPTH:
        raise BadRequest(f"Nest the JSON at most {MAX_DEPTH} levels deep.", code="invalid_json")
    try:
        return json.loads(raw.decode("utf-8"), parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise BadRequest("The body is not valid JSON in UTF-8.", code="invalid_json") from error


def _no_constant(_: str) -> NoReturn:
    raise ValueError("NaN and Infinity are not JSON")


def _depth(raw: bytes) -> int:
    deepest = level = 0
    for byte in _STRINGS.sub(b"", raw):
        if byte in b"[{":
            level += 1
            deepest = max(deepest, level)
        elif byte in b"]}":
            level -= 1
    return deepest


def validate(model: type[M], value: Any, where: str = "") -> M:
    """Return the model. Unprocessable with one entry per invalid field; entries never show the value."""
    try:
        return model.model_validate(value)
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False, include_context=False)
        raise Unprocessable([_field(entry, where) for entry in found]) from None


def _field(entry: Mapping[str, Any], where: str) -> FieldError:
    path = ".".join(str(part) for part in entry["loc"]) or "body"
    # pydantic's own sentences quote no input with include_input=False, but a pattern's or a literal's would be long
    return FieldError(f"{where}{path}", str(entry["type"]), str(entry["msg"])[:200])
