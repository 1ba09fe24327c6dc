"""The built-in authorizer: proves an identity by an OIDC access or ID token, and nothing else.

API Gateway keeps its answer for 60 seconds a token; so whatever may change sooner (membership, role, state) is not in it.
"""

import threading
from collections.abc import Sequence
from typing import Any

from chalice import AuthResponse, Blueprint

from chalicelib.core import clock, log, settings
from chalicelib.core.actor import Identity
from chalicelib.core.errors import Unauthenticated

bp = Blueprint(__name__)
_ALGORITHMS = ["RS256", "ES256"]  # asymmetric only: `none` and HS256 would let the public key or nobody sign
_LEEWAY = 30  # seconds of difference between the issuer's clock and ours
_REFETCH_AFTER = 30  # seconds before an unknown key id may make us fetch the keys again
_FETCH_TIMEOUT = 5
_MAX_TOKEN = 8192


class Rejected(Exception):
    """API Gateway turns an authorizer's error into 401 only if its text is exactly `Unauthorized`."""

    def __init__(self) -> None:
        super().__init__("Unauthorized")


class LoopbackIssuer(RuntimeError):
    """Keys from a loopback address outside local mode: anybody on the machine could mint tokens."""


class _Keys:
    """The issuer's keys by `kid`, fetched when first needed and when an unknown one comes."""

    def __init__(self) -> None:
        self._set: Any = None
        self._url = ""
        self._fetched = 0.0
        self._lock = threading.Lock()

    def get(self, kid: str | None) -> Any:
        """Return a joserfc KeySet that has `kid` if the issuer publishes it."""
        url = settings.current().oidc.jwks_url
        with self._lock:
            known = self._set is not None and self._url == url
            stale = clock.monotonic() - self._fetched > _REFETCH_AFTER
            if not known or (stale and kid not in {key.kid for key in self._set.keys}):
                self._set, self._url, self._fetched = _fetch(url), url, clock.monotonic()
            return self._set


_keys = _Keys()


def _fetch(url: str) -> Any:
    import json  # noqa: PLC0415 - beside the network
    import urllib.parse  # noqa: PLC0415
    import urllib.request  # noqa: PLC0415

    from joserfc.jwk import KeySet  # noqa: PLC0415 - cold start

    parts = urllib.parse.urlsplit(url)
    if parts.hostname in ("localhost", "127.0.0.1", "::1") and not settings.current().local:
        raise LoopbackIssuer("a loopback JWKS URL is for local mode only")
    if parts.scheme != "https" and not settings.current().local:
        raise LoopbackIssuer("the JWKS URL must be https")
    with urllib.request.urlopen(url, timeout=_FETCH_TIMEOUT) as answer:  # noqa: S310 - scheme checked above
        document = json.load(answer)
    usable = [key for key in document["keys"] if key.get("kty") in ("RSA", "EC") and key.get("use", "sig") == "sig"]
    return KeySet.import_key_set({"keys": usable})


def verify(token: str, audiences: Sequence[str]) -> dict[str, Any]:
    """Return the claims of a valid token of our issuer for one of these audiences. Rejected otherwise, whatever is wrong."""
    from joserfc import jwt  # noqa: PLC0415 - cold start
    from joserfc.errors import JoseError  # noqa: PLC0415
    from joserfc.jws import extract_compact  # noqa: PLC0415

    if not token or len(token) > _MAX_TOKEN:
        raise Rejected
    oidc = settings.current().oidc
    try:
        header = extract_compact(token.encode()).headers()
        decoded = jwt.decode(token, _keys.get(header.get("kid")), algorithms=_ALGORITHMS)
        registry = jwt.JWTClaimsRegistry(
            now=clock.epoch,
            leeway=_LEEWAY,
            iss={"essential": True, "value": oidc.issuer},
            aud={"essential": True, "values": list(audiences)},
            sub={"essential": True},
            exp={"essential": True},
        )
        registry.validate(decoded.claims)
    except (JoseError, ValueError, KeyError, TypeError, AttributeError, OSError) as error:
        log.failure("token_rejected", error)
        raise Rejected from None
    return dict(decoded.claims)


@bp.authorizer(name="identity", ttl_seconds=60)
def identity_authorizer(request: Any) -> AuthResponse:
    """Return who sent a bearer token. The context's values are strings, as API Gateway passes them."""
    scheme, _, token = str(request.token or "").partition(" ")
    if scheme.lower() != "bearer":
        raise Rejected
    oidc = settings.current().oidc
    known = {oidc.audience: "member", oidc.officer_audience: "officer"}
    claims = verify(token.strip(), list(known))
    named = [claims["aud"]] if isinstance(claims["aud"], str) else claims["aud"]
    return AuthResponse(
        routes=["*"],
        principal_id=str(claims["sub"])[:128],
        context={
            "issuer": str(claims["iss"]),
            "subject": str(claims["sub"]),
            "audiences": " ".join(sorted({known[each] for each in named if each in known})),
            "email": str(claims.get("email", "")),
            "email_verified": str(claims.get("email_verified", False)).lower(),
            "auth_time": str(int(claims.get("auth_time") or 0)),
            "issued_at": str(int(claims.get("iat") or 0)),
        },
    )


def identity_of(proved: dict[str, Any], audience: str) -> Identity:
    """Return who is proved for that audience: a member's token opens nothing of the officer's, nor the other way round.
    Unauthenticated."""
    if not proved.get("subject") or audience not in str(proved.get("audiences", "")).split():
        raise Unauthenticated
    return Identity(
        issuer=str(proved["issuer"]),
        subject=str(proved["subject"]),
        email=str(proved.get("email", "")),
        email_verified=str(proved.get("email_verified")).lower() == "true",
        auth_time=int(proved.get("auth_time") or 0),
        issued_at=int(proved.get("issued_at") or 0),
    )
