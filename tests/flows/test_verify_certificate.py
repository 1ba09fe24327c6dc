"""A person checks a certificate on a machine of their own: the command, on the certificate of a real erasure."""

import json
import os
import re
import subprocess
import sys
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from chalicelib.domain import kinds
from chalicelib.store.declaration import version
from infra.local.cloud import Cloud
from infra.verify_certificate import main
from tests.conftest import Api, Member

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Given:
    """What the person has: two files, the salt of the mail, their address."""

    certificate: Path
    keys: Path
    salt: str
    address: str


@dataclass
class Once:
    """One erasure for all tests; empty before the first."""

    certificate: str = ""
    keys: str = ""
    salt: str = ""
    address: str = ""


@pytest.fixture(scope="module")
def once() -> Once:
    return Once()


@pytest.fixture
def given(cloud: Cloud, api: Api, member: Member, erased: Callable[..., str], tmp_path: Path, once: Once) -> Given:
    """The files anew for each test."""
    if not once.certificate:
        once.address = f"vera.{uuid.uuid4().hex[:8]}@people.example"
        member.api.post("/v1/contacts", {"first_name": "Vera", "emails": [once.address]})
        closing = erased(once.address)
        once.salt = next(line for line in closing.splitlines() if re.fullmatch(r"[0-9a-z]{26}", line))
        once.certificate = api.get(re.findall(r"/certificates/\S+", closing)[0]).text
        once.keys = api.get("/.well-known/jwks.json").text
    made = Given(tmp_path / "a certificate.jws", tmp_path / "jwks.json", once.salt, once.address)
    made.certificate.write_text(f"{once.certificate}\n")
    made.keys.write_text(once.keys)
    return made


def test_it_is_valid_and_said_in_words(given: Given, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(given.certificate)]) == 0
    said = capsys.readouterr().out
    assert said.startswith("VALID: the signature holds.")
    for words in (
        "a person's data was erased",
        "contact: 1",
        "live deleted at: 2",
        "kept: what: keyed hash",
        "1 address,",
        f"searched: the record kinds of list {version(each.declared for each in kinds.RECORDS)}, which is that of this copy",
    ):
        assert words in said


def test_it_means_the_address_of_the_person_and_no_other(given: Given, capsys: pytest.CaptureFixture[str]) -> None:
    files = [str(given.certificate), "--salt", given.salt, "--address"]
    assert main([*files, given.address.upper()]) == 0
    assert "It means the address that you named." in capsys.readouterr().out
    assert main([*files, f"x{given.address}"]) == 1
    assert "It does NOT mean" in capsys.readouterr().out
    assert main([*files, "nobody"]) == 1
    assert "is no e-mail address" in capsys.readouterr().out
    assert main([str(given.certificate), "--address", given.address]) == 1
    assert "go together" in capsys.readouterr().out


@pytest.mark.parametrize("change", ["statement", "header", "signature", "key", "unsigned"])
def test_what_was_changed_is_not_valid(given: Given, capsys: pytest.CaptureFixture[str], change: str) -> None:
    import base64

    def packed(part: dict[str, object]) -> str:
        return base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")

    header, statement, signature = given.certificate.read_text().strip().split(".")
    kid = json.loads(base64.urlsafe_b64decode(header + "=="))["kid"]
    if change == "statement":
        opened = json.loads(base64.urlsafe_b64decode(statement + "=="))
        statement = packed({**opened, "deleted": {"contact": 99}})
    if change == "header":
        header = packed({"alg": "ES256", "typ": "at+jwt", "kid": kid})
    if change == "unsigned":
        header, signature = packed({"alg": "none", "typ": "iko-certificate+jws", "kid": kid}), ""
    if change == "signature":
        signature = signature[:-4] + ("AAAA" if signature[-4:] != "AAAA" else "BBBB")
    if change == "key":
        given.keys.write_text('{"keys": []}')
    given.certificate.write_text(f"{header}.{statement}.{signature}")
    assert main([str(given.certificate)]) == 1
    said = capsys.readouterr().out
    assert said.startswith("NOT VALID: ")
    assert "which nobody vouches for" in said


@pytest.mark.parametrize("content", [b"", b"a.b.c", b"\xff\xfe", b"eyJ9.W10.x", b"W10.W10.x", b"x" * 200_000, b"{}"])
def test_a_file_that_is_none_gets_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes
) -> None:
    path = tmp_path / "bad.jws"
    path.write_bytes(content)
    assert main([str(path)]) == 1
    assert str(path) in capsys.readouterr().out
    assert main([str(tmp_path / "none.jws")]) == 1
    assert "cannot be read" in capsys.readouterr().out


@pytest.mark.parametrize("content", ["", "[]", '{"keys": [1]}', '{"keys": {}}', "{", "1"])
def test_keys_that_are_none_get_a_sentence(given: Given, capsys: pytest.CaptureFixture[str], content: str) -> None:
    given.keys.write_text(content)
    assert main([str(given.certificate)]) == 1
    said = capsys.readouterr().out
    assert "holds no public keys" in said or "not among the public keys" in said


def test_without_keys_it_says_where_they_are_and_fetches_nothing(
    cloud: Cloud, given: Given, capsys: pytest.CaptureFixture[str]
) -> None:
    given.keys.unlink()
    assert main([str(given.certificate)]) == 1
    assert f"Download {cloud.url}/.well-known/jwks.json" in capsys.readouterr().out


def test_a_text_that_steers_the_terminal_does_not(given: Given, capsys: pytest.CaptureFixture[str]) -> None:
    import base64

    header, _, signature = given.certificate.read_text().strip().split(".")
    forged = base64.urlsafe_b64encode(json.dumps({"typ": "\x1b[2Jfine"}).encode()).decode().rstrip("=")
    given.certificate.write_text(f"{header}.{forged}.{signature}")
    assert main([str(given.certificate)]) == 1
    assert "\x1b" not in capsys.readouterr().out


def run_recipe(**variables: str) -> "subprocess.CompletedProcess[str]":
    """The Makefile's recipe with variables as make exports them, without setting up an environment of its own."""
    recipe = next(line for line in (ROOT / "Makefile").read_text().splitlines() if "infra.verify_certificate" in line)
    command = recipe.strip().removeprefix("@exec $(PY)").replace("$$", "$")
    return subprocess.run(
        ["/bin/bash", "-euc", f'exec "{sys.executable}" {command}'],
        cwd=ROOT,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_command_works_from_make(given: Given, tmp_path: Path) -> None:
    other = tmp_path / "other keys.json"
    given.keys.rename(other)
    ran = run_recipe(FILE=str(given.certificate), KEYS=str(other), ADDRESS=given.address, SALT=given.salt)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "It means the address that you named." in ran.stdout
    ran = run_recipe()
    assert (ran.returncode, ran.stdout.startswith("Name the certificate")) == (1, True), ran.stdout + ran.stderr
