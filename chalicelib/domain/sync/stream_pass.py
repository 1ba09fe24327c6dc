"""One stream of people or organizations, read page by page to the end of its pass; then what is gone there goes here.

A page is stored first and its checkpoint written after, so a killed run stores its page once more, which changes nothing. Pages
of a pass of changes that show nothing are written down when the run stops or fails, or with the next one that does.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from chalicelib.connectors.http import ProviderDown
from chalicelib.connectors.port import CursorExpired, NotPermitted, Position, Source
from chalicelib.core import clock, log, settings
from chalicelib.core.codes import SkipCode
from chalicelib.domain.ingest.linked import Result
from chalicelib.domain.sources import links
from chalicelib.domain.sources.model import Fate, SourceLinkPayload
from chalicelib.domain.sources.records import SourceLinkRecord
from chalicelib.domain.sync import brake, hidden
from chalicelib.domain.sync.checkpoint import Checkpoint, PassLog, new_draw
from chalicelib.domain.sync.mapping import Stored
from chalicelib.domain.sync.records import CheckpointPayload, RunPayload
from chalicelib.store import batch, rows

_LOOKED_AT_ONCE = 100
_MOST_RESTARTS = 3


class Stuck(Exception):
    """The provider's pages go round in a circle, or it forgets every position at once."""


