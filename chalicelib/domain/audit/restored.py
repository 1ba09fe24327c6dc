"""When tables were restored last: after that, no position in the feed of changes holds, for what it tells may have come back or
gone without a row of the journal."""

from chalicelib.core import clock
from chalicelib.domain.audit.model import RestoredPayload
from chalicelib.domain.audit.records import RestoredRecord
from chalicelib.store import batch, rows

_PK, _SK = "restored", "last"
_KNOWN_FOR_S = 60  # what is older is read again, so that following the feed costs no call more
_known: list[tuple[float, str]] = []


def mark() -> None:
    """Note that a restore ended now. Again at each end of a replay, which may only void more positions."""
    batch.put_all([RestoredRecord.build(_PK, _SK, RestoredPayload(at=clock.now()))])
    _known.clear()


def last() -> str:
    """Return when a restore ended last (RFC 3339), empty where none did. At most a minute old: a position that is given
    meanwhile is void afterwards, as all of before are."""
    if not _known or clock.monotonic() - _known[0][0] > _KNOWN_FOR_S:
        row = rows.get(RestoredRecord, _PK, _SK)
        _known[:] = [(clock.monotonic(), clock.rfc3339(row.unsealed(RestoredPayload).at) if row else "")]
    return _known[0][1]
