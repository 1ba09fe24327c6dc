"""A kind of row that the tests of the store write."""

from pydantic import BaseModel

from chalicelib.core.ids import TenantId
from chalicelib.store.declaration import Declaration, Found, Holds
from chalicelib.store.handlers import Because
from chalicelib.store.records import TenantRecord


class Payload(BaseModel):
    name: str


class Row(TenantRecord):
    declared = Declaration(
        kind="row",
        holds=Holds.NOBODY,
        found=Found.NEVER,
        life="a test's",
        payload=Payload,
        because="a test's own",
        export=Because("a test's own"),
    )


def row(tenant: TenantId, key: str, name: str = "x") -> Row:
    """A row that is not written yet."""
    return Row.build(tenant, f"row#{key}", Payload(name=name))
