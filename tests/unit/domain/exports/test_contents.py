"""Every kind of a member's record is in the zip, in the API's own shape, or says why not."""

import inspect
from pathlib import Path

import pytest

import app  # noqa: F401 - registers the routes, of which the document is made
from chalicelib.api import openapi
from chalicelib.api.export_views import ApiShapes
from chalicelib.api.http import ENDPOINTS
from chalicelib.domain import kinds
from chalicelib.domain.exports import archive
from chalicelib.domain.exports.model import ACCOUNT_SHAPE
from chalicelib.store.declaration import Exported, Holds
from chalicelib.store.handlers import Because
from chalicelib.store.records import SealedRecord

# Routes whose answers are not in the export, each with its reason.
NOT_EXPORTED = {
    "/v1/billing/invoices": "the operator's own records of the customer, read live from there and kept nowhere here",
    "/v1/changes": "ids of what changed, for programs that keep copies; the audit log says what was done",
    "/v1/companies/{id}/paths": "made anew each time of contacts that are exported, counts of mail, and what others show",
    "/v1/connections/{id}/annotated": "numbers, asked before a connection goes; what they count is in the contacts",
    "/v1/contacts/{id}/contactability": "asked afresh each time, for what persons say of their data holds from then on",
    "/v1/counts": "numbers of what is in the export",
    "/v1/exports/{id}": "tells of the file that the member is reading",
    "/v1/exports/{id}/file": "the file itself",
    "/v1/prospects": "worked out anew each time from companies, contacts and signals that are exported, and what others show",
    "/v1/prospects/explain/{id}": "the same of one of them",
    "/v1/providers": "stated in the code, the same for everybody",
}
EXPORTED = [each.kept for each in archive.contents_of(kinds.RECORDS)]


def test_every_file_of_an_export_has_a_name_of_its_own() -> None:
    names = [each.file for each in EXPORTED]
    assert len(set(names)) == len(names) >= 6


def test_every_exported_kind_has_a_shape_of_the_api() -> None:
    assert {each.shape for each in EXPORTED} == {*ApiShapes.by_shape, *ApiShapes.answers}
    named = openapi.document()["components"]["schemas"]
    assert {each.shape for each in EXPORTED} | {ACCOUNT_SHAPE} <= set(named)


def test_what_a_member_reads_is_in_the_export_or_it_is_said_why_not() -> None:
    inside = set(ApiShapes().schemas({*(each.shape for each in EXPORTED), ACCOUNT_SHAPE}))
    read = [each for each in ENDPOINTS if each.method == "GET" and each.auth in ("member", "identity")]
    left_out = {each.path for each in read if each.answer is None or each.answer.__name__ not in inside}
    assert left_out == set(NOT_EXPORTED)
    assert len(read) > len(left_out) + 10


@pytest.mark.parametrize("record", kinds.RECORDS, ids=lambda record: record.__name__)
def test_every_kind_that_holds_anybodys_data_says_how_it_is_exported_or_why_not(record: type[SealedRecord]) -> None:
    said = record.declared.export
    if isinstance(said, Exported):
        assert said.about
        assert said.shape in ({*ApiShapes.by_shape} if record.tenant_scoped else {*ApiShapes.answers})
        assert said.ranges is None or inspect.signature(said.ranges.load()).bind("actor")
    elif record.tenant_scoped or record.declared.holds is not Holds.NOBODY:
        assert isinstance(said, Because)
        assert len(said) > 10


def test_the_documents_name_every_file() -> None:
    told = (Path(__file__).resolve().parents[4] / "docs/exports.md").read_text()
    for file in EXPORTED:
        assert f"| {file.file}.json{f', {file.file}.csv' if file.columns else ''} |" in told


def test_a_schema_brings_all_that_it_refers_to() -> None:
    found = ApiShapes().schemas(["ContactsOut"])
    assert set(found) == {"ContactsOut", "ContactOut", "Owner", "Source"}
