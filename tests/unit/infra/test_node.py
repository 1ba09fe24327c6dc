"""The packages that tests run in Node: which they are, and from where."""

import json
import re

from infra import node

LOCKED = json.loads((node.PACKAGES / "package-lock.json").read_text())["packages"]
WANTED = json.loads((node.PACKAGES / "package.json").read_text())["dependencies"]


def test_each_package_is_locked_by_its_content_and_bound_to_no_registry() -> None:
    installed = {path: each for path, each in LOCKED.items() if path}
    assert {f"node_modules/{name}" for name in WANTED} <= installed.keys()
    for path, each in installed.items():
        assert each["integrity"].startswith("sha512-"), path
        assert "resolved" not in each, f"{path}: npm asks the registry that it is configured with"


def test_what_is_wanted_is_one_version() -> None:
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in WANTED.values()), WANTED
    assert {LOCKED[f"node_modules/{name}"]["version"] for name in WANTED} == set(WANTED.values())
