"""Holds every answer that a test's client gets to what the OpenAPI document says of it: status, code, media type, fields."""

import functools
import re
import sys
from typing import Any

import requests
from jsonschema import Draft202012Validator

from chalicelib.api import answer_headers, openapi


@functools.cache
def _routes() -> list[tuple[re.Pattern[str], str]]:
    """A pattern and its path, those without parameters first."""
    paths = sorted(openapi.document()["paths"], key=lambda path: path.count("{"))
    return [(re.compile(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(path))), path) for path in paths]


@functools.cache
def _answers(method: str, path: str) -> dict[str, Any] | None:
    """The answers of the route that a path belongs to, by status; None for a path or method that there is not."""
    for pattern, template in _routes():
        if pattern.fullmatch(path):
            operation = openapi.document()["paths"][template].get(method.lower())
            return operation["responses"] if operation else None
    return None


def check(method: str, path: str, answer: requests.Response) -> None:
    """Fail where the answer is none of those that are described. What is no route is left alone."""
    if "app" not in sys.modules:  # another process serves, which describes what this one has not loaded
        return
    answers = _answers(method, path.split("?", 1)[0])
    if answers is None:
        return
    said = f"{method} {path} answered {answer.status_code}: {answer.text[:300]}"
    assert str(answer.status_code) in answers, f"not described: {said}"
    described = _resolved(answers[str(answer.status_code)])
    _check_headers(described.get("headers", {}), answer, said)
    kind = answer.headers.get("Content-Type", "").split(";")[0]
    if not described.get("content"):
        assert not answer.content, f"a body is not described: {said}"
        return
    assert kind in described["content"], f"{kind} is not described: {said}"
    if kind.endswith("json"):
        _check_body(described["content"][kind]["schema"], answer.json(), said)


def _check_headers(described: dict[str, Any], answer: requests.Response, said: str) -> None:
    """Every header that the document knows is described for this answer, and those that it always has are there."""
    sent = {name for name in answer_headers.DESCRIBED if name in answer.headers}
    assert sent <= set(described), f"{sorted(sent - set(described))} are not described: {said}"
    missing = [name for name, shape in described.items() if shape["required"] and name not in sent]
    assert not missing, f"no {missing}: {said}"
    for name in sent & {"ETag"}:
        assert re.fullmatch(described[name]["schema"]["pattern"], answer.headers[name]), f"{name}: {said}"


def _check_body(schema: dict[str, Any], body: Any, said: str) -> None:
    root = {**schema, "components": openapi.document()["components"]}
    wrong = [f"{error.json_path}: {error.message[:200]}" for error in Draft202012Validator(root).iter_errors(body)]
    assert not wrong, f"{wrong} in {said}"
    unknown = sorted(_unknown(schema, body))
    assert not unknown, f"{unknown} are not described: {said}"


def _unknown(schema: dict[str, Any], value: Any) -> set[str]:
    """The names of fields that the schema does not have."""
    shape = _resolved(schema)
    if isinstance(value, list):
        return {name for each in value for name in _unknown(shape.get("items", {}), each)}
    if not isinstance(value, dict) or "properties" not in shape:
        return set()
    known = shape["properties"]
    inner = {name for key, each in value.items() for name in _unknown(known.get(key, {}), each)}
    return inner | {str(name) for name in value if name not in known}


def _resolved(shape: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in shape:
        found: Any = openapi.document()
        for part in shape["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        shape = found
    return shape
