"""A contact as a source brings it: checked values, before it is known whether the member has the contact already."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from chalicelib.core.identifiers import EmailAddress, InvalidIdentifier
from chalicelib.domain.contacts.model import exact_of
from chalicelib.domain.suppression.model import Mark, marks_of


@dataclass(frozen=True)
class ContactDraft:
    """Phones and URLs as written (their exact forms are made here); `source_id` is the row's own name at its source.

    `company_id` is the member's own company that the source links, `lent` the names that it lends, by source;
    `opted_out`: the person said there that it wants no mail;
    `modified_at` is when the source last changed its record (RFC 3339), empty where it does not say. Of sources, only our own
    exports have `notes`.
    """

    first_name: str = ""
    last_name: str = ""
    emails: tuple[EmailAddress, ...] = ()
    phones: tuple[str, ...] = ()
    profile_urls: tuple[str, ...] = ()
    title: str = ""
    company_name: str = ""
    source_id: str | None = None
    company_id: str | None = None
    lent: dict[str, str] = field(default_factory=dict)
    opted_out: bool = False
    modified_at: str = ""
    notes: str = ""

    def marks(self) -> tuple[Mark, ...]:
        """Return the marks by which the row is checked against the tombstones and found among the member's contacts."""
        urls = [exact for _, exact in self.keyed("profile_urls")]
        phones = [exact for _, exact in self.keyed("phones")]
        return marks_of(self.emails, urls, phones, [self.source_id] if self.source_id else [])

    def beside(self, earlier: Iterable["ContactDraft"]) -> "ContactDraft":
        """Return the draft as it counts after others of the same file and person: a text that one of these said stands, and
        so does their spelling of what is in a list."""
        said = [*earlier, self]
        texts, lists = ("first_name", "last_name", "title", "company_name"), ("emails", "phones", "profile_urls")
        first: dict[str, Any] = {name: next(filter(None, (getattr(each, name) for each in said)), "") for name in texts}
        every: dict[str, Any] = {name: tuple(value for each in said for value in getattr(each, name)) for name in lists}
        return replace(self, **first, **every)

    def keyed(self, field: str) -> Iterator[tuple[str, str]]:
        """Yield the values of a list field as (as written, exact form), each exact form once; what has none is left
        out."""
        seen: set[str] = set()
        for value in [e.text for e in self.emails] if field == "emails" else getattr(self, field):
            try:
                exact = exact_of(field, value)
            except InvalidIdentifier:
                continue
            if exact not in seen:
                seen.add(exact)
                yield value.strip(), exact
