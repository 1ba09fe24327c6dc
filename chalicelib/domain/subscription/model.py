"""What is kept of a subscription: ids, a state and times. No type of this room has a place for a payer, a card or a bank."""

from datetime import datetime
from enum import StrEnum

from chalicelib.core.ids import MemberId, TenantId
from chalicelib.core.models import Model

DUE_KIND = "subscription"  # due work: read the subscription with that PayPal id again
SURPLUS_KIND = "surplus"  # due work: end the subscription with that PayPal id, and return its payment
PURGE_KIND = "purge"  # due work: the tenant of that id is locked at its period's end and purged at purge_at


class State(StrEnum):
    """NONE: never subscribed. PENDING: waits for approval at PayPal. SUSPENDED: payments failed, the workspace is locked.
    CANCELLING: an owner has cancelled, and PayPal does not confirm it yet. CANCELLED and EXPIRED: over at period_end, and
    everything is deleted at purge_at."""

    NONE = "none"
    PENDING = "pending"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    CANCELLING = "cancelling"
    CANCELLED = "cancelled"
    EXPIRED = "expired"

    @property
    def live(self) -> bool:
        return self in (State.ACTIVE, State.SUSPENDED, State.CANCELLING)

    @property
    def ended(self) -> bool:
        return self in (State.CANCELLED, State.EXPIRED)


class Checkout(Model):
    """A checkout that waits for approval. `request` is what PayPal knows it by before it has an id of its own."""

    request: str
    at: datetime
    paypal_id: str = ""


class Cancelling(Model):
    """What an owner asked for and PayPal has not confirmed. `overdue`: it was told that this takes too long."""

    since: datetime
    by: MemberId
    overdue: bool = False
    mails: dict[str, str] = {}


class Surplus(Model):
    """A subscription that must be cancelled at PayPal, since another one counts. `refund`: it never counted, so that what
    was paid for it is given back."""

    id: str
    refund: bool


class SubscriptionPayload(Model):
    """`paypal_id` is the subscription that counts; `known` all that this tenant ever had, whose webhooks may still come."""

    state: State = State.NONE
    paypal_id: str = ""
    plan: str = ""
    period_end: datetime | None = None
    purge_at: datetime | None = None
    status_at: datetime | None = None
    pending: Checkout | None = None
    known: list[str] = []
    surplus: list[Surplus] = []
    cancelling: Cancelling | None = None
    read_at: datetime | None = None
    created_at: datetime
    updated_at: datetime

    def shown(self) -> dict[str, object]:
        """Return the fields that clients are shown, without the time of the last change."""
        return {name: getattr(self, name) for name in ("state", "plan", "period_end", "purge_at")}


class SurplusPayload(Model):
    """How far the end of a surplus subscription has come. `tenant`: whose it was, None where that workspace is no more.
    `payments`: what became of each, by PayPal's id of it; one as `unlisted` where PayPal did not say which there are."""

    tenant: TenantId | None
    refund: bool = True
    since: datetime
    ended: bool = False
    payments: dict[str, str] = {}
    mails: dict[str, str] = {}


class FinderPayload(Model):
    tenant: TenantId


class EventPayload(Model):
    """What is kept of a webhook event, so that the same one counts once."""

    type: str
    subscription: str
    status: str = ""
    at: datetime | None = None
