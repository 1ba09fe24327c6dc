"""A cold function loads chalice, pydantic and the standard library; everything heavy waits for the request that needs it."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LATE = (
    "boto3",
    "pynamodb",
    "aws_encryption_sdk",
    "joserfc",
    "jinja2",
    "googleapiclient",
    "phonenumbers",
    "cryptography",
    "idna",
    "pydantic.plugin._loader",  # comes with the first validator that is built, and with it much of the standard library
)
# Patterns of names and addresses in every script: only what writes texts asks for them.
PATTERNS = tuple(f"chalicelib.domain.redaction.{name}" for name in ("texts", "mentions", "names", "unspaced"))


def test_the_app_loads_nothing_heavy() -> None:
    program = f"import app, json, sys; print(json.dumps([m for m in {LATE!r} if m in sys.modules]))"
    ran = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert json.loads(ran.stdout) == []


def test_reading_contacts_loads_no_patterns_of_texts() -> None:
    needed = (
        "import app; from chalicelib.domain.accounts import membership; from chalicelib.domain.contacts import queries"
    )
    program = f"{needed}; import json, sys; print(json.dumps([m for m in {PATTERNS!r} if m in sys.modules]))"
    ran = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert json.loads(ran.stdout) == []
