"""What import-linter cannot say: the records' registry, KMS in the vault only, core's allow-list, every queue consumed."""

import ast
import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path

import chalicelib
from chalicelib.domain import kinds
from chalicelib.store.records import SealedRecord

ROOT = Path(__file__).resolve().parents[2]
CORE_MAY_IMPORT = {"pydantic", "idna", "phonenumbers"}  # the last two within the function that needs them


def modules(room: str) -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted((ROOT / "chalicelib" / room).rglob("*.py")):
        yield path, ast.parse(path.read_text())


def everything(record: type[SealedRecord]) -> Iterator[type[SealedRecord]]:
    for child in record.__subclasses__():
        yield child
        yield from everything(child)


def test_every_record_class_is_in_the_registry() -> None:
    for module in pkgutil.walk_packages(chalicelib.__path__, "chalicelib."):
        importlib.import_module(module.name)
    made = {
        r for r in everything(SealedRecord) if not r.__dict__.get("is_base") and r.__module__.startswith("chalicelib.")
    }
    assert made == set(kinds.RECORDS)
    assert len(kinds.BY_KIND) == len(kinds.RECORDS), "two records share a kind"


def test_only_the_vault_speaks_to_kms() -> None:
    for room in ("core", "store", "connectors", "domain", "api", "jobs", "texts"):
        for path, tree in modules(room):
            asked = [
                node.args[0].value
                for node in ast.walk(tree)
                if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant)
            ]
            assert "kms" not in asked, path


def test_core_imports_the_standard_library_and_pydantic_only() -> None:
    import sys

    for path, tree in modules("core"):
        for node in ast.walk(tree):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            for name in names:
                top = name.split(".")[0]
                assert name.startswith("chalicelib.core") or top in sys.stdlib_module_names | CORE_MAY_IMPORT, (
                    path,
                    name,
                )


def test_the_app_has_no_logic() -> None:
    tree = ast.parse((ROOT / "app.py").read_text())
    branching = (ast.If, ast.While, ast.Try, ast.Match, ast.IfExp)
    assert not [node for node in ast.walk(tree) if isinstance(node, branching)]


def test_every_link_in_a_mail_stands_alone_on_its_line() -> None:
    from chalicelib.texts import catalogues, render

    names = "due counts live_deleted_at backups_expire_at salt privacy_address workspace inviter subscription period_end purge_at"
    names += " controller complaint understood notes said done obtained visible sources form received until count overdue list"
    names += " provider account meaning loss unshown date contacts companies customers next status desk"
    values = dict.fromkeys(names.split(), "x")
    for audience, language in ((audience, each) for audience, all_ in catalogues.LANGUAGES.items() for each in all_):
        for name in catalogues.catalogue(audience, language)["mail"]:
            mail = render.mail(name, language, link="https://l.example/a", keys_link="https://l.example/b", **values)
            for line in mail.text.splitlines():
                assert "https://" not in line or line in ("https://l.example/a", "https://l.example/b"), (
                    language,
                    name,
                )
            assert "<img" not in mail.html
            assert "src=" not in mail.html
