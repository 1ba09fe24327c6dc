"""Makes every resource of infra/resources.yaml, and fails on a type or a property that nobody makes.

Not through moto's CloudFormation: it reports CREATE_COMPLETE for types that it skips, and drops TTL, recovery, encryption and
lifecycle (measured on moto 5.2).
"""

import copy
from pathlib import Path
from typing import Any

from infra.local.resource_makers import MAKERS, Client, Differences
from infra.local.template import Resolver, Unresolved, load

TEMPLATE = Path(__file__).resolve().parents[1] / "resources.yaml"
# What AWS's DynamoDB Local does not offer; everything else of a table is made there too.
NOT_IN_DYNAMODB_LOCAL = ("PointInTimeRecoverySpecification", "SSESpecification", "DeletionProtectionEnabled")
# What CloudFormation does with a resource itself; it has no counterpart in the services' own calls.
_OF_CLOUDFORMATION = {"Type", "Properties", "DependsOn", "DeletionPolicy", "UpdateReplacePolicy", "Metadata"}


class NobodyMakes(RuntimeError):
    """The template holds something that the local cloud does not make; names the type, and the property where it is one."""


class Provisioner:
    """Makes the template's resources in the account that `client` reaches."""

    def __init__(self, client: Client, region: str, here: Differences | None = None, template: Path = TEMPLATE) -> None:
        self._document = load(template)
        parameters = {name: p.get("Default", "") for name, p in self._document.get("Parameters", {}).items()}
        self.known = Resolver(region, parameters)
        self._client, self._here = client, here or Differences()

    def make(self) -> dict[str, str]:
        """Make all, in the order that their references ask for; the template's outputs, resolved."""
        left: dict[str, dict[str, Any]] = dict(self._document["Resources"])
        _refuse_unknown(left)
        while left:
            made = [name for name, resource in left.items() if self._try(name, resource, left)]
            if not made:
                raise NobodyMakes(f"references in a circle, or to nothing: {', '.join(left)}")
            for name in made:
                del left[name]
        return {name: self.known.resolve(output["Value"]) for name, output in self._document["Outputs"].items()}

    def _try(self, name: str, resource: dict[str, Any], left: dict[str, dict[str, Any]]) -> bool:
        """Make the resource where all that it refers to is there; whether it was made."""
        if name in self.known.refs:
            return True
        after = resource.get("DependsOn", [])
        if any(
            other in left and other not in self.known.refs for other in ([after] if isinstance(after, str) else after)
        ):
            return False
        try:
            properties = copy.deepcopy(self.known.resolve(resource.get("Properties", {})))
        except Unresolved:
            return False
        made = MAKERS[resource["Type"]](self._client, name, properties, self._here)
        if properties:
            forgotten = ", ".join(f"{resource['Type']}.{each}" for each in sorted(properties))
            raise NobodyMakes(f"infra/local/resource_makers.py does nothing with {forgotten} (of {name})")
        self.known.refs[name] = made.ref
        for attribute, value in made.attributes.items():
            self.known.attributes[name, attribute] = value
        return True


def _refuse_unknown(resources: dict[str, dict[str, Any]]) -> None:
    unknown = sorted({resource["Type"] for resource in resources.values()} - set(MAKERS))
    if unknown:
        raise NobodyMakes(f"infra/local/resource_makers.py makes no {', '.join(unknown)}: add a maker for it")
    for name, resource in resources.items():
        extra = sorted(set(resource) - _OF_CLOUDFORMATION)
        if extra:
            raise NobodyMakes(f"infra/local/resource_makers.py does nothing with {', '.join(extra)} (of {name})")


def environment(outputs: dict[str, str]) -> dict[str, str]:
    """The IKO_* variables that the functions read, from the template's outputs."""
    tables = ("TenantData", "TenantKeys", "Credentials", "Accounts", "Directory", "Privacy", "Ledger", "Jobs")
    found = {f"IKO_TABLE_{_snake(name)}": outputs[f"{name}TableName"] for name in tables}
    for name in ("Tenant", "Credentials", "Platform", "Subject", "Signing"):
        found[f"IKO_KEY_{name.upper()}"] = outputs[f"{name}KeyArn"]
    for name in ("Inbound", "Deletions", "Work", "Sync"):
        found[f"IKO_QUEUE_{name.upper()}"] = outputs[f"{name}QueueUrl"]
    for name in ("Inbound", "Imports", "Exports", "Feeds", "Replay"):
        found[f"IKO_BUCKET_{name.upper()}"] = outputs[f"{name}BucketName"]
    for name in ("Billing", "PayPal", "Connectors"):
        found[f"IKO_{name.upper()}_SECRET"] = outputs[f"{name}SecretArn"]
    return found


def _snake(name: str) -> str:
    return "".join("_" + c if c.isupper() and i else c for i, c in enumerate(name)).upper()
