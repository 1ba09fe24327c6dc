"""The rows of signals."""

from chalicelib.domain.signals.model import KIND, LIFE_DAYS, SignalPayload
from chalicelib.store.declaration import Declaration, Ended, Exported, Found, Holds
from chalicelib.store.handlers import Handler
from chalicelib.store.records import TenantRecord

_COLUMNS = ("id", "company_id", "type", "strength", "occurred_at", "source", "created_at")


class SignalRecord(TenantRecord):
    """SK `signal#owner code#the company's local id#id`: the events of one company are one range, and so are all of a member's."""

    declared = Declaration(
        kind=KIND,
        holds=Holds.NOBODY,
        found=Found.NEVER,
        life="two years after its member told it, or until its company is deleted",
        life_days=LIFE_DAYS,
        ended=Ended.PASS,
        expire=Handler("chalicelib.domain.signals.expire:expire"),
        tidy=Handler("chalicelib.domain.signals.expire:tidy"),
        payload=SignalPayload,
        because="a type, a number, a time and a source, in which no address stands",
        export=Exported("signals", "SignalsOut", _COLUMNS, about="what you noted to have happened at your companies"),
    )
