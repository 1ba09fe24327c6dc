"""Exports of a member go at once: somebody who may be in them was erased, or the member goes itself."""

from chalicelib.core import clock, ids, settings
from chalicelib.core.errors import KeyShredded
from chalicelib.core.ids import OwnerCode, TenantId
from chalicelib.domain.exports.model import ExportPayload, ExportState, owners_prefix
from chalicelib.domain.exports.records import ExportRecord
from chalicelib.store import objects, rows


def drop_of_owner(tenant: TenantId, owner: OwnerCode) -> int:
    """Delete every export of the member with that owner code; how many files that were. Safe to repeat.

    An export that is being made begins anew: what it has read so far may hold somebody who was just erased. Call it after
    the deletion, and once more when no write under way can survive. VersionConflict where a row keeps changing.
    """
    try:
        for record in rows.every(ExportRecord, tenant, ids.key_range("export", owner)):
            rows.update(record, _drop)
    except KeyShredded:
        pass  # purged: no row can be read, and none is needed to find the files
    return objects.delete_prefix(settings.current().buckets.exports, owners_prefix(tenant, owner))


def _drop(record: ExportRecord) -> rows.Put | None:
    """Refuse the file from now on, or make its worker's next write fail. First the row, so that no file is given meanwhile."""
    payload = record.unsealed(ExportPayload)
    if payload.state not in _HOLDING:
        return None
    fresh = {"state": _HOLDING[payload.state], "updated_at": clock.now()}
    record.reseal(payload.model_copy(update=fresh))
    return rows.Put()


# What has read something, and what becomes of it. A queued export has read nothing yet.
_HOLDING = {ExportState.RUNNING: ExportState.QUEUED, ExportState.DONE: ExportState.EXPIRED}
