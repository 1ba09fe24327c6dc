"""OpenAPI 3.1, made from the registered routes and their models: the document cannot say what the code does not do."""

import functools
import re
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode, JsonSchemaValue, models_json_schema

from chalicelib.api.http import ENDPOINTS, Endpoint

_REF = "#/components/schemas/{model}"
_PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "code"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "description": "stable; switch on this"},
        "detail": {"type": "string"},
        "id": {"type": "string", "description": "with already_there: of what is there"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "code", "message"],
                "properties": {name: {"type": "string"} for name in ("field", "code", "message")},
            },
        },
    },
}


class _Schemas(GenerateJsonSchema):
    """What may be left out is optional; it has no null for a default, which most of it refuses."""

    def default_schema(self, schema: Any) -> JsonSchemaValue:
        made = super().default_schema(schema)
        if made.get("default", 0) is None:
            del made["default"]
        return made


@functools.cache
def document() -> dict[str, Any]:
    """Return the whole document as JSON-able data."""
    wanted: list[tuple[type[BaseModel], JsonSchemaMode]] = []
    for endpoint in ENDPOINTS:
        wanted += [(endpoint.body, "validation")] if endpoint.body else []
        wanted += [(endpoint.answer, "serialization")] if endpoint.answer else []
        if endpoint.instead:
            wanted += [(endpoint.instead.body, "validation"), (endpoint.instead.answer, "serialization")]
        wanted += [(answer, "serialization") for answer in endpoint.also.values()]
    refs, definitions = models_json_schema(wanted, ref_template=_REF, schema_generator=_Schemas)
    paths: dict[str, Any] = {}
    for endpoint in ENDPOINTS:
        paths.setdefault(endpoint.path, {})[endpoint.method.lower()] = _operation(endpoint, refs)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "IKO System",
            "version": "1",
            "description": "B2B prospecting that keeps its privacy promises.",
        },
        "paths": paths,
        "components": {
            "schemas": {**definitions.get("$defs", {}), "Problem": _PROBLEM},
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
        },
    }


def _operation(endpoint: Endpoint, refs: Any) -> dict[str, Any]:
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    done: dict[str, Any] = {"description": "Done"}
    if endpoint.answer:
        done["content"] = {"application/json": {"schema": refs[endpoint.answer, "serialization"]}}
    elif endpoint.html:
        done["content"] = {"text/html": {"schema": {"type": "string"}}}
    operation: dict[str, Any] = {
        "operationId": endpoint.name,
        "summary": endpoint.summary,
        "tags": [_tag(endpoint.path)],
        "parameters": _parameters(endpoint),
        "responses": {str(endpoint.status): done, "default": {"description": "An error", "content": problem}},
    }
    if endpoint.instead:
        content = {"application/json": {"schema": refs[endpoint.instead.answer, "serialization"]}}
        operation["responses"][str(endpoint.instead.status)] = {
            "description": "Where JSON was sent",
            "content": content,
        }
    for status, answer in endpoint.also.items():
        content = {"application/json": {"schema": refs[answer, "serialization"]}}
        operation["responses"][str(status)] = {"description": "Done", "content": content}
    if endpoint.auth == "public":
        operation["security"] = []
    else:
        operation["security"] = [{"bearer": []}]
        operation["responses"]["401"] = {"description": "No valid token", "content": problem}
    body = _body(endpoint, refs)
    if body:
        operation["requestBody"] = {"required": True, "content": body}
        operation["responses"]["422"] = {"description": "Some fields are invalid", "content": problem}
    return operation


def _body(endpoint: Endpoint, refs: Any) -> dict[str, Any]:
    content: dict[str, Any] = {kind: {"schema": {"type": "string"}} for kind in endpoint.media_types}
    body = endpoint.instead.body if endpoint.instead else endpoint.body
    if body:
        content["application/json"] = {"schema": refs[body, "validation"]}
    return content


def _tag(path: str) -> str:
    parts = [part for part in path.split("/") if part and part != "v1"]
    return parts[0].split(".")[0] if parts else "meta"


def _parameters(endpoint: Endpoint) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
        for name in re.findall(r"{(\w+)}", endpoint.path)
    ]
    if endpoint.query:
        schema = endpoint.query.model_json_schema(schema_generator=_Schemas)
        for name, shape in schema.get("properties", {}).items():
            required = name in schema.get("required", [])
            found.append({"name": name, "in": "query", "required": required, "schema": _plain(shape, schema)})
    if endpoint.idempotent:
        found.append({"name": "Idempotency-Key", "in": "header", "required": False, "schema": {"type": "string"}})
    if endpoint.method in ("PATCH", "PUT", "DELETE") and endpoint.auth == "member":
        found.append({"name": "If-Match", "in": "header", "required": False, "schema": {"type": "string"}})
    return found


def _plain(shape: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """A parameter's schema without null, which a query cannot say, and without references into its model, which the document
    does not carry."""
    text = shape.get("$ref")
    if text:
        return dict(schema["$defs"][text.rsplit("/", 1)[1]])
    options = [_plain(option, schema) for option in shape.get("anyOf", ()) if option != {"type": "null"}]
    if len(options) == 1:
        return {**{key: value for key, value in shape.items() if key != "anyOf"}, **options[0]}
    return {**shape, "anyOf": options} if options else shape
