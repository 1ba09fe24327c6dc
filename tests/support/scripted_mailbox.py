"""A mailbox whose pages are written in the test, and a connection that reads it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from chalicelib.connectors.port import CursorExpired, Header, MailPage, Position, Provider, Stream
from chalicelib.core import clock, ids
from chalicelib.core.ids import SortKey
from chalicelib.domain.connections.model import ConnectionPayload
from chalicelib.domain.connections.records import ConnectionRecord
from chalicelib.domain.contacts.correspondence import ExchangePayload, Tally, exchange_sk
from chalicelib.domain.contacts.records import ExchangeRecord
from chalicelib.domain.sync import mail_stream
from chalicelib.domain.sync.checkpoint import Checkpoint
from chalicelib.store import rows
from tests.conftest import Member

OWN = "me@gmail.com"


@dataclass
class Scripted:
    """A port.Mailbox over `messages`, oldest first: full passes show all, changes what came after. `lose` forgets positions."""

    messages: list[Header] = field(default_factory=list)
    size: int = 3
    units: int = 20  # a page
    lost: bool = False
    watches: int = 0
    asked: int = 0

    def start(self) -> Position:
        return Position(full=True)

    def page(self, position: Position) -> MailPage:
        self.asked += 1
        if not position.full and self.lost:
            self.lost = False
            raise CursorExpired
        begin = int(position.at.get("from", 0))
        end = int(position.at.get("mark", len(self.messages)))
        found = self.messages[begin : begin + self.size]
        done = begin + self.size >= len(self.messages)
        further = {"from": str(begin + len(found))} if done else {"from": str(begin + self.size), "mark": str(end)}
        # As Gmail: a pass of changes begins where the full one began, so what came meanwhile comes twice.
        if done:
            further = {"from": str(min(end, begin + len(found)))}
        return MailPage(Position(position.full and not done, further), done, tuple(found), self.units)

    def watch(self) -> datetime | None:
        self.watches += 1
        return clock.now() + timedelta(days=7)


@dataclass
class Reader:
    """A member's connection at the headers tier."""

    member: Member
    mailbox: Scripted
    row: ConnectionRecord
    local: str

    def checkpoint(self) -> Checkpoint:
        made = Checkpoint(self.member.tenant, ids.owner_code(self.member.id), self.local, Stream.MAIL)
        made.claim()
        return made

    def read(self, has_time: Callable[[], bool] = lambda: True) -> bool:
        return mail_stream.run(self.row, self.checkpoint(), self.mailbox, has_time)

    def exchange(self, contact: str) -> ExchangePayload | None:
        """With the contact of that id."""
        found = rows.get(ExchangeRecord, self.member.tenant, exchange_sk(contact_sk(contact)))
        return found.unsealed(ExchangePayload) if found else None

    def tally(self, contact: str) -> Tally | None:
        exchange = self.exchange(contact)
        return exchange.mailboxes.get(self.local) if exchange else None


def contact_sk(contact: str) -> SortKey:
    ident = ids.parse_owned(contact, "con")
    assert ident
    return ids.sort_key("contact", ident.owner, ident.local)


def connect(member: Member, messages: Iterable[Header] = (), address: str = OWN, **more: Any) -> Reader:
    """A connection of the member, and its mailbox."""
    ident = ids.new_owned("cxn", member.id)
    now = clock.now()
    payload = ConnectionPayload(
        provider=Provider.GOOGLE, tier="headers", address=address, created_at=now, updated_at=now
    )
    row = ConnectionRecord.build(member.tenant, f"connection#{ident.owner}#{ident.local}", payload)
    rows.put_new(row)
    return Reader(member, Scripted(list(messages), **more), row, ident.local)


def header(
    number: int, sender: str, to: Sequence[str], *, days: float = 1, automatic: bool = False, own: str = OWN
) -> Header:
    at = clock.now() - timedelta(days=days)
    return Header(f"m{number}", at, sender == own, sender, tuple(to), automatic)


def contact(member: Member, *emails: str) -> str:
    """A new contact's id."""
    answer = member.api.post("/v1/contacts", {"first_name": "C", "emails": list(emails)})
    assert answer.status_code == 201, answer.text
    ident: str = answer.json()["id"]
    return ident
