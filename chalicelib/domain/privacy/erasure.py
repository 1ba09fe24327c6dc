"""One pass of an erasure over all tenants: find by pointers, erase, redact, follow. Safe to kill anywhere and run again.

It walks the declarations of the record kinds: each says how its records are found, erased and redacted. What is to be erased is
found first and written down, in the checkpoint and in the replay log, before any of it goes: so a pass after a kill still
follows it, and so does the replay after a restore, which is a pass over what the log says.
"""

import contextlib
from collections.abc import Iterable, Iterator, Mapping

from chalicelib.core import ids, log
from chalicelib.core.errors import KeyShredded
from chalicelib.core.ids import OwnerCode, SortKey, TenantId
from chalicelib.domain.certificates import replay_log
from chalicelib.domain.certificates.replay_log import Erasure, InTenant, Logged
from chalicelib.domain.privacy import mentions, subject_tags
from chalicelib.domain.privacy.checkpoint import Checkpoint
from chalicelib.domain.privacy.search import TenantSearch
from chalicelib.domain.privacy.subject_tags import Registry
from chalicelib.domain.privacy.traces import Trace
from chalicelib.domain.privacy.verification import VerifiedRequest
from chalicelib.domain.suppression.tombstones import entomb_tags
from chalicelib.store import pointers, rows
from chalicelib.store.handlers import Subject
from chalicelib.store.pointers import Pointer
from chalicelib.store.steps import HasTime

_AT_ONCE = 50  # records that are found, written down and erased between two looks at the clock


class _NoTime(Exception):
    """The invocation's time is over: what was found so far is written down, and the next one goes on."""


