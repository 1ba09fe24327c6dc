"""What a page of a connection becomes: people are handed to domain.ingest as contacts, organizations as companies.

What of a provider's record is kept is checked and cleaned as an import does it; a digest tells two records alike.
"""

import hashlib
import json
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Generic

from chalicelib.connectors.port import Organization, Page, Person
from chalicelib.core import ids
from chalicelib.core.codes import CellCode, SkipCode
from chalicelib.core.identifiers import InvalidIdentifier, is_chat_link, is_person_page, profile_url, without_wrapping
from chalicelib.domain.companies.model import KIND as COMPANY
from chalicelib.domain.companies.model import PREFIX, CompanyPayload, bare_host
from chalicelib.domain.companies.records import CompanyRecord
from chalicelib.domain.companies.source_updates import LONGEST_NAME, CompanyDraft
from chalicelib.domain.contacts.merge import ContactDraft
from chalicelib.domain.contacts.model import ContactPayload
from chalicelib.domain.contacts.records import ContactRecord
from chalicelib.domain.ingest import cells
from chalicelib.domain.ingest.companies import Companies
from chalicelib.domain.ingest.contacts import Contacts, say_opt_outs
from chalicelib.domain.ingest.linked import Connected, Records, Result, Sent
from chalicelib.domain.ingest.removal import take_away
from chalicelib.domain.ingest.upsert import D, Kind, P, R
from chalicelib.domain.redaction.links import holds_another
from chalicelib.domain.redaction.mentions import holds_identifier
from chalicelib.domain.redaction.texts import clean, shortened, without_addresses
from chalicelib.domain.sources.model import Fate, SourceLinkPayload
from chalicelib.domain.sources.provenance import COMPANY_HIDDEN, is_hidden
from chalicelib.domain.sync.id_changes import made_anew, rename
from chalicelib.store import batch

_RULES = "2"  # part of every digest: another value stores everything once more, by the rules as they are then
_LONGEST_PHONE, _LONGEST_URL = 60, 500
# What a contact's draft has in place of an attribute of a person. An opt-out is never taken back, told or not.
_DRAFTED = {"title": "title", "company_external_id": "company_id"}


@dataclass(frozen=True)
class Linked:
    """The member's company that a record's reference leads to: its public id and the names that it lends, by source."""

    company_id: str
    names: dict[str, str]


def contact(person: Person, source: str, linked: Linked | None) -> ContactDraft | SkipCode:
    """Return the draft of a person, or the reason to skip it.

    Addresses of functions and what is no address are left out, as in files.
    """
    first, in_first = without_addresses(person.first_name)
    last, in_last = without_addresses(person.last_name)
    written = [*person.emails, *in_first, *in_last]
    read = [cells.addresses(text) for text in written]
    emails = tuple(email for each in read for email in each.found)
    pages = {url: _page(url) for url in person.profile_urls}
    no_pages = [url for url, page in pages.items() if not page]
    meant = dict.fromkeys([*(each for cell in read for each in cell.meant), *_meant(person, no_pages)])
    if max(len(emails), len(meant)) > cells.MOST_MEANT:
        return SkipCode.TOO_MANY_VALUES
    chats = [without_wrapping(url) for url in pages if is_chat_link(url)]
    phones = [p for phone in (*person.phones, *chats) if 0 < len(p := without_addresses(phone)[0]) <= _LONGEST_PHONE]
    draft = ContactDraft(
        first_name=first,
        last_name=last,
        emails=emails,
        phones=tuple(each for each in phones if not holds_identifier(each)),
        profile_urls=tuple(filter(None, pages.values())),
        title=clean(person.title),
        company_name=clean(person.company_name),
        source_id=f"{source}:{person.external_id}",
        company_id=linked.company_id if linked else None,
        lent=linked.names if linked else {},
        opted_out=person.opted_out,
        modified_at=person.modified_at,
        untold=frozenset(_DRAFTED[name] for name in person.untold if name in _DRAFTED),
        meant=cells.marks_meant(meant) if meant else (),
    )
    identified = emails or draft.profile_urls or any(draft.keyed("phones"))
    if not identified and any(CellCode.ADDRESS_NOT_STORABLE in each.dropped for each in read):
        return SkipCode.ADDRESS_NOT_STORABLE  # a function's mailbox alone; what is no address loses nobody
    return draft if identified or first or last else SkipCode.NOBODY


def company(organization: Organization, source: str) -> CompanyDraft | SkipCode:
    """Return the draft of an organization, or the reason to skip it. One without a name goes by its domain."""
    try:
        domain = bare_host(organization.domain) if organization.domain else ""
    except ValueError:
        domain = ""
    name = shortened(clean(organization.name), LONGEST_NAME).strip() or domain
    source_id = f"{source}:{organization.external_id}"
    return (
        CompanyDraft(name, domain, source_id, organization.modified_at, organization.untold)
        if name
        else SkipCode.NOBODY
    )


