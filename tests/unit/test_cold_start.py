"""A cold function loads chalice, pydantic and the standard library; everything heavy waits for the request that needs it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LATE = (
    "boto3",
    "pynamodb",
    "aws_encryption_sdk",
    "joserfc",
    "jinja2",
    "polib",
    "googleapiclient",
    "phonenumbers",
    "cryptography",
    "idna",
    "pydantic.plugin._loader",  # comes with the first validator that is built, and with it much of the standard library
)
# Patterns of names and addresses in every script: only what writes texts asks for them.
PATTERNS = tuple(f"chalicelib.domain.redaction.{name}" for name in ("texts", "mentions", "names", "unspaced"))


def loaded(program: str, names: tuple[str, ...]) -> list[str]:
    """Which of these modules a new process has loaded after the program."""
    asked = f"{program}; import json, sys; print(json.dumps([m for m in {names!r} if m in sys.modules]))"
    ran = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True)
    found: list[str] = json.loads(ran.stdout)
    return found


def test_the_app_loads_nothing_heavy() -> None:
    assert loaded("import app", LATE) == []


def test_what_the_app_has_loaded_is_not_looked_through_for_garbage() -> None:
    """And what comes later is."""
    asked = "import app, gc; print(gc.isenabled(), gc.get_freeze_count() > 10_000, gc.collect() < 1_000)"
    ran = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["True"] * 3


def test_reading_contacts_loads_no_patterns_of_texts() -> None:
    needed = "from chalicelib.domain.accounts import membership; from chalicelib.domain.contacts import queries"
    assert loaded(f"import app; {needed}", PATTERNS) == []


@pytest.mark.parametrize("queue", ["deletions", "sync"])
def test_who_is_to_be_erased_or_read_does_not_wait_for_what_reads_files(queue: str) -> None:
    program = f"import app; from chalicelib.jobs import {queue}, table; table.works({queue!r})"
    others = {"deletions": "chalicelib.domain.sync.worker", "sync": "chalicelib.domain.privacy.workflow"}
    assert loaded(program, ("chalicelib.domain.imports.parsing.rows", others[queue])) == []


def test_who_carries_requests_out_does_not_load_what_reads_letters() -> None:
    readers = tuple(f"chalicelib.domain.privacy.parsing.{name}" for name in ("intent", "lexicon", "mime", "sentences"))
    assert loaded("import app; from chalicelib.jobs import table; table.works('deletions')", readers) == []
