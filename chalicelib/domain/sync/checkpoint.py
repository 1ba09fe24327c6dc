"""Where one stream of a connection is: read once by the worker that has the lease, written after each page.

Every write is over the version that this worker knows. Whoever takes the stream over from a worker that has not said that it
works no more moves the version on first: that one fails at its next write, and nothing of that write stands.
"""

from chalicelib.connectors.port import Stream
from chalicelib.core.errors import Unavailable, VersionConflict
from chalicelib.domain.sync.records import CheckpointPayload, CheckpointRecord
from chalicelib.store import rows


def record_sk(owner_code: str, cxn_local: str, stream: Stream) -> str:
    """The sort key of a stream's checkpoint."""
    return f"{CheckpointRecord.declared.kind}#{owner_code}#{cxn_local}#{stream}"


class Checkpoint:
    """One stream's. `claim` comes first; until then nothing is read."""

    def __init__(self, tenant: str, owner_code: str, cxn_local: str, stream: Stream) -> None:
        self.tenant, self.owner_code, self.cxn_local, self.stream = tenant, owner_code, cxn_local, stream
        self._sk = record_sk(owner_code, cxn_local, stream)
        self._record: CheckpointRecord | None = None
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
        """Read it, made anew where it is not there, and shut out whoever had it before, unless this worker is `alone`: the one
        before it has given its lease back. Two calls, or one.

        VersionConflict where another worker claims it at the same moment.
        """
        found = rows.get(CheckpointRecord, self.tenant, self._sk)
        if found is None:
            found = CheckpointRecord.build(self.tenant, self._sk, CheckpointPayload())
            rows.put_new(found)
        elif not alone:
            rows.put_if_unchanged(found)
            self.taken_over = True
        self._record = found

    def save(self, payload: CheckpointPayload, transact: rows.TransactItems = ()) -> None:
        """Go on to `payload`, with `transact` in the same call (see store.rows.put_new). VersionConflict where another took
        the stream over, or the connection is gone: stop then, and write nothing more."""
        record = self._claimed()
        before = record.unsealed(CheckpointPayload)
        record.reseal(payload)
        try:
            rows.put_if_unchanged(record, transact)
        except (VersionConflict, Unavailable):
            record.reseal(before)
            raise

    def _claimed(self) -> CheckpointRecord:
        if self._record is None:
            raise ValueError("the checkpoint was not claimed")
        return self._record
