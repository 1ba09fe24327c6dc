"""What members write about people in notes."""

import uuid

import pytest

from chalicelib.core.identifiers import EmailAddress
from chalicelib.domain.suppression.model import marks_of
from chalicelib.domain.suppression.tombstones import entomb
from tests.conftest import Member


@pytest.mark.parametrize("written", ["{}", "<{}>", "→{}", "mailto:{}", "{}+x"])
def test_a_note_is_never_refused_but_the_erased_are_cut_out_of_it(member: Member, written: str) -> None:
    erased, other = (f"p{uuid.uuid4().hex[:12]}@firma.example" for _ in range(2))
    entomb(marks_of([EmailAddress.parse(erased)]), None)
    local, _, domain = erased.partition("@")
    name = f"{local}+x@{domain}" if written.endswith("+x") else written.format(erased)
    left = written.format("[…]") if not written.endswith("+x") else "[…]"
    made = member.api.post("/v1/contacts", {"last_name": "X", "notes": f"ask {name}, else {other}"}).json()
    assert made["notes"] == f"ask {left}, else {other}"
    changed = member.api.patch(f"/v1/contacts/{made['id']}", {"notes": f"again: {name}"})
    assert (changed.status_code, changed.json()["notes"]) == (200, f"again: {left}")
