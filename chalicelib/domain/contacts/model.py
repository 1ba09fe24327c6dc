"""A contact as it is sealed: every value with its sources, and what may be shown of it to whom."""

from collections.abc import Iterator

from pydantic import Field

from chalicelib.core.identifiers import EmailAddress, InvalidIdentifier, phone, profile_url
from chalicelib.core.models import Model
from chalicelib.domain.redaction.mentions import marks_in
from chalicelib.domain.sources.privacy_class import COMPANY, MEMBER
from chalicelib.domain.sources.provenance import (
    Kept,
    keep,
    lent,
    shareable,
    source_is_hidden,
    united,
)
from chalicelib.domain.suppression.model import Mark, marks_of

__all__ = ["COMPANY", "KIND", "MEMBER", "PREFIX", "ContactPayload", "Kept", "keep", "record_sk"]

KIND = "contact"
PREFIX = "con"
SINGLE = ("first_name", "last_name", "title", "company_name")
LISTS = ("emails", "phones", "profile_urls")


class ContactPayload(Model):
    """Times are RFC 3339. `shown_at` is when something last changed that others could see while contacts are shared;
    `shown_from` when there was anything for them to see, where that is later than `created_at`.

    `source_ids` are the contact's names at its sources (`import:…`, connection and external id). `last_heard_at` is when
    the person last wrote, where that is known; `seen` is when each connection (a source of values) last showed the contact.
    `company_from`: the connection that linked the company; empty where the member did, or `company:hidden` where nobody else
    may see that company. `opted_out`: some source said that the person wants no mail.
    """

    first_name: Kept | None = None
    last_name: Kept | None = None
    title: Kept | None = None
    company_name: Kept | None = None
    emails: list[Kept] = Field(default_factory=list)
    phones: list[Kept] = Field(default_factory=list)
    profile_urls: list[Kept] = Field(default_factory=list)
    source_ids: list[str] = Field(default_factory=list)
    company_id: str | None = None
    company_from: str = ""
    notes: str | None = None
    created_at: str = ""
    updated_at: str = ""
    shown_at: str = ""
    shown_from: str = ""
    last_heard_at: str | None = None
    seen: dict[str, str] = Field(default_factory=dict)
    opted_out: bool = False

    def values(self) -> Iterator[Kept]:
        """Every value that has sources."""
        for name in SINGLE:
            kept = getattr(self, name)
            if kept is not None:
                yield kept
        for name in LISTS:
            yield from getattr(self, name)

    @property
    def link_is_hidden(self) -> bool:
        """Return whether only the owner may learn which company is linked. A link of the member's own has no source."""
        return bool(self.company_from) and source_is_hidden(self.company_from)

    @property
    def sources(self) -> dict[str, str]:
        """Where the contact came from: each source, since when."""
        return united(self.values())

    @property
    def says_who(self) -> bool:
        """Whether there is a name or an identifier; without one it is no contact."""
        return bool(self.first_name or self.last_name or self.emails or self.phones or self.profile_urls)

    def held(self) -> tuple[Mark, ...]:
        """The marks of the person whom the contact is about."""
        emails = [EmailAddress.parse(kept.value) for kept in self.emails]
        urls = [profile_url(kept.value) for kept in self.profile_urls]
        return marks_of(emails, urls, _phones(self.phones), self.source_ids)

    def mentioned(self) -> tuple[Mark, ...]:
        """The marks of whoever the notes name by an address, URL or phone."""
        return marks_in(self.notes) if self.notes else ()

    def shared(self, *, with_companies: bool) -> "ContactPayload | None":
        """What a colleague sees while contacts are shared: no notes, nothing that only a CRM knows (which company it is, and
        that there was a contact before, included), and of the member's companies nothing unless these are shared too. None
        where no name and no identifier is left to see."""
        company = shareable(self.company_name)
        if not with_companies and lent(company):
            company = None
        seen = self.model_copy(
            update={
                "first_name": shareable(self.first_name),
                "last_name": shareable(self.last_name),
                "title": shareable(self.title),
                "company_name": company,
                **{name: [s for k in getattr(self, name) if (s := shareable(k))] for name in LISTS},
                "source_ids": [],
                "notes": None,
                "last_heard_at": None,
                "seen": {},
                "opted_out": False,
                "company_from": "",
                "company_id": self.company_id if with_companies and not self.link_is_hidden else None,
                "created_at": self.shown_from or self.created_at,
                "updated_at": self.shown_at or self.created_at,
                "shown_from": "",
            }
        )
        return seen if seen.says_who else None

    def shown(self, *, with_companies: bool) -> "ContactPayload | None":
        """As `shared`, without the times of changes: equal where a colleague can tell no difference."""
        seen = self.shared(with_companies=with_companies)
        return seen.model_copy(update={"updated_at": "", "shown_at": ""}) if seen else None


def record_sk(owner: str, local: str) -> str:
    """The sort key of a contact's row; `owner` is an owner code."""
    return f"{KIND}#{owner}#{local}"


def exact_of(field: str, value: str) -> str:
    """The form in which two values of a list field are the same. InvalidIdentifier where it has none."""
    if field == "emails":
        return EmailAddress.parse(value).exact
    return profile_url(value) if field == "profile_urls" else phone(value)


def exact_or_text(field: str, value: str) -> str:
    """The exact form, or the text itself where it has none (a phone that is an extension)."""
    try:
        return exact_of(field, value)
    except InvalidIdentifier:
        return value


def _phones(kept: list[Kept]) -> Iterator[str]:
    for number in kept:
        try:
            yield phone(number.value)
        except InvalidIdentifier:
            continue  # an extension or a word: kept as it was brought in, but nobody is found by it
