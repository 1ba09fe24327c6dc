"""OpenAPI documents (3.0) in a folder, as operations. They are not ours to hand on: IKO_SPECIFICATIONS names the folder, else
they are looked for beside the project, where `make evaluate` looks for its sets."""

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from openapi_schema_validator import OAS30Validator, oas30_format_checker
from referencing import Registry
from referencing.jsonschema import DRAFT4

from tests.support.conformance.amendments import amended
from tests.support.conformance.operations import Judge, Operation, Parameter, pattern, told

FOLDER = "IKO_SPECIFICATIONS"
_BESIDE = Path("../shared/data/specs")
_METHODS = ("get", "post", "put", "patch", "delete")


def folder() -> Path | None:
    """Return where the documents are; None where there are none. FileNotFoundError for a folder that is named and has none."""
    named = os.environ.get(FOLDER, "")
    if not named:
        return _BESIDE if list(_BESIDE.glob("*.json")) else None
    if not list(Path(named).glob("*.json")):
        raise FileNotFoundError(f"{FOLDER} names a folder without specifications: {named}")
    return Path(named)


def operations(where: Path) -> Iterator[Operation]:
    """Yield those of all documents there."""
    for file in sorted(where.glob("*.json")):
        yield from _Document(amended(file.stem, json.loads(file.read_text()))).operations()


class _Document:
    def __init__(self, whole: dict[str, Any]) -> None:
        self._whole = whole
        self._registry = Registry().with_resource("urn:it", DRAFT4.create_resource(whole))

    def operations(self) -> Iterator[Operation]:
        for path, item in self._whole["paths"].items():
            for method in item.keys() & set(_METHODS):
                yield self._operation(path, method, item[method], item.get("parameters", []))

    def _operation(self, path: str, method: str, said: Mapping[str, Any], shared: list[Any]) -> Operation:
        taken = [self._found(each) for each in [*shared, *said.get("parameters", [])]]
        body = self._found(said.get("requestBody", {}))
        answers = {status: self._answer(self._found(each)) for status, each in said["responses"].items()}
        return Operation(
            name=f"{method.upper()} {path}",
            method=method.upper(),
            path=pattern(path),
            query={each["name"]: self._parameter(each) for each in taken if each["in"] == "query"},
            headers={each["name"]: self._parameter(each) for each in taken if each["in"] == "header"},
            bodies={kind: self._judge(each["schema"], sent=True) for kind, each in body.get("content", {}).items()},
            body_needed=bool(body.get("required")),
            answers={status: judge for status, judge in answers.items() if judge},
        )

    def _parameter(self, said: Mapping[str, Any]) -> Parameter:
        kind = self._found(said["schema"]).get("type", "string")
        return Parameter(self._judge(said["schema"], sent=True), kind, bool(said.get("required")))

    def _answer(self, said: Mapping[str, Any]) -> Judge | None:
        for kind, each in said.get("content", {}).items():
            if kind in ("application/json", "*/*"):
                return self._judge(each["schema"], sent=False)
        return None

    def _judge(self, schema: Mapping[str, Any], *, sent: bool) -> Judge:
        """`sent` by us: fields that the specification does not have are wrong then. Vendors may answer more than they say."""
        whole = absolute(dict(self._found(schema)))
        if sent and "properties" in whole and not whole.keys() & {"allOf", "anyOf", "oneOf"}:
            whole.setdefault("additionalProperties", False)
        return told(OAS30Validator(whole, registry=self._registry, format_checker=oas30_format_checker))

    def _found(self, said: Mapping[str, Any]) -> Mapping[str, Any]:
        while "$ref" in said:
            found: Any = self._whole
            for part in said["$ref"].removeprefix("#/").split("/"):
                found = found[part]
            said = found
        return said


def absolute(schema: Any) -> Any:
    """Return it with references into the document that it stands in, from wherever it is used."""
    if isinstance(schema, dict):
        return {
            name: f"urn:it{each}" if name == "$ref" and isinstance(each, str) else absolute(each)
            for name, each in schema.items()
        }
    return [absolute(each) for each in schema] if isinstance(schema, list) else schema
