"""Records of one connection: what is known follows its record, what is new joins or is made.

Links to source records are written last, so that a killed run finds again what it had begun; every write depends on the row that
the worker holds.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic

from chalicelib.core import clock, ids
from chalicelib.core.actor import Lives
from chalicelib.core.codes import SkipCode
from chalicelib.core.ids import OwnedId, SortKey, TenantId
from chalicelib.domain.audit.model import SHORTEST_LIFE_DAYS, Action, By, Cause
from chalicelib.domain.ingest.upsert import GONE, D, Item, Kind, Origin, P, R, put
from chalicelib.domain.sources import links
from chalicelib.domain.sources.model import Fate, SourceLinkPayload
from chalicelib.domain.sources.records import SourceLinkRecord
from chalicelib.store import batch
from chalicelib.store.records import TenantRecord
from chalicelib.store.transactions import TransactItems
from chalicelib.vault import tags

_FRESH_SHARE = 4  # what a connection vouches for is said anew after this part of the days that it holds


def _cause(action: Action) -> Cause:
    """Clients hear of it, and the audit log does not show it."""
    return Cause(action, By.SYSTEM, SHORTEST_LIFE_DAYS)


@dataclass(frozen=True, kw_only=True)
class Connected(Origin):
    """One stream of a connection, for one run. `ensure_lease` is called before any write (LeaseOver when the lease has ended),
    `acquire_writer` before the first contact or company (also WriterBusy while an import or another sync writes for this
    member); every change depends on `holding`. `draw` gives what ids are drawn from: one text until all links of a pass are
    written, so that whoever stores its records again gives them the same ids, and another after that. `gone` says which of these
    external ids, at most 100, the provider has no more."""

    connection: OwnedId
    holding: TenantRecord
    ensure_lease: Callable[[], None]
    acquire_writer: Callable[[], None]
    cause: Callable[[Action], Cause] = _cause
    draw: Callable[[], str] = str
    gone: Callable[[Sequence[str]], Collection[str]] = lambda _: ()

    @classmethod
    def of(
        cls,
        tenant: TenantId,
        connection: OwnedId,
        source: str,
        lives: Lives,
        holding: TenantRecord,
        ensure_lease: Callable[[], None] = lambda: None,
        acquire_writer: Callable[[], None] = lambda: None,
    ) -> "Connected":
        """Return the origin for the member whose connection it is. `source`: see connections.model.source_of."""
        return cls(
            tenant=tenant,
            owner=connection.owner,
            source=source,
            lives=lambda _: lives,
            connection=connection,
            holding=holding,
            ensure_lease=ensure_lease,
            acquire_writer=acquire_writer,
        )

    def key(self, kind: str, external_id: str) -> str:
        """Return the key of a record of this connection."""
        return links.key_of(self.tenant, kind, f"{self.source}:{external_id}")

    def new_sk(self, kind: str, draw: str, key: str) -> SortKey:
        """Return the sort key of the contact or company that is to be made of a record which has no link yet."""
        return ids.sort_key(kind, self.owner, tags.drawn_id(self.tenant, draw, f"{kind}\0{key}"))

    def link_sk(self, kind: str, key: str) -> SortKey:
        """Return the sort key of its link."""
        return links.copy_sk(self.connection, kind, key)

    def known(self, kind: str, keys: Iterable[str]) -> dict[str, SourceLinkPayload]:
        """Return the links of these records, as far as they have one, by key. One call for 100 of them."""
        sks = {key: self.link_sk(kind, key) for key in keys}
        found = batch.get_all(SourceLinkRecord, [(self.tenant, sk) for sk in sks.values()])
        rows_of = {key: found.get((self.tenant, sk)) for key, sk in sks.items()}
        return {key: row.unsealed(SourceLinkPayload) for key, row in rows_of.items() if row is not None}

    def link(self, kind: str, key: str, payload: SourceLinkPayload) -> SourceLinkRecord:
        """Return the row, not written yet."""
        return SourceLinkRecord.build(self.tenant, self.link_sk(kind, key), payload)

    def grown_old(self, seen_at: str) -> bool:
        """Return whether `seen` must be written anew, so that the record does not expire: it is older than a quarter of
        `copy_days`."""
        limit = clock.now() - timedelta(days=self.lives(self.owner).copy_days) / _FRESH_SHARE
        return not seen_at or clock.parse_rfc3339(seen_at) <= limit

    def refresh_due(self, full_at: datetime | None, every: float) -> bool:
        """Return whether a full pass is due: after so many seconds, or before copies grow old unseen."""
        share = self.lives(self.owner).copy_days * 86_400 / _FRESH_SHARE
        return full_at is None or clock.now() - full_at >= timedelta(seconds=min(every, share))


@dataclass(frozen=True)
class Sent(Generic[D]):
    """A record as the connection has it now. `digest` is equal where two are stored alike; `draft` gives what is stored of it, or
    why nothing is."""

    external_id: str
    digest: str
    draft: Callable[[], D | SkipCode]


@dataclass(frozen=True)
class Result:
    """What became of one record of a page. `was`: what was known of it before; `skip`: why it is not stored, None where it
    is; `did`: created, updated, unchanged."""

    key: str
    was: Fate | None
    skip: str | None = None
    did: str = ""

    @property
    def to_take_away(self) -> bool:
        """Whether it is there and can't be stored (any more), so that what it brought must go."""
        return self.skip in (SkipCode.ADDRESS_NOT_STORABLE, SkipCode.NOBODY)

    @property
    def stays_away(self) -> bool:
        """Whether it could be stored and is not: its member does not want it here, or its life has ended."""
        return self.skip in (SkipCode.DROPPED_HERE, SkipCode.LIFE_ENDED)


