"""Contacts and companies are written as their sources have them: what is common to every source and to both kinds.

Writes go pointers and journal first, records after, and give the same end however often they are begun. Whoever calls writes
its own place last: the links to source records, a checkpoint.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import compress
from typing import Any, Generic, Literal, Protocol, TypeVar, cast

from chalicelib.core import clock
from chalicelib.core.actor import Lives
from chalicelib.core.ids import OwnerCode, SortKey, TenantId
from chalicelib.domain.audit import journal as audit
from chalicelib.domain.audit.model import MOST_ENTRIES, Action, Cause, Effect, Entry
from chalicelib.domain.companies.model import CompanyPayload
from chalicelib.domain.contacts.model import ContactPayload
from chalicelib.domain.redaction.texts import ask, draft_redacted, mentioned_by
from chalicelib.domain.sources.model import SourceLinkPayload
from chalicelib.domain.sources.provenance import is_hidden
from chalicelib.domain.suppression.model import Mark
from chalicelib.store import batch, pointers, rows
from chalicelib.store.pointers import Pointer
from chalicelib.store.records import TenantRecord
from chalicelib.store.transactions import TransactItems

R = TypeVar("R", bound=TenantRecord)
P = TypeVar("P", bound=ContactPayload | CompanyPayload)
D = TypeVar("D")
R_contra = TypeVar("R_contra", contravariant=True)
P_contra = TypeVar("P_contra", contravariant=True)
GONE = "gone"
_TOLD_WITHIN = 30  # seconds from the journal to the last record; clients look again for a minute


@dataclass(frozen=True, kw_only=True)
class Origin:
    """Where records come from, and for whom they are written: `owner` is a member's owner code, `source` that of the values.

    `lives` says what a member keeps for how long, by owner code. `cause` gives the journal's of an action."""

    tenant: TenantId
    owner: OwnerCode
    source: str
    lives: Callable[[OwnerCode], Lives]
    cause: Callable[[Action], Cause]

    def journal(self, action: Action, told: Iterable[Entry]) -> list[TenantRecord]:
        """Return the rows of the journal that say so, and of what colleagues are told of it, not written yet."""
        chunks = batch.chunks(told, MOST_ENTRIES)
        return [row for chunk in chunks for row in audit.told(self.tenant, self.owner, self.cause(action), chunk)]


_NOWHERE = SortKey("")  # before its row was looked for


@dataclass
class Item(Generic[R, P, D]):
    """One contact or company: where it stands, what its source says, the row as it was read, and what it shall be.

    Of a connection's record also its key, its id there, what was known of it, and a digest of what it says now. `again`: an
    earlier worker wrote it, and may have been killed long after it told so. `skip` is why it is not stored, `did` what became
    of it."""

    drafts: list[D]
    sk: SortKey = _NOWHERE
    row: R | None = None
    before: P | None = None
    after: P | None = None
    key: str = ""
    external_id: str = ""
    known: SourceLinkPayload | None = None
    digest: str = ""
    again: bool = False
    skip: str | None = None
    did: str = ""

    def become(self, after: P, at: str) -> Literal["created", "updated", "unchanged"]:
        """Take the payload that a row of a file leaves, and return what the row did.

        `at` is its job's own time: whatever bears it, an earlier worker of that job had just written.
        """
        before = self.after or self.before
        written = before is not None and at in (before.created_at, before.updated_at)
        self.again = self.row is not None and after is self.before and written
        self.after = after
        if before is None or before.created_at == at:
            return "created"
        return "updated" if after is not before or written else "unchanged"

    @property
    def wanted(self) -> P:
        """What it shall be. ValueError before it was brought in."""
        if self.after is None:
            raise ValueError("nothing was brought")
        return self.after


class Repository(Protocol[R_contra, P_contra]):
    """How one of them is written: contacts.repository, companies.repository."""

    def entry(self, sk: SortKey, before: P_contra | None, after: P_contra | None) -> Entry: ...
    def pointers_of(
        self, tenant: TenantId, sk: SortKey, payload: P_contra, *, every_version: bool = False
    ) -> list[Pointer]: ...
    def rewrite(
        self,
        record: R_contra,
        after: P_contra,
        cause: Cause,
        holding: TenantRecord | None = None,
        transact: rows.TransactItems = (),
    ) -> None: ...
    def remove(self, record: R_contra, cause: Cause, *, holding: TenantRecord | None = None) -> None: ...