@dataclass
class Pass:
    """`stored` brings the records of a page in. `run` counts in `tally`. `confirmed`: what is held since
    then may go, says the member."""

    checkpoint: Checkpoint
    stored: Stored[Any, Any, Any]
    source: Source
    tally: RunPayload
    confirmed: datetime | None = None
    _at: CheckpointPayload = field(init=False)
    _pass_log: PassLog = field(init=False)
    _unsaved: bool = field(init=False, default=False)
    _weighed: set[str] | None = field(init=False, default=None)  # what was known when this run weighed its pass
    _uncounted: bool = field(init=False, default=False)  # something may be stored, or gone, that no checkpoint counts

    def run(self, has_time: Callable[[], bool]) -> bool:
        """Go on with the pass, or begin the next, by one page at least. Return whether it is complete.

        `has_time` is asked before each further page. Failures are the source's own; Stuck; VersionConflict where
        another worker has the stream.
        """
        try:
            return self._go_on(has_time)
        except ProviderDown:
            if self._unsaved:  # so that the next run goes on from there: it may be that pages have to be smaller
                self._save()
            raise
        finally:
            if self._uncounted and not self._at.full:  # it failed
                self.checkpoint.save(self.checkpoint.at.model_copy(update={"unsure": True}))

    def _go_on(self, has_time: Callable[[], bool]) -> bool:
        self._at, self._pass_log = self.checkpoint.at, PassLog(self.checkpoint)
        self._at.unsure = self._at.unsure or self.checkpoint.taken_over
        if self._at.began_at is None:
            self._begin()
        else:
            self._pass_log.load(self._at.first)
            self.stored.merged.update(self._pass_log.merged)
            if self._at.full and self._at.seen and self._pass_log.nothing:
                # A worker was killed after the end of these rows and before that of its pass; or they were too old.
                self._restart(full=True)
        while True:
            if self._at.sweeping:
                if not self._at.braked and not self._sweep(has_time):
                    return False
                self._end()
            elif not self._page():
                continue  # the pass begins again, and what is known of that must come with a page
            if self._at.began_at is None and not self._at.recount:
                return True
            if not has_time():
                if self._unsaved:
                    self._save()
                return False
            if self._at.began_at is None:
                self._begin()

    def _begin(self) -> None:
        at = self._at
        due = self.stored.origin.refresh_due(at.full_at, settings.current().sync.full)
        self._restart(full=at.at is None or due or brake.asks_for_full(at.held, self.confirmed))
        at.restarts = 0

    def _restart(self, *, full: bool) -> None:
        """Start the pass over; written with the next page. After three restarts the position is dropped, and Stuck raised."""
        at = self._at
        if full:
            at.at, at.mark = dict(self.source.start().at), None
            at.seen, at.stored, at.skipped, at.unsure = 0, 0, {}, False
        else:
            at.at = at.mark = at.mark if at.began_at else at.at
        at.full, at.sweeping, at.braked, at.first, at.unknown = full, False, False, at.page, {}
        at.began_at = clock.now()
        at.restarts, self._unsaved = at.restarts + 1, False
        self._pass_log.clear()
        if at.restarts > _MOST_RESTARTS:
            # The next run begins anew: a position that is lost would be asked for, and be lost, in every run.
            at.at, at.mark, at.began_at, at.restarts = None, None, None, 0
            self.checkpoint.save(at)
            raise Stuck

    def _page(self) -> bool:
        """Store the next page, and write down where to go on; False where the pass begins again instead."""
        at = self._at
        asked = Position(at.full, at.at or {})
        try:
            page = self.source.page(asked)
        except CursorExpired:
            self._restart(full=True)
            return False
        anew = hidden.shown_again(at, page)
        if anew or (not page.done and self._pass_log.circles(asked, page.position)):
            self._restart(full=at.full or anew)
            return False
        self._uncounted = True
        results = self.stored.store(page)
        self._count(results)
        transact = self._pass_log.note(
            at.page,
            None if page.done else page.position,
            [result.key for result in results if not result.to_take_away],
            [self.stored.origin.key(self.stored.kind, gone) for gone in page.gone],
            [result.key for result in results if result.to_take_away],
            self.stored.merged,
        )
        at.page, at.at = at.page + 1, dict(page.position.at)
        self.tally.pages += 1
        if page.done and page.position.full:
            at.at = None  # it knows no changes: the next pass is a full one, too
        if page.done and not at.full and not self._pass_log.taken_away and not self._pass_log.unclear:
            self._end()
            return True
        at.sweeping = page.done
        if page.done:
            self._weigh()
        if at.full or page.done or results or page.gone:
            self._save(transact)
        else:
            self._unsaved, self._uncounted = True, False
        return True

    def _save(self, transact: rows.TransactItems = ()) -> None:
        self.checkpoint.save(self._at, transact)
        self._unsaved = self._uncounted = False

    def _count(self, results: Iterable[Result]) -> None:
        at = self._at
        for result in results:
            new = result.key not in self._pass_log.seen and not self._pass_log.unfit(result.key)
            if at.full and new:
                at.seen += 1
                _add(at, result.skip, 1)
            elif not at.full and result.was is None and result.skip is None and new:
                _add(at, None, 1)
            elif not at.full and result.was is Fate.STORED and result.skip is not None and new:
                _add(at, None, -1)
                _add(at, result.skip, 1)
            elif not at.full and result.was is None and result.skip is not None and new:
                at.unknown[result.skip] = at.unknown.get(result.skip, 0) + 1
            self.tally.seen += 1
            if result.skip:
                self.tally.skipped[result.skip] = self.tally.skipped.get(result.skip, 0) + 1
            elif result.did:
                setattr(self.tally, result.did, getattr(self.tally, result.did) + 1)

    def _weigh(self) -> None:
        """Say whether this pass deletes what is gone. While something is held, only a full pass that shows what is there may."""
        at, away = self._at, self._pass_log.taken_away
        if not at.full and at.held is not None:
            at.braked = True
            return
        if not at.full and not brake.halves(at.shown, at.shown - len(away)):
            return
        self._weighed = known = self._known()
        gone = known - self._pass_log.seen if at.full else known & away
        at.held = brake.weigh(at, self.checkpoint.stream, len(gone), self.confirmed)
        if at.held is not None:
            links_of = self.stored.origin.known(self.stored.kind, gone).values()
            stored = sum(each.fate is Fate.STORED for each in links_of)
            # What its member deleted here, or what has ended, is no loss.
            at.held = at.held.model_copy(update={"would_delete": stored}) if stored else None
        at.braked = at.held is not None

    def _sweep(self, has_time: Callable[[], bool]) -> bool:
        """Delete what is gone; False where time ran out. What no page contained is asked for by its id first, so that a page that
        the provider left out deletes nothing."""
        away = self._pass_log.taken_away
        asked = set(self._pass_log.unclear)
        if self._at.full:
            here = self._known() if self._weighed is None else self._weighed
            asked |= here - self._pass_log.seen - away
        settled: list[str] = []
        for keys, sure in ((sorted(away), True), (sorted(asked - self._pass_log.settled), False)):
            for chunk in batch.chunks(keys, _LOOKED_AT_ONCE):
                known = self.stored.origin.known(self.stored.kind, chunk)
                settled += chunk
                if known:
                    self._settle(known, sure=sure)
                if known and not has_time():
                    transact = self._pass_log.settle(self._at.page, settled)
                    self._at.page += 1
                    self._save(transact)
                    return False
        return True

    def _settle(self, known: dict[str, SourceLinkPayload], *, sure: bool) -> None:
        """Take these away, where the source has them no more; store what it still has."""
        gone, self._uncounted = known, True
        if not sure:
            page = self.source.look([copy.external_id for copy in known.values()])
            there = self.stored.store(page)
            self._count(there)
            absent = {self.stored.origin.key(self.stored.kind, external_id) for external_id in page.gone}
            unfit = {result.key for result in there if result.to_take_away}
            gone = {key: copy for key, copy in known.items() if key in absent | unfit}
        self.tally.deleted += self.stored.take_away(gone)
        if not self._at.full:
            for key, copy in gone.items():
                if not self._pass_log.unfit(key):
                    _add(self._at, None if copy.fate is Fate.STORED else str(copy.fate), -1)

    def _known(self) -> set[str]:
        prefix = links.prefix(self.stored.origin.connection, self.stored.kind)
        pages = rows.keys(SourceLinkRecord, self.stored.origin.tenant, prefix)
        return {sk.removeprefix(prefix) for page in pages for sk in page}

    def _end(self) -> None:
        """Finish the pass. Where the provider's own count differs from ours a full pass follows at once; if it still differs
        after that, `differs` says so."""
        at = self._at
        if at.unsure and not at.full:
            self._count_again()
        there = self._their_count()
        if there is not None:
            self._count_new(there)
        here = at.stored + sum(at.skipped.values())
        differs = there is not None and there != here
        if at.full or at.first or not self._pass_log.nothing:
            self.stored.origin.ensure_lease()
            self._pass_log.drop()
        if differs and not at.recount and not at.differs:
            at.recount, at.at = True, None
        else:
            at.seen, at.complete_at, at.complete_from = here, clock.now(), at.began_at
            at.full_at = at.complete_at if at.full else at.full_at
            at.recount, at.differs = False, differs
        if at.held is None:
            at.shown = at.stored + self._away()
        at.began_at, at.mark, at.sweeping, at.braked, at.unknown = None, None, False, False, {}
        at.page = at.first = at.restarts = 0
        at.unsure, at.draw = False, new_draw()
        self._save()

    def _their_count(self) -> int | None:
        """How many the provider says it has; None where it does not say now: the pages were read, which is what counts."""
        try:
            return self.source.count()
        except (ProviderDown, NotPermitted) as error:
            log.failure("count_failed", error, tenant=self.checkpoint.tenant)
            return None

    def _count_again(self) -> None:
        """What is stored, by the rows. Beside it only what stays away has rows, by what was counted of that."""
        self._at.stored = max(0, len(self._known()) - self._away())

    def _away(self) -> int:
        return sum(self._at.skipped.get(reason, 0) for reason in (SkipCode.DROPPED_HERE, SkipCode.LIFE_ENDED))

    def _count_new(self, there: int) -> None:
        """Of what can't be stored nothing is kept that would tell what is new of it. Where the source counts as many more as
        this pass showed, all of it is; where fewer, that many are, unless it is not clear for which reasons."""
        at = self._at
        missing, unknown = there - at.stored - sum(at.skipped.values()), sum(at.unknown.values())
        if missing == unknown or (0 < missing < unknown and len(at.unknown) == 1):
            for skip, number in at.unknown.items():
                _add(at, skip, min(number, missing))


def _add(at: CheckpointPayload, skip: str | None, number: int) -> None:
    if skip is None:
        at.stored = max(0, at.stored + number)
        return
    at.skipped[skip] = at.skipped.get(skip, 0) + number
    if at.skipped[skip] <= 0:
        del at.skipped[skip]
