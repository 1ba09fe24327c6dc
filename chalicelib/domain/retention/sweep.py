"""The daily pass over a tenant: rows whose end is written go, contacts and companies past their life go, with their pointers.

Rows of the platform's own tables have a written end where they have any; DynamoDB deletes those, within days, and no reader
sees them meanwhile: a pass over these tables would be a scan, which serves nobody.
"""

import functools
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime, timedelta

from chalicelib.core import clock, ids, log, settings
from chalicelib.core.actor import Lives
from chalicelib.core.ids import OwnerCode, SortKey, TenantId
from chalicelib.domain.accounts import retention_settings
from chalicelib.domain.accounts.model import LIVES_DUE, TenantState
from chalicelib.domain.retention.policy import Registry
from chalicelib.domain.retention.records import SK, LivesPayload, LivesRecord
from chalicelib.store import batch, due, expired, pointers, rows
from chalicelib.store.declaration import Found
from chalicelib.store.pointers import PointerRecord
from chalicelib.store.records import TenantRecord
from chalicelib.store.steps import AGAIN, DONE, Outcome, Turn, Work, later

_AT_ONCE = 100  # rows between two looks at the clock: where all of them go, about 200 calls
_FIRST, _LAST = "!", "~"  # before and after every sort key


def work(registry: Registry) -> Work:
    """Return the worker of the daily pass: its due work is named by the tenant's id.

    A locked workspace's data ends like any other's. In a closing workspace nothing is done, because its purge deletes
    everything. Where the tenant does not exist (any more), the pass ends for good.
    """
    step = functools.partial(_advance, registry)
    return Work(LIVES_DUE, "work", (step,), shredded=lambda _: later(_next()))  # its purge has just come that far


def _advance(registry: Registry, turn: Turn) -> Outcome:
    """Carry the pass on by a hundred rows at least, and plan the next."""
    tenant = turn.due.tenant
    team = retention_settings.of_team(tenant)
    if team is not None and team.state is TenantState.CLOSING:
        return later(_next(), "closing")
    checkpoint = _Checkpoint(tenant)
    if team is None or team.state is TenantState.PURGED:
        checkpoint.drop()
        return DONE
    if not _Pass(tenant, registry, team, checkpoint).run(turn.has_time):
        return AGAIN
    checkpoint.drop()
    return later(_next(), "passed")


def _next() -> datetime:
    return clock.now() + timedelta(seconds=settings.current().waits.lives)


def forget_tenant(tenant: TenantId) -> int:
    """Delete the checkpoint of a tenant that ends, and when its pass is due; 0, for that is bookkeeping. Safe to repeat."""
    pk = due.Due(LIVES_DUE, tenant).pk
    batch.delete_all(LivesRecord, [(pk, SK), (pk, due.SK)])
    return 0


class _Checkpoint:
    """Where the pass is. Written only where it must be remembered: most passes find nothing and write none."""

    def __init__(self, tenant: TenantId) -> None:
        self._row = rows.get(LivesRecord, f"lives#{tenant}", SK)
        self._tenant, self.at = tenant, LivesPayload()
        if self._row is not None:
            self.at = self._row.unsealed(LivesPayload)

    def save(self, at: LivesPayload) -> None:
        self.at = at
        if self._row is None:
            self._row = LivesRecord.build(f"lives#{self._tenant}", SK, at)
            rows.put_new(self._row)
        else:
            self._row.reseal(at)
            rows.put_if_unchanged(self._row)

    def drop(self) -> None:
        if self._row is not None:
            rows.delete_if_unchanged(self._row)


