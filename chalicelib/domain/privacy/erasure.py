"""One pass of an erasure over all tenants: find by pointers, delete, cut, follow. Safe to kill anywhere and run again.

What is to be deleted is found first and written down, in the checkpoint and in the replay log, before any of it goes: so a
pass after a kill still follows it, and so does the replay after a restore, which is a pass over what the log says.
"""

from dataclasses import dataclass

from chalicelib.core import log
from chalicelib.core.errors import KeyShredded
from chalicelib.domain.accounts import invitations
from chalicelib.domain.certificates import replay_log
from chalicelib.domain.certificates.replay_log import Erasure, InTenant, Logged
from chalicelib.domain.contacts import erase
from chalicelib.domain.contacts.model import KIND
from chalicelib.domain.contacts.records import ContactRecord
from chalicelib.domain.privacy import subject_tags
from chalicelib.domain.privacy.model import ErasurePayload, KnownMark, Traces
from chalicelib.domain.privacy.records import ErasureRecord
from chalicelib.domain.privacy.verification import VerifiedRequest
from chalicelib.domain.redaction.names import PersonName
from chalicelib.domain.suppression import opt_outs
from chalicelib.domain.suppression.tombstones import entomb_tags
from chalicelib.store import pointers, rows
from chalicelib.store.pointers import Pointer, Role
from chalicelib.vault.tags import Identifier

Place = tuple[str, str]  # tenant, and sort key of a record


@dataclass
class Progress:
    """The checkpoint, written after every change that must not be forgotten. Without a record it is kept in memory."""

    record: ErasureRecord | None
    payload: ErasurePayload
    fresh: bool

    @classmethod
    def load(cls, pk: str) -> "Progress":
        kept = rows.get(ErasureRecord, pk, "erasure")
        if kept is not None:
            return cls(kept, kept.unsealed(ErasurePayload), fresh=False)
        return cls(ErasureRecord.build(pk, "erasure", ErasurePayload()), ErasurePayload(), fresh=True)

    def save(self) -> None:
        if self.record is None:
            return
        self.record.reseal(self.payload)
        if self.fresh:
            rows.put_new(self.record)
            self.fresh = False
        else:
            rows.put_if_unchanged(self.record)


