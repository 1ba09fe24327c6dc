"""Sealing of provider tokens, apart from all else: kms:Encrypt with the credentials key seals, kms:Decrypt opens.

Each content has a fresh key, which KMS wraps with the context {tenant, purpose, key}; the content is an Encryption SDK message
under it (see sealing.py), bound to the same item. So the HTTP function, which may only encrypt, can put tokens in and never
read one, and a ciphertext moved to another item or tenant opens nowhere.
"""

import os

from chalicelib.core import settings
from chalicelib.core.errors import SealBroken, Unavailable
from chalicelib.core.ids import TenantId
from chalicelib.vault import aws
from chalicelib.vault.sealing import SealContext, Sealed, seal_under, unseal_under

_TABLE = "Credentials"
_KEY_BYTES = 32
_FORM = 1  # the first byte of what is stored: form, two bytes of length, the wrapped key, the message
_HEAD = 3
# What KMS says where the wrapped key is not one of this key and context.
_NOT_OURS = ("InvalidCiphertextException", "IncorrectKeyException")


def seal(tenant: TenantId, key: str, content: bytes) -> bytes:
    """Seal for the item with that sort key of the tenant's. One KMS call. Unavailable."""
    own = os.urandom(_KEY_BYTES)
    wrapped = aws.call(
        "kms",
        "encrypt",
        KeyId=settings.current().keys.credentials,
        Plaintext=own,
        EncryptionContext=_context(tenant, key),
    )["CiphertextBlob"]
    message = seal_under(own, SealContext(tenant, _TABLE, key), content).ciphertext
    return bytes([_FORM]) + len(wrapped).to_bytes(2, "big") + bytes(wrapped) + message


def unseal(tenant: TenantId, key: str, stored: bytes) -> bytes:
    """Return the content. One KMS call.

    SealBroken if it is damaged or was sealed for another item or tenant; Unavailable if KMS does not answer.
    """
    end = _HEAD + int.from_bytes(stored[1:_HEAD], "big")
    if stored[:1] != bytes([_FORM]) or not _HEAD < end < len(stored):
        raise SealBroken
    own = _unwrap(tenant, key, stored[_HEAD:end])
    return unseal_under(own, SealContext(tenant, _TABLE, key), Sealed(stored[end:]))


def _unwrap(tenant: TenantId, key: str, wrapped: bytes) -> bytes:
    from botocore.exceptions import ClientError  # noqa: PLC0415 - cold start

    credentials = settings.current().keys.credentials
    try:
        answer = aws.call(
            "kms", "decrypt", KeyId=credentials, CiphertextBlob=wrapped, EncryptionContext=_context(tenant, key)
        )
    except Unavailable as error:
        cause = error.__cause__
        if isinstance(cause, ClientError) and cause.response["Error"]["Code"] in _NOT_OURS:
            raise SealBroken from error
        raise
    return bytes(answer["Plaintext"])


def _context(tenant: TenantId, key: str) -> dict[str, str]:
    return {"tenant": tenant, "purpose": "credential", "key": key}
