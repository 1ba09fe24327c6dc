"""Rows of who writes to whom."""

from chalicelib.core.models import Model
from chalicelib.store.declaration import Declaration, Found, Holds
from chalicelib.store.records import TenantRecord

HEARD_DAYS = 90


class ExchangePayload(Model):
    """Messages between one member and one contact. Times are RFC 3339. `recipients` sums the recipients of all outgoing and
    incoming messages, so that `recipients / (received + sent)` tells a conversation from a circular. `generation` is the full
    pass that the counts began with, by connection."""

    contact: str = ""  # the contact's sort key
    received: int = 0
    sent: int = 0
    last_received_at: str | None = None
    last_sent_at: str | None = None
    recipients: int = 0
    generation: dict[str, str] = {}


class ExchangeRecord(TenantRecord):
    """SK `exchange#owner code#local id of the contact`: one for each contact that mail went to or came from."""

    declared = Declaration(
        kind="exchange",
        holds=Holds.PERSON,
        found=Found.WITH_PARENT,
        life="as long as its contact",
        payload=ExchangePayload,
    )


class HeardPayload(Model):
    """`ids` are keyed hashes of the message ids that were counted, 8 bytes each in hexadecimal."""

    ids: str = ""


class HeardRecord(TenantRecord):
    """SK `heard#owner code#connection's local id#yyyy-mm`: which messages of a month were counted, so that none counts twice."""

    declared = Declaration(
        kind="heard",
        holds=Holds.NOBODY,
        found=Found.NEVER,
        life="90 days",
        life_days=HEARD_DAYS,
        payload=HeardPayload,
        because="keyed hashes of message ids",
    )
