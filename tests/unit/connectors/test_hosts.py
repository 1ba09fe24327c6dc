"""The list of hosts is whole: no address in the code leads anywhere else."""

import ast
import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path

from chalicelib.connectors import hosts
from chalicelib.connectors.port import Provider
from chalicelib.connectors.social import port
from chalicelib.core import settings
from chalicelib.domain.accounts.processors import processors
from infra.local.cloud import Cloud

CODE = Path(__file__).resolve().parents[3] / "chalicelib"
NAMES_ONLY = {  # of things, in documents; nobody calls them
    "json-schema.org": "the dialect of an export's schema",
    "iko.example": "the types of our errors",
}
CITED = "connectors/social/port.py"  # pages for people to read, which are served and not called
A_HOST = re.compile(r"https?://([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)")


def literals(path: Path) -> Iterator[str]:
    """Every text in a module that is no docstring; a template's or a catalogue's whole text."""
    if path.suffix != ".py":
        yield path.read_text()
        return
    tree = ast.parse(path.read_text())
    docs = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield node.value


def test_every_host_in_the_code_is_on_the_list(cloud: Cloud) -> None:
    found: dict[str, str] = {}
    for path in sorted(CODE.rglob("*")):
        name = str(path.relative_to(CODE))
        if path.suffix not in (".py", ".html", ".toml") or name == CITED:
            continue
        for text in literals(path):
            found.update(dict.fromkeys(A_HOST.findall(text), name))
    assert {"api.linkedin.com", "api.x.com", "oauth2.googleapis.com", "login.salesforce.com"} <= set(found)
    assert {host: where for host, where in found.items() if not hosts.purposes(host)} == {
        host: where for host, where in found.items() if host in NAMES_ONLY
    }


def test_the_list_says_what_for_and_covers_sub_processors_and_settings(cloud: Cloud) -> None:
    here = settings.current()
    assert all(each.pattern and each.purpose for each in hosts.listed())
    assert hosts.purposes(f"kms.{here.region}.amazonaws.com")
    assert not hosts.purposes("kms.us-gov-north-9.amazonaws.com"), "only the stack's own region"
    assert not hosts.purposes("api.x.com.example")
    assert not hosts.purposes("graph.facebook.com")
    ours = [each.pattern for each in hosts.listed() if not each.browser]
    for processor in processors():
        for pattern in processor.hosts:
            assert any(fnmatchcase(host, pattern) for host in ours), f"{processor.name} is never called at {pattern}"


def test_what_a_network_does_not_permit_is_cited_from_a_page(cloud: Cloud) -> None:
    assert set(port.STATED) == set(Provider)
    for provider, stated in port.STATED.items():
        permitted = [each.capability for each in stated.permits]
        forbidden = [each.capability for each in stated.forbids]
        assert len({*permitted, *forbidden}) == len(permitted) + len(forbidden), provider
        assert all(each.why.endswith(".") and A_HOST.match(each.source) for each in stated.forbids)
        assert port.Capability.PUBLISH not in permitted
