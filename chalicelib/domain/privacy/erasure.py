"""One pass of an erasure over all tenants: find by pointers, delete, cut, follow. Safe to kill anywhere and run again.

What an erased record was known by is written down before the record goes, so that a pass after a kill still follows it.
"""

from dataclasses import dataclass

from chalicelib.core import log
from chalicelib.core.errors import KeyShredded
from chalicelib.domain.contacts import erasing
from chalicelib.domain.contacts.records import ContactRecord
from chalicelib.domain.privacy.confirming import VerifiedRequest
from chalicelib.domain.privacy.model import ErasurePayload, KnownMark, Traces
from chalicelib.domain.privacy.records import ErasureRecord
from chalicelib.domain.suppression.model import Mark, with_aliases
from chalicelib.domain.suppression.names import PersonName
from chalicelib.domain.suppression.tombstones import entomb
from chalicelib.store import pointers, rows
from chalicelib.store.pointers import Pointer, Role
from chalicelib.vault import tags
from chalicelib.vault.tags import Identifier


@dataclass
class Progress:
    """The checkpoint, written after every change that must not be forgotten."""

    record: ErasureRecord
    payload: ErasurePayload
    fresh: bool

    @classmethod
    def load(cls, pk: str) -> "Progress":
        kept = rows.get(ErasureRecord, pk, "erasure")
        if kept is not None:
            return cls(kept, kept.unsealed(ErasurePayload), fresh=False)
        return cls(ErasureRecord.build(pk, "erasure", ErasurePayload()), ErasurePayload(), fresh=True)

    def save(self) -> None:
        self.record.reseal(self.payload)
        if self.fresh:
            rows.insert(self.record)
            self.fresh = False
        else:
            rows.replace(self.record)


class Pass:
    """One pass; `changed` counts the records that it deleted or cut.

    `settled`: every write that began before the tombstones has ended. Until then a pointer without its record may belong
    to such a write, for pointers are written first: taking it away would hide the record that is about to come.
    """

    def __init__(self, request: VerifiedRequest, *, settled: bool) -> None:
        self._request, self._settled = request, settled
        self._progress = Progress.load(f"request#{request.id}")
        self.changed = 0

    def run(self) -> int:
        """Delete and cut all that can be found now; how many records that were."""
        address_marks = list(with_aliases(Mark(Identifier.EMAIL, exact) for exact in self._request.addresses))
        mentions: set[Pointer] = set()
        for pointer in _found(address_marks, None):
            if pointer.role is Role.HOLDS:
                self._guarded(pointer)
            else:
                mentions.add(pointer)
        self._follow_urls()
        for tenant, traces in self._progress.payload.traces.items():
            mentions |= {p for p in _found(_marks(traces), tenant) if p.role is Role.MENTIONS}
        for tenant, sk in sorted({(pointer.tenant, pointer.record) for pointer in mentions}):
            self._cut(tenant, sk, address_marks)
        if self._settled:
            self._sweep()
        return self.changed

    @property
    def touched(self) -> set[tuple[str, str]]:
        """Tenant and owner code of every member who had something of the person, in this pass or one before."""
        return self._progress.payload.touched

    def _sweep(self) -> None:
        """A kill between a record and its pointers leaves some under marks that are not asked for: its other addresses,
        phones, what its notes said. The owners touched are read for them."""
        for tenant, traces in self._progress.payload.traces.items():
            erased = set(traces.erased)
            owners = {sk.split("#")[1] for sk in erased}
            left = [p for owner in sorted(owners) for p in pointers.of_owner(tenant, owner) if p.record in erased]
            standing = {sk for sk in {p.record for p in left} if rows.get(ContactRecord, tenant, sk) is not None}
            pointers.delete([p for p in left if p.record not in standing])

    def _follow_urls(self) -> None:
        """A profile URL of an erased contact leads to rows of the same tenant that hold nothing but it."""
        done: set[tuple[str, str]] = set()
        while True:
            urls = {
                (tenant, mark.exact)
                for tenant, traces in self._progress.payload.traces.items()
                for mark in traces.marks
                if mark.kind == Identifier.URL
            } - done
            if not urls:
                return
            for tenant, url in sorted(urls):
                done.add((tenant, url))
                for pointer in _found([Mark(Identifier.URL, url)], tenant):
                    if pointer.role is Role.HOLDS:
                        self._guarded(pointer)

    def _guarded(self, pointer: Pointer) -> None:
        try:
            self._erase(pointer)
        except KeyShredded:
            # The tenant was purged: its data is unreadable already and its rows are being deleted.
            log.event("erasure_skipped", reason="key_shredded", tenant=pointer.tenant)

    def _erase(self, pointer: Pointer) -> None:
        if not pointer.record.startswith("contact#"):
            return
        subject = erasing.subject_of(pointer.tenant, pointer.record)
        if subject is None or not subject.answers_to(pointer.tag):
            # A kill came between pointer and record: it is gone, or is another person's by now. Or it is still to come.
            if self._settled:
                pointers.delete([pointer])
            return
        self._remember(pointer, subject)
        own = [mark for mark in subject.marks if self._is_theirs(mark)]
        entomb(own, pointer.tenant)
        if erasing.erase_contact(pointer.tenant, pointer.record, pointer.tag) is not None:
            self.changed += 1

    def _is_theirs(self, mark: Mark) -> bool:
        """What is blocked within the tenant: profile URLs, source ids, and plus-aliases of a verified address."""
        if mark.kind in (Identifier.URL, Identifier.SOURCE):
            return True
        if mark.kind is not Identifier.EMAIL:
            return False
        local, _, domain = mark.exact.rpartition("@")
        return f"{local.split('+', 1)[0]}@{domain}" in self._request.addresses

    def _remember(self, pointer: Pointer, subject: erasing.ErasedContact) -> None:
        traces = self._progress.payload.traces.setdefault(pointer.tenant, Traces())
        name = (subject.name.first, subject.name.last)
        if any(name) and name not in traces.names:
            traces.names.append(name)
        known = {(mark.kind, mark.exact) for mark in traces.marks}
        traces.marks += [
            KnownMark(kind=str(m.kind), exact=m.exact) for m in subject.marks if (str(m.kind), m.exact) not in known
        ]
        if pointer.record not in traces.erased:
            traces.erased.append(pointer.record)
        self._progress.save()

    def _cut(self, tenant: str, sk: str, address_marks: list[Mark]) -> None:
        traces = self._progress.payload.traces.setdefault(tenant, Traces())
        owner = sk.split("#")[1]
        if owner not in traces.mentioned_by:
            traces.mentioned_by.append(owner)
            self._progress.save()
        names = [PersonName(first, last) for first, last in traces.names]
        try:
            if erasing.cut_mentions(tenant, sk, [*address_marks, *_marks(traces)], names, settled=self._settled):
                self.changed += 1
                self._progress.payload.notes += 1
                self._progress.save()
        except KeyShredded:
            log.event("erasure_skipped", reason="key_shredded", tenant=tenant)


def _marks(traces: Traces) -> list[Mark]:
    return [Mark(Identifier(mark.kind), mark.exact) for mark in traces.marks]


def _found(marks: list[Mark], tenant: str | None) -> list[Pointer]:
    """Every pointer to records that hold or mention one of these, each once."""
    found: dict[Pointer, None] = {}
    for mark in marks:
        for tag in tags.subject_tags("index", mark.kind, mark.exact):
            found.update(dict.fromkeys(pointers.find(tag, tenant)))
    return list(found)
