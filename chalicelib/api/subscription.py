"""The workspace's subscription: its state, checking out at PayPal, cancelling; and PayPal's webhooks."""

from typing import TYPE_CHECKING, Annotated

from chalice import Blueprint
from pydantic import Field

from chalicelib.api import json_body
from chalicelib.api.http import Call, Reply, route
from chalicelib.api.redirects import back
from chalicelib.core import settings
from chalicelib.core.codes import Code
from chalicelib.core.models import Input, Model, Omittable, Time
from chalicelib.core.written import ONE_LINE
from chalicelib.domain.subscription.model import State

if TYPE_CHECKING:
    from chalicelib.domain.accounts.membership import Membership

bp = Blueprint(__name__)
_PAYPAL = (Code.SUBSCRIPTIONS_NOT_SET_UP, Code.PROVIDER_REFUSED, Code.PROVIDER_UNAVAILABLE)


class SubscriptionOut(Model):
    """`period_end`: what is paid for ends, or renews, then. `purge_at`: everything is deleted then, unless somebody
    subscribes again before."""

    id: str
    state: State
    plan: str | None = None
    period_end: Time | None = None
    purge_at: Time | None = None
    created_at: Time
    updated_at: Time


class CheckoutIn(Input):
    """`return_to`: where PayPal sends the browser back to; https, and on a host that the operator allows."""

    return_to: Omittable[Annotated[str, Field(max_length=1000), ONE_LINE]] = None


class CheckoutOut(SubscriptionOut):
    """Open `approval_url` in a browser; the subscription is active when PayPal says so."""

    approval_url: str


class WebhookOut(Model):
    """recorded, known (a repetition) or ignored."""

    outcome: str


def subscription_out(found: "Membership") -> tuple[SubscriptionOut, int]:
    """Return how the workspace's subscription stands, and its version."""
    from chalicelib.domain.accounts.model import TenantPayload  # noqa: PLC0415 - cold start
    from chalicelib.domain.subscription import repository  # noqa: PLC0415

    row, payload = repository.read(found.actor.tenant)
    if row is None:
        payload.created_at = payload.updated_at = found.tenant.unsealed(TenantPayload).created_at
    shown = SubscriptionOut(
        id="sub_" + found.actor.tenant.removeprefix("ten_"),
        state=payload.state,
        plan=payload.plan or None,
        period_end=payload.period_end,
        purge_at=payload.purge_at,
        created_at=payload.created_at,
        updated_at=payload.updated_at,
    )
    return shown, int(row.version) if row else 0


@route(bp, "GET", "/v1/subscription", answer=SubscriptionOut, tells=("ETag",))
def read_subscription(call: Call) -> Reply:
    """Show the workspace's subscription, as any member may see it."""
    shown, version = subscription_out(call.membership)
    return Reply(shown, etag=version)


@route(
    bp,
    "POST",
    "/v1/subscription/checkout",
    status=201,
    body=CheckoutIn,
    answer=CheckoutOut,
    while_locked=True,
    refuses=(Code.OWNER_ONLY, Code.ALREADY_SUBSCRIBED, *_PAYPAL),
    tells=("ETag",),
)
def create_checkout(call: Call) -> Reply:
    """Start a subscription, or restart it; returns the URL where it is approved at PayPal. Owners only."""
    from chalicelib.domain.subscription import checkout  # noqa: PLC0415 - cold start

    own_page = f"{settings.current().public_url}/subscription/return"
    approval_url = checkout.checkout(call.actor, back(call.body.return_to, own_page))
    shown, version = subscription_out(call.membership)
    return Reply(CheckoutOut(**shown.model_dump(), approval_url=approval_url), etag=version)


@route(
    bp,
    "POST",
    "/v1/subscription/cancel",
    answer=SubscriptionOut,
    while_locked=True,
    also={202: SubscriptionOut},
    refuses=(Code.OWNER_ONLY, Code.FRESH_SIGN_IN_REQUIRED, *_PAYPAL),
    tells=("ETag",),
)
def cancel_subscription(call: Call) -> Reply:
    """Cancel at PayPal as of the end of the paid period; then everything is deleted. Owners only, with a fresh sign-in.

    200: PayPal says that the subscription has ended. 202, with the state `cancelling`: PayPal does not say so yet, and may go on
    charging; it is asked again for three days, and then the owners get a mail.
    """
    from chalicelib.domain.subscription import cancel  # noqa: PLC0415 - cold start

    call.actor.needs_owner()
    call.needs_fresh_sign_in()
    state = cancel.cancel(call.actor)
    shown, version = subscription_out(call.membership)
    return Reply(shown, etag=version, status=202 if state is State.CANCELLING else None)


@route(
    bp,
    "POST",
    "/webhooks/paypal",
    auth="public",
    answer=WebhookOut,
    media_types=("application/json",),
    refuses=(Code.WEBHOOK_NOT_VERIFIED, Code.INVALID_JSON, Code.UNSUPPORTED_MEDIA_TYPE, Code.PROVIDER_UNAVAILABLE),
)
def receive_paypal(call: Call) -> Reply:
    """Receive PayPal's events. Answered 2xx only when recorded."""
    from chalicelib.connectors.paypal.webhooks import Transmission  # noqa: PLC0415 - cold start
    from chalicelib.domain.subscription import webhooks  # noqa: PLC0415

    transmission = Transmission.from_headers(call.headers)
    event = json_body.parse(call.raw_body, call.headers.get("content-type", ""))
    return Reply(WebhookOut(outcome=str(webhooks.receive(transmission, call.raw_body, event))))
