"""Google's discovery documents, which are in the package google-api-python-client, as operations.

https://developers.google.com/discovery/v1/reference/apis: schemas are JSON schema of draft 3, whose `required` is a property's
own; `flatPath` has each variable as one segment; every method takes the parameters of the whole API too. Errors are in none.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from tests.support.conformance.operations import Judge, Operation, Parameter, pattern, told

APIS = ("gmail", "people")
_NUMBERS = {"int64": r"^-?\d+$", "uint64": r"^\d+$"}
_TIMES = {"google-datetime": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$"}
_FORMATS = {**_NUMBERS, **_TIMES, "byte": r"^[A-Za-z0-9_-]*={0,2}$"}  # base64url


def operations() -> Iterator[Operation]:
    """Yield those of all APIs that we use."""
    from googleapiclient.discovery_cache import get_static_doc

    for api in APIS:
        yield from _of(json.loads(str(get_static_doc(api, "v1"))))


def _of(document: Mapping[str, Any]) -> Iterator[Operation]:
    schemas = {name: schema_of(each) for name, each in document["schemas"].items()}
    name = f"urn:{document['id']}"
    contents = DRAFT202012.create_resource({"$id": name, "$defs": schemas})
    registry = Registry().with_resource(name, contents)

    def judge(schema: Mapping[str, Any]) -> Judge:
        return told(Draft202012Validator(dict(schema), registry=registry))

    def named(reference: Mapping[str, Any]) -> Judge:
        return judge({"$ref": f"{name}#/$defs/{reference['$ref']}"})

    for method in _methods(document):
        taken = {**document["parameters"], **method.get("parameters", {})}
        yield Operation(
            name=str(method["id"]),
            method=method["httpMethod"],
            path=pattern(f"/{document['servicePath']}{method.get('flatPath', method['path'])}"),
            query={name: _parameter(each, judge) for name, each in taken.items() if each["location"] == "query"},
            bodies={"application/json": named(method["request"])} if "request" in method else {},
            body_needed="request" in method,
            answers={"200": named(method["response"])} if "response" in method else {},
        )


def _methods(level: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    yield from level.get("methods", {}).values()
    for each in level.get("resources", {}).values():
        yield from _methods(each)


def _parameter(said: Mapping[str, Any], judge: Any) -> Parameter:
    schema = schema_of(said)
    kind = "array" if said.get("repeated") else str(said["type"])
    one = {"type": "array", "items": schema} if said.get("repeated") else schema
    return Parameter(judge(one), kind, bool(said.get("required")))


def schema_of(said: Mapping[str, Any]) -> dict[str, Any]:
    """Return a schema of a discovery document as one of today's JSON schema. An object has no properties but its own."""
    if "$ref" in said:
        return {"$ref": f"#/$defs/{said['$ref']}"}
    kind = said.get("type", "any")
    made: dict[str, Any] = {} if kind == "any" else {"type": kind}
    made |= {
        name: said[name] for name in ("enum", "pattern", "minimum", "maximum") if name in said and kind != "integer"
    }
    if kind == "string" and said.get("format") in _FORMATS:
        made["pattern"] = _FORMATS[said["format"]]
    if "items" in said:
        made["items"] = schema_of(said["items"])
    if kind == "object":
        more = said.get("additionalProperties")
        made["properties"] = {name: schema_of(each) for name, each in said.get("properties", {}).items()}
        made["additionalProperties"] = schema_of(more) if more else False
    return made
