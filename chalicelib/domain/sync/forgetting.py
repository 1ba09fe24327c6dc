"""What came only from one connection goes with it: as yet its own places, passes and runs."""

from collections.abc import Callable

from chalicelib.core import ids
from chalicelib.domain.connections.model import PREFIX
from chalicelib.domain.sync.records import CheckpointRecord, PassRecord, RunRecord
from chalicelib.store import batch, rows


def forget(tenant: str, connection_id: str, has_time: Callable[[], bool]) -> bool:
    """Remove it; True when all of it is gone. Safe to repeat."""
    parsed = ids.parse_owned(connection_id, PREFIX)
    if parsed is None:
        return True
    for record in (CheckpointRecord, PassRecord, RunRecord):
        for page in rows.keys(record, tenant, f"{record.declared.kind}#{parsed.owner}#{parsed.local}#"):
            if not has_time():
                return False
            batch.delete_all(record, [(tenant, sk) for sk in page])
    return True
