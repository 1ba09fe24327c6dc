"""What is ever read of a member's org: each field with its purpose (P7), and what follows where the org hides it.

An administrator hides fields from users one by one (field-level security,
https://help.salesforce.com/s/articleView?id=platform.admin_fls.htm): to a query such a field is one that does not exist.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.connectors.fields import Field
from chalicelib.connectors.port import Stream
from chalicelib.core.stream_codes import Absent

_CHANGED = "what has changed since the last pass; which of two sources is the more recent"

CONTACT_FIELDS = {
    "Id": Field("tells the record again at the next pass"),
    "FirstName": Field("matches the person"),
    "LastName": Field("matches the person"),
    "Email": Field("matches the person; where outreach may write to"),
    "Title": Field("who the person is at the company", Absent.TITLE_UNKNOWN, "title"),
    "AccountId": Field("which company the person is at", Absent.COMPANY_UNKNOWN, "company_external_id"),
    "HasOptedOutOfEmail": Field("the person wants no mail: blocks outreach", Absent.OPT_OUT_UNKNOWN, "opted_out"),
    "MasterRecordId": Field(
        "which record a deleted one was merged into, so that the member's notes go on there", Absent.MERGES_UNKNOWN
    ),
    "SystemModstamp": Field(_CHANGED),
    "IsDeleted": Field("what was deleted there goes here too"),
}
ACCOUNT_FIELDS = {
    "Id": Field("tells the record again at the next pass"),
    "Name": Field("matches the company"),
    "Website": Field("matches the company, by its domain", Absent.DOMAIN_UNKNOWN, "domain"),
    "MasterRecordId": Field(
        "which record a deleted one was merged into, so that the member's tag and notes go on there",
        Absent.MERGES_UNKNOWN,
    ),
    # An org without the feature has no such field.
    "IsPersonAccount": Field("a person who is an account is read as a contact, and is no company", None),
    "SystemModstamp": Field(_CHANGED),
    "IsDeleted": Field("what was deleted there goes here too"),
}


@dataclass(frozen=True)
class Table:
    """One object and what is read of it."""

    of: str
    fields: Mapping[str, Field]


TABLES = {Stream.COMPANIES: Table("Account", ACCOUNT_FIELDS), Stream.CONTACTS: Table("Contact", CONTACT_FIELDS)}
