"""The checkpoint of an erasure: how far a pass is, and what was found in each tenant, a row or more for each of these.

One row for all would outgrow DynamoDB's 400 KB for whoever is held a thousand times, and one for a tenant might.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from chalicelib.core import ids
from chalicelib.core.ids import OwnerCode, SortKey, TenantId
from chalicelib.domain.privacy.records import ErasureRecord, TracesRecord
from chalicelib.domain.privacy.traces import Entry, ErasurePayload, Trace, TracesPayload
from chalicelib.domain.redaction.names import PersonName
from chalicelib.domain.suppression.model import Mark
from chalicelib.store import batch, rows
from chalicelib.store.handlers import Subject
from chalicelib.vault.tags import Identifier

NOTE = "note"  # counts the records of which a mention was cut
_SK, _PREFIX = "erasure", "traces#"
_PART_BYTES = 64_000  # of a row, about: it is written again with each chunk of what is found
_ENTRY_BYTES = 40  # of an entry, besides its texts


@dataclass
class _Part:
    """One row's entries; `row` is None before it is written."""

    row: TracesRecord | None = None
    payload: TracesPayload = field(default_factory=TracesPayload)
    size: int = 0
    changed: bool = False

    def put(self, entry: Entry) -> None:
        self.payload.entries.append(entry)
        self.size, self.changed = self.size + _size(entry), True


class Traces:
    """What was found in one tenant so far."""

    def __init__(self, rows_of_it: Sequence[TracesRecord] = ()) -> None:
        self.parts: list[_Part] = []
        self._known: dict[tuple[Trace, str, str], str] = {}
        for row in rows_of_it:
            payload = row.unsealed(TracesPayload).model_copy(deep=True)
            self.parts.append(_Part(row, payload, sum(map(_size, payload.entries))))
            for entry in payload.entries:
                self._known.setdefault(*_key(entry))

    def add(self, trace: Trace, one: str, two: str = "") -> bool:
        """Add an entry unless it is known; whether it was not."""
        key, value = _key((trace, one, two))
        if key in self._known:
            return False
        self._known[key] = value
        if not self.parts or self.parts[-1].size > _PART_BYTES:
            self.parts.append(_Part())
        self.parts[-1].put((trace, one, two))
        return True

    def count(self, of: str, records: int = 1) -> None:
        """Count records that the pass `of` erases or redacts here."""
        if not self.parts:
            self.parts.append(_Part())
        part = self.parts[-1]
        part.payload.found[of] = part.payload.found.get(of, 0) + records
        part.changed = True

    def found(self, of: str) -> int:
        """Return the number of records that the pass `of` has found here."""
        return sum(part.payload.found.get(of, 0) for part in self.parts)

    def remember(self, sk: SortKey, subject: Subject) -> None:
        """Add the names and marks by which a record to be erased was known."""
        for name in (subject.name, *subject.also):
            if any(name):
                self.add(Trace.NAME, *name)
        for mark in subject.marks:
            self.add(Trace.MARK, str(mark.kind), mark.exact)
        self.add(Trace.ERASED, sk, subject.made_at)
        for other in subject.with_it:
            self.add(Trace.ERASED_AT, ids.kind_of(other), other)

    def _of(self, trace: Trace) -> list[tuple[str, str]]:
        return [(one, value or two) for (kind, one, two), value in self._known.items() if kind is trace]

    @property
    def names(self) -> list[PersonName]:
        return [PersonName(first, last) for first, last in self._of(Trace.NAME)]

    @property
    def marks(self) -> list[Mark]:
        return [Mark(Identifier(kind), exact) for kind, exact in self._of(Trace.MARK)]

    @property
    def erased(self) -> dict[SortKey, str]:
        """By sort key, when the record was made."""
        return {SortKey(sk): made_at for sk, made_at in self._of(Trace.ERASED)}

    @property
    def owners(self) -> set[OwnerCode]:
        """Owner codes of the members who had something of the person."""
        return {OwnerCode(owner) for owner, _ in self._of(Trace.OWNER)} | {ids.owner_of(sk) for sk in self.erased}

    @property
    def counts(self) -> Counter[str]:
        """Records by kind; those of which a mention was cut count as NOTE."""
        found = Counter(ids.kind_of(sk) for sk in self.erased)
        found.update(kind for kind, _ in self._of(Trace.ERASED_AT))
        found[NOTE] += len(self._of(Trace.REDACTED))
        return found


