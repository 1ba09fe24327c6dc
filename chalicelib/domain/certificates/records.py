"""Certificates, and every public key that ever signed one: both for ever."""

from chalicelib.core.models import Model
from chalicelib.store.declaration import Declaration, Found, Holds
from chalicelib.store.records import PlatformRecord


class CertificatePayload(Model):
    jws: str


class CertificateRecord(PlatformRecord):
    """PK `certificate#id`, SK `certificate`."""

    table = "Privacy"
    declared = Declaration(
        "certificate",
        Holds.NOBODY,
        Found.NEVER,
        "for ever",
        None,
        CertificatePayload,
        "the statement that the erasure was done; names the person only by a salted hash whose salt the person has",
    )


class SigningKeyPayload(Model):
    jwk: dict[str, str]


class SigningKeyRecord(PlatformRecord):
    """PK `jwks`, SK the key's id."""

    table = "Privacy"
    declared = Declaration(
        "jwks", Holds.NOBODY, Found.NEVER, "for ever", None, SigningKeyPayload, "old certificates stay verifiable"
    )
