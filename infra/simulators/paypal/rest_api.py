"""The REST endpoints that are used, with PayPal's answers and errors.

https://developer.paypal.com/docs/api/subscriptions/v1/ · https://developer.paypal.com/docs/api/webhooks/v1/ ·
https://developer.paypal.com/api/rest/authentication/ · errors: https://developer.paypal.com/api/rest/responses/
"""

import base64
import secrets
from collections.abc import Callable
from json import JSONDecoder

from flask import Flask, Response, request

from infra.simulators.faults import Faults
from infra.simulators.paypal.subscriptions import Subscriptions, new_id, stamp
from infra.simulators.paypal.webhooks import Webhooks
from infra.simulators.replies import reply

TOKEN_LIFE_S = 32400
# https://developer.paypal.com/api/rest/responses/: one message for each name, whatever the operation
_MESSAGES = {
    "INVALID_REQUEST": "Request is not well-formed, syntactically incorrect, or violates schema.",
    "NOT_AUTHORIZED": "Authorization failed due to insufficient permissions.",
    "RESOURCE_NOT_FOUND": "The specified resource does not exist.",
    "RESOURCE_CONFLICT": "The server has detected a conflict while processing this request.",
    "UNPROCESSABLE_ENTITY": (
        "The requested action could not be performed, semantically incorrect, or failed business validation."
    ),
    "INTERNAL_SERVER_ERROR": "An internal server error occurred.",
    "SERVICE_UNAVAILABLE": "Service Unavailable.",
}
_NAMES = {
    400: "INVALID_REQUEST",
    403: "NOT_AUTHORIZED",
    404: "RESOURCE_NOT_FOUND",
    409: "RESOURCE_CONFLICT",
    422: "UNPROCESSABLE_ENTITY",
    503: "SERVICE_UNAVAILABLE",
}
_VERIFY = ("auth_algo", "cert_url", "transmission_id", "transmission_sig", "transmission_time", "webhook_id")


