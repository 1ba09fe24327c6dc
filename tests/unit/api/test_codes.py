"""One list of codes: what the code raises, what the list has, and what docs and schema say are the same."""

import ast
import functools
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import app  # noqa: F401 - registers the routes
from chalicelib.api import answers, openapi
from chalicelib.api.http import ENDPOINTS
from chalicelib.core import errors
from chalicelib.core.codes import CellCode, Code, FieldCode, JobFailure, RowCode, RunOutcome, SkipCode, Told
from chalicelib.core.stream_codes import Absent, StreamReason
from infra.local.gateway_responses import Answers

ROOT = Path(__file__).resolve().parents[3]
# Only the gateway, or the base of an error, answers these; the code names them nowhere else.
WORDS: tuple[type[Told], ...] = (FieldCode, RowCode, CellCode, JobFailure, RunOutcome, SkipCode, StreamReason, Absent)
GATEWAYS = {Code.TIMEOUT, Code.METHOD_NOT_ALLOWED}


@functools.cache
def trees() -> list[tuple[Path, ast.Module]]:
    paths = sorted((ROOT / "chalicelib").rglob("*.py"))
    return [(path, ast.parse(path.read_text())) for path in paths if path.name not in ("codes.py", "answers.py")]


def kinds(base: type[errors.IkoError]) -> Iterator[type[errors.IkoError]]:
    yield base
    for each in base.__subclasses__():
        yield from kinds(each)


def named(kind: str) -> set[str]:
    """The members of an enumeration that the code names, outside of what routes say of themselves."""
    refused = {
        id(inner)
        for _, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.keyword) and node.arg == "refuses"
        for inner in ast.walk(node.value)
    }
    return {
        node.attr
        for _, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == kind
        and id(node) not in refused
    }


def test_every_code_is_used_and_every_error_has_the_status_of_its_code() -> None:
    from chalicelib.domain.imports.parsing.errors import _CODES, _SENTENCES

    of_files = {Code[_CODES.get(reason, reason).upper()] for reason in _SENTENCES}
    assert {Code[name] for name in named("Code")} | of_files | GATEWAYS == set(Code)
    assert {FieldCode[name] for name in named("FieldCode")} == set(FieldCode)
    for kind in kinds(errors.IkoError):
        if kind is not errors.IkoError:
            assert kind.code.status == kind.status, kind


def test_every_word_is_used_and_no_row_is_refused_by_another() -> None:
    of_files = {each for each in JobFailure if str(each) in {str(code) for code in Code}}
    for kind in (RowCode, CellCode, JobFailure, RunOutcome, SkipCode, StreamReason, Absent):
        used = {kind[name] for name in named(kind.__name__)}
        assert used | (of_files if kind is JobFailure else set()) == set(kind), kind
    for path, tree in trees():
        for node in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            if isinstance(node.func, ast.Name) and node.func.id in ("Rejected", "Dropped", "RowRefused"):
                assert not [each for each in node.args[-1:] if isinstance(each, ast.Constant)], (path, node.lineno)


def test_what_reading_a_file_refuses_is_a_failure_of_its_job() -> None:
    from chalicelib.domain.imports.parsing.errors import _CODES, _SENTENCES

    assert {_CODES.get(reason, reason) for reason in _SENTENCES} <= {str(each) for each in JobFailure}


@pytest.mark.parametrize(
    ("schema", "field", "kinds"),
    [
        ("Rejection", "code", [RowCode]),
        ("DroppedCell", "code", [CellCode]),
        ("JobOut", "failure", [JobFailure, RunOutcome]),
        ("RunOut", "outcome", [RunOutcome]),
        ("RunOut", "skipped", [SkipCode]),
        ("HealthOut", "skipped", [SkipCode]),
        ("StreamOut", "reason", [StreamReason]),
        ("HiddenFieldOut", "code", [Absent]),
    ],
)
def test_the_schema_lists_the_words_of_each_field(schema: str, field: str, kinds: list[type[Told]]) -> None:
    shape = openapi.document()["components"]["schemas"][schema]["properties"][field]
    shape = shape.get("propertyNames", shape.get("anyOf", [shape])[0])
    assert shape["enum"] == [str(each) for kind in kinds for each in kind]


