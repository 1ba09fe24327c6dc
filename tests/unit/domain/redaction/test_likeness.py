"""Whom an address may mean beside itself, and who plainly stands in it."""

import pytest

from chalicelib.core.identifiers import EmailAddress
from chalicelib.domain.redaction.likeness import also_meant, named_in
from chalicelib.domain.redaction.mentions import identifiers_in, marks_in
from chalicelib.domain.suppression.model import Mark
from chalicelib.vault.tags import Identifier


@pytest.mark.parametrize(
    ("local", "named"),
    [
        ("email=jan", {"email", "jan"}),
        ("//jan", {"jan"}),
        ("{jan", {"jan"}),
        ("-jan", {"jan"}),
        ("ann/bo", {"ann", "bo"}),
        ("ann&bo.li", {"ann", "bo.li"}),
        ("to=_jan_", {"to", "jan", "_jan_"}),
        ("邮箱jan", {"jan"}),
        ("jan", set()),
        ("o'brien", set()),
        ("_jan", set()),
        ("jan-", set()),
        ("jan_.bo", set()),
    ],
)
def test_who_stands_in_an_address_is_also_meant(local: str, named: set[str]) -> None:
    address = EmailAddress.parse(f"{local}@a.example")
    assert {*named_in(address)} == {f"{each}@a.example" for each in named}
    assert {*named_in(address)} <= {*also_meant(address)}


@pytest.mark.parametrize(
    ("local", "meant"),
    [
        ("_jan", {"jan"}),
        ("jan-", {"jan"}),
        ("jan_.bo", set()),
        ("__jan__", {"jan"}),
        ("ann/bo", {"ann", "bo", "ann.bo"}),
    ],
)
def test_an_address_may_mean_more_than_whom_it_names(local: str, meant: set[str]) -> None:
    """Whom it may mean is kept out; only who is named in it is found by an erasure."""
    address = EmailAddress.parse(f"{local}@a.example")
    assert {*also_meant(address)} == {f"{each}@a.example" for each in meant}


@pytest.mark.parametrize("text", ["Leonie, ann@a.example", "Met Leonie & ann@a.example", "Leonie und ann@a.example"])
def test_a_name_before_a_comma_in_prose_is_nobodys_address(text: str) -> None:
    leonie = Mark(Identifier.EMAIL, "leonie@a.example")
    assert marks_in(text) == (Mark(Identifier.EMAIL, "ann@a.example"),)
    assert leonie in [mark for each in identifiers_in(text, in_cell=True) for mark in each.marks]


def test_a_list_without_blanks_names_each_in_prose_too() -> None:
    assert {mark.exact for mark in marks_in("Ask ann/bo@a.example")} >= {"ann@a.example", "bo@a.example"}
