"""What goes when a connection shows nothing any more, from when on, and what stays for the sake of its member's words: counted,
for the mails that say so."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from chalicelib.core import clock
from chalicelib.core.actor import Actor
from chalicelib.domain.companies.model import KIND as COMPANY
from chalicelib.domain.companies.model import Tag
from chalicelib.domain.companies.retention_rules import unseen_from
from chalicelib.domain.connections import repository
from chalicelib.domain.connections.left_over import Left, Walk
from chalicelib.domain.connections.model import STOPPED, ConnectionPayload, source_of
from chalicelib.domain.connections.records import ConnectionRecord
from chalicelib.domain.contacts import retention_rules
from chalicelib.domain.contacts.model import ContactPayload


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
    source = source_of(record.unsealed(ConnectionPayload).provider, repository.public_id(record))
    gone = frozenset({source, *_stopped(actor)})
    walk, found = Walk(actor, source, gone, silent=True), Loss()
    for each in walk:
        if each is not None and not _is_over(actor, each):
            _count(actor, found, each, gone)
        if not has_time():
            return found
    found.complete = not walk.unread
    return found


def _is_over(actor: Actor, left: Left) -> bool:
    """Whether it is a contact whose life has ended; not where its company is a client."""
    contact = left.payload if isinstance(left.payload, ContactPayload) else None
    return contact is not None and retention_rules.over(contact, actor.lives) and left.tag is not Tag.CLIENT


def _count(actor: Actor, found: Loss, left: Left, gone: frozenset[str]) -> None:
    if left.stays:
        found.kept_companies += left.by_words and left.kind == COMPANY
        found.kept_contacts += left.by_words and left.kind != COMPANY
        return
    shown = {source: at for source, at in left.payload.seen.items() if source in gone}
    at = unseen_from(left.kind, shown, actor.lives)
    if at is None or at <= clock.now():
        return
    found.first_at = min(found.first_at or at, at)
    found.companies += left.kind == COMPANY
    found.contacts += left.kind != COMPANY


def _stopped(actor: Actor) -> Iterator[str]:
    """The member's connections that have stopped, as sources of values."""
    for each in repository.of_member(actor.tenant, actor.code):
        payload = each.unsealed(ConnectionPayload)
        if payload.state in STOPPED:
            yield source_of(payload.provider, repository.public_id(each))
