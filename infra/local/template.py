"""CloudFormation's short forms (!Ref, !GetAtt, !Sub) read and resolved, as far as our own templates use them."""

import re
from pathlib import Path
from typing import Any

import yaml

ACCOUNT = "123456789012"


_Safe: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the one in C, where PyYAML has it, reads ten times as fast


class _Loader(_Safe):
    """YAML with CloudFormation's tags."""


def _tagged(loader: Any, suffix: str, node: Any) -> dict[str, Any]:
    if isinstance(node, yaml.ScalarNode):
        value: Any = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    if suffix == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {suffix if suffix == "Ref" else f"Fn::{suffix}": value}


_Loader.add_multi_constructor("!", _tagged)


def load(path: Path) -> dict[str, Any]:
    """A template as plain data, intrinsic functions in their long form."""
    document: dict[str, Any] = yaml.load(path.read_text(), Loader=_Loader)  # noqa: S506 - a SafeLoader with our tags
    return document


class Unresolved(Exception):
    """The value names a resource that is not made yet."""


class Resolver:
    """Values of what was made so far: `refs` by logical id, `attributes` by logical id and name."""

    def __init__(self, region: str, parameters: dict[str, str]) -> None:
        self.refs: dict[str, str] = {
            "AWS::Region": region,
            "AWS::AccountId": ACCOUNT,
            "AWS::Partition": "aws",
            **parameters,
        }
        self.attributes: dict[tuple[str, str], str] = {}

    def resolve(self, value: Any) -> Any:
        """The value with every intrinsic function replaced. Unresolved where one names what is not there yet."""
        if isinstance(value, list):
            return [self.resolve(item) for item in value]
        if not isinstance(value, dict):
            return value
        if set(value) == {"Ref"}:
            return self._ref(value["Ref"])
        if set(value) == {"Fn::GetAtt"}:
            return self._attribute(*value["Fn::GetAtt"])
        if set(value) == {"Fn::Sub"}:
            return re.sub(r"\$\{([^}]+)\}", lambda found: str(self._named(found[1])), value["Fn::Sub"])
        return {key: self.resolve(item) for key, item in value.items()}

    def _named(self, name: str) -> str:
        return self._attribute(*name.split(".", 1)) if "." in name else self._ref(name)

    def _ref(self, name: str) -> str:
        try:
            return self.refs[name]
        except KeyError as error:
            raise Unresolved(name) from error

    def _attribute(self, name: str, attribute: str) -> str:
        try:
            return self.attributes[name, attribute]
        except KeyError as error:
            raise Unresolved(f"{name}.{attribute}") from error
