"""The calls to PayPal that a subscription needs. Answers are reduced to model.Subscription before they leave a function."""

import base64
import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from chalicelib.connectors import http, oauth
from chalicelib.connectors.http import Answer, ProviderDown, ProviderRefused
from chalicelib.connectors.paypal import model
from chalicelib.connectors.paypal.model import Payment, Refund, Subscription, Unreadable
from chalicelib.connectors.paypal.webhooks import Transmission
from chalicelib.core import clock, log
from chalicelib.core.codes import Code
from chalicelib.core.errors import Unavailable

PROVIDER = "paypal"
_BEFORE_EXPIRY_S = 60  # a token is not used in its last minute: a call takes a while
_UNAUTHORIZED, _FORBIDDEN, _NOT_FOUND, _CONFLICT = 401, 403, 404, 409

# The fields client_id and client_secret; True asks for them afresh, after PayPal refused those it was given.
Credential = Callable[[bool], Mapping[str, str]]


class PayPalRefused(Unavailable):
    """PayPal answered, and refuses what is asked of it: with 400, 404, 409, 422, or another 4xx."""

    code, status, title = Code.PROVIDER_REFUSED, 502, "PayPal refuses this"

    def __init__(self, refused: ProviderRefused) -> None:
        super().__init__("Nothing was changed. If it stays so, ask the operator.")
        self.answered = refused.status


@dataclass(frozen=True)
class _Token:
    text: str
    until: float  # on clock.monotonic


