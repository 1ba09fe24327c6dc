"""A provider's word that a mailbox has news: its connections are read now, and not at their next time."""

from datetime import timedelta

from chalicelib.core import clock, log
from chalicelib.core.errors import KeyShredded
from chalicelib.domain.connections import mailboxes, repository
from chalicelib.domain.connections.model import SYNC_DUE, ConnectionPayload, ConnectionState
from chalicelib.store import due
from chalicelib.store.steps import send

_AGAIN_AFTER = timedelta(minutes=2)  # as jobs.due has it: should the message be lost, the row brings it


def told(address: str) -> int:
    """Plan a sync of every connection that reads the mailbox, and return how many. Safe to repeat.

    A connection that is being read is read once more after that. One that is to be read within two minutes is left as
    it is, and so is one that waits for its member's consent. One that has gone is forgotten, but not one that is being
    made just now.
    """
    sent = 0
    for reader in mailboxes.find(address):
        record = repository.find(reader.tenant, reader.connection)
        if record is None:
            if not due.planned(due.Due(SYNC_DUE, f"{reader.tenant}.{reader.connection}")):
                mailboxes.forget(address, reader.tenant, reader.connection)
            continue
        try:
            if record.unsealed(ConnectionPayload).state is not ConnectionState.ACTIVE:
                continue
        except KeyShredded:
            continue  # the workspace is being purged
        piece = due.Due(SYNC_DUE, repository.work_id(record))
        if due.wake(piece, clock.now() + _AGAIN_AFTER):
            send("sync", piece)
            sent += 1
    log.event("mailbox_told", count=sent)
    return sent
