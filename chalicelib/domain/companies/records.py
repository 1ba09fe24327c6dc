"""The rows of a company, and of names that are to be carried to contacts."""

from chalicelib.core.models import Model
from chalicelib.domain.companies.model import KIND, CompanyPayload
from chalicelib.store.declaration import Declaration, Ended, Exported, Found, Holds, OwnedWork, Share
from chalicelib.store.handlers import Because, Handler
from chalicelib.store.records import SharedRecord, TenantRecord

LENT_NAMES_DUE, LENT_PREFIX = "lent_names", "lnm"
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
    """SK `company#owner code#id`. Its texts may name persons: these have pointers."""

    declared = Declaration(
        kind=KIND,
        holds=Holds.PERSON,
        found=Found.MENTION,
        redact=Handler("chalicelib.domain.companies.redact:redact_texts"),
        life="until the member deletes it or the workspace ends; what no connection has shown for 30 days goes before, unless "
        "its member annotated it; an erased person is cut out of its texts",
        ended=Ended.PASS,
        expire=Handler("chalicelib.domain.companies.expire:expire"),
        tidy=Handler("chalicelib.domain.companies.expire:tidy"),
        payload=CompanyPayload,
        export=Exported("companies", "CompaniesOut", _COLUMNS, about="your companies, with their tags"),
        shared_by=(Share.TAGS,),
    )


class LentNamesPayload(Model):
    """`after`: behind which contact to go on."""

    after: str = ""


class LentNamesRecord(TenantRecord):
    """SK `lent_names#owner code#zeros`: the names of some of the member's companies are to be carried to their contacts.

    Written anew, from the beginning, with each change of such a name, in one call with it.
    """

    declared = Declaration(
        kind=LENT_NAMES_DUE,
        holds=Holds.NOBODY,
        found=Found.NEVER,
        life="until the contacts of a renamed or deleted company say so",
        ended=Ended.WORK,
        payload=LentNamesPayload,
        because="ids only",
        export=Because("how far a change of a company's name has come"),
        work=(OwnedWork(LENT_PREFIX, (LENT_NAMES_DUE,)),),
    )
