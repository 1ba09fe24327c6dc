"""What a page of a connection becomes: people are handed to domain.ingest as contacts, organizations as companies."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Generic

from chalicelib.connectors.port import Page
from chalicelib.core import ids
from chalicelib.domain.companies.model import KIND as COMPANY
from chalicelib.domain.companies.model import PREFIX, CompanyPayload
from chalicelib.domain.companies.records import CompanyRecord
from chalicelib.domain.companies.source_updates import CompanyDraft
from chalicelib.domain.contacts.draft import ContactDraft
from chalicelib.domain.contacts.model import ContactPayload
from chalicelib.domain.contacts.records import ContactRecord
from chalicelib.domain.ingest.companies import Companies
from chalicelib.domain.ingest.contacts import Contacts, say_opt_outs
from chalicelib.domain.ingest.linked import Connected, Records, Result, Sent
from chalicelib.domain.ingest.removal import take_away
from chalicelib.domain.ingest.upsert import D, Kind, P, R
from chalicelib.domain.sources.model import Fate, SourceLinkPayload
from chalicelib.domain.sync import mapping
from chalicelib.domain.sync.id_changes import rename
from chalicelib.domain.sync.mapping import Linked
from chalicelib.store import batch


class Stored(ABC, Generic[R, P, D]):
    """The records of one stream in one run."""

    def __init__(self, origin: Connected, kind: Kind[R, P, D]) -> None:
        self.origin, self._kind, self._records = origin, kind, Records(kind, origin)

    @property
    def kind(self) -> str:
        """What they become: contact or company."""
        return self._kind.name

    def store(self, page: Page) -> list[Result]:
        """Return what became of each record of a page; see ingest.linked.Records."""
        if page.renamed:
            rename(self._kind, self.origin, page.renamed)
        return self._records.store(self._sent(page))

    def take_away(self, gone: Mapping[str, SourceLinkPayload]) -> int:
        """Take what these brought away; how many were stored."""
        return take_away(self._kind, self.origin, gone)

    @abstractmethod
    def _sent(self, page: Page) -> Iterable[Sent[D]]: ...


class People(Stored[ContactRecord, ContactPayload, ContactDraft]):
    """People become contacts, linked with the companies that their connection names."""

    def __init__(self, origin: Connected) -> None:
        super().__init__(origin, Contacts(origin))
        self._linked: dict[str, Linked | None] = {}  # by external id; each is looked up once a run

    def store(self, page: Page) -> list[Result]:
        """As in Stored. Who is kept away here may come from elsewhere, and wants no mail then either."""
        results = super().store(page)
        if any(person.opted_out for person in page.people):
            away = {result.key for result in results if result.stays_away}
            out = [who for who in page.people if who.opted_out and self.origin.key(self.kind, who.external_id) in away]
            drafts = [mapping.contact(who, self.origin.source, None) for who in out]
            say_opt_outs(self.origin, [draft for draft in drafts if isinstance(draft, ContactDraft)])
        return results

    def _sent(self, page: Page) -> Iterable[Sent[ContactDraft]]:
        self._look_up({person.company_external_id for person in page.people} - {""} - self._linked.keys())
        for person in page.people:
            link = self._linked.get(person.company_external_id)
            draft = partial(mapping.contact, person, self.origin.source, link)
            yield Sent(person.external_id, mapping.digest(person, link), draft)

    def _look_up(self, external_ids: set[str]) -> None:
        """Learn which of the member's companies these are. At most two calls for 100."""
        keys = {each: self.origin.key(COMPANY, each) for each in sorted(external_ids)}
        known = self.origin.known(COMPANY, keys.values())
        sks = {key: link.record for key, link in known.items() if link.fate is Fate.STORED}
        found = batch.get_all(CompanyRecord, [(self.origin.tenant, sk) for sk in sks.values()])
        for each, key in keys.items():
            row = found.get((self.origin.tenant, sks.get(key, "")))
            self._linked[each] = None
            if row is not None:
                self._linked[each] = Linked(str(ids.owned_of(PREFIX, row.sk)), row.unsealed(CompanyPayload).name.value)


class Organizations(Stored[CompanyRecord, CompanyPayload, CompanyDraft]):
    """Organizations become companies."""

    def __init__(self, origin: Connected) -> None:
        super().__init__(origin, Companies(origin))

    def _sent(self, page: Page) -> Iterable[Sent[CompanyDraft]]:
        for each in page.organizations:
            draft = partial(mapping.company, each, self.origin.source)
            yield Sent(each.external_id, mapping.digest(each), draft)
