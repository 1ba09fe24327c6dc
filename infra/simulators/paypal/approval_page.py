"""The page at the approval address, where whoever pays agrees or declines; it works without script.

PayPal's own is behind a sign-in at www.paypal.com; after it the browser goes to `return_url` with `subscription_id`,
`ba_token` and `token`, or to `cancel_url` with the two tokens (https://developer.paypal.com/docs/subscriptions/integrate/).
"""

from flask import Flask, Response, request

from infra.simulators import consent_page
from infra.simulators.paypal.subscriptions import Subscription, Subscriptions, new_id
from infra.simulators.paypal.webhooks import Webhooks

PATH = "/webapps/billing/subscriptions"
_FORMS = """<p>{{ payer }}, do you agree to pay EUR 49.00 for each period until you cancel? No money moves.</p>
{% for answer, label in (("approve", "Approve"), ("decline", "Decline")) %}
<form method="post" action="{{ path }}"><input type="hidden" name="ba_token" value="{{ token }}">
<input type="hidden" name="answer" value="{{ answer }}"><button type="submit">{{ label }}</button></form>
{% endfor %}"""


class ApprovalPage:
    """Shows the page, and acts on its forms."""

    def __init__(self, subscriptions: Subscriptions, webhooks: Webhooks) -> None:
        self._subscriptions, self._webhooks = subscriptions, webhooks

    def add_routes(self, app: Flask) -> None:
        """Add the page."""
        app.add_url_rule(PATH, "approval", self._answer, methods=["GET", "POST"])

    def approve(self, subscription: Subscription) -> None:
        """The payer agrees: active and paid for one period."""
        self._subscriptions.move(subscription, "ACTIVE")
        self._webhooks.tell("BILLING.SUBSCRIPTION.ACTIVATED", subscription)
        self._webhooks.tell_sale(subscription)

    def _answer(self) -> Response:
        found = self._subscriptions.by_token(request.form.get("ba_token") or request.args.get("ba_token", ""))
        if found is None or found.status != "APPROVAL_PENDING":
            text = "This approval is over: given already, or forgotten."
            over = {"provider": "PayPal", "title": "Nothing to approve", "text": text}
            return consent_page.html("<p>{{ text }}</p>", over, 404)
        if request.method == "GET":
            told = {"payer": found.payer["email_address"], "path": PATH, "token": found.ba_token}
            return consent_page.html(_FORMS, {"provider": "PayPal", "title": "Approve a subscription", **told})
        tokens = {"ba_token": found.ba_token, "token": new_id("", 17)}
        if request.form.get("answer") != "approve":
            return consent_page.back(found.cancel_url, tokens)
        self.approve(found)
        return consent_page.back(found.return_url, {"subscription_id": found.id, **tokens})
