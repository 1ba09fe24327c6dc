"""OpenAPI 3.1, made from the registered routes and their models: the document cannot say what the code does not do."""

import functools
import re
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode, JsonSchemaValue, models_json_schema

from chalicelib.api import answer_headers, answers, problem_schemas
from chalicelib.api.http import ENDPOINTS, Endpoint

_REF = "#/components/schemas/{model}"
_FORM = "application/x-www-form-urlencoded"
_SCHEMES = {
    "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
    "desk": {"type": "apiKey", "in": "cookie", "name": "__Host-officer"},
}
_BEARER: list[dict[str, list[str]]] = [{"bearer": []}]
_SECURITY = {"member": _BEARER, "identity": _BEARER, "officer": _BEARER, "desk": [{"desk": []}], "public": []}
_PAGE = {"text/html": {"schema": {"type": "string"}}}


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
        wanted += [(model, "validation") for model in (endpoint.body, endpoint.form) if model]
        wanted += [(endpoint.answer, "serialization")] if endpoint.answer else []
        if endpoint.instead:
            wanted += [(endpoint.instead.body, "validation"), (endpoint.instead.answer, "serialization")]
        wanted += [(answer, "serialization") for answer in endpoint.also.values()]
    refs, definitions = models_json_schema(wanted, ref_template=_REF, schema_generator=_Schemas)
    paths: dict[str, Any] = {}
    refusals: dict[str, Any] = {}
    for endpoint in ENDPOINTS:
        paths.setdefault(endpoint.path, {})[endpoint.method.lower()] = _operation(endpoint, refs, refusals)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "IKO System",
            "version": "1",
            "description": "B2B prospecting that keeps its privacy promises.",
        },
        "paths": paths,
        "components": {
            "schemas": {**definitions.get("$defs", {}), **problem_schemas.schemas()},
            "responses": refusals,
            "securitySchemes": _SCHEMES,
        },
    }


def _operation(endpoint: Endpoint, refs: Any, refusals: dict[str, Any]) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": endpoint.name,
        "summary": endpoint.summary,
        "description": endpoint.description,
        "tags": [_tag(endpoint.path)],
        "parameters": _parameters(endpoint),
        "responses": _done(endpoint, refs) | _refused(endpoint, refusals),
        "security": _SECURITY[endpoint.auth],
    }
    body = _body(endpoint, refs)
    if body:
        operation["requestBody"] = {"required": True, "content": body}
    return operation


def _done(endpoint: Endpoint, refs: Any) -> dict[str, Any]:
    """What is answered where the request is carried out, by status."""
    done: dict[str, Any] = {"description": "Done"}
    if endpoint.answer:
        done["content"] = {"application/json": {"schema": refs[endpoint.answer, "serialization"]}}
    elif endpoint.produces:
        done["content"] = {endpoint.produces: {"schema": {"type": "string"}}}
    elif endpoint.html and endpoint.status != answer_headers.SEE_OTHER:
        done["content"] = _PAGE
    elif endpoint.status not in (204, answer_headers.SEE_OTHER):
        done["content"] = {"application/json": {"schema": {"type": "object"}}}
    found = {str(endpoint.status): done}
    others = dict(endpoint.also) | ({endpoint.instead.status: endpoint.instead.answer} if endpoint.instead else {})
    for status, answer in others.items():
        content = {"application/json": {"schema": refs[answer, "serialization"]}}
        found[str(status)] = {"description": "Done", "content": content}
    for status in endpoint.empty:
        found[str(status)] = {"description": "Done, and nothing to say"}
    if endpoint.html and endpoint.answer:
        done["content"] = {**done["content"], **_PAGE}
    for code, told in found.items():
        told["headers"] = answer_headers.of_success(endpoint, int(code))
    return found


def _refused(endpoint: Endpoint, refusals: dict[str, Any]) -> dict[str, Any]:
    """Every error that the route can answer, by status. A page tells of one as a page, the gateway as it does of any."""
    found: dict[str, Any] = {}
    for status, name, answer in problem_schemas.responses(answers.codes(endpoint)):
        if endpoint.html:
            found[str(status)] = {**answer, "content": {**_PAGE, **answer["content"]}}
        else:
            refusals[name] = answer
            found[str(status)] = {"$ref": f"#/components/responses/{name}"}
    return found


def _body(endpoint: Endpoint, refs: Any) -> dict[str, Any]:
    content: dict[str, Any] = {kind: {"schema": {"type": "string"}} for kind in endpoint.media_types}
    body = endpoint.instead.body if endpoint.instead else endpoint.body
    if body:
        content["application/json"] = {"schema": refs[body, "validation"]}
    if endpoint.form:
        content[_FORM] = {"schema": refs[endpoint.form, "validation"]}
    return content


def _tag(path: str) -> str:
    parts = [part for part in path.split("/") if part and part != "v1"]
    return parts[0].lstrip(".").split(".")[0] if parts else "meta"


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
    if answers.takes_if_match(endpoint):
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
