"""PayPal's webhooks: verified by PayPal, reduced to ids, status and time, recorded once, and then only a reason to look.

What an event says is never believed: it names a subscription, and that is read at its source.
"""

from datetime import timedelta
from enum import StrEnum
from typing import Any

from chalicelib.connectors.paypal import model
from chalicelib.connectors.paypal.model import Notice, Unreadable
from chalicelib.connectors.paypal.webhooks import NotVerified, Transmission
from chalicelib.core import clock, log, settings
from chalicelib.core.errors import Unavailable, VersionConflict
from chalicelib.domain.subscription import reconcile, repository
from chalicelib.domain.subscription.model import DUE_KIND, EventPayload
from chalicelib.domain.subscription.records import EVENT_DAYS, EventRow
from chalicelib.store import due, rows
from chalicelib.store.due import Due, DueRecord
from chalicelib.store.steps import plan

# https://developer.paypal.com/docs/subscriptions/reference/webhooks/
_TOLD = frozenset(
    [
        "BILLING.SUBSCRIPTION.ACTIVATED",
        "BILLING.SUBSCRIPTION.UPDATED",
        "BILLING.SUBSCRIPTION.CANCELLED",
        "BILLING.SUBSCRIPTION.EXPIRED",
        "BILLING.SUBSCRIPTION.SUSPENDED",
        "BILLING.SUBSCRIPTION.RE-ACTIVATED",
        "BILLING.SUBSCRIPTION.PAYMENT.FAILED",
        "PAYMENT.SALE.COMPLETED",
    ]
)


class Delivery(StrEnum):
    """RECORDED: and looked at, or due to be. KNOWN: recorded before. IGNORED: verified, and no business of ours."""

    RECORDED = "recorded"
    KNOWN = "known"
    IGNORED = "ignored"


def receive(transmission: Transmission, raw: bytes, event: Any) -> Delivery:
    """Take one delivery in; `event` is `raw` parsed. When this returns, nothing of it can be lost.

    NotVerified where PayPal says that it did not send it; ProviderDown where PayPal does not say: it sends again.
    """
    if not repository.paypal().verified(transmission, settings.current().paypal.webhook, raw):
        raise NotVerified
    try:
        notice = model.notice(event)
    except Unreadable:
        return _ignored("unreadable", "")
    if notice.type not in _TOLD or not notice.subscription:
        return _ignored("not_told", notice.type)
    planned = _record(notice)
    if planned is None:
        return Delivery.KNOWN
    try:
        plan(Due(DUE_KIND, notice.subscription), reconcile.refresh_one(notice.subscription), planned)
    except (Unavailable, VersionConflict) as error:
        log.failure("refresh_postponed", error, provider="paypal")  # its due row brings it
    return Delivery.RECORDED


def _record(notice: Notice) -> DueRecord | None:
    """Record the event, and plan the look that it asks for before; the row of that. None where the event is known."""
    pk, sk = f"paypal#{notice.subscription}", f"paypal_event#{notice.id}"
    if rows.get(EventRow, pk, sk):
        return None
    planned = due.schedule(Due(DUE_KIND, notice.subscription), clock.now() + reconcile.SOON)
    kept = EventPayload(type=notice.type, subscription=notice.subscription, status=notice.status, at=notice.at)
    try:
        rows.put_new(EventRow.build(pk, sk, kept, ends=clock.now() + timedelta(days=EVENT_DAYS)))
    except VersionConflict:
        return None
    return planned


def _ignored(reason: str, kind: str) -> Delivery:
    log.event("webhook_ignored", provider="paypal", reason=reason, kind=kind)
    return Delivery.IGNORED
