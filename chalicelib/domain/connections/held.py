"""Deletions that a connection holds back, since its source suddenly shows much less than it did: its health says so."""

from chalicelib.connectors.port import Stream
from chalicelib.core.errors import VersionConflict
from chalicelib.domain.connections import repository
from chalicelib.domain.connections.model import ConnectionPayload, ConnectionState, Held
from chalicelib.domain.connections.records import ConnectionRecord
from chalicelib.store import rows


def say(record: ConnectionRecord, stream: Stream, held: Held | None) -> None:
    """Write what the stream holds back, None for nothing, where the connection does not say so yet.

    VersionConflict where the connection is gone, or on its way out.
    """

    def write(current: ConnectionRecord) -> bool:
        payload = current.unsealed(ConnectionPayload).model_copy(deep=True)
        if payload.state is ConnectionState.ENDING:
            return False
        said = payload.health.held
        payload.health.held = [*(each for each in said if each.stream != stream), *([held] if held else [])]
        if payload.health.held != said:
            repository.save(current, payload)
        return True

    if not rows.settle(record, write):
        raise VersionConflict
