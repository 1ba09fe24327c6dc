"""Whether a policy of .chalice/ allows a call that the backend made: actions, resources, and the conditions that we use."""

import json
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from infra.local.provision import TEMPLATE
from infra.local.template import load

ROOT = Path(__file__).resolve().parents[2]
REGION = "eu-west-1"
FUNCTIONS = (
    "api",
    "identity",
    "inbound_mail",
    "deletions",
    "work",
    "sync",
    "due",
    "directory_feed",
    "billing",
    "replay",
)
RESOURCES = load(TEMPLATE)["Resources"]


@dataclass(frozen=True)
class Call:
    """One AWS call of a function: IAM's name of the action, the logical resource, and what conditions may look at."""

    function: str
    signer: str
    action: str
    resource: str
    context: tuple[tuple[str, str], ...] = ()


def of_function(name: str) -> list[dict[str, Any]]:
    """The statements of a function's policy."""
    document = json.loads((ROOT / ".chalice" / f"policy-{name}.json").read_text())
    statements: list[dict[str, Any]] = document["Statement"]
    return statements


def allows(statements: list[dict[str, Any]], call: Call) -> bool:
    """Whether one of the statements allows the call. All of ours are Allow."""
    return any(_covers(statement, call) for statement in statements)


def resources(statement: dict[str, Any]) -> set[str]:
    """The logical resources of a statement: `JobsTable`, `JobsTable/index/by_due`, `InboundBucket/*`."""
    return {_logical(each) for each in _list(statement["Resource"])}


def _covers(statement: dict[str, Any], call: Call) -> bool:
    named = any(fnmatchcase(call.action, action) for action in _list(statement["Action"]))
    meant = any(fnmatchcase(call.resource, each) for each in resources(statement))
    return (
        named
        and meant
        and all(_holds(operator, wanted, call) for operator, wanted in statement.get("Condition", {}).items())
    )


def _holds(operator: str, wanted: dict[str, Any], call: Call) -> bool:
    return all(_agrees(operator, key, values, call) for key, values in wanted.items())


def _agrees(operator: str, key: str, values: Any, call: Call) -> bool:
    found = [value for name, value in call.context if name == key]
    if operator == "Null":
        return bool(found) == bool(values == "false")
    if not found:
        return operator.startswith("ForAllValues:")  # IAM's rule: true for a key that is not there
    return all(any(fnmatchcase(value, _text(each)) for each in _list(values)) for value in found)


def _logical(resource: Any) -> str:
    if isinstance(resource, str):
        return resource
    if "Ref" in resource:
        return str(resource["Ref"])
    if "Fn::GetAtt" in resource:
        return str(resource["Fn::GetAtt"][0])
    if "Ref" in resource:
        return str(resource["Ref"])
    text: str = resource["Fn::Sub"]
    if text.startswith("${") and ".Arn}" in text:
        return text.removeprefix("${").replace(".Arn}", "")
    return text.rsplit(":", 1)[1].removeprefix("identity/").strip("${}") if ":identity/" in text else text


def _text(value: Any) -> str:
    """A condition's value; of ours some name a resource, or the region that we run in."""
    if isinstance(value, str):
        return value
    return str(value["Ref"] if "Ref" in value else value["Fn::Sub"].replace("${AWS::Region}", REGION))


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
