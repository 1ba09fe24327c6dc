"""The REST endpoints that are used, with PayPal's answers and errors.

https://developer.paypal.com/docs/api/subscriptions/v1/ · https://developer.paypal.com/docs/api/webhooks/v1/ ·
https://developer.paypal.com/api/rest/authentication/ · errors: https://developer.paypal.com/api/rest/responses/
"""

import base64
import re
import secrets
from collections.abc import Callable
from json import JSONDecoder

from infra.simulators.paypal.subscriptions import Subscription, Subscriptions, new_id
from infra.simulators.paypal.web import Request, Response
from infra.simulators.paypal.webhooks import Webhooks

TOKEN_LIFE_S = 32400
_VERIFY = ("auth_algo", "cert_url", "transmission_id", "transmission_sig", "transmission_time", "webhook_id")


class Rest:
    """Answers PayPal's API for one REST app, which has one plan and one webhook."""

    def __init__(self, url: str, subscriptions: Subscriptions, webhooks: Webhooks) -> None:
        self._url, self._subscriptions, self._webhooks = url, subscriptions, webhooks
        self.client_id, self.client_secret = secrets.token_urlsafe(40), secrets.token_urlsafe(40)
        self.plan_id = new_id("P-", 24)
        self._tokens: set[str] = set()
        own = "/v1/billing/subscriptions"
        self._operations: list[tuple[str, str, Callable[[Request], Response]]] = [
            ("POST /v1/oauth2/token", "token", self._token),
            (f"POST {own}", "create", self._guarded(self._create)),
            (f"GET {own}/[^/]+", "show", self._guarded(self._show)),
            (f"POST {own}/[^/]+/cancel", "cancel", self._guarded(self._cancel)),
            ("POST /v1/notifications/verify-webhook-signature", "verify", self._guarded(self._verify)),
            ("GET /v1/notifications/certs/[^/]+", "cert", self._cert),
        ]

    def expire_tokens(self) -> None:
        """No token that was given out is taken any more."""
        self._tokens.clear()

    def operation(self, request: Request) -> tuple[str, Callable[[Request], Response]] | None:
        """The name of what is asked, and what answers it."""
        asked = f"{request.method} {request.path}"
        for pattern, name, answer in self._operations:
            if re.fullmatch(pattern, asked):
                return name, answer
        return None

    def _token(self, request: Request) -> Response:
        pair = f"{self.client_id}:{self.client_secret}".encode()
        if request.headers.get("authorization") != "Basic " + base64.b64encode(pair).decode():
            return Response(401, {"error": "invalid_client", "error_description": "Client Authentication failed"})
        if request.form().get("grant_type") != "client_credentials":
            return Response(400, {"error": "unsupported_grant_type", "error_description": "unsupported grant_type"})
        token = "A21AA" + secrets.token_urlsafe(60)
        self._tokens.add(token)
        return Response(
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

    def _guarded(self, answer: Callable[[Request], Response]) -> Callable[[Request], Response]:
        def checked(request: Request) -> Response:
            scheme, _, token = request.headers.get("authorization", "").partition(" ")
            if scheme != "Bearer" or token not in self._tokens:
                return Response(
                    401, {"error": "invalid_token", "error_description": "Token signature verification failed"}
                )
            return answer(request)

        return checked

    def _create(self, request: Request) -> Response:
        body = request.json()
        if not isinstance(body, dict) or not isinstance(body.get("plan_id"), str):
            return problem(400, "INVALID_REQUEST", "MISSING_REQUIRED_PARAMETER", "A required field is missing.")
        if body["plan_id"] != self.plan_id:
            return problem(404, "RESOURCE_NOT_FOUND", "INVALID_RESOURCE_ID", "Requested resource ID was not found.")
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
        return Response(201 if new else 200, shown)

    def _show(self, request: Request) -> Response:
        found = self._found(request)
        return Response(200, found.document(self._url)) if found else not_found()

    def _cancel(self, request: Request) -> Response:
        found, body = self._found(request), request.json()
        if found is None:
            return not_found()
        if not isinstance(body, dict) or not 1 <= len(str(body.get("reason", ""))) <= 128:  # noqa: PLR2004 - PayPal's limits
            return problem(400, "INVALID_REQUEST", "MISSING_REQUIRED_PARAMETER", "A required field is missing.")
        if found.status not in ("ACTIVE", "SUSPENDED"):
            return problem(
                422,
                "UNPROCESSABLE_ENTITY",
                "SUBSCRIPTION_STATUS_INVALID",
                "Invalid subscription status for cancel action; subscription status should be active or suspended.",
            )
        self._subscriptions.move(found, "CANCELLED")
        self._webhooks.tell("BILLING.SUBSCRIPTION.CANCELLED", found)
        return Response(204)

    def _verify(self, request: Request) -> Response:
        body = request.json()
        if not isinstance(body, dict) or any(not isinstance(body.get(name), str) for name in _VERIFY):
            return problem(400, "VALIDATION_ERROR", "MISSING_REQUIRED_PARAMETER", "A required field is missing.")
        good = self._webhooks.verifies(body, _raw_member(request.body, "webhook_event"))
        return Response(200, {"verification_status": "SUCCESS" if good else "FAILURE"})

    def _cert(self, request: Request) -> Response:
        if not self._webhooks.cert_url.endswith(request.path):
            return not_found()
        return Response(200, self._webhooks.certificate.decode(), {"Content-Type": "application/x-pem-file"})

    def _found(self, request: Request) -> Subscription | None:
        return self._subscriptions.get(request.path.split("/")[4])


def problem(status: int, name: str, issue: str, description: str) -> Response:
    """An error as PayPal forms it."""
    return Response(
        status,
        {
            "name": name,
            "message": description,
            "debug_id": secrets.token_hex(6),
            "details": [{"issue": issue, "description": description}],
            "links": [],
        },
    )


def not_found() -> Response:
    return problem(404, "RESOURCE_NOT_FOUND", "INVALID_RESOURCE_ID", "Requested resource ID was not found.")


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
