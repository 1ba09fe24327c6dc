"""The wrapped keys of every scope, and their end.

A scope is a tenant, the platform, or one privacy request. Its root keys stand in the TenantKeys table, each 32 bytes wrapped
by KMS with the context {tenant, purpose, version}. Everything else is derived from a root (HKDF, RFC 5869), so that a process
makes one KMS call per scope and cache period. The newest root seals; root 1 also gives the index key, which never rotates.

Shredding puts a `shredded` marker first and deletes the rows after it. Every creation is conditioned on the marker's absence
in the same transaction, so a key cannot come back.
"""

import hashlib
import hmac
import threading
from dataclasses import dataclass, field
from typing import Any, Literal

from chalicelib.core import clock, settings
from chalicelib.core.errors import KeyShredded
from chalicelib.vault import aws

Purpose = Literal["root", "subject"]
PLATFORM = "platform"
_SHREDDED = "shredded"
_KEY_BYTES = 32
_platform_ready = threading.Lock()


@dataclass(frozen=True)
class Roots:
    """Unwrapped roots of one scope and purpose, by version; `loaded` on the monotonic clock."""

    scope: str
    by_version: dict[int, bytes] = field(repr=False)
    loaded: float

    @property
    def newest(self) -> int:
        return max(self.by_version)

    def derive(self, label: str, version: int = 1) -> bytes:
        """Return 32 bytes for one use.

        HKDF-Expand with SHA-256 (RFC 5869 2.3): the root is uniform, so Extract is not needed.
        """
        return hmac.digest(self.by_version[version], label.encode() + b"\x01", hashlib.sha256)


class KeyRing:
    """The roots of scopes, kept for `waits.key_cache` seconds a process."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, Purpose], Roots] = {}
        self._lock = threading.Lock()

    def roots(self, scope: str, purpose: Purpose = "root", *, fresh: bool = False) -> Roots:
        """Return the scope's roots. KeyShredded if it has none (any more). `fresh` bypasses the cache."""
        kept = self._kept.get((scope, purpose))
        if kept and not fresh and clock.monotonic() - kept.loaded < settings.current().waits.key_cache:
            return kept
        rows = _rows(scope)
        if _SHREDDED in rows:
            self.forget(scope)
            raise KeyShredded
        wrapped = {int(v.split("#")[1]): blob for v, blob in rows.items() if v.startswith(f"{purpose}#")}
        if not wrapped:
            raise KeyShredded
        known = kept.by_version if kept else {}
        opened = {v: known.get(v) or _unwrap(scope, purpose, v, blob) for v, blob in wrapped.items()}
        made = Roots(scope, opened, clock.monotonic())
        with self._lock:
            self._kept[scope, purpose] = made
        return made

    def create(self, scope: str, purpose: Purpose = "root") -> None:
        """Give a scope its first root. Harmless where it has one. KeyShredded where it was shredded."""
        self._put(scope, purpose, 1)

    def rotate(self, scope: str) -> int:
        """Add a root that seals from now on; what older ones sealed stays readable. The new version."""
        version = self.roots(scope, fresh=True).newest + 1
        self._put(scope, "root", version)
        self.roots(scope, fresh=True)
        return version

    def shred(self, scope: str) -> None:
        """Make everything that the scope's roots sealed unreadable for ever. Safe to repeat."""
        ddb, table = _ddb(scope), settings.current().tables.tenant_keys
        with aws.acting_as(scope):
            ddb.put_item(TableName=table, Item={"scope": {"S": scope}, "version": {"S": _SHREDDED}})
            for version in _rows(scope):
                if version != _SHREDDED:
                    ddb.delete_item(TableName=table, Key={"scope": {"S": scope}, "version": {"S": version}})
        self.forget(scope)

    def forget(self, scope: str) -> None:
        """Drop the scope's roots from this process."""
        with self._lock:
            for purpose in ("root", "subject"):
                self._kept.pop((scope, purpose), None)

    def platform(self, purpose: Purpose = "root") -> Roots:
        """Return the platform's roots, and make them at the first use of an installation."""
        try:
            return self.roots(PLATFORM, purpose)
        except KeyShredded:
            with _platform_ready:
                self.create(PLATFORM, purpose)
                return self.roots(PLATFORM, purpose, fresh=True)

    def _put(self, scope: str, purpose: Purpose, version: int) -> None:
        ddb, table = _ddb(scope), settings.current().tables.tenant_keys
        blob = aws.client("kms").generate_data_key_without_plaintext(
            KeyId=_kms_key(scope, purpose),
            NumberOfBytes=_KEY_BYTES,
            EncryptionContext=_context(scope, purpose, version),
        )["CiphertextBlob"]
        row = {"scope": {"S": scope}, "version": {"S": f"{purpose}#{version:04}"}, "wrapped": {"B": blob}}
        marker = {"scope": {"S": scope}, "version": {"S": _SHREDDED}}
        absent = "attribute_not_exists(#s)"
        names = {"#s": "scope"}
        try:
            with aws.acting_as(scope):
                ddb.transact_write_items(
                    TransactItems=[
                        _condition("ConditionCheck", table, {"Key": marker}, absent, names),
                        _condition("Put", table, {"Item": row}, absent, names),
                    ]
                )
        except ddb.exceptions.TransactionCanceledException as error:
            reasons = [reason.get("Code") for reason in error.response.get("CancellationReasons", [])]
            if reasons[:1] == ["ConditionalCheckFailed"]:
                raise KeyShredded from error
            if "ConditionalCheckFailed" not in reasons:
                raise  # a conflict with another creation: the caller's retry meets its outcome


def _condition(kind: str, table: str, what: dict[str, Any], condition: str, names: dict[str, str]) -> dict[str, Any]:
    return {kind: {"TableName": table, **what, "ConditionExpression": condition, "ExpressionAttributeNames": names}}


def _ddb(scope: str) -> Any:  # a botocore client
    return aws.client("dynamodb", "platform" if _is_platform(scope) else "tenant")


def _is_platform(scope: str) -> bool:
    return scope == PLATFORM or scope.startswith("request#")


def _kms_key(scope: str, purpose: Purpose) -> str:
    keys = settings.current().keys
    if purpose == "subject":
        return keys.subject
    return keys.platform if _is_platform(scope) else keys.tenant


def _context(scope: str, purpose: Purpose, version: int) -> dict[str, str]:
    return {"tenant": scope, "purpose": purpose, "version": str(version)}


def _rows(scope: str) -> dict[str, bytes]:
    with aws.acting_as(scope):
        answer = _ddb(scope).query(
            TableName=settings.current().tables.tenant_keys,
            KeyConditionExpression="#s = :s",
            ExpressionAttributeNames={"#s": "scope"},
            ExpressionAttributeValues={":s": {"S": scope}},
            ConsistentRead=True,
        )
    return {item["version"]["S"]: item.get("wrapped", {}).get("B", b"") for item in answer["Items"]}


def _unwrap(scope: str, purpose: Purpose, version: int, blob: bytes) -> bytes:
    plain = aws.client("kms").decrypt(
        KeyId=_kms_key(scope, purpose), CiphertextBlob=blob, EncryptionContext=_context(scope, purpose, version)
    )["Plaintext"]
    return bytes(plain)


ring = KeyRing()
