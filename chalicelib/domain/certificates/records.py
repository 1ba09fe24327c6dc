"""Certificates, and every public key that ever signed one: both for ever."""

from chalicelib.core.models import Model
from chalicelib.store.declaration import Declaration, Ended, Found, Holds, TenantEnd
from chalicelib.store.records import PlatformRecord


class CertificatePayload(Model):
    jws: str


class CertificateRecord(PlatformRecord):
    """PK `certificate#id`, SK `certificate`."""

    table = "Privacy"
    declared = Declaration(
        kind="certificate",
        holds=Holds.NOBODY,
        found=Found.NEVER,
        life="for ever",
        ended=Ended.NEVER,
        payload=CertificatePayload,
        tenant_end=TenantEnd.OUTLIVES,
        because="the statement that the erasure or the purge was done; names a person only by a salted hash whose salt the "
        "person has",
    )


class SigningKeyPayload(Model):
    jwk: dict[str, str]


class SigningKeyRecord(PlatformRecord):
    """PK `jwks`, SK the key's id."""

    table = "Privacy"
    declared = Declaration(
        kind="jwks",
        holds=Holds.NOBODY,
        found=Found.NEVER,
        life="for ever",
        ended=Ended.NEVER,
        payload=SigningKeyPayload,
        tenant_end=TenantEnd.OUTLIVES,
        because="public keys of the platform: old certificates stay verifiable",
    )
