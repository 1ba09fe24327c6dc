"""A member wants a connection to be read now."""

from datetime import timedelta
from enum import StrEnum

from chalicelib.core import clock, settings
from chalicelib.core.actor import Actor
from chalicelib.core.errors import Conflict
from chalicelib.domain.connections import keeping
from chalicelib.domain.connections.model import SYNC_DUE, ConnectionPayload, ConnectionState
from chalicelib.store import due, objects, rows

_AGAIN_AFTER = timedelta(minutes=2)  # as jobs.due has it: should the message be lost, the row brings it


class NeedsConsent(Conflict):
    """The provider gives no token for the connection any more."""

    code, title = "needs_consent", "Connect this account again first"


class Asked(StrEnum):
    """QUEUED: it is read soon. RUNNING: it is being read just now, and once more after that."""

    QUEUED = "queued"
    RUNNING = "running"


def now(actor: Actor, connection_id: str) -> Asked:
    """Read the actor's connection as soon as a worker is free; asking again before that changes nothing. NotFound,
    NeedsConsent."""
    record = keeping.get(actor, connection_id)
    if record.unsealed(ConnectionPayload).state is ConnectionState.NEEDS_CONSENT:
        raise NeedsConsent
    piece = due.Due(SYNC_DUE, keeping.work_id(record))
    fresh = due.wake(piece, clock.now() + _AGAIN_AFTER)
    row = rows.get(due.DueRecord, piece.pk, due.SK)
    if row is not None and row.lease_until and clock.parse_rfc3339(row.lease_until) > clock.now():
        return Asked.RUNNING
    if fresh:
        objects.send(settings.current().queues.sync, {"kind": piece.kind, "id": piece.id})
    return Asked.QUEUED
