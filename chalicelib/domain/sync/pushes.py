"""A provider's word that a mailbox has news: its connections are read now, and not at their next time."""

from datetime import timedelta

from chalicelib.core import clock, log, settings
from chalicelib.domain.connections import keeping, mailboxes
from chalicelib.domain.connections.model import SYNC_DUE
from chalicelib.store import due, objects

_AGAIN_AFTER = timedelta(minutes=2)  # as jobs.due has it: should the message be lost, the row brings it


def told(address: str) -> int:
    """The mailbox has news; how many connections are read for it. The same word again changes nothing.

    One that is being read, or is to be read within two minutes, is left as it is; one that has gone is forgotten.
    """
    sent = 0
    for reader in mailboxes.find(address):
        if keeping.find(reader.tenant, reader.connection) is None:
            mailboxes.forget(address, reader.tenant, reader.connection)
            continue
        piece = due.Due(SYNC_DUE, f"{reader.tenant}.{reader.connection}")
        if due.hurry(piece, clock.now() + _AGAIN_AFTER):
            objects.send(settings.current().queues.sync, {"kind": piece.kind, "id": piece.id})
            sent += 1
    log.event("mailbox_told", count=sent)
    return sent
