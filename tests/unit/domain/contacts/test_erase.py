"""Erasing contacts and cutting mentions, on the cloud of the test run."""

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.core import ids
from chalicelib.core.identifiers import EmailAddress
from chalicelib.core.ids import OwnerCode, SortKey, TenantId
from chalicelib.domain import kinds
from chalicelib.domain.contacts import erase
from chalicelib.domain.privacy import mentions
from chalicelib.domain.redaction.names import PersonName
from chalicelib.domain.suppression.model import Mark, marks_of, with_aliases
from chalicelib.store import pointers
from chalicelib.store.handlers import Redact
from chalicelib.vault import tags
from tests.conftest import Member

ANNA = "anna.k@firma.example"
MARKS = marks_of([EmailAddress.parse(ANNA)])


def _sk(resource: dict[str, Any], kind: str) -> SortKey:
    body = resource["id"].split("_", 1)[1]
    return ids.sort_key(kind, OwnerCode(body[:10]), body[10:])


def _pointed(tenant: TenantId, marks: tuple[Mark, ...]) -> list[str]:
    every = (tags.subject_tags("index", mark.kind, mark.exact)[0] for mark in marks)
    return sorted(pointer.record for tag in every for pointer in pointers.find(tag, tenant))


def _redactor(kind: str) -> Redact:
    redactor = kinds.BY_KIND[kind].declared.redactor
    assert redactor is not None
    return redactor.load()


@pytest.fixture
def made(member: Member) -> Callable[..., SortKey]:
    def make(kind: str, **fields: Any) -> SortKey:
        path = {"contact": "/v1/contacts", "company": "/v1/companies"}[kind]
        answer = member.api.post(path, fields)
        assert answer.status_code == 201, answer.text
        return _sk(answer.json(), kind)

    return make


def test_a_contact_goes_with_its_pointers(member: Member, made: Callable[..., SortKey]) -> None:
    sk = made(
        "contact", first_name="Anna", last_name="Kowalska", emails=["Anna.K+x@firma.example"], phones=["+33612345678"]
    )
    assert _pointed(member.tenant, with_aliases(MARKS)) == [sk]
    subject = erase.subject_of(member.tenant, sk)
    assert subject is not None
    assert subject.name == ("Anna", "Kowalska")
    assert erase.erase_contact(member.tenant, sk)
    assert _pointed(member.tenant, (*subject.marks, *with_aliases(MARKS))) == []
    assert not erase.erase_contact(member.tenant, sk)
    assert erase.subject_of(member.tenant, sk) is None


@pytest.mark.parametrize("kind", ["contact", "company"])
def test_mentions_are_cut_and_the_rest_stays(member: Member, made: Callable[..., SortKey], kind: str) -> None:
    named = {"contact": {"last_name": "Nowak"}, "company": {"name": "Nowak SA"}}[kind]
    note = f"Ask Anna Kowalska <{ANNA}> or Piotr (piotr@firma.example)"
    sk = made(kind, **named, notes=note)
    piotr = marks_of([EmailAddress.parse("piotr@firma.example")])
    assert _pointed(member.tenant, MARKS) == _pointed(member.tenant, piotr) == [sk]
    assert mentions.cut(_redactor(kind), member.tenant, sk, MARKS, [PersonName("Anna", "Kowalska")])
    path = {"contact": "/v1/contacts", "company": "/v1/companies"}[kind]
    (shown,) = member.api.get(path).json()["items"]
    assert shown["notes"] == "Ask […] <[…]> or Piotr (piotr@firma.example)"
    assert _pointed(member.tenant, MARKS) == []
    assert _pointed(member.tenant, piotr) == [sk]
    assert not mentions.cut(_redactor(kind), member.tenant, sk, MARKS, [])


def test_a_pointer_whose_record_has_gone_goes_too(member: Member, made: Callable[..., SortKey]) -> None:
    gone = ids.sort_key("contact", ids.owner_code(member.id), "0" * 26)
    tag = tags.subject_tags("index", MARKS[0].kind, MARKS[0].exact)[0]
    pointers.write([pointers.Pointer(member.tenant, tag, pointers.Role.MENTIONS, gone)])
    assert not mentions.cut(_redactor("contact"), member.tenant, gone, MARKS, [])
    assert _pointed(member.tenant, MARKS) == []


def test_a_change_drops_the_pointers_that_it_must(member: Member, made: Callable[..., SortKey]) -> None:
    sk = made("contact", last_name="Nowak", emails=[ANNA], notes="b@firma.example")
    (shown,) = member.api.get("/v1/contacts").json()["items"]
    member.api.patch(f"/v1/contacts/{shown['id']}", {"emails": ["c@firma.example"], "notes": None})
    left = [marks_of([EmailAddress.parse(a)]) for a in (ANNA, "b@firma.example", "c@firma.example")]
    assert [_pointed(member.tenant, marks) for marks in left] == [[], [], [sk]]


def test_a_pointer_that_was_left_behind_deletes_nobody(member: Member, made: Callable[..., SortKey]) -> None:
    sk = made("contact", last_name="Nowak", emails=["b@firma.example"])
    subject = erase.subject_of(member.tenant, sk)
    assert subject is not None
    tag = tags.subject_tags("index", MARKS[0].kind, MARKS[0].exact)[0]
    assert erase.subject_of(member.tenant, sk, tag) is None
    assert not erase.erase_contact(member.tenant, sk, tag)
    assert len(member.api.get("/v1/contacts").json()["items"]) == 1
    own = tags.subject_tags("index", subject.marks[0].kind, subject.marks[0].exact)[0]
    assert erase.erase_contact(member.tenant, sk, own)
