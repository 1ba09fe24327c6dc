"""P5: outbound traffic only to what members connected, our own mail, and billing; connectors.hosts lists each host."""

import ast
import json
import subprocess
import sys
from fnmatch import fnmatchcase
from typing import Any

import pytest
from werkzeug import Response

from infra.loopback import Server
from tests.support.network_guard import ROOT, Guard, OutsideWorld

ASK_NOBODY = {"linkedin.contacts.count": "", "linkedin.revoke": "ProviderRefused"}  # there is no such call
REFUSALS = {"ProviderDown", "Unavailable", "SendFailed", "Rejected"}


@pytest.fixture(scope="module")
def dialled() -> dict[str, Any]:
    """See tests.support.outbound_calls."""
    command = [sys.executable, "-m", "tests.support.outbound_calls"]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
    assert ran.returncode == 0, ran.stderr
    found: dict[str, Any] = json.loads(ran.stdout)
    return found


def test_what_can_be_called_is_what_is_listed(dialled: dict[str, Any]) -> None:
    asked = {each["operation"]: each for each in dialled["tried"] if not each["hosts"]}
    assert {name: each["ended"] for name, each in asked.items()} == ASK_NOBODY
    assert {each["ended"] for each in dialled["tried"] if each["hosts"]} == REFUSALS
    called = {host for each in dialled["tried"] for host in each["hosts"]}
    pages = set(dialled["pages"].values())
    ours = [each["pattern"] for each in dialled["listed"] if not each["browser"]]
    theirs = [each["pattern"] for each in dialled["listed"] if each["browser"]]
    assert {host for host in called if not fits(host, ours)} == set(), "called and not listed"
    assert {host for host in pages if not fits(host, ours + theirs)} == set(), "browsers go there, and it is not listed"
    assert {each for each in ours if not reached(each, called)} == set(), "listed, and never called"
    assert {each for each in theirs if not reached(each, pages)} == set(), "listed for browsers, which never go there"
    assert not {host for host in called if fits(host, theirs)}, "only browsers go there"


def test_every_service_of_the_cloud_that_is_used_was_tried(dialled: dict[str, Any]) -> None:
    named = {"sesv2": "email"}
    reached = {host.removesuffix(".eu-west-1.amazonaws.com") for each in dialled["tried"] for host in each["hosts"]}
    used = {
        call.args[0].value
        for path in (ROOT / "chalicelib").rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text()))
        if isinstance(call, ast.Call)
        and ast.unparse(call.func).rpartition(".")[2] in ("client", "call", "create_client")
        and call.args
        and isinstance(call.args[0], ast.Constant)
        and isinstance(call.args[0].value, str)
    }
    assert {"dynamodb", "kms", "s3", "sesv2", "sqs"} <= used, "the search is blind"
    assert {
        each for each in used if not fits(named.get(each, each), [host.rpartition(".")[2] for host in reached])
    } == set()


def fits(host: str, patterns: list[str]) -> bool:
    return any(fnmatchcase(host, pattern) for pattern in patterns)


def reached(pattern: str, hosts: set[str]) -> bool:
    return any(fnmatchcase(host, pattern) for host in hosts)


def test_the_guard_of_the_run_refuses_what_no_test_opened() -> None:
    """A guard within the run's own, so that what it refuses counts for nobody else."""
    import requests

    stranger, guard = Server(Response()), Guard()
    guard.install()
    known = Server(Response())
    try:
        assert requests.get(known.url, timeout=5).status_code == 200
        for url in (stranger.url, "http://192.0.2.1/", "http://tracker.example/"):
            with pytest.raises(OutsideWorld):
                requests.get(url, timeout=5)
        assert len(guard.refusals) == 3
        guard.announce(f"opened {stranger.url} elsewhere")
        assert requests.get(stranger.url, timeout=5).status_code == 200
    finally:
        guard.remove()
        known.stop()
        stranger.stop()
