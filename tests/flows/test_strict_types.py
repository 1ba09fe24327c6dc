"""Strict types on every route: what a body or query should not hold is refused, in our words, and nothing is stored of it."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from chalicelib.core.codes import FieldCode
from infra.local.cloud import Cloud
from tests.conftest import Api, Member
from tests.support.officer import officer

WRONG: list[Any] = [
    *("yes", "no", "true", "false", "on", "5", "1.5", "", "null"),
    *(1, 0, -1, 2**40, 1.5, True, False, None),
    *([], {}, [None], [1], [[]], {"a": 1}, {"a": None}),
]
WRONG_IN_QUERY = {
    "integer": ["x", "", "1.5", "true", "0x1", "+1", "1e2", "01", "٣", "1_0", " 1", "9" * 30],
    "boolean": ["yes", "1", "0", "True", "FALSE", "on", "", "null", " true"],
}
READ = (
    "/v1/me",
    "/v1/contacts",
    "/v1/companies",
    "/v1/members",
    "/v1/import-mappings",
    "/v1/jobs",
    "/v1/workspace/privacy",
)
# No words of the validator's: its types of errors, its sentences, its pages.
THEIRS = re.compile(
    r"Input should|Field required|Extra inputs|pydantic|(bool|int|string|list|dict|model)_type\b|_parsing|Value error",
    re.IGNORECASE,
)


def operations(api: Api) -> Iterator[tuple[str, str, dict[str, Any], dict[str, Any]]]:
    """Method, path, operation and document of every route that needs a token."""
    document = api.get("/openapi.json").json()
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if operation["security"] == [{"bearer": []}]:
                yield method.upper(), path.replace("{id}", "x").replace("{provider}", "x"), operation, document


def caller(cloud: Cloud, member: Member, path: str) -> Api:
    """Who may use that route."""
    return officer(cloud) if path.startswith("/officer/") else member.api


def fields(operation: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    """The schemas of the fields of an operation's JSON body."""
    content = operation.get("requestBody", {}).get("content", {}).get("application/json")
    if content is None:
        return {}
    name = content["schema"]["$ref"].rsplit("/", 1)[1]
    found: dict[str, Any] = document["components"]["schemas"][name]["properties"]
    return found


def seen(member: Member) -> list[tuple[Any, str]]:
    answers = [member.api.get(path) for path in READ]
    return [(answer.json(), answer.headers.get("ETag", "")) for answer in answers]


def told(answer: Any) -> list[dict[str, str]]:
    """The errors of a 422, once they are known to be ours."""
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid"), answer.text
    assert not THEIRS.search(answer.text), answer.text
    errors: list[dict[str, str]] = answer.json()["errors"]
    assert {error["code"] for error in errors} <= {str(code) for code in FieldCode}, errors
    return errors


def test_no_field_of_any_body_takes_another_type(cloud: Cloud, member: Member) -> None:
    before, sent = seen(member), 0
    for method, path, operation, document in operations(member.api):
        for name, schema in fields(operation, document).items():
            right = Draft202012Validator({**schema, "components": document["components"]})
            for value in (value for value in WRONG if not right.is_valid(value)):
                answer = caller(cloud, member, path)(method, path, json={name: value})
                pointers = [error["pointer"] for error in told(answer)]
                assert any(f"{each}/".startswith(f"/{name}/") for each in pointers), (
                    method,
                    path,
                    name,
                    value,
                    pointers,
                )
                sent += 1
    assert sent > 300
    assert seen(member) == before


