"""What goes when a connection shows nothing any more, from when on, and what stays for the sake of its member's words: counted,
for the mails that say so."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from chalicelib.core import clock
from chalicelib.core.actor import Actor
from chalicelib.domain.companies import source_updates
from chalicelib.domain.companies.model import KIND as COMPANY
from chalicelib.domain.companies.model import CompanyPayload, Tag
from chalicelib.domain.companies.retention_rules import unseen_from
from chalicelib.domain.connections import owned, repository
from chalicelib.domain.connections.model import STOPPED, ConnectionPayload, source_of
from chalicelib.domain.connections.records import ConnectionRecord
from chalicelib.domain.contacts import annotated, retention_rules
from chalicelib.domain.contacts.model import KIND as CONTACT
from chalicelib.domain.contacts.model import ContactPayload
from chalicelib.domain.sources import links


@dataclass
class Loss:
    """How many contacts and companies go, the first of them at `first_at`, and how many `kept` ones stay as the member's own.
    `complete`: all were looked at, and could be read."""

    contacts: int = 0
    companies: int = 0
    kept_contacts: int = 0
    kept_companies: int = 0
    first_at: datetime | None = None
    complete: bool = False


def loss(actor: Actor, record: ConnectionRecord, has_time: Callable[[], bool]) -> Loss:
    """Return what goes of the member's contacts and companies if neither this connection nor any other of the member's that has
    stopped comes back. What is gone for its readers already does not count. It counts as long as there is time."""
    return _Counting(actor, record).all(has_time)


class _Counting:
    def __init__(self, actor: Actor, record: ConnectionRecord) -> None:
        self._actor, self._found, self._tags, self._unread = actor, Loss(), dict[str, Tag](), False
        self._source = source_of(record.unsealed(ConnectionPayload).provider, repository.public_id(record))
        self._gone = frozenset({self._source, *_stopped(actor)})

    def all(self, has_time: Callable[[], bool]) -> Loss:
        for _ in self._looked_at():
            if not has_time():
                return self._found
        self._found.complete = not self._unread
        return self._found

    def _looked_at(self) -> Iterator[None]:
        for ident, company in owned.companies(self._actor):
            if company is None:
                self._unread = True
                continue
            if company.tag is not None:
                self._tags[ident] = company.tag
            self._company(company)
            yield
        for contact in owned.contacts(self._actor):
            if contact is None:
                self._unread = True
                continue
            self._contact(contact)
            yield

    def _company(self, company: CompanyPayload) -> None:
        if not self._knows(company.source_ids):
            return
        kept, left = (
            source_updates.without(company, self._gone, company.updated_at, annotated=each, silent=True)
            for each in (True, False)
        )
        if kept is not None:
            self._found.kept_companies += left is None
        elif self._goes(COMPANY, company.seen):
            self._found.companies += 1

    def _contact(self, contact: ContactPayload) -> None:
        is_client = self._tags.get(contact.company_id or "") is Tag.CLIENT
        if not self._knows(contact.source_ids) or (retention_rules.over(contact, self._actor.lives) and not is_client):
            return
        tagged = self._tags.__contains__
        if annotated.left(contact, self._gone, contact.updated_at, tagged, silent=True) is not None:
            self._found.kept_contacts += annotated.without(contact, self._gone) is None
        elif self._goes(CONTACT, contact.seen):
            self._found.contacts += 1

    def _knows(self, source_ids: list[str]) -> bool:
        return bool(links.names_of(self._source, source_ids))

    def _goes(self, kind: str, seen: dict[str, str]) -> bool:
        """Note when it goes; whether that is still to come."""
        shown = {source: at for source, at in seen.items() if source in self._gone}
        at = unseen_from(kind, shown, self._actor.lives)
        if at is None or at <= clock.now():
            return False
        self._found.first_at = min(self._found.first_at or at, at)
        return True


def _stopped(actor: Actor) -> Iterator[str]:
    """The member's connections that have stopped, as sources of values."""
    for each in repository.of_member(actor.tenant, actor.code):
        payload = each.unsealed(ConnectionPayload)
        if payload.state in STOPPED:
            yield source_of(payload.provider, repository.public_id(each))
