"""The simulator as a whole, with what PayPal has not: a log of requests, faults on demand, and the payer's other moves.

`GET /_log` lists the requests to the API. `POST /_faults` with `{"show": {"status": 503}}` lets an operation (token, create,
show, cancel, verify) fail; each fault may have `times` (then it ends), `after` (the operation is done, and fails to answer)
and `delay_s`; `{}` ends all. `POST /_subscriptions/{id}/{suspend|activate|expire|cancel|fail}` is what PayPal or the payer
does there, `POST /_deliver` sends what waits. With timers, payments and deliveries go by themselves.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from chalicelib.core import clock
from infra.simulators.paypal import approval_page
from infra.simulators.paypal.rest_api import Rest, not_found, problem
from infra.simulators.paypal.subscriptions import Subscription, Subscriptions
from infra.simulators.paypal.web import Request, Response, Server
from infra.simulators.paypal.webhooks import Webhooks

PERIOD_S = 30
_EVERY_S = 0.5
_MOVES = {
    "suspend": ("SUSPENDED", "BILLING.SUBSCRIPTION.SUSPENDED"),
    "activate": ("ACTIVE", "BILLING.SUBSCRIPTION.RE-ACTIVATED"),
    "expire": ("EXPIRED", "BILLING.SUBSCRIPTION.EXPIRED"),
    "cancel": ("CANCELLED", "BILLING.SUBSCRIPTION.CANCELLED"),
}


@dataclass
class Fault:
    """What goes wrong with an operation; `times` None: until it is taken away."""

    status: int = 0
    times: int | None = None
    after: bool = False
    delay_s: float = 0


class PayPalSimulator:
    """PayPal at `url`. Without `timers` nothing happens by itself: call `renew` and `deliver`."""

    def __init__(self, *, timers: bool, period_s: float = PERIOD_S) -> None:
        self._server = Server(self._answer)
        self.url = self._server.url
        self.subscriptions, self.webhooks = Subscriptions(period_s), Webhooks(self.url)
        self.rest = Rest(self.url, self.subscriptions, self.webhooks)
        self.consent = approval_page.Consent(self.subscriptions, self.webhooks)
        self.log: list[dict[str, Any]] = []
        self.faults: dict[str, Fault] = {}
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
        """Returns when the port is free again."""
        self._stop.set()
        self._server.stop()

    def _live(self) -> None:
        while not self._stop.wait(_EVERY_S):
            self.renew()
            if self.webhooks.listener:
                self.webhooks.deliver(only_due=True)

    def _answer(self, request: Request) -> Response:
        if request.path == approval_page.PATH:
            return self.consent.answer(request)
        if request.path.startswith("/_"):
            return self._control(request)
        found = self.rest.operation(request)
        if found is None:
            return not_found()
        name, act = found
        got = self._with_fault(name, act, request)
        sent = request.json() if name in ("create", "cancel") else None
        self.log.append(
            {
                "operation": name,
                "method": request.method,
                "path": request.path,
                "status": got.status,
                "request_id": request.headers.get("paypal-request-id", ""),
                "body": sent,
                "at": clock.rfc3339(clock.now()),
            }
        )
        return got

    def _with_fault(self, name: str, act: Callable[[Request], Response], request: Request) -> Response:
        fault = self.faults.get(name)
        if fault is None:
            return act(request)
        if fault.times is not None:
            fault.times -= 1
            if fault.times <= 0:
                del self.faults[name]
        if fault.delay_s:
            time.sleep(fault.delay_s)
        if fault.after or not fault.status:
            done = act(request)
            if not fault.status:
                return done
        return problem(fault.status, "INTERNAL_SERVICE_ERROR", "INTERNAL_SERVICE_ERROR", "An internal error occurred.")

    def _control(self, request: Request) -> Response:
        controls: dict[str, Callable[[], Any]] = {
            "GET /_log": lambda: self.log,
            "GET /_subscriptions": lambda: [each.document(self.url) for each in self.subscriptions.all()],
            "POST /_deliver": lambda: {"taken": self.deliver(), "waiting": len(self.webhooks.waiting)},
            "POST /_faults": lambda: self._set_faults(request.json()),
        }
        parts = request.path.split("/")
        try:
            if request.method == "POST" and parts[1] == "_subscriptions":
                return Response(200, self.move(parts[2], parts[3]).document(self.url))
            return Response(200, controls[f"{request.method} {request.path}"]())
        except (KeyError, IndexError, TypeError, AttributeError):
            return not_found()

    def _set_faults(self, wanted: Any) -> dict[str, Any]:
        self.faults = {name: Fault(**fault) for name, fault in wanted.items()}
        return {name: vars(fault) for name, fault in self.faults.items()}
