"""What stays of a connection at its disconnection for the sake of its member's words: counted, so that the member can choose."""

from dataclasses import dataclass

from chalicelib.core import clock
from chalicelib.core.actor import Actor
from chalicelib.domain.companies import source_updates
from chalicelib.domain.companies.model import CompanyPayload
from chalicelib.domain.connections import owned, repository
from chalicelib.domain.connections.model import ConnectionPayload, source_of
from chalicelib.domain.connections.records import ConnectionRecord
from chalicelib.domain.contacts import annotated
from chalicelib.domain.sources import links

_SECONDS = 15  # that one request counts; a gateway waits 29 s


@dataclass
class Annotated:
    """How many contacts and companies stay for the sake of their member's words alone. `complete`: all were
    looked at, and could be read."""

    contacts: int = 0
    companies: int = 0
    complete: bool = False


def count(actor: Actor, record: ConnectionRecord) -> Annotated:
    """Return how many of the member's contacts and companies a disconnection of this connection keeps or removes, as the member
    chooses. It counts as far as one request has time."""
    source = source_of(record.unsealed(ConnectionPayload).provider, repository.public_id(record))
    gone, until, found = frozenset({source}), clock.monotonic() + _SECONDS, Annotated()
    tagged: set[str] = set()
    unread = False
    for ident, company in owned.companies(actor):
        unread = unread or company is None
        if company is not None and company.tag is not None:
            tagged.add(ident)
        if company is not None and links.names_of(source, company.source_ids):
            found.companies += _differs_company(company, gone)
        if clock.monotonic() > until:
            return found
    for contact in owned.contacts(actor):
        unread = unread or contact is None
        if contact is not None and links.names_of(source, contact.source_ids):
            stays = annotated.left(contact, gone, contact.updated_at, tagged.__contains__) is not None
            found.contacts += stays and annotated.without(contact, gone) is None
        if clock.monotonic() > until:
            return found
    found.complete = not unread
    return found


def _differs_company(company: CompanyPayload, gone: frozenset[str]) -> bool:
    kept, left = (source_updates.without(company, gone, company.updated_at, annotated=each) for each in (True, False))
    return kept is not None and left is None