class Checkpoint:
    """What must not be forgotten: `save` it before what it tells of goes. Without a request it is kept in memory."""

    def __init__(self, request_pk: str | None = None, of: str = "") -> None:
        self._pk, self._tenants = request_pk, dict[TenantId, Traces]()
        self._row = rows.get(ErasureRecord, request_pk, _SK) if request_pk else None
        kept = self._row.unsealed(ErasurePayload) if self._row else None
        self.at = kept.model_copy(deep=True) if kept and kept.of == of else ErasurePayload(of=of)
        found: dict[TenantId, list[TracesRecord]] = {}
        for row in rows.every(TracesRecord, request_pk, _PREFIX) if request_pk else ():
            found.setdefault(TenantId(str(row.sk).split("#")[1]), []).append(row)
        self._tenants = {tenant: Traces(own) for tenant, own in found.items()}

    @property
    def tenants(self) -> list[TenantId]:
        return sorted(self._tenants)

    def of(self, tenant: TenantId) -> Traces:
        """Return the traces found in that tenant."""
        return self._tenants.setdefault(tenant, Traces())

    @property
    def counts(self) -> dict[str, int]:
        """Records per kind over all passes so far."""
        total = sum((traces.counts for traces in self._tenants.values()), Counter[str]())
        return dict(total)

    @property
    def found(self) -> int:
        """How many records this pass has found."""
        return sum(traces.found(self.at.of) for traces in self._tenants.values())

    def save(self, tenant: TenantId) -> None:
        """Write the traces added for that tenant. VersionConflict where another worker writes them."""
        if self._pk is None:
            return
        for number, part in enumerate(self.of(tenant).parts):
            if part.changed:
                self._write(part, f"{_PREFIX}{tenant}#{number:05}")

    def _write(self, part: _Part, sk: str) -> None:
        if part.row is None:
            part.row = TracesRecord.build(str(self._pk), sk, part.payload)
            rows.put_new(part.row)
        else:
            part.row.reseal(part.payload)
            rows.put_if_unchanged(part.row)
        part.changed = False

    def save_position(self) -> None:
        """Write the position of the pass. VersionConflict as in `save`."""
        if self._pk is None:
            return
        if self._row is None:
            self._row = ErasureRecord.build(self._pk, _SK, self.at)
            rows.put_new(self._row)
        elif self._row.unsealed(ErasurePayload) != self.at:
            self._row.reseal(self.at.model_copy(deep=True))
            rows.put_if_unchanged(self._row)


def begin_anew(request_pk: str) -> None:
    """Begin the pass with the first tenant again. Records already found stay. Safe to repeat."""
    batch.delete_all(ErasureRecord, [(request_pk, _SK)])


def forget(request_pk: str) -> None:
    """Delete the checkpoint of a request that ends. Safe to repeat."""
    batch.delete_all(ErasureRecord, [(request_pk, _SK)])
    for page in rows.keys(TracesRecord, request_pk, _PREFIX):
        batch.delete_all(TracesRecord, [(request_pk, sk) for sk in page])


def _size(entry: Entry) -> int:
    return _ENTRY_BYTES + sum(len(text.encode()) for text in entry)


def _key(entry: Entry) -> tuple[tuple[Trace, str, str], str]:
    """What tells an entry from others, and what else it says: a record is erased once, whenever it was made."""
    trace, one, two = entry
    return ((trace, one, ""), two) if trace is Trace.ERASED else ((trace, one, two), "")
