"""Where a value came from, since when, and who may see it: every field of a company or contact keeps this for each of its values.

Each vendor and each file layout states who may see what it says; nobody but its owner sees what nobody stated. Sources of
values read `member`, `company`, `google:<connection>`, `import:<layout>`, `import:crm:<layout>` (a file whose columns are a
CRM's, whatever layout it was read by).
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import Self

from pydantic import Field

from chalicelib.connectors import vendors
from chalicelib.connectors.port import PrivacyClass
from chalicelib.core.models import Model

MEMBER = "member"  # typed in by the member
MEMBER_HIDDEN = "member:hidden"  # kept by the member of what a source said that is gone, and that nobody else may see
MEMBER_KEPT = "member:kept"  # the same, of what everybody may see
KEPT = frozenset({MEMBER_KEPT, MEMBER_HIDDEN})
MEMBER_DROPPED = "member:dropped"  # taken away by the member, though sources say it still
MEMBER_DROPPED_HIDDEN = "member:dropped:hidden"  # the same, of what nobody else may see
DROPPED = frozenset({MEMBER_DROPPED, MEMBER_DROPPED_HIDDEN})
COMPANY = "company"  # taken over from the company that the member linked
COMPANY_HIDDEN = "company:hidden"  # the same, of a company whose name nobody but its owner may see
CRM_FILE = "import:crm:"
FILE = "import:"
OWN_EXPORT = f"{CRM_FILE}iko_export"  # a file that was exported here: nobody else's, whatever it says of its sources
_NO_SOURCES = frozenset({COMPANY, COMPANY_HIDDEN, *DROPPED})
_OURS = {
    MEMBER: PrivacyClass.SHAREABLE,
    MEMBER_HIDDEN: PrivacyClass.OWNER_ONLY,
    MEMBER_KEPT: PrivacyClass.SHAREABLE,
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


class Kept(Model):
    """One value and its sources: `{source: since when (RFC 3339)}`. Sources read `member`, `import:google_csv`, `hubspot`.

    `changed`: when a source changed what it said before to this value; it is as `sources` where it is not named, and empty
    where the source was first heard while others said something. `shared`: the same, had there been only what may be shared;
    as `changed` where it is not named. See survivorship.
    """

    value: str
    sources: dict[str, str] = Field(default_factory=dict)
    changed: dict[str, str] = Field(default_factory=dict)
    shared: dict[str, str] = Field(default_factory=dict)

    def also(self, source: str, at: str, changed: str | None = None, shared: str | None = None) -> Self:
        """Return the same value, known from this source too; what is known of the source already stays."""
        if source in self.sources:
            return self
        changed = at if changed is None else changed
        shared = changed if shared is None else shared
        update = {"sources": {**self.sources, source: at}}
        if changed != at:
            update["changed"] = {**self.changed, source: changed}
        if shared != changed:
            update["shared"] = {**self.shared, source: shared}
        return self.model_copy(update=update)

    def without(self, sources: frozenset[str]) -> Self | None:
        """Return the same value without these sources; None where no other vouches for it."""
        if sources.isdisjoint(self.sources):
            return self
        times = {
            name: {source: at for source, at in getattr(self, name).items() if source not in sources}
            for name in ("sources", "changed", "shared")
        }
        return self.model_copy(update=times) if times["sources"] else None

    def changed_at(self, source: str, *, among_shared: bool) -> str:
        """Return when the source changed to this value, empty where it never did; RFC 3339."""
        changed = self.changed.get(source, self.sources[source])
        return self.shared.get(source, changed) if among_shared else changed


class KeptSize(Kept):
    """A company's size as it was given: a number of people, or a class such as 51-200."""

    value: str | int  # type: ignore[assignment]  # wider on purpose: only a company's size is


def keep(value: str | None, source: str, at: str) -> Kept | None:
    """Return a fresh value from one source, or None for nothing."""
    return Kept(value=value, sources={source: at}) if value else None


def united(values: Iterable[Kept]) -> dict[str, str]:
    """Return the sources of a resource's values, each with the time since when, earliest first.

    A name lent by a linked company, or a value that the member took away, has no source.
    """
    found: dict[str, str] = {}
    for kept in values:
        for source, at in kept.sources.items():
            if source not in _NO_SOURCES and at < found.get(source, "~"):
                found[source] = at
    return dict(sorted(found.items(), key=lambda item: (item[1], item[0])))
