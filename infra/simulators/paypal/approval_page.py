"""The page at the approval address, where whoever pays agrees or declines; it works without script.

PayPal's own is behind a sign-in at www.paypal.com; after it the browser goes to `return_url` with `subscription_id`,
`ba_token` and `token`, or to `cancel_url` with the two tokens (https://developer.paypal.com/docs/subscriptions/integrate/).
"""

from html import escape
from urllib.parse import urlencode

from infra.simulators.paypal.subscriptions import Subscription, Subscriptions, new_id
from infra.simulators.paypal.web import Request, Response
from infra.simulators.paypal.webhooks import Webhooks

PATH = "/webapps/billing/subscriptions"
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} - simulated PayPal</title>
<style>body{{font:1.1rem/1.5 system-ui,sans-serif;max-width:34rem;margin:2rem auto;padding:0 1rem}}
button{{font:inherit;padding:.6rem 1.2rem;margin:.3rem 0}}</style></head>
<body><main><h1>{title}</h1>{content}</main></body></html>
"""
_FORMS = """<p>{payer}, do you agree to pay EUR 49.00 for each period until you cancel? This is a simulation: no money moves.</p>
<form method="post" action="{path}"><input type="hidden" name="ba_token" value="{token}">
<input type="hidden" name="answer" value="approve"><button type="submit">Approve</button></form>
<form method="post" action="{path}"><input type="hidden" name="ba_token" value="{token}">
<input type="hidden" name="answer" value="decline"><button type="submit">Decline</button></form>"""


class Consent:
    """Shows the page, and acts on its forms."""

    def __init__(self, subscriptions: Subscriptions, webhooks: Webhooks) -> None:
        self._subscriptions, self._webhooks = subscriptions, webhooks

    def answer(self, request: Request) -> Response:
        form = request.form() if request.method == "POST" else {}
        found = self._subscriptions.by_token(form.get("ba_token") or request.query.get("ba_token", ""))
        if found is None or found.status != "APPROVAL_PENDING":
            text = "This approval is over: given already, or forgotten."
            return Response(404, _PAGE.format(title="Nothing to approve", content=f"<p>{text}</p>"))
        if request.method == "GET":
            return Response(200, _page(found))
        tokens = {"ba_token": found.ba_token, "token": new_id("", 17)}
        if form.get("answer") != "approve":
            return _redirect(found.cancel_url, tokens)
        self.approve(found)
        return _redirect(found.return_url, {"subscription_id": found.id, **tokens})

    def approve(self, subscribed: Subscription) -> None:
        """The payer agrees: active and paid for one period."""
        self._subscriptions.move(subscribed, "ACTIVE")
        self._webhooks.tell("BILLING.SUBSCRIPTION.ACTIVATED", subscribed)
        self._webhooks.tell_sale(subscribed)


def _page(found: Subscription) -> str:
    payer = escape(found.payer["email_address"])
    forms = _FORMS.format(payer=payer, path=PATH, token=escape(found.ba_token))
    return _PAGE.format(title="Approve a subscription", content=forms)


def _redirect(url: str, fields: dict[str, str]) -> Response:
    joined = url + ("&" if "?" in url else "?") + urlencode(fields)
    return Response(303, None, {"Location": joined})
