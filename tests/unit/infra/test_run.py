"""`make run` as a process: what it writes, what it refuses, how it ends."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from infra.local.seed_paths import EXPECTED as PATHS
from infra.local.seed_prospects import EXPECTED
from tests.support.network_guard import GUARD

ROOT = Path(__file__).resolve().parents[3]
READY_WITHIN_S = 180  # on a machine that does much else meanwhile


class Run:
    """A local cloud in a process of its own, as if the folder were its checkout."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.folder, self.state = folder, folder / ".local" / "cloud.json"
        outside = {name: value for name, value in os.environ.items() if not name.startswith("IKO_CONNECTORS_")}
        here = {**outside, "PYTHONPATH": str(ROOT), "PORT": "0", **environment}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.guarded_process", "infra.local"],
            cwd=folder,
            env=here,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def ready(self) -> dict[str, Any]:
        until = time.monotonic() + READY_WITHIN_S
        assert self.process.stdout
        for line in self.process.stdout:
            assert time.monotonic() < until
            if line.startswith("Ctrl-C"):
                break
        text = self.state.read_text()
        GUARD.announce(text)
        found: dict[str, Any] = json.loads(text)
        return found

    def ended(self) -> tuple[int, str]:
        said, _ = self.process.communicate(timeout=READY_WITHIN_S)
        return self.process.returncode, said


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Run, dict[str, Any]]]:
    run = Run(tmp_path_factory.mktemp("a checkout"))
    try:
        yield run, run.ready()
    finally:
        if run.process.poll() is None:
            run.process.kill()
            run.process.wait()


def test_cloud_json_has_the_agreed_form(up: tuple[Run, dict[str, Any]]) -> None:
    _, cloud = up
    assert set(cloud) == {
        "api",
        "aws",
        "region",
        "members",
        "inbound_mail",
        "directory_feed",
        "privacy_address",
        "sent_mail",
        "oidc",
        "officer",
        "providers",
    }
    assert requests.get(f"{cloud['providers']['salesforce']}/services/data", timeout=10).json()
    assert set(cloud["inbound_mail"]) == {"bucket", "prefix", "topic_arn"}
    invited = requests.get(
        cloud["sent_mail"], timeout=10
    ).json()  # the colleagues of the first demo workspace, and of the last
    assert [mail["to"] for mail in invited] == [[cloud["members"][place]["email"]] for place in (1, 5, 6)]
    assert requests.get(f"{cloud['providers']['paypal']}/_log", timeout=10).json() == []
    assert requests.get(f"{cloud['api']}/health", timeout=10).json() == {"status": "ok"}
    token = requests.post(cloud["oidc"]["token_url"], json={"email": "new@person.example"}, timeout=10).json()["token"]
    answer = requests.get(f"{cloud['api']}/v1/me", headers={"Authorization": f"Bearer {token}"}, timeout=10)
    assert (answer.status_code, answer.json()["code"]) == (403, "no_membership")
    officer = {"Authorization": f"Bearer {cloud['officer']['token']}"}
    desk = requests.get(f"{cloud['api']}/officer/requests", headers=officer, timeout=10)
    assert (desk.status_code, desk.json()["items"]) == (200, [])


def test_the_seed_makes_teams_that_share_nothing(up: tuple[Run, dict[str, Any]]) -> None:
    _, cloud = up
    members = cloud["members"]
    tenants = [member["tenant"] for member in members]
    assert len(set(tenants)) == 4
    assert [tenants.count(each) for each in dict.fromkeys(tenants)] == [2, 1, 1, 3]
    assert [member["role"] for member in members] == ["owner", "member", "owner", "owner", "owner", "member", "member"]
    for owner in (member for member in members if member["role"] == "owner"):
        signed = {"Authorization": f"Bearer {owner['token']}"}
        invoices = requests.get(f"{cloud['api']}/v1/billing/invoices", headers=signed, timeout=10).json()
        assert [item["status"] for item in invoices["items"]] == ["posted", "posted", "voided"]
    members = members[:4]
    for member in members:
        signed = {"Authorization": f"Bearer {member['token']}"}
        me = requests.get(f"{cloud['api']}/v1/me", headers=signed, timeout=10).json()
        assert (me["id"], me["tenant"]["id"], me["email"]) == (member["member"], member["tenant"], member["email"])
        assert not any(value for name, value in me["settings"].items() if name.startswith("share_"))
        ranks = member is members[-1]
        for kind, count in (("companies", 20 if ranks else 12), ("contacts", 2 if ranks else 30)):
            items = requests.get(f"{cloud['api']}/v1/{kind}?limit=100", headers=signed, timeout=10).json()["items"]
            assert len(items) == count
        assert {item["tag"] for item in items if "tag" in item} <= {"client", "prospect", None}
    signed = {"Authorization": f"Bearer {members[-1]['token']}"}
    ranked = requests.get(f"{cloud['api']}/v1/prospects", headers=signed, timeout=10).json()["items"]
    assert [item["name"] for item in ranked] == EXPECTED["order"]
    assert members[-1]["email"] == EXPECTED["member"]


def test_the_last_team_of_the_seed_is_shown_whom_it_knows(up: tuple[Run, dict[str, Any]]) -> None:
    """Once its mail was read, which happens by itself."""
    _, cloud = up
    asks = cloud["members"][4]
    assert asks["email"] == PATHS["member"]
    signed, until = {"Authorization": f"Bearer {asks['token']}"}, time.monotonic() + 60
    companies = requests.get(f"{cloud['api']}/v1/companies", headers=signed, timeout=10).json()["items"]
    told: dict[str, list[tuple[str, str]]] = {}
    expected = {name: [(each["who"], each["reason"]) for each in paths] for name, paths in PATHS["paths"].items()}
    while told != expected and time.monotonic() < until:
        for each in companies:
            answer = requests.get(f"{cloud['api']}/v1/companies/{each['id']}/paths", headers=signed, timeout=10).json()
            told[each["name"]] = [(path["who"], path["reasons"][0]["text"]) for path in answer["items"]]
    assert told == expected


def test_a_second_run_says_that_one_is_up(up: tuple[Run, dict[str, Any]]) -> None:
    run, _ = up
    code, said = Run(run.folder).ended()
    assert code == 1
    assert "already up" in said
    assert run.state.exists()


def test_a_taken_port_is_said_in_a_sentence(up: tuple[Run, dict[str, Any]], tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        code, said = Run(tmp_path, PORT=port).ended()
    assert code == 1
    assert f"port {port} is taken" in said
    assert "Traceback" not in said
    code, said = Run(tmp_path, PORT="eighty").ended()
    assert (code, "PORT must be a number" in said) == (1, True)


def test_an_end_is_clean_and_leaves_no_state(up: tuple[Run, dict[str, Any]]) -> None:
    run, cloud = up
    run.process.send_signal(signal.SIGINT)
    code, said = run.ended()
    assert code == 0, said
    assert "Traceback" not in said
    assert not run.state.exists()
    with pytest.raises(requests.ConnectionError):
        requests.get(cloud["api"], timeout=5)
