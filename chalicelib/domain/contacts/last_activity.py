"""When a contact last wrote: what its life counts from (P15)."""

import contextlib
from datetime import timedelta

from chalicelib.core import clock
from chalicelib.core.errors import VersionConflict
from chalicelib.domain.contacts.model import ContactPayload
from chalicelib.domain.contacts.records import ContactRecord
from chalicelib.store import rows

_STEP = timedelta(days=7)  # a life is of months: who writes daily needs no write a day


def heard(record: ContactRecord, at: str) -> None:
    """Remember that the contact wrote at that time (RFC 3339), where it is newer than what is known by a week.

    No journal tells of it, and the version stays, for no client is shown it. A contact that keeps changing, or has gone,
    is left: the next message says it again.
    """

    def change(row: ContactRecord) -> rows.Put | None:
        payload = row.unsealed(ContactPayload)
        known = payload.last_heard_at
        if known and clock.parse_rfc3339(at) - clock.parse_rfc3339(known) < _STEP:
            return None
        row.reseal(payload.model_copy(update={"last_heard_at": at}))
        return rows.Put(visible=False)

    with contextlib.suppress(VersionConflict):
        rows.update(record, change)
