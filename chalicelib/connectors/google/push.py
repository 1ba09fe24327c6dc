"""What Pub/Sub pushes to our webhook when a mailbox has news, taken only with Google's word for whom it comes from.

https://cloud.google.com/pubsub/docs/authenticate-push-subscriptions (the bearer is an OIDC token of the subscription's service
account), …/pubsub/docs/push (the envelope), https://developers.google.com/workspace/gmail/api/guides/push (its data, base64url:
emailAddress and historyId).
"""

import base64
import json
import threading
from dataclasses import dataclass, field
from typing import Any

from chalicelib.connectors import http
from chalicelib.connectors.google import hosts
from chalicelib.connectors.http import ProviderDown, ProviderRefused
from chalicelib.core import clock, log, settings
from chalicelib.core.errors import BadRequest, Unauthenticated

PATH = "/webhooks/gmail"
_ISSUERS = ["https://accounts.google.com", "accounts.google.com"]
_LEEWAY_S = 30  # of difference between Google's clock and ours
_LIFE_S = 3600  # of the keys here: a withdrawn one is trusted no longer
_REFETCH_AFTER_S = 30  # before an unknown key id may make us fetch the keys again
_FETCH_S = 8.0  # that the keys are waited for: the pusher waits too, and comes again
_MAX_TOKEN, _MAX_BODY = 8192, 65_536


@dataclass(frozen=True)
class Notification:
    """The mailbox of `address` stands at `history_id` now."""

    address: str = field(repr=False)
    history_id: str


class _Keys:
    """Google's keys, fetched when first needed, when an unknown one comes, and when they are old."""

    def __init__(self) -> None:
        self._set: Any = None
        self._url, self._fetched = "", 0.0
        self._lock = threading.Lock()

    def get(self, kid: str) -> Any:
        """Return a joserfc KeySet that has `kid` if Google publishes it. ProviderDown if Google's keys can't be had."""
        url = hosts.keys()
        with self._lock:
            age = clock.monotonic() - self._fetched
            known = self._set is not None and self._url == url and age < _LIFE_S
            if not known or (age > _REFETCH_AFTER_S and kid not in {key.kid for key in self._set.keys}):
                self._set, self._url, self._fetched = _fetch(url), url, clock.monotonic()
            return self._set


_keys = _Keys()


def _fetch(url: str) -> Any:
    from joserfc.errors import JoseError  # noqa: PLC0415 - cold start
    from joserfc.jwk import KeySet  # noqa: PLC0415

    try:
        document = http.call(hosts.PROVIDER, "GET", url, until=clock.monotonic() + _FETCH_S).body
        usable = [key for key in document["keys"] if key.get("kty") == "RSA" and key.get("use", "sig") == "sig"]
        return KeySet.import_key_set({"keys": usable})
    except (ProviderRefused, JoseError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ProviderDown(hosts.PROVIDER) from error


def read(authorization: str, body: bytes) -> Notification:
    """Return the notification in a push.

    Unauthenticated if the push is not from our subscription's own account, whatever is wrong; BadRequest if it is, but
    can't be read; ProviderDown if Google's keys can't be had.
    """
    _authenticate(authorization)
    if len(body) > _MAX_BODY:
        raise BadRequest
    try:
        envelope = json.loads(body.decode("utf-8"))  # of bytes it would also take UTF-16
        said = json.loads(base64.b64decode(_standard(envelope["message"]["data"])))
        address, history_id = said["emailAddress"], str(said["historyId"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise BadRequest from None
    if not isinstance(address, str) or "@" not in address or not history_id.isdigit():
        raise BadRequest
    return Notification(address, history_id)


def _authenticate(authorization: str) -> None:
    from joserfc import jwt  # noqa: PLC0415 - cold start
    from joserfc.errors import JoseError  # noqa: PLC0415
    from joserfc.jws import extract_compact  # noqa: PLC0415

    scheme, _, token = authorization.partition(" ")
    account, token = settings.current().connectors.gmail_push_account, token.strip()
    if scheme.lower() != "bearer" or not token or len(token) > _MAX_TOKEN or not account:
        raise Unauthenticated
    try:
        header = extract_compact(token.encode()).headers()
        decoded = jwt.decode(token, _keys.get(str(header.get("kid"))), algorithms=["RS256"])
        registry = jwt.JWTClaimsRegistry(
            now=clock.epoch,
            leeway=_LEEWAY_S,
            iss={"essential": True, "values": _ISSUERS},
            aud={"essential": True, "value": settings.current().public_url + PATH},
            exp={"essential": True},
            iat={"essential": True},
            email={"essential": True, "value": account},
        )
        registry.validate(decoded.claims)
    except (JoseError, ValueError, KeyError, TypeError, AttributeError) as error:
        log.failure("push_rejected", error)
        raise Unauthenticated from None
    if decoded.claims.get("email_verified") is not True:
        raise Unauthenticated


def _standard(data: str) -> str:
    """Base64 with the standard alphabet and padding: both alphabets are in use here."""
    plain = data.replace("-", "+").replace("_", "/").rstrip("=")
    return plain + "=" * (-len(plain) % 4)
