"""When a contact last wrote: what its life counts from (P15)."""

from datetime import timedelta

from chalicelib.core import clock
from chalicelib.core.errors import VersionConflict
from chalicelib.domain.contacts.model import ContactPayload
from chalicelib.domain.contacts.records import ContactRecord
from chalicelib.store import rows

_STEP = timedelta(days=7)  # a life is of months: who writes daily needs no write a day
_ATTEMPTS = 3


def heard(record: ContactRecord, at: str) -> bool:
    """The contact wrote at that time (RFC 3339): remembered where it is newer than what is known by a week; whether it was.

    No journal tells of it, and the version stays, for no client is shown it. A contact that keeps changing, or has gone,
    is left: the next message says it again.
    """
    row: ContactRecord | None = record
    for _ in range(_ATTEMPTS):
        if row is None:
            return False
        payload = row.unsealed(ContactPayload)
        known = payload.last_heard_at
        if known and clock.parse_rfc3339(at) - clock.parse_rfc3339(known) < _STEP:
            return False
        row.reseal(payload.model_copy(update={"last_heard_at": at}))
        try:
            rows.amend(row)
        except VersionConflict:
            row = rows.get(ContactRecord, row.tenant, row.sk)
            continue
        return True
    return False
