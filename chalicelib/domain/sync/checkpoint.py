"""Where one stream of a connection is, and which records the pages of its pass contained: read once by the worker that has the
lease, written after each page, in one call. What is known here and not among these records may be gone there.

Every write is over the version that this worker knows. Whoever takes the stream over from a worker that has not said that it
works no more moves the version on first: that one fails at its next write, and nothing of that write stands.
"""

import hashlib
import json
from collections.abc import Iterable
from datetime import timedelta

from chalicelib.connectors.port import Position, Stream
from chalicelib.core import clock, ids
from chalicelib.core.errors import Unavailable, VersionConflict
from chalicelib.core.ids import OwnerCode, SortKey, TenantId
from chalicelib.domain.sync.records import CheckpointPayload, CheckpointRecord, PassPayload, PassRecord
from chalicelib.store import batch, rows

_LIFE = timedelta(days=PassRecord.declared.life_days or 7)


def record_sk(owner_code: OwnerCode, cxn_local: str, stream: Stream) -> SortKey:
    """Return the sort key of a stream's checkpoint."""
    return ids.sort_key(CheckpointRecord.declared.kind, owner_code, cxn_local, stream)


def new_draw() -> str:
    """Return a new text for a pass to draw ids from (ingest.linked.Connected.draw)."""
    return ids.secret(80)


class Checkpoint:
    """One stream's. `claim` comes first; until then nothing is read."""

    def __init__(self, tenant: TenantId, owner_code: OwnerCode, cxn_local: str, stream: Stream) -> None:
        self.tenant, self.owner_code, self.cxn_local, self.stream = tenant, owner_code, cxn_local, stream
        self._sk = record_sk(owner_code, cxn_local, stream)
        self._record: CheckpointRecord | None = None
        self.draw = ""  # of the pass that is under way
        self.taken_over = False  # whether the worker before may have stored something and not have come to write so

    @property
    def at(self) -> CheckpointPayload:
        """Where the stream is, as a copy that may be changed and saved. ValueError before `claim`."""
        return self._claimed().unsealed(CheckpointPayload).model_copy(deep=True)

    @property
    def row(self) -> CheckpointRecord:
        """What other writes may be made conditional on (`holding` in store.rows). ValueError before `claim`."""
        return self._claimed()

    def claim(self, *, alone: bool = False) -> None:
        """Read the checkpoint, or create it, and shut out the worker that had it before.

        Not where this worker is `alone`: the one before it has given its lease back. Two calls, or one. VersionConflict
        where another worker claims it at the same moment.
        """
        found = rows.get(CheckpointRecord, self.tenant, self._sk)
        if found is None:
            found = CheckpointRecord.build(self.tenant, self._sk, CheckpointPayload(draw=new_draw()))
            rows.put_new(found, deletable=True)  # by a disconnection
        elif not alone:
            rows.put_if_unchanged(found)
            self.taken_over = True
        self._record, self.draw = found, found.unsealed(CheckpointPayload).draw

    def save(self, payload: CheckpointPayload, transact: rows.TransactItems = ()) -> None:
        """Write `payload`, with `transact` in the same call (see store.rows.put_new).

        VersionConflict where another worker took the stream over, or the connection is gone: stop then, and write
        nothing more.
        """
        record = self._claimed()
        before = record.unsealed(CheckpointPayload)
        record.reseal(payload)
        try:
            rows.put_if_unchanged(record, transact)
        except (VersionConflict, Unavailable):
            record.reseal(before)
            raise
        self.draw = payload.draw

    def _claimed(self) -> CheckpointRecord:
        if self._record is None:
            raise ValueError("the checkpoint was not claimed")
        return self._record


class PassLog:
    """Of the pass that a stream is in."""

    def __init__(self, checkpoint: Checkpoint) -> None:
        self._checkpoint = checkpoint
        self.seen: set[str] = set()
        self._gone: set[str] = set()
        self._unfit: set[str] = set()
        self._positions: set[str] = set()
        self.settled: set[str] = set()
        self.merged: set[str] = set()

    def load(self, first: int) -> None:
        """Read the pages that earlier runs of this pass were shown, from `first` on."""
        for row in rows.every(PassRecord, self._checkpoint.tenant, self._prefix()):
            if int(row.sk.rpartition("#")[2]) >= first:
                self._take(row.unsealed(PassPayload))

    def clear(self) -> None:
        """Begin the pass again."""
        for each in (self.seen, self._gone, self._unfit, self._positions, self.settled, self.merged):
            each.clear()

    @property
    def nothing(self) -> bool:
        """Whether the pass was shown no record at all."""
        return not (self.seen or self._gone or self._unfit)

    @property
    def taken_away(self) -> set[str]:
        """Keys to delete without a look-up: said to be deleted, or not storable any more, and on no page of this pass."""
        return (self._gone | self._unfit) - self.seen

    @property
    def unclear(self) -> set[str]:
        """What was shown and said to be gone, in one pass: it has to be looked at."""
        return (self._gone | self._unfit) & self.seen

    def unfit(self, key: str) -> bool:
        """Return whether the record exists but can't be stored."""
        return key in self._unfit

    def circles(self, asked: Position, told: Position) -> bool:
        """Return whether a page sends us back to a position where the pass has been."""
        return _digest(told) == _digest(asked) or _digest(told) in self._positions

    def note(
        self,
        page: int,
        position: Position | None,
        seen: Iterable[str],
        gone: Iterable[str],
        unfit: Iterable[str],
        merged: Iterable[str],
    ) -> list[PassRecord]:
        """Remember one page and return its row, to be written with the checkpoint; nothing where it showed nothing."""
        payload = PassPayload(
            seen=list(seen),
            gone=list(gone),
            unfit=list(unfit),
            merged=sorted(set(merged) - self.merged),
            position=_digest(position) if position else "",
        )
        if not (payload.seen or payload.gone or payload.unfit or payload.merged):
            self._take(payload)
            return []
        return self._row(page, payload)

    def settle(self, page: int, keys: Iterable[str]) -> list[PassRecord]:
        """Remember what needs no further look as a page of its own, and return its row like `note`."""
        return self._row(page, PassPayload(settled=list(keys)))

    def _row(self, page: int, payload: PassPayload) -> list[PassRecord]:
        self._take(payload)
        sk = f"{self._prefix()}{page:06d}"
        return [PassRecord.build(self._checkpoint.tenant, sk, payload, ends=clock.now() + _LIFE)]

    def drop(self) -> None:
        """Delete the rows of this stream's passes. Safe to repeat."""
        for page in rows.keys(PassRecord, self._checkpoint.tenant, self._prefix()):
            batch.delete_all(PassRecord, [(self._checkpoint.tenant, sk) for sk in page])

    def _take(self, payload: PassPayload) -> None:
        self.seen.update(payload.seen)
        self._gone.update(payload.gone)
        self._unfit.update(payload.unfit)
        self.settled.update(payload.settled)
        self.merged.update(payload.merged)
        if payload.position:
            self._positions.add(payload.position)

    def _prefix(self) -> str:
        at = self._checkpoint
        return ids.key_range(PassRecord.declared.kind, at.owner_code, at.cxn_local, at.stream)


def _digest(position: Position) -> str:
    canonical = json.dumps([position.full, sorted(position.at.items())], separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()[:24]
