"""What a run knows of the stream that it reads: whose it is, under which lease; and what became of the records of a page."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from chalicelib.core import clock
from chalicelib.core.actor import Lives
from chalicelib.core.ids import OwnedId
from chalicelib.domain.audit.model import SHORTEST_LIFE_DAYS, Action, By, Cause
from chalicelib.domain.companies.model import CompanyPayload
from chalicelib.domain.contacts.model import ContactPayload
from chalicelib.domain.sources import links
from chalicelib.domain.sources.model import Fate, SourceLinkPayload
from chalicelib.domain.sources.provenance import source_is_hidden
from chalicelib.domain.sources.records import SourceLinkRecord
from chalicelib.domain.sync.checkpoint import Checkpoint
from chalicelib.domain.sync.mapping import Skip
from chalicelib.store import batch

P = TypeVar("P")
R = TypeVar("R", ContactPayload, CompanyPayload)
_FRESH_SHARE = 4  # what a connection vouches for is said anew after this part of the days that it holds


@dataclass(frozen=True)
class StreamContext:
    """What one run needs to write one stream of a connection. `ensure_lease` is called before any write (LeaseOver when the lease
    has ended), `acquire_writer` before the first contact or company (also WriterBusy while an import or another sync writes for
    this member)."""

    tenant: str
    connection: OwnedId
    source: str  # of values: see connections.model.source_of
    lives: Lives
    checkpoint: Checkpoint
    ensure_lease: Callable[[], None]
    acquire_writer: Callable[[], None]

    @property
    def owner(self) -> str:
        """The owner code of the member."""
        return self.connection.owner

    def key(self, kind: str, external_id: str) -> str:
        """The key of a record of this connection."""
        return links.key_of(self.tenant, kind, f"{self.source}:{external_id}")

    def copy_sk(self, kind: str, key: str) -> str:
        """The sort key of its copy."""
        return links.prefix(self.connection, kind) + key

    def known(self, kind: str, keys: Iterable[str]) -> dict[str, SourceLinkPayload]:
        """What is known of these records, by key. One call for 100 of them."""
        sks = {key: self.copy_sk(kind, key) for key in keys}
        found = batch.get_all(SourceLinkRecord, [(self.tenant, sk) for sk in sks.values()])
        return {
            key: found[self.tenant, sk].unsealed(SourceLinkPayload)
            for key, sk in sks.items()
            if (self.tenant, sk) in found
        }

    def copy(self, kind: str, key: str, payload: SourceLinkPayload) -> SourceLinkRecord:
        """The row, not written yet."""
        return SourceLinkRecord.build(self.tenant, self.copy_sk(kind, key), payload)

    def journal_before(self, there: P) -> P | None:
        """The "before" of the journal's entry where a record is announced again after a worker was killed: None, so that every
        reader fetches it; the record itself, so that only its owner does, where the source is hidden from others (P8)."""
        return there if source_is_hidden(self.source) else None

    def grown_old(self, seen_at: str) -> bool:
        """Whether `seen` must be written anew, so that the record does not expire: it is older than a quarter of `copy_days`."""
        limit = clock.now() - timedelta(days=self.lives.copy_days) / _FRESH_SHARE
        return not seen_at or clock.parse_rfc3339(seen_at) <= limit

    def refresh_due(self, full_at: datetime | None, every: float) -> bool:
        """Whether a full pass is due: after so many seconds, or before copies grow old unseen."""
        share = self.lives.copy_days * 86_400 / _FRESH_SHARE
        return full_at is None or clock.now() - full_at >= timedelta(seconds=min(every, share))


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
        """Whether it was stored and can't be any more: what is here of it goes, as if it were gone there."""
        return self.skip in (Skip.ADDRESS, Skip.NOBODY) and self.was is Fate.STORED

    @property
    def stays_away(self) -> bool:
        """Whether it could be stored and is not: its member does not want it here, or its life has ended."""
        return self.skip in (Skip.DROPPED, Skip.ENDED)


def skipped_by(fate: Fate) -> Skip | None:
    """Why a record with that fate is left alone; None where it is not."""
    return {Fate.DROPPED: Skip.DROPPED, Fate.ENDED: Skip.ENDED}.get(fate)


def cause(action: Action) -> Cause:
    """Of what the sync does: clients hear of it, and the audit log does not show it."""
    return Cause(action, By.SYSTEM, SHORTEST_LIFE_DAYS)


def visibly_changed(before: R, after: R) -> bool:
    """Whether more changed of a contact or company than when its connections showed it last."""
    return before.model_copy(update={"seen": after.seen}) != after
