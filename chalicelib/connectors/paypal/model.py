"""What is taken out of PayPal's answers and events: ids, a status and times. Everything else of them ends in this room.

An answer names the payer: `subscriber` with name, address and card, `billing_info` with payments
(https://developer.paypal.com/docs/api/subscriptions/v1/#subscriptions_get). No type here has a place for any of that.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from chalicelib.core import clock

_ID = re.compile(r"[A-Za-z0-9-]{3,64}")  # PayPal's ids have 3 to 50 characters; an event's a few more


class Unreadable(Exception):
    """An answer or event of PayPal lacks what its documentation promises. Never shows it."""


class Status(StrEnum):
    """https://developer.paypal.com/docs/api/subscriptions/v1/#definition-subscription_status"""

    APPROVAL_PENDING = "APPROVAL_PENDING"  # created, and the payer has not agreed yet
    APPROVED = "APPROVED"  # the payer agreed, and it has not begun yet
    ACTIVE = "ACTIVE"
    SUSPENDED = "SUSPENDED"
    CANCELLED = "CANCELLED"
    EXPIRED = "EXPIRED"

    @property
    def live(self) -> bool:
        """PayPal may still take money for it."""
        return self in (Status.ACTIVE, Status.SUSPENDED)

    @property
    def ended(self) -> bool:
        """For good: a cancelled or expired subscription cannot be taken up again."""
        return self in (Status.CANCELLED, Status.EXPIRED)


@dataclass(frozen=True)
class Subscription:
    """A subscription as it is at PayPal. `custom_id` is what we gave it; `approve_url` is there while approval is pending."""

    id: str
    status: Status
    plan: str = ""
    custom_id: str = ""
    status_at: datetime | None = None
    next_billing_at: datetime | None = None
    approve_url: str = ""


class Refund(StrEnum):
    """RETURNED: on its way back or there. LATER: the payment itself is not complete yet. REFUSED: it cannot be given back."""

    RETURNED = "returned"
    LATER = "later"
    REFUSED = "refused"


@dataclass(frozen=True)
class Payment:
    """One payment of a subscription; its amount ends here. `state` as for a refund, None where it may be given back."""

    id: str
    state: Refund | None


@dataclass(frozen=True)
class Notice:
    """A webhook event: which subscription it is about, and nothing of whom. `status` and `subscription` may be empty."""

    id: str
    type: str
    subscription: str
    status: str
    at: datetime | None


def subscription(document: Any) -> Subscription:
    """Return the subscription in an answer. Unreadable if it has no id or an unknown status."""
    if not isinstance(document, dict) or not is_id(document.get("id")) or document.get("status") not in set(Status):
        raise Unreadable
    billing = document.get("billing_info")
    return Subscription(
        id=document["id"],
        status=Status(document["status"]),
        plan=_text(document.get("plan_id")),
        custom_id=_text(document.get("custom_id")),
        status_at=_time(document.get("status_update_time")),
        next_billing_at=_time(billing.get("next_billing_time")) if isinstance(billing, dict) else None,
        approve_url=_approval(document.get("links")),
    )


# https://developer.paypal.com/docs/api/subscriptions/v1/#definition-transaction: others, as COMPLETED, can be given back
_PAID = {"PENDING": Refund.LATER, "REFUNDED": Refund.RETURNED}
_NEVER_PAID = "DECLINED"
# https://developer.paypal.com/api/payments/v2/errors/
_ISSUES = {
    "CAPTURE_FULLY_REFUNDED": Refund.RETURNED,
    "CAPTURED_AMOUNT_FULLY_REFUNDED": Refund.RETURNED,
    "PENDING_CAPTURE": Refund.LATER,
}


def payments(document: Any) -> list[Payment]:
    """Return the payments in an answer, without those that were declined. Unreadable if one has no id.

    https://developer.paypal.com/docs/api/subscriptions/v1/#subscriptions_transactions
    """
    listed = document.get("transactions", []) if isinstance(document, dict) else None
    if not isinstance(listed, list) or not all(isinstance(each, dict) and is_id(each.get("id")) for each in listed):
        raise Unreadable
    return [
        Payment(each["id"], _PAID.get(str(each.get("status")))) for each in listed if each.get("status") != _NEVER_PAID
    ]


def refund(document: Any) -> Refund:
    """Return what an answer says of a refund (COMPLETED, PENDING, FAILED or CANCELLED).

    https://developer.paypal.com/docs/api/payments/v2/#definition-refund_status
    """
    status = document.get("status") if isinstance(document, dict) else None
    return Refund.RETURNED if status in ("COMPLETED", "PENDING") else Refund.REFUSED


def refund_refused(problem: Any) -> Refund | None:
    """Return what a refused refund means; None where its issue is none that we know."""
    details = problem.get("details") if isinstance(problem, dict) else None
    issues = (
        [each.get("issue") for each in details or [] if isinstance(each, dict)] if isinstance(details, list) else []
    )
    return next((_ISSUES[issue] for issue in issues if issue in _ISSUES), None)


def notice(event: Any) -> Notice:
    """Return the notice in an event. Unreadable if the event has no id or type.

    A sale names its subscription in `billing_agreement_id`, an event of a subscription has it as its resource.

    https://developer.paypal.com/docs/api-basics/notifications/webhooks/notification-messages/
    """
    if not isinstance(event, dict) or not is_id(event.get("id")) or not isinstance(event.get("event_type"), str):
        raise Unreadable
    kind, found = event["event_type"], event.get("resource")
    resource: dict[str, Any] = found if isinstance(found, dict) else {}
    subject = resource.get("billing_agreement_id" if kind.startswith("PAYMENT.SALE.") else "id")
    status = resource.get("status")
    return Notice(
        id=event["id"],
        type=kind if re.fullmatch(r"[A-Z.\-]{1,80}", kind) else "",
        subscription=subject if isinstance(subject, str) and is_id(subject) else "",
        status=status if status in set(Status) else "",
        at=_time(event.get("create_time")),
    )


def is_id(value: object) -> bool:
    """Return whether the value has the form of a PayPal id, and so can stand in a key, an address or a log."""
    return isinstance(value, str) and bool(_ID.fullmatch(value))


def _text(value: object) -> str:
    return value if isinstance(value, str) and len(value) <= 127 else ""  # noqa: PLR2004 - PayPal's longest custom_id


def _time(value: object) -> datetime | None:
    try:
        return clock.parse_rfc3339(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _approval(links: object) -> str:
    """The address of the link whose `rel` is approve; it is there only while the payer's approval is pending."""
    for link in links if isinstance(links, list) else []:
        if isinstance(link, dict) and link.get("rel") == "approve" and isinstance(link.get("href"), str):
            return str(link["href"])
    return ""