def test_no_parameter_of_any_query_takes_another_type(cloud: Cloud, member: Member) -> None:
    sent = 0
    for method, path, operation, _ in operations(member.api):
        unknown = told(caller(cloud, member, path)(method, path, params={"no_such_parameter": "1"}))
        assert [(each["code"], each["parameter"]) for each in unknown] == [("unknown_field", "no_such_parameter")]
        for parameter in (each for each in operation["parameters"] if each["in"] == "query"):
            name = parameter["name"]
            for text in WRONG_IN_QUERY.get(parameter["schema"].get("type"), []):
                assert [
                    each["parameter"] for each in told(caller(cloud, member, path)(method, path, params={name: text}))
                ] == [name]
                sent += 1
            if "enum" in parameter["schema"]:
                assert told(caller(cloud, member, path)(method, path, params={name: "x"}))[0]["code"] == "not_a_choice"
            twice = told(caller(cloud, member, path)(method, path, params=[(name, "1"), (name, "2")]))
            assert [(each["code"], each["field"]) for each in twice] == [("repeated", f"query.{name}")]
    assert sent > 100


@pytest.mark.parametrize("value", [True, "yes", "30", 1.5, [], 0, 1097])
def test_a_life_is_no_boolean_and_no_text(member: Member, value: Any) -> None:
    answer = member.api.patch("/v1/me/settings", {"retention_days": value, "share_tags": True})
    assert [each["pointer"] for each in told(answer)] == ["/retention_days"]
    settings = member.api.get("/v1/me").json()["settings"]
    assert (settings["retention_days"], settings["share_tags"]) == (None, False)


@pytest.mark.parametrize("switch", ["share_tags", "share_contacts", "share_relationships", "directory_listed"])
@pytest.mark.parametrize("value", ["yes", "true", 1, "on", None, [True]])
def test_a_sharing_switch_takes_true_and_false_alone(member: Member, switch: str, value: Any) -> None:
    code = "null_not_allowed" if value is None else "not_a_boolean"
    (error,) = told(member.api.patch("/v1/me/settings", {switch: value}))
    assert (error["field"], error["pointer"], error["code"]) == (switch, f"/{switch}", code)
    assert member.api.get("/v1/me").json()["settings"][switch] is False


def test_null_clears_where_the_description_says_so(member: Member) -> None:
    assert member.api.patch("/v1/me/settings", {"retention_days": 90}).json()["settings"]["retention_days"] == 90
    assert member.api.patch("/v1/me/settings", {"retention_days": None}).json()["settings"]["retention_days"] is None


@pytest.mark.parametrize(
    ("method", "path", "sent", "meant"),
    [
        ("PATCH", "/v1/me/settings", "retention_day", "retention_days"),
        ("PATCH", "/v1/me/settings", "retentionDays", "retention_days"),
        ("PATCH", "/v1/me/settings", "Share-Contact", "share_contacts"),
        ("POST", "/v1/contacts", "firstname", "first_name"),
        ("POST", "/v1/contacts", "email", "emails"),
        ("POST", "/v1/contacts", "profile_url", "profile_urls"),
        ("POST", "/v1/companies", "contry", "country"),
        ("POST", "/v1/members", "langauge", "language"),
        ("POST", "/v1/contacts", "zodiac", None),
    ],
)
def test_a_misspelt_field_is_told_which_one_is_meant(
    member: Member, method: str, path: str, sent: str, meant: str | None
) -> None:
    errors = told(member.api(method, path, json={sent: "x"}))
    (error,) = [each for each in errors if each["code"] == "unknown_field"]
    assert (error["pointer"], error.get("suggestion")) == (f"/{sent}", meant)
    assert (meant or "Did you mean") in error["message"] or meant is None


def test_a_misspelt_parameter_too(member: Member) -> None:
    (error,) = told(member.api.get("/v1/contacts?limti=5"))
    assert (error["parameter"], error["code"], error["suggestion"]) == ("limti", "unknown_field", "limit")
    assert "pointer" not in error


def test_no_error_repeats_what_was_sent_as_a_value(member: Member) -> None:
    secret = "Zenobia Quartz"
    for body in ({"first_name": [secret]}, {"emails": secret}, {"emails": [[secret]]}, {"company_id": {"a": secret}}):
        assert secret not in json.dumps(told(member.api.post("/v1/contacts", body)))
    assert secret not in json.dumps(told(member.api.get("/v1/contacts", params={"limit": secret})))
