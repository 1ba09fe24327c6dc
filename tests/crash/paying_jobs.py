"""What an HTTP request does with a subscription, as jobs that the crash harness can run."""

import json

from chalicelib.connectors.paypal.webhooks import Transmission
from chalicelib.core import ids
from chalicelib.core.actor import Actor
from chalicelib.core.ids import MemberId, TenantId
from chalicelib.domain.subscription import cancel, checkout, reconcile, surplus, webhooks
from chalicelib.store import steps


def webhook(headers: dict[str, str], body: str) -> str:
    """PayPal's delivery of an event."""
    named = {name.lower(): value for name, value in headers.items()}
    return str(webhooks.receive(Transmission.from_headers(named), body.encode(), json.loads(body)))


def start_checkout(tenant: TenantId, member: MemberId) -> str:
    """An owner begins to subscribe."""
    return checkout.checkout(_owner(tenant, member), "https://app.iko.example/")


def cancel_subscription(tenant: TenantId, member: MemberId) -> None:
    """An owner cancels."""
    cancel.cancel(_owner(tenant, member))


def end_surplus(paypal_id: str) -> str:
    """The worker that ends a subscription beside the one that counts."""
    return steps.run(surplus.WORK, paypal_id, lambda: True).state


def look_again(paypal_id: str) -> str:
    """The worker that looks at a subscription, and asks again for its end."""
    return steps.run(reconcile.WORK, paypal_id, lambda: True).state


def _owner(tenant: TenantId, member: MemberId) -> Actor:
    return Actor(tenant, member, "owner", ids.owner_code(member))
