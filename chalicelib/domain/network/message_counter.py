"""Headers of a mailbox, reduced at once to how often a member and each of its contacts write to each other, and when.

Nothing else of a message is kept, and nothing at all of one that no contact of the member has sent or is named in (P9).
Counts are exact: a message counts for a contact in the very transaction that remembers it (see heard.py) and moves the
stream's checkpoint on. A full pass, the first or one after the position was lost, therefore is read like any other page and
adds what is not counted yet; what is older than HORIZON_DAYS when it is read is left out, for that long it is remembered.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial

from chalicelib.connectors.port import Header
from chalicelib.core import clock, ids
from chalicelib.core.codes import SkipCode
from chalicelib.core.errors import VersionConflict
from chalicelib.core.identifiers import EmailAddress, InvalidIdentifier
from chalicelib.core.ids import OwnerCode, SortKey, TenantId
from chalicelib.domain.contacts import last_activity
from chalicelib.domain.contacts.correspondence import ExchangePayload, Flow, Tally, exchange_sk
from chalicelib.domain.contacts.model import ContactPayload
from chalicelib.domain.contacts.records import ContactRecord, ExchangeRecord
from chalicelib.domain.ingest.identity import Holders
from chalicelib.domain.network import flows
from chalicelib.domain.network.counted_messages import Heard, address_mark, mark_of
from chalicelib.domain.network.counted_messages import forget as forget_heard
from chalicelib.domain.network.records import HORIZON_DAYS
from chalicelib.domain.suppression.model import Mark
from chalicelib.domain.suppression.tombstones import blocked
from chalicelib.store import batch, rows
from chalicelib.vault.tags import Identifier

# With the checkpoint, two rows for each month within the horizon and two items for each contact: one transaction.
_CONTACTS_AT_ONCE = 36
_AHEAD = timedelta(days=1)  # a time further in the future is none


@dataclass(frozen=True)
class _Message:
    header: Header
    parties: frozenset[str]  # exact addresses: who wrote it to the member, or whom the member wrote it to
    recipients: int

    @property
    def at(self) -> str:
        """When; a clock that is a little ahead makes nobody heard from in the future."""
        return clock.rfc3339(min(self.header.at, clock.now()))


@dataclass(frozen=True)
class _Contact:
    row: ContactRecord
    emails: frozenset[str]  # exact
    born: str
    restricted: bool


@dataclass
class Recorded:
    """What a page came to. `pieces`: the rows to write beside the stream's checkpoint, a transaction each. Every message is
    in `stored`, of a contact, or in `skipped`, with the reason."""

    pieces: list[rows.TransactItems] = field(default_factory=list)
    stored: int = 0
    skipped: Counter[str] = field(default_factory=Counter)


class Recorder:
    """Of one mailbox, while its worker runs. `mailbox` is the connection's local id, `own` the member's addresses there."""

    def __init__(self, tenant: TenantId, owner: OwnerCode, mailbox: str, own: Iterable[str]) -> None:
        self._tenant, self._mailbox = tenant, mailbox
        self._own = frozenset(_exact(own))
        self._holders = Holders(tenant, owner)
        self._heard = Heard(tenant, owner, mailbox)

    def record(self, headers: Sequence[Header]) -> Recorded:
        """Return the rows for these headers, to be written in order.

        The times when their contacts last wrote are already written here.
        """
        done = Recorded()
        messages = list(self._written_by_somebody(headers, done.skipped))
        parties = sorted({each for message in messages for each in message.parties})
        asked = self._holders.of(Mark(Identifier.EMAIL, each) for each in parties)
        holders = {mark.exact: sks for mark, sks in asked.items()}
        contacts = self._standing({sk for sks in holders.values() for sk in sks})
        by_contact: dict[SortKey, list[_Message]] = {}
        for message in messages:
            found = {
                sk
                for address in message.parties
                for sk in holders[address]
                if sk in contacts and address in contacts[sk].emails
            }
            for sk in found:
                by_contact.setdefault(sk, []).append(message)
            if found:
                done.stored += 1
            else:
                done.skipped[SkipCode.NO_CONTACT] += 1
        for sk, own in by_contact.items():
            received = [message.at for message in own if not message.header.outgoing]
            if received:
                last_activity.heard(contacts[sk].row, max(received))
        done.pieces = list(self._pieces(contacts, by_contact))
        return done

    def _written_by_somebody(self, headers: Sequence[Header], skipped: Counter[str]) -> Iterator[_Message]:
        now = clock.now()
        for header in headers:
            if header.automatic:
                skipped[SkipCode.AUTOMATIC] += 1
            elif header.at < now - timedelta(days=HORIZON_DAYS):
                skipped[SkipCode.TOO_OLD] += 1
            elif header.at > now + _AHEAD:
                skipped[SkipCode.NOT_YET] += 1
            else:
                recipients = frozenset(_exact(header.recipients))
                parties = recipients if header.outgoing else frozenset(_exact([header.sender]))
                yield _Message(header, parties - self._own, max(1, len(recipients)))

    def _standing(self, sks: Iterable[SortKey]) -> dict[SortKey, _Contact]:
        """The contacts that are there and that no tombstone forbids, by sort key."""
        found = list(batch.get_all(ContactRecord, [(self._tenant, sk) for sk in sorted(sks)]).values())
        payloads = [row.unsealed(ContactPayload) for row in found]
        marks = [payload.held() for payload in payloads]
        refused = blocked(self._tenant, marks)
        return {
            row.sk: _Contact(
                row,
                frozenset(m.exact for m in held if m.kind is Identifier.EMAIL),
                payload.created_at,
                payload.restricted,
            )
            for row, payload, held, no in zip(found, payloads, marks, refused, strict=True)
            if not no
        }

    def _pieces(
        self, contacts: dict[SortKey, _Contact], by_contact: dict[SortKey, list[_Message]]
    ) -> Iterator[rows.TransactItems]:
        fresh: dict[SortKey, list[tuple[str, _Message]]] = {}
        for sk, messages in by_contact.items():
            if contacts[sk].restricted:  # counted once that is lifted: a full pass reads them again
                continue
            born = contacts[sk].born
            marked = {mark_of(self._tenant, each.header.message_id, sk, born): each for each in messages}
            new = [(mark, each) for mark, each in marked.items() if not self._heard.has(mark, each.header.at)]
            if new:
                fresh[sk] = new
        there = batch.get_all(ExchangeRecord, [(self._tenant, exchange_sk(sk)) for sk in fresh])
        for chunk in batch.chunks(fresh.items(), _CONTACTS_AT_ONCE):
            parts: list[rows.PutIf | rows.MustExist] = []
            for sk, new in chunk:
                exchange = there.get((self._tenant, exchange_sk(sk)))
                counted = self._counted(contacts[sk], exchange, [each for _, each in new])
                parts += [counted, rows.MustExist(ContactRecord, sk)]
            heard = self._heard.add([(mark, each.header.at) for _, new in chunk for mark, each in new])
            yield [*parts, *heard]

    def _counted(self, contact: _Contact, row: ExchangeRecord | None, messages: Sequence[_Message]) -> rows.PutIf:
        sk = contact.row.sk
        payload = row.unsealed(ExchangePayload) if row else ExchangePayload(contact=sk)
        tally = payload.mailboxes.get(self._mailbox, Tally())
        for message in messages:
            marks = sorted(address_mark(self._tenant, sk, each) for each in message.parties & contact.emails)
            tally = _with(tally, message, "".join(marks))
        after = payload.model_copy(update={"mailboxes": {**payload.mailboxes, self._mailbox: tally}})
        if row is None:
            return rows.PutIf(ExchangeRecord.build(self._tenant, exchange_sk(sk), after), new=True)
        row.reseal(after)
        return rows.PutIf(row)


def forget(tenant: TenantId, owner: OwnerCode, mailbox: str, has_time: Callable[[], bool]) -> bool:
    """Take one mailbox's counts away; True when all of them are gone. `mailbox` is the connection's local id. Safe to repeat.

    When nothing counts the mailbox any more: its checkpoint is gone, or was moved on.
    """
    forget_heard(tenant, owner, mailbox)
    for chunk in batch.chunks(
        rows.every(ExchangeRecord, tenant, ids.key_range(ExchangeRecord.declared.kind, owner)), 100
    ):
        own = [row for row in chunk if mailbox in row.unsealed(ExchangePayload).mailboxes]
        alone = {row.sk: row for row in own if len(row.unsealed(ExchangePayload).mailboxes) == 1}
        removed = alone if _removed(list(alone.values())) else {}
        for row in own:
            if row.sk not in removed:
                rows.update(row, partial(_without, mailbox))
        if own and not has_time():
            return False
    return True


def _removed(found: list[ExchangeRecord]) -> bool:
    """Whether these are gone; False where another mailbox is counted in one of them just now."""
    if not found:
        return True
    try:
        rows.delete_all_if_unchanged(found)
    except VersionConflict:
        return False
    return True


def _without(mailbox: str, row: ExchangeRecord) -> rows.Put | rows.Delete:
    payload = row.unsealed(ExchangePayload)
    left = {name: tally for name, tally in payload.mailboxes.items() if name != mailbox}
    row.reseal(payload.model_copy(update={"mailboxes": left}))
    return rows.Put() if left else rows.Delete()


def _with(tally: Tally, message: _Message, addresses: str) -> Tally:
    which, last = ("sent", "last_sent_at") if message.header.outgoing else ("received", "last_received_at")
    flow = flows.counted(
        tally.flows.get(addresses, Flow()), message.at, outgoing=message.header.outgoing, recipients=message.recipients
    )
    update = {
        which: getattr(tally, which) + 1,
        last: max(getattr(tally, last) or "", message.at),
        "recipients": tally.recipients + message.recipients,
        "flows": {**tally.flows, addresses: flow},
    }
    return tally.model_copy(update=update)


def _exact(addresses: Iterable[str]) -> Iterator[str]:
    for address in addresses:
        try:
            yield EmailAddress.parse(address).exact
        except InvalidIdentifier:
            continue
