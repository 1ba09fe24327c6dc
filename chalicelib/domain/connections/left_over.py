"""What becomes of each of a member's companies and contacts that one connection knows, when some sources show it no more."""

from collections.abc import Iterator
from dataclasses import dataclass

from chalicelib.core.actor import Actor
from chalicelib.domain.companies import source_updates
from chalicelib.domain.companies.model import KIND as COMPANY
from chalicelib.domain.companies.model import CompanyPayload, Tag
from chalicelib.domain.connections import owned
from chalicelib.domain.contacts import annotated
from chalicelib.domain.contacts.model import KIND as CONTACT
from chalicelib.domain.contacts.model import ContactPayload
from chalicelib.domain.sources import links


@dataclass(frozen=True)
class Left:
    """Whether it stays, and whether its member's words alone keep it. `tag`: its own, of a contact its company's."""

    kind: str
    payload: CompanyPayload | ContactPayload
    stays: bool
    by_words: bool
    tag: Tag | None


class Walk:
    """Over all that the member has. `source` is the connection, `gone` what shows nothing any more, as sources of values;
    `silent`: these may show it again. `unread`: a row could not be read."""

    def __init__(self, actor: Actor, source: str, gone: frozenset[str], *, silent: bool = False) -> None:
        self._actor, self._source, self._gone, self._silent = actor, source, gone, silent
        self._tags = dict[str, Tag]()
        self.unread = False

    def __iter__(self) -> Iterator[Left | None]:
        """Yield for each company, then for each contact; None for one that the connection does not know."""
        for ident, company in owned.companies(self._actor):
            self.unread = self.unread or company is None
            if company is not None and company.tag is not None:
                self._tags[ident] = company.tag
            yield self._company(company) if company is not None and self._knows(company.source_ids) else None
        for contact in owned.contacts(self._actor):
            self.unread = self.unread or contact is None
            yield self._contact(contact) if contact is not None and self._knows(contact.source_ids) else None

    def _company(self, company: CompanyPayload) -> Left:
        kept, bare = (
            source_updates.without(company, self._gone, company.updated_at, annotated=each, silent=self._silent)
            for each in (True, False)
        )
        return Left(COMPANY, company, kept is not None, kept is not None and bare is None, company.tag)

    def _contact(self, contact: ContactPayload) -> Left:
        tagged = self._tags.__contains__
        kept = annotated.left(contact, self._gone, contact.updated_at, tagged, silent=self._silent)
        by_words = kept is not None and annotated.without(contact, self._gone) is None
        return Left(CONTACT, contact, kept is not None, by_words, self._tags.get(contact.company_id or ""))

    def _knows(self, source_ids: list[str]) -> bool:
        return bool(links.names_of(self._source, source_ids))