MadeAnew = Callable[[Sequence[tuple[Item[R, P, D], R]]], dict[SortKey, R]]


class Records(Generic[R, P, D]):
    """Stores pages of one stream in one run. `made_anew` is told of new records that share an identifier with records of the same
    connection: of those which are that record, made anew, it fills in what is known and returns the row."""

    told_first = False

    def __init__(self, kind: Kind[R, P, D], origin: Connected, made_anew: MadeAnew[R, P, D]) -> None:
        self._kind, self._origin, self._made_anew, self._at = kind, origin, made_anew, ""
        self.holding = origin.holding

    def store(self, sent: Iterable[Sent[D]]) -> list[Result]:
        """Store the records and return the result of each; of two with one id the later counts.

        VersionConflict where another worker has the stream; Unavailable: the rest is stored when the page is read
        again.
        """
        wanted = {self._origin.key(self._kind.name, each.external_id): each for each in sent}
        known = self._origin.known(self._kind.name, wanted)
        looked = {key: self._look(key, each, known.get(key)) for key, each in wanted.items()}
        items = [each for each in looked.values() if isinstance(each, Item)]
        if items:
            self._origin.acquire_writer()
            self._at = clock.rfc3339(clock.now())
            self._write(items)
        return [each if isinstance(each, Result) else _result(each) for each in looked.values()]

    def bring(self, item: Item[R, P, D]) -> None:
        """Set the item's new payload."""
        source, before = self._origin.source, item.before
        after = self._kind.brought(before, item.drafts[-1], self._at)
        if before is None or after is not before or self._origin.grown_old(after.seen.get(source, "")):
            after = self._kind.changed(after, seen={**after.seen, source: self._at})
        item.after = after

    def with_change(self, item: Item[R, P, D]) -> TransactItems:
        """Return its link as it was, with word of the pointers that the change drops, where it drops any."""
        if item.known is None or item.before is None:
            return []
        had, has = (set(self._kind.pointers_of(item.sk, payload)) for payload in (item.before, item.wanted))
        untidy = item.known.model_copy(update={"untidy": True})
        return [] if had <= has else [self._origin.link(self._kind.name, item.key, untidy)]

    def _look(self, key: str, sent: Sent[D], known: SourceLinkPayload | None) -> Item[R, P, D] | Result:
        """Return what can be said without reading the contact or company, or what is to be brought."""
        was = known.fate if known else None
        if known is not None and known.fate is not Fate.STORED:
            return Result(key, was, skip=_left_alone(known.fate))
        same = known is not None and known.digest == sent.digest and not known.untidy
        if same and known is not None and not self._origin.grown_old(known.seen_at):
            return Result(key, was, did="unchanged")
        draft = sent.draft()
        if isinstance(draft, SkipCode):
            return Result(key, was, skip=draft)
        return Item([draft], key=key, external_id=sent.external_id, known=known, digest=sent.digest)

    def _write(self, items: list[Item[R, P, D]]) -> None:
        for each, erased in zip(items, self._kind.refused(items), strict=True):
            each.skip = SkipCode.ADDRESS_NOT_STORABLE if erased else None
        self._find([each for each in items if each.skip is None])
        left = [each for each in items if each.skip is None]
        for each in left:
            self.bring(each)
            # Written by a worker that was killed before its link.
            each.again = each.row is not None and each.known is None and each.after is each.before
        put(self._kind, left, self, self._at)
        for each in left:
            if each.skip == GONE:
                self._gone(each)
        self._kind.tidy(each.sk for each in left if each.known is not None and each.known.untidy)
        batch.put_all([self._link(each) for each in left if each.skip is None])

    def _find(self, items: list[Item[R, P, D]]) -> None:
        """Say of each which it is: the one that it was stored in, else one that it joins, else its own."""
        unknown, draw = [each for each in items if each.known is None], self._origin.draw()
        candidates = dict(zip(map(id, unknown), self._kind.candidates(unknown), strict=True))
        for each in items:
            each.sk = each.known.record if each.known else self._origin.new_sk(self._kind.name, draw, each.key)
        found = self._kind.load([each.sk for each in items] + [sk for sks in candidates.values() for sk in sks])
        new = [each for each in unknown if each.sk not in found]
        told = [(each, found[sk]) for each in new for sk in candidates[id(each)] if sk in found]
        alike = [(each, row) for each, row in told if self._is_ours(row)]
        if alike:
            found.update(self._made_anew(alike))
        taken: set[SortKey] = set()
        for each in items:
            if each.known is not None and each.sk not in found:
                self._gone(each)  # deleted here meanwhile: its end was noted, or is now
            elif each.sk not in found:
                rivals = [sk for sk in candidates[id(each)] if sk in found and sk not in taken]
                there = {sk: found[sk].unsealed(self._kind.payload) for sk in rivals}
                each.sk = self._kind.chosen(each, there) or each.sk
            each.row = found.get(each.sk)
            each.before = each.row.unsealed(self._kind.payload) if each.row is not None else None
            taken.add(each.sk)

    def _is_ours(self, row: R) -> bool:
        """Whether a record of this connection is in it."""
        return bool(links.names_of(self._origin.source, row.unsealed(self._kind.payload).source_ids))

    def _gone(self, item: Item[R, P, D]) -> None:
        known = self._origin.known(self._kind.name, [item.key]).get(item.key)
        if known is None or known.fate is Fate.STORED:
            # Deleted here while this page was being stored: it stays away.
            known = SourceLinkPayload(fate=Fate.DROPPED, record=item.sk, external_id=item.external_id)
            batch.put_all([self._origin.link(self._kind.name, item.key, known)])
        item.skip = _left_alone(known.fate)

    def _link(self, item: Item[R, P, D]) -> SourceLinkRecord:
        payload = SourceLinkPayload(
            record=item.sk,
            digest=item.digest,
            seen_at=item.wanted.seen.get(self._origin.source, ""),
            external_id=item.external_id,
        )
        return self._origin.link(self._kind.name, item.key, payload)


def _result(item: Item[R, P, D]) -> Result:
    return Result(item.key, item.known.fate if item.known else None, item.skip, "" if item.skip else item.did)


def _left_alone(fate: Fate) -> SkipCode:
    return SkipCode.LIFE_ENDED if fate is Fate.ENDED else SkipCode.DROPPED_HERE
