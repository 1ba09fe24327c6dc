"""Which messages were counted, for which contact: a keyed hash each, in rows by month.

A message is counted for a contact exactly once, whatever is read again: a page after a crash, what a history repeats, a
whole mailbox after its position was lost. The rows therefore outlive the horizon within which messages are read at all.
The contact's own birth is in the hash, so that one which went and came back, its counts gone with it, is counted anew.
"""

from collections import Counter
from datetime import datetime, timedelta

from chalicelib.core import clock, ids
from chalicelib.core.ids import OwnerCode, TenantId
from chalicelib.domain.network.records import HEARD_DAYS, HeardPayload, HeardRecord
from chalicelib.store import batch, rows
from chalicelib.vault import tags

MARK_LENGTH = 13  # characters of base 32: 65 bits, with which a mailbox's thousands never meet
ADDRESS_LENGTH = 8  # the same of one of a contact's few addresses: 40 bits
_MARKS_A_ROW = 8_000  # about 100 KB, of the 400 that an item may have; a busier month has several rows


def prefix(owner: OwnerCode, mailbox: str = "") -> str:
    """Return the prefix of the sort keys of one member, or of one of its mailboxes (the connection's local id)."""
    return ids.key_range(HeardRecord.declared.kind, owner) + (f"{mailbox}#" if mailbox else "")


def mark_of(tenant: TenantId, message_id: str, contact: str, born: str) -> str:
    """Return the mark that remembers one message as counted for one contact.

    The contact is told by its sort key and by the time when it came into being.
    """
    return tags.natural_key(tenant, f"heard\0{message_id}\0{contact}\0{born}")[:MARK_LENGTH]


def address_mark(tenant: TenantId, contact: str, exact: str) -> str:
    """Return the mark under which an address (exact form) of the contact, by its sort key, is counted."""
    return tags.natural_key(tenant, f"flow\0{contact}\0{exact}")[:ADDRESS_LENGTH]


def forget(tenant: TenantId, owner: OwnerCode, mailbox: str) -> None:
    """Delete all marks of the mailbox: its messages count as new. Safe to repeat."""
    for page in rows.keys(HeardRecord, tenant, prefix(owner, mailbox)):
        batch.delete_all(HeardRecord, [(tenant, sk) for sk in page])


class Heard:
    """What was heard of one mailbox: read a month at a time, kept while its worker runs. Under the stream's lease only: the
    rows are written beside its checkpoint, which fails where another worker has taken over."""

    def __init__(self, tenant: TenantId, owner: OwnerCode, mailbox: str) -> None:
        self._tenant, self._prefix = tenant, prefix(owner, mailbox)
        self._months: dict[str, list[list[str]]] = {}  # the marks of each row of a month
        self._known: dict[str, set[str]] = {}

    def has(self, mark: str, at: datetime) -> bool:
        """Return whether the message of that time was counted. One call for each month."""
        month = _month(at)
        if month not in self._known:
            found = [row.unsealed(HeardPayload).marks for row in rows.every(HeardRecord, self._tenant, self._sk(month))]
            self._months[month] = [
                [marks[i : i + MARK_LENGTH] for i in range(0, len(marks), MARK_LENGTH)] for marks in found
            ]
            self._known[month] = {each for row in self._months[month] for each in row}
        return mark in self._known[month]

    def add(self, marks: list[tuple[str, datetime]]) -> list[HeardRecord]:
        """Return the rows to write for these marks. `has` was called for each before."""
        changed: Counter[tuple[str, int]] = Counter()
        for mark, at in marks:
            month = _month(at)
            of_month = self._months[month]
            if not of_month or len(of_month[-1]) >= _MARKS_A_ROW:
                of_month.append([])
            of_month[-1].append(mark)
            self._known[month].add(mark)
            changed[month, len(of_month) - 1] += 1
        return [self._row(month, number) for month, number in changed]

    def _row(self, month: str, number: int) -> HeardRecord:
        ends = datetime.fromisoformat(f"{month}-01T00:00:00+00:00") + timedelta(days=HEARD_DAYS)
        payload = HeardPayload(marks="".join(self._months[month][number]))
        return HeardRecord.build(self._tenant, f"{self._sk(month)}{number:03}", payload, ends=ends)

    def _sk(self, month: str) -> str:
        return f"{self._prefix}{month}#"


def _month(at: datetime) -> str:
    return clock.rfc3339(at)[:7]
