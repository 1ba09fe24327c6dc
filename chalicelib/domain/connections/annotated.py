"""What stays of a connection at its disconnection for the sake of its member's words: counted, so that the member can choose."""

from dataclasses import dataclass

from chalicelib.core import clock
from chalicelib.core.actor import Actor
from chalicelib.domain.companies.model import KIND as COMPANY
from chalicelib.domain.connections import repository
from chalicelib.domain.connections.left_over import Walk
from chalicelib.domain.connections.model import ConnectionPayload, source_of
from chalicelib.domain.connections.records import ConnectionRecord

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
    walk, until, found = Walk(actor, source, frozenset({source})), clock.monotonic() + _SECONDS, Annotated()
    for each in walk:
        if each is not None and each.kind == COMPANY:
            found.companies += each.by_words
        elif each is not None:
            found.contacts += each.by_words
        if clock.monotonic() > until:
            return found
    found.complete = not walk.unread
    return found
