"""How the OpenAPI document describes errors: one schema, every code with its meaning, and for each route those it answers."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from chalicelib.api import answer_headers
from chalicelib.core.codes import Code, FieldCode

MEDIA_TYPE = "application/problem+json"
PROBLEM = {"$ref": "#/components/schemas/Problem"}
_TEXT = {"type": "string"}
_FIELD_ERROR: dict[str, Any] = {
    "type": "object",
    "description": "One wrong field: of the body by `pointer`, of the query by `parameter`.",
    "required": ["field", "code", "message"],
    "properties": {
        "field": {**_TEXT, "description": "its name, like emails.0 or query.limit"},
        "code": {"$ref": "#/components/schemas/FieldErrorCode"},
        "message": {**_TEXT, "description": "an English sentence, without the value that was sent"},
        "pointer": {**_TEXT, "description": "JSON pointer (RFC 6901) into the body; empty for the body itself"},
        "parameter": _TEXT,
        "suggestion": {**_TEXT, "description": "the field that may be meant"},
    },
}


def schemas() -> dict[str, Any]:
    """Return the schemas of errors by name."""
    return {
        "ErrorCode": {
            "type": "string",
            "enum": [str(code) for code in Code],
            "description": _list(f"`{code}` ({code.status}): {code.meaning}" for code in Code),
        },
        "FieldErrorCode": {
            "type": "string",
            "enum": [str(code) for code in FieldCode],
            "description": _list(f"`{code}`: {code.meaning}" for code in FieldCode),
        },
        "FieldError": _FIELD_ERROR,
        "Problem": {
            "type": "object",
            "description": "RFC 9457. Switch on `code`; new codes may come.",
            "required": ["type", "title", "status", "code"],
            "properties": {
                "type": {**_TEXT, "format": "uri"},
                "title": _TEXT,
                "status": {"type": "integer"},
                "code": {"$ref": "#/components/schemas/ErrorCode"},
                "detail": _TEXT,
                "id": {**_TEXT, "description": "with already_there: of what is there"},
                "errors": {"type": "array", "items": {"$ref": "#/components/schemas/FieldError"}},
            },
        },
    }


def responses(codes: Iterable[Code]) -> Iterator[tuple[int, str, dict[str, Any]]]:
    """Yield status, name and description of an answer for each status among the codes, which are in that order."""
    for status, group in groupby(codes, key=lambda code: code.status):
        told = list(group)
        schema = {
            **PROBLEM,
            "properties": {"status": {"const": status}, "code": {"enum": [str(code) for code in told]}},
        }
        answer = {
            "description": _list(f"`{code}`: {code.meaning}" for code in told),
            "headers": answer_headers.of_error(status),
            "content": {MEDIA_TYPE: {"schema": schema}},
        }
        yield status, "-".join((str(status), *told)), answer


def _list(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)
