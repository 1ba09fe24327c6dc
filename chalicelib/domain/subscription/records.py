"""In the accounts' table: the subscription beside its tenant, the way from a PayPal id to the tenant, the events seen."""

from chalicelib.domain.subscription.model import EventPayload, FinderPayload, SubscriptionPayload
from chalicelib.store.declaration import Declaration, Found, Holds
from chalicelib.store.records import PlatformRecord

_IDS = "ids, a state and times of a workspace, no data of a person"
EVENT_DAYS = 30  # PayPal sends an event again for three days


class SubscriptionRow(PlatformRecord):
    """PK `tenant#id`, SK `subscription`."""

    table = "Accounts"
    declared = Declaration(
        "subscription", Holds.NOBODY, Found.NEVER, "until the purge", None, SubscriptionPayload, _IDS
    )


class PayPalRow(PlatformRecord):
    """PK `paypal#subscription id`, SK `paypal`: whose subscription it is."""

    table = "Accounts"
    declared = Declaration("paypal", Holds.NOBODY, Found.NEVER, "until the purge", None, FinderPayload, _IDS)


class EventRow(PlatformRecord):
    """PK `paypal#subscription id`, SK `paypal_event#event id`: with the subscription, so that a purge finds it."""

    table = "Accounts"
    declared = Declaration(
        "paypal_event", Holds.NOBODY, Found.NEVER, f"{EVENT_DAYS} days", EVENT_DAYS, EventPayload, _IDS
    )
