"""In the accounts' table: the subscription beside its tenant, the way from a PayPal id to the tenant, the events seen."""

from chalicelib.domain.subscription.model import EventPayload, FinderPayload, SubscriptionPayload, SurplusPayload
from chalicelib.store.declaration import Declaration, Ended, Exported, Found, Holds, TenantEnd
from chalicelib.store.handlers import Handler
from chalicelib.store.records import PlatformRecord

_IDS = "ids, a state and times of a workspace, no data of a person"
EVENT_DAYS = 30  # PayPal sends an event again for three days


class SubscriptionRow(PlatformRecord):
    """PK `tenant#id`, SK `subscription`."""

    table = "Accounts"
    declared = Declaration(
        kind="subscription",
        holds=Holds.NOBODY,
        found=Found.NEVER,
        life="until the purge",
        ended=Ended.PURGE,
        payload=SubscriptionPayload,
        tenant_end=TenantEnd.TEAM,
        export=Exported("subscription", "SubscriptionOut", about="the workspace's subscription"),
        because=_IDS,
    )


class PayPalRow(PlatformRecord):
    """PK `paypal#subscription id`, SK `paypal`: whose subscription it is."""

    table = "Accounts"
    declared = Declaration(
        kind="paypal",
        holds=Holds.NOBODY,
        found=Found.NEVER,
        life="until the purge",
        ended=Ended.PURGE,
        payload=FinderPayload,
        tenant_end=TenantEnd.HANDLER,
        purge=Handler("chalicelib.domain.subscription.repository:forget"),
        because=_IDS,
    )


class EventRow(PlatformRecord):
    """PK `paypal#subscription id`, SK `paypal_event#event id`: with the subscription, so that a purge finds it."""

    table = "Accounts"
    declared = Declaration(
        kind="paypal_event",
        holds=Holds.NOBODY,
        found=Found.NEVER,
        life=f"{EVENT_DAYS} days",
        life_days=EVENT_DAYS,
        payload=EventPayload,
        tenant_end=TenantEnd.PARENT,
        parent="paypal",
        because=_IDS,
    )


class SurplusRow(PlatformRecord):
    """PK `paypal#subscription id`, SK `paypal_surplus`: a subscription that is being ended, since another one counts."""

    table = "Accounts"
    declared = Declaration(
        kind="paypal_surplus",
        holds=Holds.NOBODY,
        found=Found.NEVER,
        life=f"{EVENT_DAYS} days",
        life_days=EVENT_DAYS,
        payload=SurplusPayload,
        tenant_end=TenantEnd.PARENT,
        parent="paypal",
        because=_IDS,
    )