class Pass:
    """One pass; `changed` counts the records that it deleted or cut, and the invitations that it withdrew.

    Over a verified request; or over a logged erasure, whose request and key may have gone: then nothing is kept but in
    memory, so notes are cut while the records that tell the names still stand, and a repetition finds all of it again.

    `settled`: every write that began before the tombstones has ended. Until then a pointer without its record may belong
    to such a write, for pointers are written first: taking it away would hide the record that is about to come.
    """

    def __init__(self, who: VerifiedRequest | Logged[Erasure], *, settled: bool) -> None:
        self._settled, self._again = settled, isinstance(who, Logged)
        if isinstance(who, Logged):
            self._base, self._progress = who.entry, Progress(None, ErasurePayload(), fresh=True)
        else:
            self._base, self._progress = subject_tags.of_request(who), Progress.load(f"request#{who.id}")
        self._sought = frozenset(self._base.sought)
        self._entry = self._known_now()
        self._found: dict[Place, str | None] = {}  # contacts to delete, and the tag that each must answer to
        self._mentions: set[Place] = set()
        self._stale: list[Pointer] = []
        self._opt_outs: list[Pointer] = []
        self.changed = 0

    def run(self) -> int:
        """Delete and cut all that can be found now; how many records that were."""
        self._gather()
        if self._found:
            self._progress.save()
            self._entry = self._known_now()
        if self._entry != self._base or not self._again:
            replay_log.note_erasure(self._entry)
        for tenant in sorted({tenant for tenant, _ in self._found}):
            entomb_tags(self._entry.tenants[tenant].tombstones, tenant)
        for step in (self._cut, self._delete) if self._again else (self._delete, self._cut):
            step()
        for pointer in self._opt_outs:
            opt_outs.remove(pointer)
            self.changed += 1
        self._withdraw_invitations()
        if self._settled:
            pointers.delete(self._stale)
            self._sweep()
        return self.changed

    def _known_now(self) -> Erasure:
        """What the replay log must say by now."""
        traces = self._progress.payload.traces
        found = {tenant: subject_tags.in_tenant(tenant, each, self._sought) for tenant, each in traces.items()}
        return self._base.plus(Erasure(request=self._base.request, sought=[], tombstones=[], tenants=found))

    @property
    def touched(self) -> set[tuple[str, str]]:
        """Tenant and owner code of every member who had something of the person, in this pass or one before."""
        return self._progress.payload.touched

    def _withdraw_invitations(self) -> None:
        """What waits for the person in any team. Membership is another matter: an account ends by leaving."""
        for place in self._base.invited:
            for found in invitations.found_under(place):
                if not subject_tags.is_of(found.payload.exact, self._sought):
                    continue
                ident = invitations.public_id(found.row)
                if ident not in self._progress.payload.invitations:
                    self._progress.payload.invitations.append(ident)
                    self._progress.save()
                invitations.withdraw(found.tenant, ident, found.payload.exact)
                self.changed += 1

    def _gather(self) -> None:
        """Find the contacts that hold a verified address, and within a tenant those that hold nothing but a profile URL
        of one so found. Nothing is changed."""
        ask: list[tuple[str, str | None]] = [(tag, None) for tag in self._base.sought]
        for tenant, known in self._entry.tenants.items():
            ask += [(tag, tenant) for tag in known.followed]
        if self._again:
            ask += [each for place in self._standing() for each in self._take(*place, None)]
        asked = set()
        while ask:
            if (look := ask.pop()) in asked:
                continue
            asked.add(look)
            for pointer in pointers.find(*look):
                place = (pointer.tenant, pointer.record)
                if pointer.role is Role.MENTIONS:
                    self._mentions.add(place)
                elif pointer.record.startswith(f"{opt_outs.KIND}#"):
                    self._opt_outs.append(pointer)
                elif place not in self._found and pointer.record.startswith(f"{KIND}#"):
                    ask += self._take(*place, pointer)

    def _standing(self) -> list[Place]:
        """The places of all contacts that were erased before."""
        return [(tenant, sk) for tenant, known in self._entry.tenants.items() for sk in known.erased]

    def _take(self, tenant: str, sk: str, pointer: Pointer | None) -> list[tuple[str, str | None]]:
        """Remember the contact, if it is theirs; what else is to be asked for then."""
        try:
            subject = erase.subject_of(tenant, sk)
        except KeyShredded:
            # The tenant was purged: its data is unreadable already and its rows are being deleted.
            log.event("erasure_skipped", reason="key_shredded", tenant=tenant)
            return []
        if pointer is None:
            if subject is None or subject.created_at != self._entry.tenants[tenant].erased[sk]:
                return []
        elif subject is None or not subject.answers_to(pointer.tag):
            # A kill came between pointer and record: it is gone, or is another person's by now. Or it is still to come.
            self._stale.append(pointer)
            return []
        self._found[tenant, sk] = pointer.tag if pointer else None
        self._remember(tenant, sk, subject)
        return [(tag, tenant) for tag in subject_tags.index_tags(m for m in subject.marks if m.kind is Identifier.URL)]

    def _remember(self, tenant: str, sk: str, subject: erase.ErasedContact) -> None:
        traces = self._progress.payload.traces.setdefault(tenant, Traces())
        name = (subject.name.first, subject.name.last)
        if any(name) and name not in traces.names:
            traces.names.append(name)
        known = {(mark.kind, mark.exact) for mark in traces.marks}
        traces.marks += [
            KnownMark(kind=str(m.kind), exact=m.exact) for m in subject.marks if (str(m.kind), m.exact) not in known
        ]
        traces.erased.setdefault(sk, subject.created_at)

    def _delete(self) -> None:
        for (tenant, sk), tag in sorted(self._found.items()):
            try:
                self.changed += erase.erase_contact(tenant, sk, tag) is not None
            except KeyShredded:
                log.event("erasure_skipped", reason="key_shredded", tenant=tenant)

    def _cut(self) -> None:
        """Cut the person out of every note that names one of its identifiers."""
        for tenant, known in self._entry.tenants.items():
            for tag in (*known.followed, *known.known):
                self._mentions |= {(p.tenant, p.record) for p in pointers.find(tag, tenant) if p.role is Role.MENTIONS}
        cut = sorted(self._mentions - set(self._found))
        self._note_owners(cut)
        for tenant, sk in cut:
            try:
                if self._cut_one(tenant, sk):
                    self.changed += 1
                    self._progress.payload.notes += 1
                    self._progress.save()
            except KeyShredded:
                log.event("erasure_skipped", reason="key_shredded", tenant=tenant)

    def _note_owners(self, places: list[Place]) -> None:
        """Write down whose notes are cut, before they are."""
        known = {
            (tenant, owner) for tenant, each in self._progress.payload.traces.items() for owner in each.mentioned_by
        }
        for tenant, owner in sorted({(tenant, sk.split("#")[1]) for tenant, sk in places} - known):
            self._progress.payload.traces.setdefault(tenant, Traces()).mentioned_by.append(owner)
        self._progress.save()

    def _cut_one(self, tenant: str, sk: str) -> bool:
        traces = self._progress.payload.traces.get(tenant, Traces())
        known = self._entry.tenants.get(tenant, InTenant())
        return erase.cut_mentions(
            tenant,
            sk,
            subject_tags.marks_of(traces),
            [PersonName(first, last) for first, last in traces.names],
            tagged=self._sought.union(known.followed, known.known),
            settled=self._settled,
        )

    def _sweep(self) -> None:
        """A kill between a record and its pointers leaves some under marks that are not asked for: its other addresses,
        phones, what its notes said. The owners touched are read for them. And a sync under way may have noted once more
        which record of a connection the person was."""
        for tenant, known in self._entry.tenants.items():
            owners = {sk.split("#")[1] for sk in known.erased}
            left = [p for owner in sorted(owners) for p in pointers.of_owner(tenant, owner) if p.record in known.erased]
            standing = {sk for sk in {p.record for p in left} if rows.get(ContactRecord, tenant, sk) is not None}
            pointers.delete([p for p in left if p.record not in standing])
        for tenant, traces in self._progress.payload.traces.items():
            try:
                erase.forget_copies(tenant, subject_tags.marks_of(traces))
            except KeyShredded:
                log.event("erasure_skipped", reason="key_shredded", tenant=tenant)
