"""Every kind of a member's record is in the zip, in the API's own shape, or says why not."""

import pytest

import app  # noqa: F401 - registers the routes, of which the document is made
from chalicelib.api import openapi
from chalicelib.api.export_views import ApiShapes
from chalicelib.domain import kinds
from chalicelib.domain.exports import archive
from chalicelib.domain.exports.model import ACCOUNT_SHAPE, EXPORTED, NOT_EXPORTED
from chalicelib.store.records import TenantRecord

TENANT_KINDS = {record.declared.kind for record in kinds.RECORDS if issubclass(record, TenantRecord)}


def test_every_kind_of_a_tenant_is_exported_or_says_why_not() -> None:
    assert set(EXPORTED) | set(NOT_EXPORTED) == TENANT_KINDS
    assert not set(EXPORTED) & set(NOT_EXPORTED)
    assert all(NOT_EXPORTED.values())
    assert {record.declared.kind for record, _ in archive.contents_of(kinds.RECORDS)} == set(EXPORTED)


def test_a_kind_in_neither_table_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(EXPORTED, "contact")
    with pytest.raises(archive.Undeclared, match="contact"):
        archive.contents_of(kinds.RECORDS)


def test_every_exported_kind_has_a_shape_of_the_api() -> None:
    assert set(ApiShapes.by_kind) == set(EXPORTED)
    named = openapi.document()["components"]["schemas"]
    assert {file.shape for file in EXPORTED.values()} | {ACCOUNT_SHAPE} <= set(named)


def test_a_schema_brings_all_that_it_refers_to() -> None:
    found = ApiShapes().schemas(["ContactsOut"])
    assert set(found) == {"ContactsOut", "ContactOut", "Owner", "Source"}
