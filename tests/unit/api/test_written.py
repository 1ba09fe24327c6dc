"""Every text that a request brings is held to one rule: the models of all routes are asked, one field after the other."""

from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import BaseModel

import app  # noqa: F401 - registers the routes
from chalicelib.api.http import ENDPOINTS, Endpoint
from chalicelib.api.request_body import validate
from chalicelib.core.errors import Unprocessable


def _asked(endpoint: Endpoint) -> list[type[BaseModel]]:
    every = [endpoint.body, endpoint.query, endpoint.instead.body if endpoint.instead else None]
    return [model for model in every if model is not None]


MODELS = sorted(
    {model for endpoint in ENDPOINTS for model in _asked(endpoint)},
    key=lambda model: model.__name__,
)
OF_LINES = ("notes", "text")


def _texts(model: type[BaseModel]) -> Iterator[tuple[str, Any]]:
    """Each field that takes a free text, and how a text is put into it."""
    document = model.model_json_schema()
    for name, shape in document["properties"].items():
        for each in shape.get("anyOf", [shape]):
            if each.get("type") == "string" and "enum" not in each and each.get("format") != "date-time":
                yield name, lambda text: text
            elif each.get("type") == "array" and each["items"].get("type") == "string":
                yield name, lambda text: [text]
            elif each.get("type") == "object" and each["additionalProperties"].get("type") == "string":
                yield name, lambda text: {"Name": text}
                yield name, lambda text: {text: "email"}


def _codes(model: type[BaseModel], name: str, value: Any) -> list[str]:
    try:
        validate(model, {name: value})
    except Unprocessable as refused:
        return [e.code for e in refused.errors if e.field == name or e.field.startswith(f"{name}.")]
    return []


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_no_text_of_any_route_takes_what_cannot_be_stored(model: type[BaseModel]) -> None:
    for name, put in _texts(model):
        for bad in ("a\0b", "a\x1bb", "a\x9bb", "\0"):
            assert _codes(model, name, put(bad)) == ["unusable_character"], (name, ascii(bad))
        identifies = name in ("email", "emails", "phones", "profile_urls")
        for turning in ("a\u202eb", "\u2066ab\u2069"):
            assert ("unusable_character" in _codes(model, name, put(turning))) != identifies, (name, ascii(turning))
        for end in ("\n", "\r\n", "\u2028", "\x85", "\x0b"):
            assert ("line_break" in _codes(model, name, put(f"a{end}b"))) == (name not in OF_LINES), (name, ascii(end))


def test_the_models_of_all_routes_are_asked() -> None:
    asked = {(model.__name__, name) for model in MODELS for name, _ in _texts(model)}
    assert {
        ("ContactIn", "first_name"),
        ("ContactIn", "emails"),
        ("CompanyIn", "size"),
        ("MappingIn", "columns"),
        ("WorkspaceIn", "name"),
        ("InvitationIn", "email"),
        ("CompanySearch", "q"),
    } <= asked


@pytest.mark.parametrize(
    "text", ["محمد\u200f", "می\u200cخواهم", "ශ්\u200dරී", "👩\u200d💻", "Zoë", "山田 太郎", " trimmed \n"]
)
def test_what_languages_need_stays(text: str) -> None:
    from chalicelib.api.contacts import ContactIn

    assert validate(ContactIn, {"first_name": text}).first_name == text.strip()
