"""PayPal as a whole, with the payer's other moves.

A fault may be `on` an operation: token, create, show, cancel, transactions, refund, verify or cert. `deaf`: cancelling is
answered 204, and the subscription goes on. `POST /_subscriptions/{id}/{suspend|activate|
expire|cancel|fail}` is what PayPal or the payer does there, `GET /_subscriptions` lists them, `POST /_deliver` sends what waits.
With timers, payments and deliveries go by themselves.
"""

import threading
from typing import Any

from flask import Response, request

from chalicelib.core import clock
from infra.simulators.paypal.approval_page import ApprovalPage
from infra.simulators.paypal.rest_api import Rest, not_found, problem
from infra.simulators.paypal.subscriptions import Subscription, Subscriptions
from infra.simulators.paypal.webhooks import Webhooks
from infra.simulators.replies import Refused
from infra.simulators.simulator import Simulator

PERIOD_S = 30
_EVERY_S = 0.5
_MOVES = {
    "suspend": ("SUSPENDED", "BILLING.SUBSCRIPTION.SUSPENDED"),
    "activate": ("ACTIVE", "BILLING.SUBSCRIPTION.RE-ACTIVATED"),
    "expire": ("EXPIRED", "BILLING.SUBSCRIPTION.EXPIRED"),
    "cancel": ("CANCELLED", "BILLING.SUBSCRIPTION.CANCELLED"),
}


class PayPal(Simulator):
    """PayPal at `url`. Without `timers` nothing happens by itself: call `renew` and `deliver`."""

    kinds = {**Simulator.kinds, "deaf": {"on": "cancel"}}
    within = frozenset({"deaf"})

    def __init__(self, *, timers: bool, period_s: float = PERIOD_S) -> None:
        super().__init__(largest=1024 * 1024)
        self.subscriptions, self.webhooks = Subscriptions(period_s), Webhooks(self.url)
        self.rest = Rest(self.url, self.subscriptions, self.webhooks, self.faults)
        self.approval_page = ApprovalPage(self.subscriptions, self.webhooks)
        self.rest.add_routes(self.app)
        self.approval_page.add_routes(self.app)
        self.add_control("GET /_subscriptions", lambda: [each.document(self.url) for each in self.subscriptions.all()])
        self.add_control("POST /_subscriptions/<ident>/<what>", self._moved)
        self.add_control("POST /_deliver", self._deliver, locked=False)  # the listener asks us while it listens
        self._stop = threading.Event()
        if timers:
            threading.Thread(target=self._live, daemon=True, name="paypal-timers").start()

    def listen(self, webhook_url: str) -> None:
        """Send events there from now on."""
        self.webhooks.listener = webhook_url

    def environment(self) -> dict[str, str]:
        """What the functions are told of it beside its credential."""
        return {
            "IKO_PAYPAL_URL": self.url,
            "IKO_PAYPAL_PLAN": self.rest.plan_id,
            "IKO_PAYPAL_WEBHOOK": self.webhooks.webhook_id,
        }

    def credential(self) -> dict[str, str]:
        """The fields of the secret."""
        return {"client_id": self.rest.client_id, "client_secret": self.rest.client_secret}

    def renew(self) -> int:
        """Take the payments that are due; how many."""
        paid = self.subscriptions.due()
        for each in paid:
            self.webhooks.tell_sale(each)
        return len(paid)

    def deliver(self) -> int:
        """Send every event that waits, once; how many were taken."""
        return self.webhooks.deliver()

    def move(self, ident: str, what: str) -> Subscription:
        """What PayPal or the payer does to a subscription. KeyError where there is none, or no such move."""
        found = self.subscriptions.get(ident)
        if found is None:
            raise KeyError(ident)
        if what == "fail":
            found.failed += 1
            self.webhooks.tell("BILLING.SUBSCRIPTION.PAYMENT.FAILED", found)
            return found
        status, event = _MOVES[what]
        self.subscriptions.move(found, status)
        self.webhooks.tell(event, found)
        return found

    def stop(self) -> None:
        """Serve and send nothing any more."""
        self._stop.set()
        super().stop()

    def error(self, status: int) -> Response:
        """Return an error as PayPal forms it."""
        return problem(status)

    def unmatched(self, status: int) -> Response:
        """Return 404, whatever is wrong with the request."""
        return not_found()

    def log_fields(self) -> dict[str, Any]:
        """Return what an operation was told."""
        told = request.endpoint in ("create", "cancel", "refund")
        return {
            "operation": request.endpoint,
            "request_id": request.headers.get("PayPal-Request-Id", ""),
            "body": request.get_json(force=True, silent=True) if told else None,
            "at": clock.rfc3339(clock.now()),
        }

    def _live(self) -> None:
        while not self._stop.wait(_EVERY_S):
            self.renew()
            if self.webhooks.listener:
                self.webhooks.deliver(only_due=True)

    def _moved(self, ident: str, what: str) -> dict[str, Any]:
        try:
            return self.move(ident, what).document(self.url)
        except KeyError as error:
            raise Refused(not_found()) from error

    def _deliver(self) -> dict[str, int]:
        return {"taken": self.deliver(), "waiting": len(self.webhooks.waiting)}
