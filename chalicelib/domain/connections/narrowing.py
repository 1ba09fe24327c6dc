"""What a restore widened again: a mailbox is not read of which the member had said so."""

from chalicelib.core import clock
from chalicelib.core.errors import KeyShredded
from chalicelib.domain.certificates.narrowed import Narrowing
from chalicelib.domain.certificates.replay_log import Logged
from chalicelib.domain.connections import mailboxes, repository, tiers
from chalicelib.domain.connections.model import SYNC_DUE, ConnectionPayload, ConnectionState
from chalicelib.store.due import Due, wake
from chalicelib.store.handlers import Replayed
from chalicelib.store.steps import HasTime


def replay(logged: Logged[Narrowing], _registry: object, _within: str, _has_time: HasTime) -> Replayed:
    """Give the connection the tier again that its member chose last; 1 where it had a wider one of before. Its worker, which
    finds it due, takes away what was counted of the mailbox. Safe to repeat. VersionConflict, Unavailable: come again."""
    entry = logged.entry
    record = repository.find(entry.tenant, entry.connection)
    try:
        payload = record.unsealed(ConnectionPayload).model_copy(deep=True) if record else None
    except KeyShredded:
        return Replayed(0)  # the workspace was purged: its own entry of the log ends it
    if record is None or payload is None or payload.state is ConnectionState.ENDING:
        return Replayed(0)
    is_later = (payload.consented_at or payload.created_at) >= entry.at
    if is_later or not tiers.reads_mail(payload.provider, payload.tier):
        return Replayed(0)
    mailboxes.forget(payload.address, entry.tenant, entry.connection)
    wake(Due(SYNC_DUE, repository.work_id(record)), clock.now())
    payload.tier, payload.mail_ended = entry.tier, True
    repository.save(record, payload)
    return Replayed(1)