class Rest:
    """Answers PayPal's API for one REST app, which has one plan and one webhook."""

    def __init__(self, url: str, subscriptions: Subscriptions, webhooks: Webhooks, faults: Faults) -> None:
        self._faults = faults
        self._url, self._subscriptions, self._webhooks = url, subscriptions, webhooks
        self.client_id, self.client_secret = secrets.token_urlsafe(40), secrets.token_urlsafe(40)
        self.plan_id = new_id("P-", 24)
        self._tokens: set[str] = set()

    def add_routes(self, app: Flask) -> None:
        """Add the operations; each endpoint has its operation's name."""
        own, hooks = "/v1/billing/subscriptions", "/v1/notifications"
        app.add_url_rule("/v1/oauth2/token", "token", self._token, methods=["POST"])
        app.add_url_rule(own, "create", self._guarded(self._create), methods=["POST"])
        app.add_url_rule(f"{own}/<ident>", "show", self._guarded(self._show))
        app.add_url_rule(f"{own}/<ident>/cancel", "cancel", self._guarded(self._cancel), methods=["POST"])
        app.add_url_rule(f"{own}/<ident>/transactions", "transactions", self._guarded(self._transactions))
        refund = "/v2/payments/captures/<ident>/refund"
        app.add_url_rule(refund, "refund", self._guarded(self._refund), methods=["POST"])
        app.add_url_rule(f"{hooks}/verify-webhook-signature", "verify", self._guarded(self._verify), methods=["POST"])
        app.add_url_rule(f"{hooks}/certs/<name>", "cert", self._cert)

    def expire_tokens(self) -> None:
        """No token that was given out is taken any more."""
        self._tokens.clear()

    def _token(self) -> Response:
        pair = f"{self.client_id}:{self.client_secret}".encode()
        if request.headers.get("Authorization") != "Basic " + base64.b64encode(pair).decode():
            return reply(401, {"error": "invalid_client", "error_description": "Client Authentication failed"})
        if request.form.get("grant_type") != "client_credentials":
            return reply(400, {"error": "unsupported_grant_type", "error_description": "unsupported grant_type"})
        token = "A21AA" + secrets.token_urlsafe(60)
        self._tokens.add(token)
        return reply(
            200,
            {
                "scope": "https://uri.paypal.com/services/subscriptions https://uri.paypal.com/services/applications/webhooks",
                "access_token": token,
                "token_type": "Bearer",
                "app_id": "APP-80W284485P519543T",
                "expires_in": TOKEN_LIFE_S,
                "nonce": secrets.token_urlsafe(16),
            },
        )

    def _guarded(self, view: Callable[..., Response]) -> Callable[..., Response]:
        def checked(**parts: str) -> Response:
            scheme, _, token = request.headers.get("Authorization", "").partition(" ")
            if scheme != "Bearer" or token not in self._tokens:
                return reply(
                    401, {"error": "invalid_token", "error_description": "Token signature verification failed"}
                )
            return view(**parts)

        return checked

    def _create(self) -> Response:
        body = request.get_json(force=True, silent=True)
        if not isinstance(body, dict) or not isinstance(body.get("plan_id"), str):
            return problem(400, "INVALID_REQUEST", "MISSING_REQUIRED_PARAMETER", "A required field is missing.")
        if body["plan_id"] != self.plan_id:
            return not_found()
        context = body.get("application_context") or {}
        back = (str(context.get("return_url", "")), str(context.get("cancel_url", "")))
        custom_id = str(body.get("custom_id", ""))
        subscribed, new = self._subscriptions.add(
            body["plan_id"], custom_id, back, request.headers.get("paypal-request-id", "")
        )
        if new:
            self._webhooks.tell("BILLING.SUBSCRIPTION.CREATED", subscribed)
        whole = "representation" in request.headers.get("prefer", "")
        shown = subscribed.document(self._url) if whole else subscribed.minimal(self._url)
        return reply(201 if new else 200, shown)

    def _show(self, ident: str) -> Response:
        found = self._subscriptions.get(ident)
        return reply(200, found.document(self._url)) if found else not_found()

    def _cancel(self, ident: str) -> Response:
        found, body = self._subscriptions.get(ident), request.get_json(force=True, silent=True)
        if found is None:
            return not_found()
        if not isinstance(body, dict) or not body.get("reason"):
            return problem(400)
        if len(str(body["reason"])) > 128:  # noqa: PLR2004 - PayPal's limit
            return problem(400, "INVALID_REQUEST", "INVALID_STRING_MAX_LENGTH", "The value of a field is too long.")
        if found.status not in ("ACTIVE", "SUSPENDED"):
            return problem(
                422,
                "UNPROCESSABLE_ENTITY",
                "SUBSCRIPTION_STATUS_INVALID",
                "Invalid subscription status for cancel action; subscription status should be active or suspended.",
            )
        if self._faults.take(["deaf"], "cancel"):
            return reply(204, b"")
        self._subscriptions.move(found, "CANCELLED")
        self._webhooks.tell("BILLING.SUBSCRIPTION.CANCELLED", found)
        return reply(204, b"")

    def _transactions(self, ident: str) -> Response:
        found = self._subscriptions.get(ident)
        if found is None:
            return not_found()
        since, until = request.args.get("start_time", ""), request.args.get("end_time", "")
        if not since or not until:
            return problem(400, "INVALID_REQUEST", "MISSING_REQUIRED_PARAMETER", "A required field is missing.")
        listed = [paid.document() for paid in found.payments if since[:19] <= stamp(paid.at)[:19] <= until[:19]]
        return reply(200, {"transactions": listed, "links": [{"href": request.url, "rel": "self", "method": "GET"}]})

    def _refund(self, ident: str) -> Response:
        """https://developer.paypal.com/docs/api/payments/v2/#captures_refund: a request's id gives the same refund again."""
        found, body = self._subscriptions.payment(ident), request.get_json(force=True, silent=True)
        if found is None:
            return not_found()
        if not isinstance(body, dict) or len(str(body.get("note_to_payer", ""))) > 255:  # noqa: PLR2004 - PayPal's limit
            return problem(400, "INVALID_REQUEST", "INVALID_STRING_LENGTH", "The value of a field is too long.")
        asked = request.headers.get("PayPal-Request-Id", "")
        if found.status == "PENDING":
            return problem(
                422, "UNPROCESSABLE_ENTITY", "PENDING_CAPTURE", "Cannot initiate a refund as the capture is pending."
            )
        if found.status == "REFUNDED" and asked != found.refund:
            issue = "CAPTURE_FULLY_REFUNDED"
            return problem(422, "UNPROCESSABLE_ENTITY", issue, "The capture has already been fully refunded.")
        found.status, found.refund = "REFUNDED", asked
        url = f"{self._url}/v2/payments/refunds/{ident}R"
        links = [{"href": url, "rel": "self", "method": "GET"}]
        return reply(201, {"id": f"{ident}R", "status": "COMPLETED", "links": links})

    def _verify(self) -> Response:
        body = request.get_json(force=True, silent=True)
        if not isinstance(body, dict) or any(not isinstance(body.get(name), str) for name in _VERIFY):
            return problem(400, "VALIDATION_ERROR", "MISSING_REQUIRED_PARAMETER", "A required field is missing.")
        good = self._webhooks.verifies(body, _raw_member(request.get_data(), "webhook_event"))
        return reply(200, {"verification_status": "SUCCESS" if good else "FAILURE"})

    def _cert(self, name: str) -> Response:
        if not self._webhooks.cert_url.endswith(f"/{name}"):
            return not_found()
        return reply(200, self._webhooks.certificate, {"Content-Type": "application/x-pem-file"})


def problem(status: int, name: str = "", issue: str = "", description: str = "") -> Response:
    """An error as PayPal forms it. What is particular to it stands in its details: none without an issue."""
    name = name or _NAMES.get(status, "INTERNAL_SERVER_ERROR")
    body = {"name": name, "message": _MESSAGES.get(name, description), "debug_id": secrets.token_hex(6), "links": []}
    details = [{"issue": issue, "description": description}] if issue else []
    return reply(status, {**body, "details": details})


def not_found() -> Response:
    text = "Specified resource ID does not exist. Please check the resource ID and try again."
    return problem(404, "RESOURCE_NOT_FOUND", "INVALID_RESOURCE_ID", text)


def _raw_member(raw: bytes, wanted: str) -> bytes:
    """The bytes of one member of a JSON object as they stand there: PayPal's verification looks at those, so that another
    order of keys or another escape is a failure (https://github.com/paypal/PayPal-Python-SDK/issues/175). Empty without it."""
    text, decode = raw.decode(), JSONDecoder().raw_decode
    at = text.index("{") + 1
    while True:
        at = _skip(text, at, ",")
        if at >= len(text) or text[at] == "}":
            return b""
        name, at = decode(text, at)
        at = _skip(text, at, ":")
        _, end = decode(text, at)
        if name == wanted:
            return text[at:end].encode()
        at = end


def _skip(text: str, at: int, sign: str) -> int:
    while at < len(text) and text[at] in " \t\r\n" + sign:
        at += 1
    return at
