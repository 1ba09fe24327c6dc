"""Rows of who writes to whom; the counts themselves go with their contact, see contacts.records.ExchangeRecord."""

from chalicelib.core.models import Model
from chalicelib.store.declaration import Declaration, Found, Holds
from chalicelib.store.handlers import Because
from chalicelib.store.records import TenantRecord

HORIZON_DAYS = 365  # what is older when it is read is not counted
HEARD_DAYS = 400  # from the first of the month: longer than the horizon, else the next full pass counted its end again


class HeardPayload(Model):
    """`marks` are keyed hashes of what was counted, MARK_LENGTH characters each, one after the other."""

    marks: str = ""


class HeardRecord(TenantRecord):
    """SK `heard#owner code#connection's local id#yyyy-mm#number`: which messages of a month were counted, so that none counts
    twice, whatever is read again."""

    declared = Declaration(
        kind="heard",
        holds=Holds.NOBODY,
        found=Found.NEVER,
        life="thirteen months: while a full pass over the mailbox could read the message again",
        life_days=HEARD_DAYS,
        payload=HeardPayload,
        because="keyed hashes of message ids",
        export=Because("keyed hashes of message ids"),
    )
