"""The range of what colleagues may be shown follows each write of a row."""

from dataclasses import replace

import pytest

from chalicelib.core import ids
from chalicelib.domain.companies.model import KIND, CompanyPayload, record_sk
from chalicelib.domain.companies.records import CompanyRecord
from chalicelib.domain.sources.provenance import Kept
from chalicelib.store import rows, shown
from chalicelib.store.declaration import Declaration, Found, Holds, Share
from chalicelib.store.handlers import Because
from chalicelib.store.records import SharedRecord, TenantRecord
from tests.conftest import Member

AT = "2026-01-01T00:00:00.000Z"
DECLARED = Declaration(
    kind="half", holds=Holds.NOBODY, found=Found.NEVER, life="a day", life_days=1, because="ids", export=Because("ids")
)


def company(name: str, source: str) -> CompanyPayload:
    return CompanyPayload(name=Kept(value=name, sources={source: AT}), created_at=AT)


def put(member: Member, name: str, source: str) -> CompanyRecord:
    row = CompanyRecord.build(member.tenant, record_sk(ids.owner_code(member.id), ids.ulid()), company(name, source))
    rows.put_new(row)
    return row


def names(member: Member) -> list[str]:
    prefix = ids.key_range(KIND, ids.owner_code(member.id))
    return [row.unsealed(CompanyPayload).name.value for row in shown.every(CompanyRecord, member.tenant, prefix)]


def test_a_row_enters_and_leaves_the_range_with_the_write_that_makes_it_so(member: Member) -> None:
    row = put(member, "Acme", "hubspot:cxn_1")
    put(member, "Other", "member")
    assert names(member) == ["Other"]
    row.reseal(company("Acme", "member"))
    assert names(member) == ["Other"], "nothing is written yet"
    rows.put_if_unchanged(row)
    assert names(member) == ["Acme", "Other"]
    row.reseal(company("Acme", "hubspot:cxn_1"))
    rows.put_if_unchanged(row)
    assert names(member) == ["Other"]
    row.reseal(company("Acme", "member"))
    rows.put_if_unchanged(row)
    rows.delete_if_unchanged(row)
    assert names(member) == ["Other"]


def test_a_page_of_the_range_goes_on_after_its_last_row(member: Member) -> None:
    for number in range(5):
        put(member, f"C{number}", "member")
        put(member, f"H{number}", "salesforce:cxn_1")
    prefix, seen, after = ids.key_range(KIND, ids.owner_code(member.id)), list[str](), None
    while True:
        page = shown.page(CompanyRecord, member.tenant, prefix, limit=2, after=after)
        seen += [row.unsealed(CompanyPayload).name.value for row in page.records]
        assert len(page.records) <= 2
        if page.last is None:
            break
        after = page.last
    assert seen == [f"C{number}" for number in range(5)]


def test_a_shared_kind_must_say_what_it_shows() -> None:
    with pytest.raises(TypeError, match="shows"):
        type("Mute", (SharedRecord,), {"declared": DECLARED})
    shared = replace(DECLARED, shared_by=(Share.TAGS,))
    with pytest.raises(TypeError, match="SharedRecord"):
        type("Half", (TenantRecord,), {"declared": shared})
