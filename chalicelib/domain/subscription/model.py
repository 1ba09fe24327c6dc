"""What is kept of a subscription: ids, a state and times. No type of this room has a place for a payer, a card or a bank."""

from datetime import datetime
from enum import StrEnum

from chalicelib.core.ids import TenantId
from chalicelib.core.models import Model

DUE_KIND = "subscription"  # due work: read the subscription with that PayPal id again
PURGE_KIND = "purge"  # due work: the tenant of that id is locked at its period's end and purged at purge_at


class State(StrEnum):
    """NONE: never subscribed. PENDING: waits for approval at PayPal. SUSPENDED: payments failed, the workspace is locked.
    CANCELLED and EXPIRED: over at period_end, and everything is deleted at purge_at."""

    NONE = "none"
    PENDING = "pending"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    CANCELLED = "cancelled"
    EXPIRED = "expired"

    @property
    def live(self) -> bool:
        return self in (State.ACTIVE, State.SUSPENDED)

    @property
    def ended(self) -> bool:
        return self in (State.CANCELLED, State.EXPIRED)


class Checkout(Model):
    """A checkout that waits for approval. `request` is what PayPal knows it by before it has an id of its own."""

    request: str
    at: datetime
    paypal_id: str = ""


class SubscriptionPayload(Model):
    """`paypal_id` is the subscription that counts; `known` all that this tenant ever had, whose webhooks may still come;
    `surplus` those that must be cancelled at PayPal, since another one counts."""

    state: State = State.NONE
    paypal_id: str = ""
    plan: str = ""
    period_end: datetime | None = None
    purge_at: datetime | None = None
    status_at: datetime | None = None
    pending: Checkout | None = None
    known: list[str] = []
    surplus: list[str] = []
    read_at: datetime | None = None
    created_at: datetime
    updated_at: datetime

    def shown(self) -> dict[str, object]:
        """Return the fields that clients are shown, without the time of the last change."""
        return {name: getattr(self, name) for name in ("state", "plan", "period_end", "purge_at")}


class FinderPayload(Model):
    tenant: TenantId


class EventPayload(Model):
    """What is kept of a webhook event, so that the same one counts once."""

    type: str
    subscription: str
    status: str = ""
    at: datetime | None = None
