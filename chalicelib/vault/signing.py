"""Signatures of certificates: ES256 (RFC 7518 3.4) by a KMS key whose private half never leaves KMS."""

import base64
import functools
import hashlib
import json
from typing import Any

from chalicelib.core import ids, settings
from chalicelib.vault import aws

_COORDINATE = 32  # bytes of R, S, x and y on P-256


def _b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@functools.cache
def public_jwk(key_id: str) -> dict[str, str]:
    """Return the public key of a signing key as a JWK (RFC 7517). Its `kid` is the SHA-256 thumbprint (RFC 7638)."""
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey  # noqa: PLC0415 - cold start
    from cryptography.hazmat.primitives.serialization import load_der_public_key  # noqa: PLC0415

    key = load_der_public_key(aws.client("kms").get_public_key(KeyId=key_id)["PublicKey"])
    if not isinstance(key, EllipticCurvePublicKey):
        raise TypeError("the signing key must be on P-256")
    numbers = key.public_numbers()
    x, y = (_b64(n.to_bytes(_COORDINATE, "big")) for n in (numbers.x, numbers.y))
    thumb = hashlib.sha256(f'{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}'.encode()).digest()
    return {"kty": "EC", "crv": "P-256", "x": x, "y": y, "kid": _b64(thumb), "use": "sig", "alg": "ES256"}


def sign_jws(payload: bytes, typ: str) -> str:
    """Return a compact JWS over the payload, signed with the current signing key."""
    key_id = settings.current().keys.signing
    header = {"alg": "ES256", "kid": public_jwk(key_id)["kid"], "typ": typ}
    signed = f"{_b64(json.dumps(header, separators=(',', ':')).encode())}.{_b64(payload)}"
    answer: dict[str, Any] = aws.client("kms").sign(
        KeyId=key_id,
        Message=signed.encode(),  # at most 4,096 bytes, KMS's limit of RAW; a certificate has under 3,000
        MessageType="RAW",
        SigningAlgorithm="ECDSA_SHA_256",
    )
    return f"{signed}.{_b64(_raw_signature(answer['Signature']))}"


def _raw_signature(der: bytes) -> bytes:
    """KMS answers ASN.1 DER; JOSE wants R || S (RFC 7518 3.4)."""
    from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature  # noqa: PLC0415 - cold start

    r, s = decode_dss_signature(der)
    return r.to_bytes(_COORDINATE, "big") + s.to_bytes(_COORDINATE, "big")


def new_secret() -> tuple[str, str]:
    """Return a 256-bit secret for a link, and its SHA-256, which alone is stored."""
    secret = ids.secret()
    return secret, hash_secret(secret)


def hash_secret(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
