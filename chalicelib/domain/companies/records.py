"""The row of a company."""

from chalicelib.domain.companies.model import KIND, CompanyPayload
from chalicelib.store.declaration import Declaration, Found, Holds
from chalicelib.store.records import TenantRecord


class CompanyRecord(TenantRecord):
    """SK `company#owner code#id`. Its notes may name persons: these have pointers."""

    declared = Declaration(
        kind=KIND,
        holds=Holds.PERSON,
        found=Found.POINTER,
        life="until the member deletes it or the workspace ends; what no connection has shown for 30 days goes before, unless "
        "its member tagged or noted it; an erased person is cut out of its notes",
        payload=CompanyPayload,
    )