class Pass:
    """One pass; `changed` counts the records that it erased or redacted.

    Over a verified request, `number` the passes before it; or over a logged erasure, whose request and key may have gone: then
    nothing is kept but in memory and in the log, so texts are redacted while the records that tell the names still stand, and
    a repetition finds all of it again, or in the log whom it was taken from.

    `settled`: every write that began before the tombstones has ended. Until then a pointer without its record may belong
    to such a write, for pointers are written first: taking it away would hide the record that is about to come.
    """

    def __init__(
        self,
        who: VerifiedRequest | Logged[Erasure],
        registry: Registry,
        has_time: HasTime,
        *,
        settled: bool,
        number: int = 0,
        after: str = "",
    ) -> None:
        self._settled, self._again, self._has_time = settled, isinstance(who, Logged), has_time
        self._classes = {record.declared.kind: record for record in registry}
        if isinstance(who, Logged):
            entry, self._checkpoint = who.entry, Checkpoint()
            self._checkpoint.at.after = after
        else:
            entry = subject_tags.of_request(who, registry)
            self._checkpoint = Checkpoint(f"request#{who.id}", f"{number}.{len(who.addresses)}")
        self._entry = entry.model_copy(update={"tenants": dict(entry.tenants)})
        self._unnoted = not self._again
        self._sought = frozenset(entry.sought)

    @property
    def at(self) -> str:
        """The tenant up to which the pass has come."""
        return self._checkpoint.at.after

    @property
    def changed(self) -> int:
        return self._checkpoint.found

    @property
    def unhandled(self) -> list[str]:
        """Kinds that pointers led to in this pass, and that nothing erases or redacts: the person is not erased as long as there
        is one."""
        return self._checkpoint.at.unhandled

    def run(self) -> bool:
        """Erase and redact all that can be found now, as far as time allows. Return whether the pass is complete."""
        everywhere = self._look_everywhere()
        tenants = sorted({*everywhere, *self._entry.tenants, *self._checkpoint.tenants})
        try:
            for group in self._groups({tenant: everywhere.get(tenant, []) for tenant in tenants if tenant > self.at}):
                self._in_group(group)
            self._note()
            self._erase_at_keys()
        except _NoTime:
            self._checkpoint.save_position()
            return False
        return True

    def _look_everywhere(self) -> dict[TenantId, list[Pointer]]:
        """The pointers of the verified addresses, by tenant."""
        found: dict[TenantId, list[Pointer]] = {}
        for tag in self._entry.sought:
            for pointer in pointers.find(tag):
                found.setdefault(pointer.tenant, []).append(pointer)
        return found

    def _groups(self, starts: Mapping[TenantId, list[Pointer]]) -> Iterator[list[TenantSearch]]:
        """The tenants, each with what was found in it first, as many at a time as hold _AT_ONCE records together."""
        group: list[TenantSearch] = []
        for tenant, start in starts.items():
            search = TenantSearch(tenant, self._classes, start, self._known(tenant).followed)
            with self._unless_shredded(tenant):
                known = search.standing(self._known(tenant).erased) if self._again else {}
                self._write_down(search, known | search.more(None if self._again else _AT_ONCE))
            group.append(search)
            if sum(1 + len(each.found) for each in group) >= _AT_ONCE:
                yield group
                group = []
        yield group

    def _in_group(self, group: Iterable[TenantSearch]) -> None:
        """Erase and redact in some tenants. The replay log, one object for all, is written once for what was found first."""
        self._note()
        for search in group:
            with self._unless_shredded(search.tenant):
                self._in_tenant(search)
            self._checkpoint.at.unhandled = sorted({*self.unhandled, *search.unhandled})
            self._after_erasure(search.tenant)
            self._checkpoint.at.after = search.tenant
            self._go_on()

    def _in_tenant(self, search: TenantSearch) -> None:
        if self._again:
            self._redact(search)
            self._erase(search)
        else:
            self._erase(search)
            while found := search.more(_AT_ONCE):
                self._write_down(search, found)
                self._note()
                self._erase(search)
            self._redact(search)
        if self._settled:
            self._tidy(search)

    @contextlib.contextmanager
    def _unless_shredded(self, tenant: TenantId) -> Iterator[None]:
        """Pass over a tenant that was purged: its data is unreadable already and its rows are being deleted."""
        try:
            yield
        except KeyShredded:
            log.event("erasure_skipped", reason="key_shredded", tenant=tenant)

    def _after_erasure(self, tenant: TenantId) -> None:
        """After the deletion: what a member exports from now on has nothing of the person.

        A replay that was killed finds nothing any more of what it had deleted: whom that was taken from, the log tells.
        """
        known = self._known(tenant).held_by if self._again else set()
        for owner in sorted(self._checkpoint.of(tenant).owners | known):
            for record in self._classes.values():
                if record.declared.after_erasure is not None:
                    record.declared.after_erasure.load()(tenant, owner)

    def _go_on(self) -> None:
        if not self._has_time():
            raise _NoTime

    def _known(self, tenant: TenantId) -> InTenant:
        return self._entry.tenants.get(tenant, InTenant())

    def _write_down(self, search: TenantSearch, found: Mapping[SortKey, Subject]) -> None:
        """Keep what was found, before any of it goes; `_note` it too."""
        if not found:
            return
        traces = self._checkpoint.of(search.tenant)
        for sk, subject in found.items():
            traces.remember(sk, subject)
        traces.count(self._checkpoint.at.of, len(found))
        self._checkpoint.save(search.tenant)
        known, fresh = (
            self._known(search.tenant),
            subject_tags.in_tenant(search.tenant, found, self._sought, search.is_anothers),
        )
        self._entry.tenants[search.tenant] = known.plus(fresh)
        self._unnoted |= self._entry.tenants[search.tenant] != known

    def _write_owners_down(self, tenant: TenantId, owners: Iterable[OwnerCode]) -> None:
        """Keep whose texts are about to be cut: their exports go afterwards, also where a kill comes between."""
        for owner in owners:
            self._checkpoint.of(tenant).add(Trace.OWNER, owner)
        self._checkpoint.save(tenant)
        if self._again:
            known = self._known(tenant)
            self._entry.tenants[tenant] = known.plus(InTenant(owners=sorted(owners)))
            self._unnoted = self._entry.tenants[tenant] != known
            self._note()

    def _note(self) -> None:
        """Write down in the replay log what is known by now."""
        if self._unnoted:
            replay_log.note_erasure(self._entry)
            self._unnoted = False

    def _erase(self, search: TenantSearch) -> None:
        """Erase what was found and not erased yet; block what it was known by first."""
        if search.found:
            entomb_tags(self._known(search.tenant).tombstones, search.tenant)
        while search.found:
            sk, tag = min(search.found.items())
            erase = self._classes[ids.kind_of(sk)].declared.erase
            if erase is not None:
                erase.load()(search.tenant, sk, tag)
            del search.found[sk]
        if not self._again:
            self._go_on()

    def _redact(self, search: TenantSearch) -> None:
        """Cut the person out of every text that names one of its identifiers."""
        traces, known = self._checkpoint.of(search.tenant), self._known(search.tenant)
        search.mentioned_by((*known.followed, *known.known))
        places = sorted(search.mentions - search.taken)
        self._write_owners_down(search.tenant, {ids.owner_of(sk) for sk in places})
        marks = subject_tags.own_marks(traces.marks)
        tagged = self._sought.union(known.followed, known.known)
        for number, sk in enumerate(places):
            redact = self._classes[ids.kind_of(sk)].declared.redactor
            if redact is not None and mentions.cut(
                redact.load(), search.tenant, sk, marks, traces.names, tagged=tagged, settled=self._settled
            ):
                traces.add(Trace.REDACTED, sk)
                traces.count(self._checkpoint.at.of)
                self._checkpoint.save(search.tenant)
            if not self._again and number % _AT_ONCE == _AT_ONCE - 1:
                self._go_on()

    def _tidy(self, search: TenantSearch) -> None:
        """Delete pointers that lead nowhere, and what hangs on erased records by more than its key.

        A kill between a record and its pointers leaves some under marks that are not asked for: its other addresses, phones,
        what its text said. The owners touched are read for them. A sync under way may have written once more which record of a
        connection the person was.
        """
        tenant, erased = search.tenant, self._known(search.tenant).erased
        pointers.delete(search.stale)
        owners = sorted({ids.owner_of(sk) for sk in erased})
        left = [p for owner in owners for p in pointers.of_owner(tenant, owner) if p.record in erased]
        standing = {sk for sk in {p.record for p in left} if self._stands(tenant, sk)}
        pointers.delete([p for p in left if p.record not in standing])
        for record in self._classes.values():
            if record.declared.erase_children is not None:
                own = subject_tags.own_marks(self._checkpoint.of(tenant).marks)
                record.declared.erase_children.load()(tenant, own, sorted(erased))

    def _stands(self, tenant: TenantId, sk: SortKey) -> bool:
        record = self._classes.get(ids.kind_of(sk))
        return record is None or rows.get(record, tenant, sk) is not None

    def _erase_at_keys(self) -> None:
        """Erase what is found by the address itself. Membership is another matter: an account ends by leaving."""
        for kind, tenant, ident in self._at_keys():
            traces = self._checkpoint.of(tenant)
            traces.add(Trace.ERASED_AT, kind, ident)
            traces.count(self._checkpoint.at.of)
            self._checkpoint.save(tenant)

    def _at_keys(self) -> Iterator[tuple[str, TenantId, str]]:
        """Kind, tenant and id of each, before it goes. One at least goes, however little time there is."""
        for kind, places in sorted(self._entry.places.items()):
            erase_at = self._classes[kind].declared.erase_at if kind in self._classes else None
            if erase_at is None:
                self._checkpoint.at.unhandled = sorted({*self.unhandled, kind})
                continue
            for place in places:
                for number, found in enumerate(erase_at.load()(place, self._is_theirs)):
                    if number:
                        self._go_on()
                    yield kind, *found

    def _is_theirs(self, exact: str) -> bool:
        return subject_tags.is_of(exact, self._sought)