class PayPal:
    """One account at PayPal. Thread-safe; ProviderDown from every method where PayPal does not answer or lets us not in, and
    PayPalRefused where it refuses what the method does not speak of."""

    def __init__(self, url: str, credential: Credential) -> None:
        self._url, self._credential = oauth.secure(url).rstrip("/"), credential
        self._token: _Token | None = None
        self._lock = threading.Lock()

    def create(self, plan: str, custom_id: str, *, back: str, declined: str, request_id: str) -> Subscription:
        """Create a subscription that waits for the payer's approval at its `approve_url`.

        The same `request_id` gives the same subscription for 72 hours, so the call may be repeated.

        https://developer.paypal.com/docs/api/subscriptions/v1/#subscriptions_create
        """
        body = {
            "plan_id": plan,
            "custom_id": custom_id,
            "application_context": {
                "return_url": back,
                "cancel_url": declined,
                "user_action": "SUBSCRIBE_NOW",
                "shipping_preference": "NO_SHIPPING",
            },
        }
        headers = {"PayPal-Request-Id": request_id, "Prefer": "return=minimal"}
        try:
            return _read(self._ask("POST", "/v1/billing/subscriptions", body=body, headers=headers).body)
        except ProviderRefused as refused:
            raise _refusal(refused, "create") from None

    def show(self, ident: str) -> Subscription | None:
        """Return the subscription as it is now, or None if PayPal knows none (an approval that never came is forgotten).

        `fields` can only add to the answer (last_failed_payment, plan), never take from it, so it is not sent.

        https://developer.paypal.com/docs/api/subscriptions/v1/#subscriptions_get
        """
        try:
            return _read(self._ask("GET", f"/v1/billing/subscriptions/{_checked(ident)}").body)
        except ProviderRefused as refused:
            if refused.status == _NOT_FOUND:
                return None
            raise _refusal(refused, "show") from None

    def cancel(self, ident: str) -> Subscription | None:
        """Ask PayPal to end it for good, and return how it stands afterwards, read anew: nothing else says that it has ended.

        PayPal cancels what is active or suspended and answers 422 SUBSCRIPTION_STATUS_INVALID otherwise. What it refuses may
        have ended before, or be an approval that still waits, or go on being charged. None where PayPal knows none.
        https://developer.paypal.com/docs/api/subscriptions/v1/#subscriptions_cancel
        """
        path = f"/v1/billing/subscriptions/{_checked(ident)}/cancel"
        try:
            self._ask("POST", path, body={"reason": "Cancelled by the customer"})
        except ProviderRefused as refused:
            _note(refused, "cancel")
        return self.show(ident)

    def payments(self, ident: str, since: datetime, until: datetime) -> list[Payment]:
        """Return what was paid for a subscription in that time; nothing where PayPal knows none.

        https://developer.paypal.com/docs/api/subscriptions/v1/#subscriptions_transactions
        """
        span = urlencode({"start_time": clock.rfc3339(since), "end_time": clock.rfc3339(until)})
        try:
            return model.payments(
                self._ask("GET", f"/v1/billing/subscriptions/{_checked(ident)}/transactions?{span}").body
            )
        except ProviderRefused as refused:
            if refused.status == _NOT_FOUND:
                return []
            raise _refusal(refused, "payments") from None
        except Unreadable as error:
            raise ProviderDown(PROVIDER) from error

    def refund(self, payment: str, note: str) -> Refund:
        """Give a payment back whole, with a note to whoever paid (255 characters at most); may be repeated for 45 days.

        https://developer.paypal.com/docs/api/payments/v2/#captures_refund
        """
        path, headers = f"/v2/payments/captures/{_checked(payment)}/refund", {"PayPal-Request-Id": f"refund-{payment}"}
        try:
            return model.refund(self._ask("POST", path, body={"note_to_payer": note}, headers=headers).body)
        except ProviderRefused as refused:
            known = model.refund_refused(refused.answer)
            if known is not None:
                return known
            if refused.status == _CONFLICT:
                raise _refusal(refused, "refund") from None  # the same request is under way
            _note(refused, "refund")
            return Refund.REFUSED

    def verified(self, transmission: Transmission, webhook_id: str, event: bytes) -> bool:
        """Ask PayPal whether it sent this event, and return its answer.

        `event` is the JSON document exactly as it was received: the signature covers its bytes.

        https://developer.paypal.com/docs/api/webhooks/v1/#verify-webhook-signature_post
        """
        fields = {**transmission.as_fields(), "webhook_id": webhook_id}
        body = json.dumps(fields)[:-1].encode() + b', "webhook_event": ' + event + b"}"
        try:
            answer = self._ask("POST", "/v1/notifications/verify-webhook-signature", body=body)
        except ProviderRefused:
            return False  # PayPal cannot even read it
        return isinstance(answer.body, dict) and answer.body.get("verification_status") == "SUCCESS"

    def _ask(self, method: str, path: str, *, body: Any = None, headers: Mapping[str, str] | None = None) -> Answer:
        """One call with our token; a fresh one is fetched once where PayPal does not take it. Every call made here may be
        repeated: it reads, or PayPal knows it again."""
        for fresh in (False, True):
            sent = {"Authorization": f"Bearer {self._bearer(fresh)}", **(headers or {})}
            try:
                return http.call(PROVIDER, method, self._url + path, headers=sent, body=body, repeatable=True)
            except ProviderRefused as refused:
                if refused.status not in (_UNAUTHORIZED, _FORBIDDEN):
                    raise
                last = refused
        raise _not_let_in(last)

    def _bearer(self, fresh: bool) -> str:
        with self._lock:
            if self._token is None or fresh or clock.monotonic() >= self._token.until:
                self._token = self._fetch(fresh)
            return self._token.text

    def _fetch(self, fresh: bool) -> _Token:
        """An access token (https://developer.paypal.com/api/rest/authentication/); a credential that PayPal refuses may have
        been rotated, so it is asked for afresh once."""
        try:
            return self._exchange(self._credential(fresh))
        except ProviderRefused as refused:
            if fresh:
                raise _not_let_in(refused) from None
        return self._fetch(True)

    def _exchange(self, fields: Mapping[str, str]) -> _Token:
        pair = f"{fields.get('client_id', '')}:{fields.get('client_secret', '')}"
        headers = {"Authorization": "Basic " + base64.b64encode(pair.encode()).decode()}
        form = {"grant_type": "client_credentials"}
        url = f"{self._url}/v1/oauth2/token"
        answer = http.call(PROVIDER, "POST", url, headers=headers, form=form, repeatable=True)
        try:
            text, life = str(answer.body["access_token"]), int(answer.body["expires_in"])
        except (KeyError, TypeError, ValueError) as error:
            raise ProviderDown(PROVIDER) from error
        return _Token(text, clock.monotonic() + life - _BEFORE_EXPIRY_S)


def _not_let_in(refused: ProviderRefused) -> ProviderDown:
    """Our credential is wrong or lacks a right: the operator's to mend, and until then as if PayPal were down."""
    log.failure("provider_lets_us_not_in", refused, provider=PROVIDER, status=refused.status)
    return ProviderDown(PROVIDER, sent=False)


def _refusal(refused: ProviderRefused, operation: str) -> PayPalRefused:
    _note(refused, operation)
    return PayPalRefused(refused)


def _note(refused: ProviderRefused, operation: str) -> None:
    log.failure("paypal_refused", refused, provider=PROVIDER, status=refused.status, kind=operation)


def _read(document: Any) -> Subscription:
    try:
        return model.subscription(document)
    except Unreadable as error:
        raise ProviderDown(PROVIDER) from error


def _checked(ident: str) -> str:
    if not model.is_id(ident):
        raise ValueError("not an id of PayPal's")
    return ident
