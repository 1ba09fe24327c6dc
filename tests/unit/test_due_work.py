"""Who may take a lease, how long it is, and that every kind of due work is in the one table."""

import ast
import importlib
import pkgutil
from pathlib import Path

import chalicelib
from chalicelib.core import settings
from chalicelib.domain import kinds
from chalicelib.jobs import table

ROOT = Path(__file__).resolve().parents[2]
SOURCES = {path: ast.parse(path.read_text()) for path in sorted((ROOT / "chalicelib").rglob("*.py"))}
RUNNER = {ROOT / "chalicelib/store/steps.py", ROOT / "chalicelib/store/due.py"}
LEASES = {"lease", "release", "retire"}


def imported(tree: ast.Module, module: str) -> set[str]:
    """The names that a module takes from another."""
    return {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == module
        for alias in node.names
    }


def test_only_the_runner_takes_leases_and_gives_them_back() -> None:
    for path in SOURCES.keys() - RUNNER:
        assert not imported(SOURCES[path], "chalicelib.store.due") & LEASES, path
        calls = {
            f"{node.func.value.id}.{node.func.attr}"
            for node in ast.walk(SOURCES[path])
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
        }
        assert not calls & {f"due.{name}" for name in LEASES}, path


def test_no_lease_has_its_length_in_the_code() -> None:
    settings_file = ROOT / "chalicelib/core/settings.py"
    for path in SOURCES.keys() - {settings_file}:
        for node in ast.walk(SOURCES[path]):
            if not isinstance(node, ast.Assign | ast.AnnAssign) or node.value is None:
                continue
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names = {name.id.lower() for target in targets for name in ast.walk(target) if isinstance(name, ast.Name)}
            numbers = [
                each
                for each in ast.walk(node.value)
                if isinstance(each, ast.Constant) and type(each.value) in (int, float)
            ]
            assert not (numbers and any("lease" in name for name in names)), (path, names)
    for node in ast.walk(SOURCES[ROOT / "chalicelib/store/steps.py"]):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "due.lease":
            assert ast.unparse(node.args[1]) == "settings.current().waits.lease"


def test_a_lease_outlives_its_function() -> None:
    waits = settings.Waits(longest_function=120)
    assert waits.lease == 150


def test_every_kind_of_due_work_is_in_the_table() -> None:
    found = set()
    for module in pkgutil.walk_packages(chalicelib.__path__, "chalicelib."):
        names = vars(importlib.import_module(module.name))
        found |= {
            value
            for name, value in names.items()
            if name.endswith(("_DUE", "DUE_KIND", "LEAVING_KIND", "PURGE_KIND", "SURPLUS_KIND"))
        }
    works = table.works()
    owned = {kind for record in kinds.RECORDS for work in record.declared.work for kind in work.kinds}
    assert owned <= found
    assert found == set(works)
    assert {work.queue for work in works.values()} <= set(settings.Queues.model_fields)
    assert all(kind == work.kind and work.steps for kind, work in works.items())


def test_a_function_is_handed_the_work_of_its_own_queue() -> None:
    of_queue = {queue: table.works(queue) for queue in settings.Queues.model_fields}
    assert all(work.queue == queue for queue, works in of_queue.items() for work in works.values())
    assert {kind for works in of_queue.values() for kind in works} == set(table.works())
