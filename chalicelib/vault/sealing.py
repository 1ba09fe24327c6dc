"""Sealing of payloads, each bound to the item it stands in.

AWS Encryption SDK messages with a raw AES wrapping key (the scope's root), the committing suite without signature. The
message carries its own encryption context, so it is compared after decrypting: without that, a ciphertext moved to
another item, owner, tenant or table would be accepted.
"""

import functools
import threading
from dataclasses import dataclass
from typing import Any

from chalicelib.core.errors import SealBroken
from chalicelib.vault.keys import Roots, ring


@dataclass(frozen=True)
class SealContext:
    """What a ciphertext is bound to: the scope whose key seals it, the table's logical name, the item's whole key."""

    scope: str
    table: str
    key: str

    def as_dict(self) -> dict[str, str]:
        return {"tenant": self.scope, "table": self.table, "key": self.key}


@dataclass(frozen=True)
class Sealed:
    """A ciphertext; the only thing that a sealed attribute takes. Made by `seal`, or read from a table or bucket."""

    ciphertext: bytes


def seal(context: SealContext, plaintext: bytes) -> Sealed:
    """Seal for exactly that item, under the newest root of its scope. KeyShredded where the scope has none."""
    sdk = _sdk()
    ciphertext, _ = sdk.client.encrypt(
        source=plaintext,
        key_provider=sdk.provider(ring.roots(context.scope) if context.scope != "platform" else ring.platform()),
        encryption_context=context.as_dict(),
        algorithm=sdk.suite,
    )
    return Sealed(ciphertext)


def unseal(context: SealContext, sealed: Sealed) -> bytes:
    """Return the plaintext. Looks up once a root that this process has not met.

    SealBroken if the message is damaged or was sealed for another item; KeyShredded as in `seal`.
    """
    sdk = _sdk()
    roots = ring.roots(context.scope) if context.scope != "platform" else ring.platform()
    try:
        return sdk.open(context, sealed, roots)
    except SealBroken:
        again = ring.roots(context.scope, fresh=True)
        if again.by_version.keys() == roots.by_version.keys():
            raise
        return sdk.open(context, sealed, again)


def seal_under(key: bytes, context: SealContext, plaintext: bytes) -> Sealed:
    """Seal for exactly that item under a key of 32 bytes that stands in no table, for this one message."""
    sdk = _sdk()
    ciphertext, _ = sdk.client.encrypt(
        source=plaintext,
        key_provider=sdk.made(_alone(key, context)),
        encryption_context=context.as_dict(),
        algorithm=sdk.suite,
    )
    return Sealed(ciphertext)


def unseal_under(key: bytes, context: SealContext, sealed: Sealed) -> bytes:
    """Return the content that `seal_under` sealed.

    SealBroken if the message is damaged, or was sealed for another item or under another key.
    """
    sdk = _sdk()
    return sdk.opened(context, sealed, sdk.made(_alone(key, context)))


def _alone(key: bytes, context: SealContext) -> Roots:
    return Roots(context.scope, {1: key}, 0)


class _Sdk:
    """The Encryption SDK, imported at the first use, with one provider per set of roots."""

    def __init__(self) -> None:
        import aws_encryption_sdk as esdk  # noqa: PLC0415 - cold start
        from aws_encryption_sdk.exceptions import AWSEncryptionSDKClientError  # noqa: PLC0415
        from aws_encryption_sdk.identifiers import (  # noqa: PLC0415
            AlgorithmSuite,
            EncryptionKeyType,
            WrappingAlgorithm,
        )
        from aws_encryption_sdk.key_providers.raw import RawMasterKeyProvider, WrappingKey  # noqa: PLC0415
        from cryptography.exceptions import InvalidTag  # noqa: PLC0415

        self.client = esdk.EncryptionSDKClient(commitment_policy=esdk.CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT)
        self.suite = AlgorithmSuite.AES_256_GCM_HKDF_SHA512_COMMIT_KEY
        # A flipped bit shows itself as the SDK's own error or, in the last frame, as the cipher's.
        self._failures = (AWSEncryptionSDKClientError, InvalidTag)
        self._providers: dict[str, tuple[Roots, Any]] = {}
        self._lock = threading.Lock()

        class RootProvider(RawMasterKeyProvider):
            """Raw AES keys named `scope/version`; the first one added seals."""

            provider_id = "iko-root"

            def __init__(self) -> None:
                self.roots: dict[str, bytes] = {}

            def _get_raw_key(self, key_id: bytes | str) -> WrappingKey:
                name = key_id.decode() if isinstance(key_id, bytes) else key_id
                return WrappingKey(
                    WrappingAlgorithm.AES_256_GCM_IV12_TAG16_NO_PADDING, self.roots[name], EncryptionKeyType.SYMMETRIC
                )

        self._make = RootProvider

    def provider(self, roots: Roots) -> Any:  # a master key provider, whose class is imported late
        """Return the provider over these roots; builds a new one only after the roots were loaded again."""
        kept = self._providers.get(roots.scope)
        if kept and kept[0] is roots:
            return kept[1]
        made = self.made(roots)
        with self._lock:
            self._providers[roots.scope] = (roots, made)
        return made

    def made(self, roots: Roots) -> Any:
        """Return a new provider over these roots, which nothing caches."""
        made = self._make()
        for version in sorted(roots.by_version, reverse=True):
            name = f"{roots.scope}/{version}"
            made.roots[name] = roots.by_version[version]
            made.add_master_key(name)
        return made

    def open(self, context: SealContext, sealed: Sealed, roots: Roots) -> bytes:
        return self.opened(context, sealed, self.provider(roots))

    def opened(self, context: SealContext, sealed: Sealed, provider: Any) -> bytes:
        try:
            plaintext, header = self.client.decrypt(source=sealed.ciphertext, key_provider=provider)
        except self._failures as error:
            raise SealBroken from error
        if dict(header.encryption_context) != context.as_dict():
            raise SealBroken
        return bytes(plaintext)


@functools.cache
def _sdk() -> _Sdk:
    return _Sdk()
