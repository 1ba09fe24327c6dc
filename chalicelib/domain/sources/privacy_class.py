"""Who may see what a source says: each vendor and each file layout states it, and nobody but its owner sees what nobody stated.

Sources of values read `member`, `company`, `google:<connection>`, `import:<layout>`, `import:crm:<layout>` (a file whose columns
are a CRM's, whatever layout it was read by).
"""

from enum import StrEnum
from typing import Self

from chalicelib.connectors import vendors
from chalicelib.connectors.port import PrivacyClass

MEMBER = "member"  # typed in by the member
MEMBER_HIDDEN = "member:hidden"  # kept by the member of what a source said that is gone, and that nobody else may see
MEMBER_DROPPED = "member:dropped"  # taken away by the member, though sources say it still
MEMBER_DROPPED_HIDDEN = "member:dropped:hidden"  # the same, of what nobody else may see
DROPPED = frozenset({MEMBER_DROPPED, MEMBER_DROPPED_HIDDEN})
COMPANY = "company"  # taken over from the company that the member linked
COMPANY_HIDDEN = "company:hidden"  # the same, of a company whose name nobody but its owner may see
CRM_FILE = "import:crm:"
FILE = "import:"
OWN_EXPORT = f"{CRM_FILE}iko_export"  # a file that was exported here: nobody else's, whatever it says of its sources
_OURS = {
    MEMBER: PrivacyClass.SHAREABLE,
    MEMBER_HIDDEN: PrivacyClass.OWNER_ONLY,
    MEMBER_DROPPED: PrivacyClass.SHAREABLE,  # the member takes it away for everybody
    MEMBER_DROPPED_HIDDEN: PrivacyClass.OWNER_ONLY,
    COMPANY: PrivacyClass.SHAREABLE,
    COMPANY_HIDDEN: PrivacyClass.OWNER_ONLY,
}


class Format(StrEnum):
    """The file layouts that are read, each with its privacy class; TypeError without one. The values are what `?format=`
    takes, beside `auto`."""

    privacy_class: PrivacyClass

    def __new__(cls, value: str, privacy_class: PrivacyClass | None = None) -> Self:
        if not isinstance(privacy_class, PrivacyClass):
            raise TypeError(
                f"The file layout {value} states no privacy class: say who may see what such a file tells us."
            )
        made = str.__new__(cls, value)
        made._value_ = value
        made.privacy_class = privacy_class
        return made

    GOOGLE_CSV = "google_csv", PrivacyClass.SHAREABLE
    GOOGLE_CSV_OLD = "google_csv_old", PrivacyClass.SHAREABLE
    OUTLOOK_CSV = "outlook_csv", PrivacyClass.SHAREABLE
    LINKEDIN_CSV = "linkedin_csv", PrivacyClass.SHAREABLE
    HUBSPOT_CSV = "hubspot_csv", PrivacyClass.OWNER_ONLY
    SALESFORCE_CSV = "salesforce_csv", PrivacyClass.OWNER_ONLY
    CRM_CSV = "crm_csv", PrivacyClass.OWNER_ONLY  # of another CRM, or of what may be one
    IKO_EXPORT = "iko_export", PrivacyClass.OWNER_ONLY
    GENERIC_CSV = "generic_csv", PrivacyClass.SHAREABLE
    MAPPED_CSV = "mapped_csv", PrivacyClass.SHAREABLE
    VCARD = "vcard", PrivacyClass.SHAREABLE


def privacy_class(source: str) -> PrivacyClass:
    """Return who may see the values of this source: only their owner for a source that nobody declared."""
    if source.startswith(FILE):
        return _FORMATS.get(source, PrivacyClass.OWNER_ONLY)
    declared = vendors.VENDORS.get(source.partition(":")[0])
    return _OURS.get(source) or (declared and declared.privacy_class) or PrivacyClass.OWNER_ONLY


def is_hidden(source: str) -> bool:
    """Return whether what only this source vouches for is for nobody but its owner."""
    return privacy_class(source) is PrivacyClass.OWNER_ONLY


_FORMATS = {f"{FILE}{known}": known.privacy_class for known in Format}
