"""Keyed hashes: subject tags of persons, index keys of a tenant, digests of secrets, sealed tokens.

A subject tag is HMAC-SHA-256 of one identifier in its exact form under a platform key that never leaves this process
unwrapped. The index (pointers) and the suppression (tombstones) use separate derived keys, so one can't be read from the other.
Every root version gives its own tag; look-ups try all, and none is ever retired: an erased address cannot be re-keyed.
"""

import hashlib
import hmac
import os
from enum import StrEnum
from typing import Literal

from chalicelib.core import ids
from chalicelib.core.codes import Code
from chalicelib.core.errors import BadRequest
from chalicelib.core.ids import TenantId
from chalicelib.vault.keys import ring

_TAG_BYTES = 20  # 160 bits: no collision in any population of persons
INVALID_CURSOR = "This cursor is not valid for this list. Start again without a cursor."
Use = Literal["index", "suppression"]


class Identifier(StrEnum):
    """What a tag was made of. `EMAIL_BASE` is an address without its plus suffix: it only proposes matches."""

    EMAIL = "email"
    EMAIL_BASE = "email_base"
    URL = "url"
    PHONE = "phone"
    SOURCE = "source"


def subject_tags(use: Use, kind: Identifier, exact: str) -> tuple[str, ...]:
    """Return one tag per key version, newest first. Store the first; look up all of them."""
    roots = ring.platform("subject")
    message = f"{kind}\0{exact}".encode()
    return tuple(
        ids.base32(hmac.digest(roots.derive(f"subject/{use}", version), message, hashlib.sha256)[:_TAG_BYTES])
        for version in sorted(roots.by_version, reverse=True)
    )


def natural_key(tenant: TenantId, text: str) -> str:
    """Return a key of 26 characters for a tenant's own name (source id, row).

    It is made with the tenant's index key: the same name gives the same key in this tenant, and another in any other.
    """
    key = ring.roots(tenant).derive("index")
    return ids.base32(hmac.digest(key, text.encode(), hashlib.sha256)[:17])[:26]


def drawn_id(tenant: TenantId, draw: str, text: str) -> str:
    """Return the last part of an id (core.ids.timeless) for what a text names: the same for the same draw, so that work which is
    begun again makes it once. In another draw or tenant it has another, and none tells what it was drawn for."""
    key = ring.roots(tenant).derive("index")
    return ids.timeless_of(hmac.digest(key, f"drawn\0{draw}\0{text}".encode(), hashlib.sha256)[:16])


def platform_digest(label: str, text: str) -> str:
    """Return a keyed hash for the platform's look-ups (identities, rate limits). `label` separates the uses."""
    key = ring.platform().derive(f"digest/{label}")
    return ids.base32(hmac.digest(key, text.encode(), hashlib.sha256)[:_TAG_BYTES])


def seal_token(purpose: str, content: bytes) -> str:
    """Return a short opaque token, such as a cursor, that only this platform can make and read.

    Sealed with AES-256-GCM and bound to its purpose.
    """
    nonce = os.urandom(12)
    cipher = _aead(f"token/{ring.platform().newest}", ring.platform().newest)
    return ids.base32(bytes([ring.platform().newest]) + nonce + cipher.encrypt(nonce, content, purpose.encode()))


def open_token(purpose: str, token: str) -> bytes:
    """Return the content of a token.

    BadRequest(invalid_cursor) if it is forged, damaged or made for another purpose.
    """
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415 - cold start

    try:
        raw = _unbase32(token)
        version = raw[0]
        return bytes(_aead(f"token/{version}", version).decrypt(raw[1:13], raw[13:], purpose.encode()))
    except (InvalidTag, ValueError, IndexError, KeyError) as error:
        raise BadRequest(
            "This cursor is not valid for this list. Start again without a cursor.", code=Code.INVALID_CURSOR
        ) from error


def _aead(label: str, version: int):  # type: ignore[no-untyped-def]  # AESGCM is imported late
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 - cold start

    return AESGCM(ring.platform().derive(label, version))


def _unbase32(text: str) -> bytes:
    number = 0
    for character in text:
        number = number << 5 | "0123456789abcdefghjkmnpqrstvwxyz".index(character)
    bits = len(text) * 5
    content = (number >> (bits % 8)).to_bytes(bits // 8, "big")
    if ids.base32(content) != text:
        raise ValueError("another spelling of the same content")
    return content