class Kind(ABC, Generic[R, P, D]):
    """What contacts and companies do each in their own way, for one origin; `keeps`: what their member annotated outlives it."""

    name: str
    repository: Repository[R, P]
    record: type[R]
    payload: type[P]
    created: Action
    updated: Action
    deleted: Action

    def __init__(self, origin: Origin, *, keeps: bool = True) -> None:
        self.origin, self.keeps = origin, keeps
        self.gone_over: set[str] = set()  # keys of records that the source made a part of another which is here

    @abstractmethod
    def brought(self, before: P | None, draft: D, at: str) -> P:
        """Return the payload with the draft in it, as of `at` (RFC 3339); the same object where the draft changes nothing."""

    def refused(self, items: Sequence[Item[R, P, D]]) -> list[bool]:
        """Return for each item whether a tombstone forbids it; cut out erased people, mark who is restricted. 100 keys a call."""
        said = [mark for each in items for draft in each.drafts for mark in mentioned_by(self.payload, draft)]
        answer = ask(self.origin.tenant, [*map(self.held, items)], said, [*map(self.whose, items)])
        for each in items if answer.forgotten else ():
            each.drafts = [draft_redacted(self.payload, draft, answer.cut) for draft in each.drafts]
        for each in compress(items, answer.restricted):
            each.drafts = [self.restricted(draft) for draft in each.drafts]
        return answer.refused

    def restricted(self, draft: D) -> D:
        """Return the draft as one of a person whose data are restricted."""
        return draft

    @abstractmethod
    def held(self, item: Item[R, P, D]) -> list[Mark]:
        """Return the marks by which a tombstone forbids the item."""

    def whose(self, item: Item[R, P, D]) -> list[Mark]:  # noqa: ARG002
        """Return the marks of whose the item is: of these a restriction is asked."""
        return []

    @abstractmethod
    def candidates(self, items: Sequence[Item[R, P, D]]) -> list[list[SortKey]]:
        """Return for each item the sort keys of the records that it may be."""

    @abstractmethod
    def chosen(self, item: Item[R, P, D], there: Mapping[SortKey, P]) -> SortKey | None:
        """Return the sort key of the record that the item is; None where it is new."""

    @abstractmethod
    def without(self, payload: P, at: str) -> P | None:
        """Return the payload without what only the origin says; None where neither a source nor the member vouches for it."""

    def look_ahead(self, found: Sequence[P]) -> None:
        """Read what `without` has to know of these."""

    def follows(self) -> TransactItems:
        """Return the rows that say, with the deletion of several of these, that others must follow it."""
        return []

    def hanging(self, sk: SortKey) -> TransactItems:  # noqa: ARG002
        """Return the operations that belong to the deletion of the record, besides those of its pointers."""
        return []

    def rewrite(self, row: R, after: P, holding: TenantRecord | None, beside: rows.TransactItems = ()) -> None:
        """Write the record over what was read, with its journal, its pointers and the rows `beside`.

        VersionConflict, also where `holding` has changed since it was read.
        """
        self.repository.rewrite(row, after, self.origin.cause(self.updated), holding, beside)

    def pointers_of(self, sk: SortKey, payload: P, *, every_version: bool = False) -> list[Pointer]:
        """Return its pointers; under every key version where they are to be deleted."""
        return self.repository.pointers_of(self.origin.tenant, sk, payload, every_version=every_version)

    def changed(self, payload: P, **update: object) -> P:
        """Return the payload with these fields set."""
        return cast("P", payload.model_copy(update=update))

    def found(self, sks: Iterable[SortKey]) -> dict[SortKey, R]:
        """Return the rows that are there, by sort key."""
        found = batch.get_all(self.record, [(self.origin.tenant, sk) for sk in sorted(set(sks))])
        return {row.sk: row for row in found.values()}

    def load(self, sks: Iterable[SortKey]) -> dict[SortKey, R]:
        """Return the rows as `found` does, without those past their life, which end now."""
        return self.found(sks)

    def fill(self, items: dict[SortKey, Item[R, P, D]], sks: Iterable[SortKey]) -> None:
        """Read into `items` those of these records that it has not yet, as `load` does; what is not there is an item without a
        row."""
        wanted = [sk for sk in dict.fromkeys(sks) if sk not in items]
        found = self.load(wanted) if wanted else {}
        for sk in wanted:
            row = found.get(sk)
            items[sk] = Item([], sk, row, row.unsealed(self.payload) if row is not None else None)

    def tidy(self, sks: Iterable[SortKey]) -> None:
        """Delete the pointers that a killed worker left behind. Safe to repeat."""

    def beside(self, items: Sequence[Item[R, P, D]], at: str) -> list[tuple[TenantRecord, list[Pointer]]]:  # noqa: ARG002
        """Return the rows to write together with the items, each with its pointers."""
        return []


