"""PayPal's webhooks: events, their signature, their delivery with repetition, and the verification that PayPal offers.

Signed as https://developer.paypal.com/api/rest/webhooks/rest/ says: RSA with SHA-256 over
`transmission id|transmission time|webhook id|CRC32 of the body, in decimal`.
"""

import base64
import json
import threading
import uuid
import zlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import urllib3
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import NameOID

from chalicelib.core import clock
from infra.simulators.paypal.subscriptions import Subscription, new_id, stamp

ALGORITHM = "SHA256withRSA"
ATTEMPTS = 25  # over three days at PayPal; here within minutes
_LONGEST_PAUSE_S = 30
_SUMMARY = {
    "BILLING.SUBSCRIPTION.CREATED": "Subscription created",
    "BILLING.SUBSCRIPTION.ACTIVATED": "Subscription activated",
    "BILLING.SUBSCRIPTION.RE-ACTIVATED": "Subscription re-activated",
    "BILLING.SUBSCRIPTION.SUSPENDED": "Subscription suspended",
    "BILLING.SUBSCRIPTION.CANCELLED": "Subscription cancelled",
    "BILLING.SUBSCRIPTION.EXPIRED": "Subscription expired",
    "BILLING.SUBSCRIPTION.PAYMENT.FAILED": "Payment failed for subscription",
}


@dataclass
class Event:
    """One event on its way. `body` never changes, so that its signature holds at each attempt."""

    id: str
    type: str
    body: bytes
    attempts: int = 0
    next_at: datetime | None = None


@dataclass
class Webhooks:
    """The queue of events for one listener. `sent` keeps what was delivered, headers and body, as a wiretap would."""

    url: str  # the simulator's own
    webhook_id: str = field(default_factory=lambda: new_id("", 17))
    listener: str = ""
    waiting: list[Event] = field(default_factory=list)
    sent: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._key = rsa.generate_private_key(65537, 2048)
        self.certificate = _certificate(self._key)
        self.cert_url = f"{self.url}/v1/notifications/certs/CERT-{uuid.uuid4().hex[:8]}"
        self._sending = threading.Lock()
        self._pool = urllib3.PoolManager(timeout=30, retries=False)

    def tell(self, kind: str, subscribed: Subscription) -> None:
        """An event about a subscription, with the whole resource in it, payer and all."""
        self._put(kind, "subscription", _SUMMARY[kind], subscribed.document(self.url))

    def tell_sale(self, subscribed: Subscription) -> None:
        """PAYMENT.SALE.COMPLETED names the subscription in `billing_agreement_id`."""
        sale = {
            "billing_agreement_id": subscribed.id,
            "amount": {"total": "49.00", "currency": "EUR", "details": {"subtotal": "49.00"}},
            "payment_mode": "INSTANT_TRANSFER",
            "payer": {"payment_method": "paypal", "payer_info": subscribed.payer},
            "create_time": stamp(clock.now()),
            "update_time": stamp(clock.now()),
            "id": new_id("", 17),
            "state": "completed",
            "custom": subscribed.custom_id,
        }
        self._put("PAYMENT.SALE.COMPLETED", "sale", "Payment completed for EUR 49.0 EUR", sale)

    def _put(self, kind: str, resource_type: str, summary: str, resource: dict[str, Any]) -> None:
        ident = f"{new_id('WH-', 17)}-{new_id('', 17)}"
        document = {
            "id": ident,
            "event_version": "1.0",
            "create_time": clock.rfc3339(clock.now()),
            "resource_type": resource_type,
            "resource_version": "2.0",
            "event_type": kind,
            "summary": summary,
            "resource": resource,
            "links": [{"href": f"{self.url}/v1/notifications/webhooks-events/{ident}", "rel": "self", "method": "GET"}],
        }
        self.waiting.append(Event(ident, kind, json.dumps(document, separators=(",", ":")).encode()))

    def headers(self, body: bytes) -> dict[str, str]:
        """What PayPal sends with a body, signed now."""
        transmission, at = str(uuid.uuid4()), stamp(clock.now())
        signature = self._key.sign(self._message(transmission, at, body), padding.PKCS1v15(), hashes.SHA256())
        return {
            "Content-Type": "application/json",
            "User-Agent": "PayPal/AUHD-1.0-1",
            "PAYPAL-AUTH-ALGO": ALGORITHM,
            "PAYPAL-AUTH-VERSION": "v2",
            "PAYPAL-CERT-URL": self.cert_url,
            "PAYPAL-TRANSMISSION-ID": transmission,
            "PAYPAL-TRANSMISSION-TIME": at,
            "PAYPAL-TRANSMISSION-SIG": base64.b64encode(signature).decode(),
        }

    def verifies(self, request: dict[str, Any], event: bytes) -> bool:
        """Whether the event's bytes carry our signature; `request` is that of verify-webhook-signature."""
        if request["auth_algo"] != ALGORITHM or request["cert_url"] != self.cert_url:
            return False
        if request["webhook_id"] != self.webhook_id:
            return False
        message = self._message(request["transmission_id"], request["transmission_time"], event)
        try:
            signature = base64.b64decode(request["transmission_sig"])
            self._key.public_key().verify(signature, message, padding.PKCS1v15(), hashes.SHA256())
        except (InvalidSignature, ValueError):
            return False
        return True

    def _message(self, transmission: str, at: str, body: bytes) -> bytes:
        return f"{transmission}|{at}|{self.webhook_id}|{zlib.crc32(body) & 0xFFFFFFFF}".encode()

    def deliver(self, *, only_due: bool = False) -> int:
        """Send what waits, oldest first, each once; how many were answered with 2xx. The others go on waiting."""
        with self._sending:
            now = clock.now()
            chosen = [e for e in self.waiting if not only_due or e.next_at is None or e.next_at <= now]
            return sum(self._send(event) for event in chosen)

    def _send(self, event: Event) -> bool:
        headers = self.headers(event.body)
        try:
            status = self._pool.request("POST", self.listener, body=event.body, headers=headers).status
        except urllib3.exceptions.HTTPError:
            status = 0
        event.attempts += 1
        taken = 200 <= status < 300  # noqa: PLR2004 - HTTP's own numbers
        if taken:
            self.sent.append((headers, event.body))
        else:
            event.next_at = clock.now() + timedelta(seconds=min(2**event.attempts, _LONGEST_PAUSE_S))
        if taken or event.attempts >= ATTEMPTS:
            self.waiting = [each for each in self.waiting if each is not event]
        return taken


def _certificate(key: rsa.RSAPrivateKey) -> bytes:
    """Signed by itself: there is no PayPal root on this machine."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "messageverificationcerts.paypal.example")])
    now = clock.now()
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=365))
        .sign(key, hashes.SHA256())
    )
    return made.public_bytes(serialization.Encoding.PEM)