class _Pass:
    def __init__(
        self, tenant: TenantId, registry: Registry, team: retention_settings.TeamLives, checkpoint: _Checkpoint
    ) -> None:
        self._tenant, self._team, self._checkpoint = tenant, team, checkpoint
        self._something_ends = False  # of the rows at hand
        self._classes: dict[str, dict[str, type[TenantRecord]]] = {}
        for record in registry:
            if issubclass(record, TenantRecord):
                self._classes.setdefault(record.table, {})[record.declared.kind] = record
        self._counts: Counter[str] = Counter()

    def run(self, has_time: Callable[[], bool]) -> bool:
        """Carry on the pass while there is time, and return whether it is complete. If not, its place is saved."""
        if self._checkpoint.at.ending:
            self._tidy(self._checkpoint.at.ending)
        for table, chunk, upto in self._chunks(self._checkpoint.at):
            self._delete_expired(chunk)
            self._end_by_rule(chunk)
            if not has_time():
                self._checkpoint.save(LivesPayload(table=table, after=upto))
                return False
        log.event("lives_passed", tenant=self._tenant, counts=dict(self._counts))
        return True

    def _delete_expired(self, chunk: Sequence[TenantRecord]) -> None:
        gone = expired.delete([row for row in chunk if row.expired])
        self._counts.update(row.declared.kind for row in gone)
        pointed = {row.sk for row in gone if row.declared.found in (Found.POINTER, Found.MENTION)}
        if pointed:
            self._delete_pointers(pointed)

    def _delete_pointers(self, sks: Collection[SortKey]) -> None:
        """Delete what led to rows that have gone. Their owners' ranges are read for it, since the rows' payloads are not."""
        for owner in sorted({ids.owner_of(sk) for sk in sks}):
            pointers.delete([each for each in pointers.of_owner(self._tenant, owner) if each.record in sks])

    def _end_by_rule(self, chunk: Sequence[TenantRecord]) -> None:
        """Let each kind that this pass ends look at its rows."""
        by_class: dict[type[TenantRecord], list[TenantRecord]] = {}
        for row in chunk:
            by_class.setdefault(type(row), []).append(row)
        for record, found in by_class.items():
            if record.declared.expire is not None:
                self._something_ends = False
                ended = record.declared.expire.load()(self._tenant, found, self._lives, self._note)
                self._counts[record.declared.kind] += ended

    def _lives(self, owner: OwnerCode) -> Lives:
        """What held when the pass began tells which rows to look at; once some are to end, what holds now is read for each
        question, since a setting may be changed while the pass runs."""
        if not self._something_ends:
            return self._team.of(owner)
        team = retention_settings.of_team(self._tenant)
        return team.of(owner) if team else Lives()

    def _note(self, sks: list[SortKey]) -> None:
        """Before the first of them goes: what a kill leaves of it is found by these names."""
        self._something_ends = True
        self._checkpoint.save(self._checkpoint.at.model_copy(update={"ending": sks}))

    def _tidy(self, sks: Sequence[SortKey]) -> None:
        for kinds in self._classes.values():
            for kind, record in kinds.items():
                own = [sk for sk in sks if sk.startswith(f"{kind}#")]
                if own and record.declared.tidy is not None:
                    record.declared.tidy.load()(self._tenant, own)

    def _chunks(self, at: LivesPayload) -> Iterator[tuple[str, list[TenantRecord], str]]:
        """The rows that may have ended, a few at a time: their table, they, and the sort key up to which that is all."""
        for table, low, high in self._ranges():
            if (table, high) <= (at.table, at.after):
                continue
            after = at.after if table == at.table and at.after > low else ""
            while True:
                page = expired.page(self._classes[table], self._tenant, low, high, after)
                for chunk in batch.chunks(page.records, _AT_ONCE):
                    yield table, chunk, chunk[-1].sk
                if page.last is None:
                    break
                after = page.last
                yield table, [], after

    def _ranges(self) -> Iterator[tuple[str, str, str]]:
        """Table and range by range, in order; pointers, of which there are most, end with their records and are left out."""
        skipped = PointerRecord.declared.kind
        for table in sorted(self._classes):
            if skipped in self._classes[table]:
                yield table, _FIRST, f"{skipped}#"
                yield table, f"{skipped}$", _LAST  # $ follows #
            else:
                yield table, _FIRST, _LAST
