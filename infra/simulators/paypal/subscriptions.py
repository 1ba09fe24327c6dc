"""PayPal's side of subscriptions: what they are, who pays, and when the next payment is due."""

import secrets
import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from chalicelib.core import clock

# As https://developer.paypal.com/docs/api/subscriptions/v1/#subscriptions_get shows a payer; a card as for one that pays by card.
PAYER: dict[str, Any] = {
    "email_address": "payer@business.example",
    "payer_id": "2J6QB8YJQSJRJ",
    "name": {"given_name": "Paula", "surname": "Payer"},
    "shipping_address": {
        "name": {"full_name": "Paula Payer"},
        "address": {"address_line_1": "2211 N First Street", "admin_area_2": "San Jose", "country_code": "US"},
    },
    "payment_source": {"card": {"name": "Paula Payer", "last_digits": "4242", "brand": "VISA", "expiry": "2031-01"}},
}
_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789"


def stamp(moment: datetime) -> str:
    """PayPal's times: whole seconds, UTC."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def new_id(prefix: str, length: int) -> str:
    """An id of PayPal's form."""
    return prefix + "".join(secrets.choice(_ALPHABET) for _ in range(length))


@dataclass
class Payment:
    """One payment of a subscription, which PayPal also calls a capture."""

    at: datetime
    id: str = field(default_factory=lambda: new_id("", 17))
    status: str = "COMPLETED"
    refund: str = ""

    def document(self) -> dict[str, Any]:
        """As the list of a subscription's transactions shows it."""
        amount = {"gross_amount": {"currency_code": "EUR", "value": "49.00"}}
        payer = {"payer_name": PAYER["name"], "payer_email": PAYER["email_address"]}
        return {"status": self.status, "id": self.id, "amount_with_breakdown": amount, **payer, "time": stamp(self.at)}


@dataclass
class Subscription:
    """One subscription. `failed` counts payments that failed since the last that did not."""

    plan_id: str
    custom_id: str
    return_url: str
    cancel_url: str
    payer: dict[str, Any]
    created: datetime
    id: str = field(default_factory=lambda: new_id("I-", 12))
    ba_token: str = field(default_factory=lambda: new_id("BA-", 17))
    status: str = "APPROVAL_PENDING"
    status_at: datetime | None = None
    next_at: datetime | None = None
    paid_at: datetime | None = None
    failed: int = 0
    payments: list["Payment"] = field(default_factory=list)

    def minimal(self, url: str) -> dict[str, Any]:
        """What `Prefer: return=minimal` answers."""
        return {
            "status": self.status,
            "id": self.id,
            "create_time": stamp(self.created),
            "links": self._links(url),
        }

    def document(self, url: str) -> dict[str, Any]:
        """The whole resource, as an event carries it too."""
        found: dict[str, Any] = {
            "status": self.status,
            "status_update_time": stamp(self.status_at or self.created),
            "id": self.id,
            "plan_id": self.plan_id,
            "custom_id": self.custom_id,
            "start_time": stamp(self.created),
            "quantity": "1",
            "subscriber": self.payer,
            "create_time": stamp(self.created),
            "plan_overridden": False,
            "links": self._links(url),
        }
        if self.status_at is not None:
            found["billing_info"] = self._billing()
        return found

    def _billing(self) -> dict[str, Any]:
        found: dict[str, Any] = {
            "outstanding_balance": {"currency_code": "EUR", "value": "49.0" if self.failed else "0.0"},
            "cycle_executions": [{"tenure_type": "REGULAR", "sequence": 1, "cycles_completed": 1, "total_cycles": 0}],
            "failed_payments_count": self.failed,
        }
        if self.paid_at:
            found["last_payment"] = {"amount": {"currency_code": "EUR", "value": "49.0"}, "time": stamp(self.paid_at)}
        if self.next_at and self.status in ("ACTIVE", "SUSPENDED"):  # what has ended has no next time
            found["next_billing_time"] = stamp(self.next_at)
        return found

    def _links(self, url: str) -> list[dict[str, str]]:
        own = f"{url}/v1/billing/subscriptions/{self.id}"
        links = [{"href": own, "rel": "self", "method": "GET"}, {"href": own, "rel": "edit", "method": "PATCH"}]
        if self.status == "APPROVAL_PENDING":
            approve = f"{url}/webapps/billing/subscriptions?ba_token={self.ba_token}"
            return [{"href": approve, "rel": "approve", "method": "GET"}, *links]
        return [*links, {"href": f"{own}/cancel", "rel": "cancel", "method": "POST"}]


class Subscriptions:
    """All subscriptions, and the money that moves. Thread-safe."""

    def __init__(self, period_s: float) -> None:
        self.period = timedelta(seconds=period_s)
        self.payer = PAYER
        self._all: dict[str, Subscription] = {}
        self._by_request: dict[str, str] = {}
        self.lock = threading.RLock()

    def add(self, plan_id: str, custom_id: str, back: tuple[str, str], request_id: str) -> tuple[Subscription, bool]:
        """A new one, or the one that the same request made before; whether it is new."""
        with self.lock:
            if request_id and request_id in self._by_request:
                return self._all[self._by_request[request_id]], False
            made = Subscription(plan_id, custom_id, back[0], back[1], self.payer, clock.now())
            self._all[made.id] = made
            if request_id:
                self._by_request[request_id] = made.id
            return made, True

    def get(self, ident: str) -> Subscription | None:
        return self._all.get(ident)

    def payment(self, ident: str) -> Payment | None:
        return next((paid for each in self.all() for paid in each.payments if paid.id == ident), None)

    def by_token(self, ba_token: str) -> Subscription | None:
        return next((each for each in list(self._all.values()) if each.ba_token == ba_token), None)

    def all(self) -> list[Subscription]:
        return list(self._all.values())

    def forget(self, ident: str) -> None:
        """What PayPal does with an approval that never came."""
        self._all.pop(ident, None)

    def move(self, subscribed: Subscription, status: str) -> None:
        """Another status from now on; a payment where it becomes active for the first time."""
        with self.lock:
            subscribed.status, subscribed.status_at = status, clock.now()
            if status == "ACTIVE" and subscribed.paid_at is None:
                self._pay(subscribed)

    def due(self) -> list[Subscription]:
        """Take the payments that are due; who paid."""
        with self.lock:
            found = [s for s in self._all.values() if s.status == "ACTIVE" and s.next_at and s.next_at <= clock.now()]
            for each in found:
                self._pay(each)
            return found

    def _pay(self, subscribed: Subscription) -> None:
        now = clock.now()
        begun = subscribed.next_at or now
        while begun + self.period <= now:
            begun += self.period
        subscribed.payments.append(Payment(now))
        subscribed.paid_at, subscribed.next_at, subscribed.failed = now, begun + self.period, 0
