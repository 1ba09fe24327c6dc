"""Which records the pages of a pass contained, written in the same call as the checkpoint. What is known here and not among them
may be gone there."""

import hashlib
import json
from collections.abc import Iterable
from datetime import timedelta

from chalicelib.connectors.port import Position
from chalicelib.core import clock
from chalicelib.domain.sync.checkpoint import Checkpoint
from chalicelib.domain.sync.records import PassPayload, PassRecord
from chalicelib.store import batch, rows

_LIFE = timedelta(days=PassRecord.declared.life_days or 7)


class PassLog:
    """Of the pass that a stream is in."""

    def __init__(self, checkpoint: Checkpoint) -> None:
        self._checkpoint = checkpoint
        self.seen: set[str] = set()
        self._gone: set[str] = set()
        self._unfit: set[str] = set()
        self._positions: set[str] = set()
        self.settled: set[str] = set()

    def load(self, first: int) -> None:
        """Read what earlier runs of this pass were shown, from that page on."""
        for row in rows.every(PassRecord, self._checkpoint.tenant, self._prefix()):
            if int(row.sk.rpartition("#")[2]) >= first:
                self._take(row.unsealed(PassPayload))

    def clear(self) -> None:
        """The pass begins again."""
        for each in (self.seen, self._gone, self._unfit, self._positions, self.settled):
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
        """Whether it is there and can't be stored."""
        return key in self._unfit

    def circles(self, asked: Position, told: Position) -> bool:
        """Whether a page sends us back to where the pass has been."""
        return _digest(told) == _digest(asked) or _digest(told) in self._positions

    def note(
        self, page: int, position: Position | None, seen: Iterable[str], gone: Iterable[str], unfit: Iterable[str]
    ) -> list[PassRecord]:
        """Remember one page; its row, which is to be written with the checkpoint, or none where it showed nothing."""
        payload = PassPayload(
            seen=list(seen), gone=list(gone), unfit=list(unfit), position=_digest(position) if position else ""
        )
        if not (payload.seen or payload.gone or payload.unfit):
            self._take(payload)
            return []
        return self._row(page, payload)

    def settle(self, page: int, keys: Iterable[str]) -> list[PassRecord]:
        """Remember what needs no further look, as a page of its own."""
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
        if payload.position:
            self._positions.add(payload.position)

    def _prefix(self) -> str:
        at = self._checkpoint
        return f"{PassRecord.declared.kind}#{at.owner_code}#{at.cxn_local}#{at.stream}#"


def _digest(position: Position) -> str:
    canonical = json.dumps([position.full, sorted(position.at.items())], separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()[:24]