class Way(Protocol[R, P, D]):
    """How a file or a connection has its items written. `told_first`: changes are told in the journal before all of them are
    made, and not each with its own."""

    told_first: bool

    @property
    def holding(self) -> TenantRecord | None:
        """Return the row that must stand as it was read."""

    def bring(self, item: Item[R, P, D]) -> None:
        """Set the item's new payload from its drafts and the row as it is now."""

    def with_change(self, item: Item[R, P, D]) -> TransactItems:
        """Return the rows that are written with a change of it."""


def put(kind: Kind[R, P, D], items: Sequence[Item[R, P, D]], way: Way[R, P, D], at: str) -> list[Pointer]:
    """Write these items, and merge them once more where their member is faster. Return the pointers written first.

    An item deleted meanwhile is left, its `skip` GONE. VersionConflict where another worker took over.
    """
    fresh = [each for each in items if each.row is None]
    changed = [each for each in items if each.row is not None and way.told_first and each.after is not each.before]
    beside = kind.beside(items, at)
    held = [pointer for each in (*fresh, *changed) for pointer in _added(kind, each)]
    held += [pointer for _, own in beside for pointer in own]
    told = [kind.repository.entry(each.sk, each.before, each.wanted) for each in (*fresh, *changed)]
    # Told again so that every reader fetches it; only its owner where others may not know of the source (P8).
    hidden = is_hidden(kind.origin.source)
    for each in (each for each in items if each.again):
        entry = kind.repository.entry(each.sk, each.wanted if hidden else None, each.wanted)
        told.append(entry.model_copy(update={"own": Effect.UPSERT}))
    began = clock.monotonic()
    pointers.write(held, kind.origin.journal(kind.created, told))
    built = [kind.record.build(kind.origin.tenant, each.sk, each.wanted) for each in fresh]
    batch.put_all([*built, *(row for row, _ in beside)])
    for each in items:
        if each.row is None:
            each.did = "created"
        else:
            _replace(kind, each, each.row, way)
    if told and clock.monotonic() - began > _TOLD_WITHIN:
        pointers.write((), kind.origin.journal(kind.created, told))  # who has heard of it may have looked too early
    return held


def _added(kind: Kind[R, P, D], item: Item[R, P, D]) -> list[Pointer]:
    had = set(kind.pointers_of(item.sk, item.before)) if item.before is not None else ()
    return [pointer for pointer in kind.pointers_of(item.sk, item.wanted) if pointer not in had]


def _replace(kind: Kind[R, P, D], item: Item[R, P, D], read: R, way: Way[R, P, D]) -> None:
    """Write a known one over what was read; where its member was faster, bring its drafts into that."""

    def write(found: R) -> bool:
        if found is not read:
            item.row, item.before = found, found.unsealed(kind.payload)
            way.bring(item)
        before, after = found.unsealed(kind.payload), item.wanted
        if not after.differs_visibly(cast("Any", before)):
            if before != after:
                found.reseal(after)
                rows.put_if_unchanged(found, visible=False)  # no client is shown it
            return True
        item.did = "updated"
        if way.told_first and found is read and set(before.mentioned()) <= set(after.mentioned()):  # no pointers go
            found.reseal(after)
            rows.put_if_unchanged(found, visible=before.own_view() != after.own_view())
        else:
            kind.rewrite(found, after, way.holding, way.with_change(item))
        return True

    if rows.settle(read, write) is None:
        item.skip = GONE
    item.did = item.did or "unchanged"
