"""Every kind of a member's record is in the zip, in the API's own shape, or says why not."""

import app  # noqa: F401 - registers the routes, of which the document is made
from chalicelib.api import openapi
from chalicelib.api.export_views import ApiShapes
from chalicelib.domain import kinds
from chalicelib.domain.exports import archive
from chalicelib.domain.exports.model import ACCOUNT_SHAPE

EXPORTED = [each.kept for each in archive.contents_of(kinds.RECORDS)]


def test_every_file_of_an_export_has_a_name_of_its_own() -> None:
    names = [each.file for each in EXPORTED]
    assert len(set(names)) == len(names) >= 6


def test_every_exported_kind_has_a_shape_of_the_api() -> None:
    assert {each.shape for each in EXPORTED} == set(ApiShapes.by_shape)
    named = openapi.document()["components"]["schemas"]
    assert {each.shape for each in EXPORTED} | {ACCOUNT_SHAPE} <= set(named)


def test_a_schema_brings_all_that_it_refers_to() -> None:
    found = ApiShapes().schemas(["ContactsOut"])
    assert set(found) == {"ContactsOut", "ContactOut", "Owner", "Source"}
