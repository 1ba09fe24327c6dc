"""The browser that checks a certificate takes an address for the one that we hash."""

import json
import subprocess

import pytest

from chalicelib.core.identifiers import EmailAddress
from chalicelib.texts import pages
from infra import node

ADDRESSES = [
    "Anna@Example.com",
    "a.b+c@googlemail.com",
    "a+b@shop.example",
    "straße@straße.de",
    "ΑΛΈΞΗΣ@εταιρεία.gr",
    "αλέξης@etairia.gr",
    "anna@müller.de",
    "anna@example.com.",
]


def test_an_address_has_the_same_exact_form_in_a_browser() -> None:
    called = node.command()
    if called is None:
        pytest.skip("Node is not here")
    whole = pages.script("verify")
    function = whole[whole.index("function exact") : whole.index("async function verdict")]
    program = f"{function}; console.log(JSON.stringify({json.dumps(ADDRESSES)}.map(exact)))"
    told = subprocess.run([*called, "-e", program], check=True, capture_output=True, text=True, timeout=60)
    assert json.loads(told.stdout) == [EmailAddress.parse(each, historic=True).exact for each in ADDRESSES]