def test_headers_are_described() -> None:
    paths = openapi.document()["paths"]
    made = paths["/v1/contacts"]["post"]["responses"]["201"]["headers"]
    assert {"ETag", "Location", "Idempotency-Replayed", "X-Request-Id"} == set(made)
    assert "Location" in paths["/v1/imports"]["post"]["responses"]["202"]["headers"]
    shared = openapi.document()["components"]["responses"]
    for status, name in ((401, "WWW-Authenticate"), (429, "Retry-After"), (503, "Retry-After")):
        assert all(name in told["headers"] for key, told in shared.items() if key.startswith(f"{status}-"))


def test_an_error_that_is_raised_by_a_code_of_its_own_has_that_codes_status() -> None:
    by_name = {kind.__name__: kind for kind in kinds(errors.IkoError)}
    seen = 0
    for path, tree in trees():
        for node in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            told = {key.arg: key.value for key in node.keywords}.get("code")
            if isinstance(told, ast.Attribute) and isinstance(node.func, ast.Name) and node.func.id in by_name:
                assert by_name[node.func.id].status == Code[told.attr].status, (path, node.lineno)
                seen += 1
    assert seen > 20


def test_every_code_is_answered_by_a_route_or_the_gateway() -> None:
    of_routes = {code for endpoint in ENDPOINTS for code in answers.codes(endpoint)}
    # What becomes another error on its way out: 412 or 409 of a version, and the code in a page's or client's address.
    inside = {Code.VERSION_CONFLICT, Code.METHOD_NOT_ALLOWED}
    assert of_routes | inside == set(Code)
    told = {re.search(r'"code":"(\w+)"', str(kind["responseTemplates"])) for kind in Answers()._kinds.values()}
    assert {found[1] for found in told if found} <= {str(code) for code in Code}


def test_the_docs_and_the_schema_list_them_all() -> None:
    text = (ROOT / "docs" / "api.md").read_text()
    for code in Code:
        assert f"| `{code}` | {code.status} | {code.meaning} |" in text, code
    for word in (word for kind in WORDS for word in kind):
        assert f"| `{word}` | {word.meaning} |" in text, word
    assert len(re.findall(r"^\| `", text, re.MULTILINE)) == len(Code) + sum(map(len, WORDS))
    schemas = openapi.document()["components"]["schemas"]
    assert schemas["ErrorCode"]["enum"] == [str(code) for code in Code]
    assert schemas["FieldErrorCode"]["enum"] == [str(code) for code in FieldCode]


def test_the_document_says_all_that_the_docstring_says() -> None:
    document = openapi.document()
    for endpoint in ENDPOINTS:
        operation = document["paths"][endpoint.path][endpoint.method.lower()]
        assert operation["description"] == endpoint.description, endpoint.path
        assert operation["description"].startswith(operation["summary"][:20]), endpoint.path
        assert operation["summary"].endswith("."), endpoint.path
    removed = document["paths"]["/v1/members/{id}"]["delete"]
    assert removed["summary"] == "Remove a member, whose data is then deleted, or withdraw an invitation (204)."
    assert removed["description"].endswith("a withdrawn invitation's link ends.")


def test_what_may_be_left_out_has_no_null_for_a_default() -> None:
    document = openapi.document()
    assert '"default": null' not in json.dumps(document)
    settings = document["components"]["schemas"]["SettingsPatch"]
    assert "required" not in settings
    assert settings["properties"]["share_tags"]["type"] == "boolean"
    assert {"type": "null"} in settings["properties"]["retention_days"]["anyOf"]
    assert document["components"]["schemas"]["CompanyPatch"]["properties"]["name"]["type"] == "string"


def test_times_have_one_form_and_pages_are_html() -> None:
    document = openapi.document()
    for name, schema in document["components"]["schemas"].items():
        for field, shape in schema.get("properties", {}).items():
            for option in (shape, *shape.get("anyOf", ())):
                if option.get("format") == "date-time" and not name.endswith(
                    "In"
                ):  # who sends one may write its zone otherwise
                    assert "{3}Z$" in option.get("pattern", ""), (name, field)
    page = document["paths"]["/privacy"]["post"]
    assert set(page["responses"]["200"]["content"]) == {"text/html"}
    form = page["requestBody"]["content"]["application/x-www-form-urlencoded"]["schema"]["$ref"].rsplit("/", 1)[1]
    assert set(document["components"]["schemas"][form]["properties"]) == {"email", "right", "details"}