def digest(record: Person | Organization, linked: Linked | None = None) -> str:
    """Return a digest that is equal for two records of one id that would be stored alike.

    The time when they were changed is no part of it, nor the name of the company, which follows it by itself.
    """
    said = [value for name, value in vars(record).items() if name not in ("modified_at", "untold")]
    content = [_RULES, *said, linked and linked.company_id, *sorted(record.untold)]
    canonical = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()[:32]


def _meant(person: Person, no_pages: Iterable[str]) -> list[str]:
    """Whom the fields may mean beside the addresses: one that stands in a name, beside a number, or where a page should."""
    beside = [each for text in (person.first_name, person.last_name, *person.phones) for each in cells.meant(text)]
    return beside + [each for url in no_pages for each in cells.meant(url, in_urls=False)]


def _names(payload: CompanyPayload, source: str) -> dict[str, str]:
    """What colleagues may not know is linked lends its name to its owner alone."""
    return {COMPANY_HIDDEN: payload.name.value} if is_hidden(source) else payload.lent_names()


def _page(written: str) -> str:
    """The one form of a person's own page; empty where it is none."""
    try:
        url = profile_url(written) if len(written) <= _LONGEST_URL else ""
    except InvalidIdentifier:
        return ""
    return url if is_person_page(url) and not holds_another(written) else ""


class Stored(ABC, Generic[R, P, D]):
    """The records of one stream in one run."""

    def __init__(self, origin: Connected, kind: Kind[R, P, D]) -> None:
        self.origin, self._kind = origin, kind
        self._records = Records(kind, origin, partial(made_anew, kind, origin))

    @property
    def kind(self) -> str:
        """What they become: contact or company."""
        return self._kind.name

    def store(self, page: Page) -> list[Result]:
        """Store the records of a page and return the result of each; see ingest.linked.Records."""
        if page.renamed:
            rename(self._kind, self.origin, page.renamed)
        results = self._records.store(self._sent(page))
        self._stored(page, results)
        return results

    @property
    def merged(self) -> set[str]:
        """The keys of records which the source has made a part of another that is here, as far as this run knows."""
        return self._kind.gone_over

    def take_away(self, gone: Mapping[str, SourceLinkPayload]) -> int:
        """Delete what these records brought, and return how many were stored."""
        return take_away(self._kind, self.origin, gone)

    @abstractmethod
    def _sent(self, page: Page) -> Iterable[Sent[D]]: ...

    def _stored(self, page: Page, results: list[Result]) -> None:
        """What else a page says."""


class People(Stored[ContactRecord, ContactPayload, ContactDraft]):
    """People become contacts, linked with the companies that their connection names."""

    def __init__(self, origin: Connected) -> None:
        super().__init__(origin, Contacts(origin))
        self._linked: dict[str, Linked | None] = {}  # by external id; each is looked up once a run

    def _stored(self, page: Page, results: list[Result]) -> None:
        """Who is kept away here may come from elsewhere, and wants no mail then either."""
        if any(person.opted_out for person in page.people):
            away = {result.key for result in results if result.stays_away}
            out = [who for who in page.people if who.opted_out and self.origin.key(self.kind, who.external_id) in away]
            drafts = [contact(who, self.origin.source, None) for who in out]
            say_opt_outs(self.origin, [draft for draft in drafts if isinstance(draft, ContactDraft)])

    def _sent(self, page: Page) -> Iterable[Sent[ContactDraft]]:
        self._look_up({person.company_external_id for person in page.people} - {""} - self._linked.keys())
        for person in page.people:
            link = self._linked.get(person.company_external_id)
            draft = partial(contact, person, self.origin.source, link)
            yield Sent(person.external_id, digest(person, link), draft)

    def _look_up(self, external_ids: set[str]) -> None:
        """Learn which of the member's companies these are, under the lock that keeps away whoever carries a new name of
        theirs to contacts. At most two calls for 100."""
        if external_ids:
            self.origin.acquire_writer()
        keys = {each: self.origin.key(COMPANY, each) for each in sorted(external_ids)}
        known = self.origin.known(COMPANY, keys.values())
        sks = {key: link.record for key, link in known.items() if link.fate is Fate.STORED}
        found = batch.get_all(CompanyRecord, [(self.origin.tenant, sk) for sk in sks.values()])
        for each, key in keys.items():
            row = found.get((self.origin.tenant, sks.get(key, "")))
            self._linked[each] = None
            if row is not None:
                names = _names(row.unsealed(CompanyPayload), self.origin.source)
                self._linked[each] = Linked(str(ids.owned_of(PREFIX, row.sk)), names)


class Organizations(Stored[CompanyRecord, CompanyPayload, CompanyDraft]):
    """Organizations become companies."""

    def __init__(self, origin: Connected) -> None:
        super().__init__(origin, Companies(origin))

    def _sent(self, page: Page) -> Iterable[Sent[CompanyDraft]]:
        for each in page.organizations:
            draft = partial(company, each, self.origin.source)
            yield Sent(each.external_id, digest(each), draft)
