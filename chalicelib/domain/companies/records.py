"""The row of a company."""

from chalicelib.domain.companies.model import KIND, CompanyPayload
from chalicelib.store.declaration import Declaration, Ended, Exported, Found, Holds, Share
from chalicelib.store.handlers import Handler
from chalicelib.store.records import SharedRecord

_COLUMNS = (
    "id",
    "name",
    "domain",
    "industry",
    "country",
    "size",
    "tag",
    "notes",
    "sources",
    "created_at",
    "updated_at",
)


class CompanyRecord(SharedRecord):
    """SK `company#owner code#id`. Its notes may name persons: these have pointers."""

    declared = Declaration(
        kind=KIND,
        holds=Holds.PERSON,
        found=Found.MENTION,
        redact=Handler("chalicelib.domain.companies.redact:redact_notes"),
        life="until the member deletes it or the workspace ends; what no connection has shown for 30 days goes before, unless "
        "its member tagged or noted it; an erased person is cut out of its notes",
        ended=Ended.PASS,
        expire=Handler("chalicelib.domain.companies.expire:expire"),
        payload=CompanyPayload,
        export=Exported("companies", "CompaniesOut", _COLUMNS, about="your companies, with their tags"),
        shared_by=(Share.TAGS,),
    )

    @staticmethod
    def shows(payload: CompanyPayload) -> bool:
        """Return whether a colleague may be shown the company's name."""
        return payload.shared() is not None
