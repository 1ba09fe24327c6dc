"""Provider tokens: sealed with the right to encrypt alone, opened for their own item only."""

from collections.abc import Iterator
from typing import Any

import pytest

from chalicelib.core import settings
from chalicelib.core.errors import SealBroken
from chalicelib.core.ids import TenantId
from chalicelib.vault import aws, credentials
from infra.local.cloud import Cloud

TENANT, OTHER = TenantId("ten_credentials"), TenantId("ten_credentials_other")
KEY = "credential#abcdefghij#one"


@pytest.fixture
def kms_calls(cloud: Cloud) -> Iterator[list[tuple[str, dict[str, Any]]]]:
    seen: list[tuple[str, dict[str, Any]]] = []

    def note(params: dict[str, Any], model: Any, **_: Any) -> None:
        seen.append((model.name, dict(params)))

    events = aws.client("kms").meta.events
    events.register("provide-client-params", note)
    yield seen
    events.unregister("provide-client-params", note)


def test_sealing_encrypts_and_opening_decrypts_each_once_with_the_item_in_the_context(
    kms_calls: list[tuple[str, dict[str, Any]]],
) -> None:
    stored = credentials.seal(TENANT, KEY, b"refresh-token")
    assert [name for name, _ in kms_calls] == ["Encrypt"]
    assert credentials.unseal(TENANT, KEY, stored) == b"refresh-token"
    assert [name for name, _ in kms_calls] == ["Encrypt", "Decrypt"]
    for _, asked in kms_calls:
        assert asked["KeyId"] == settings.current().keys.credentials
        assert asked["EncryptionContext"] == {"tenant": TENANT, "purpose": "credential", "key": KEY}
    assert b"refresh-token" not in stored


def test_what_was_moved_to_another_item_or_tenant_or_damaged_does_not_open(cloud: Cloud) -> None:
    stored = credentials.seal(TENANT, KEY, b"refresh-token")
    for tenant, key in ((TENANT, KEY + "x"), (OTHER, KEY)):
        with pytest.raises(SealBroken):
            credentials.unseal(tenant, key, stored)
    # Not in the first part of what KMS made, where moto keeps the id of its key in the open.
    for place in (0, 1, *range(60, len(stored), 11)):
        damaged = bytearray(stored)
        damaged[place] ^= 1
        with pytest.raises(SealBroken):
            credentials.unseal(TENANT, KEY, bytes(damaged))
    for short in (b"", stored[:2], stored[:40]):
        with pytest.raises(SealBroken):
            credentials.unseal(TENANT, KEY, short)


def test_a_key_that_was_wrapped_for_another_item_opens_no_message(cloud: Cloud) -> None:
    """The message's own context is compared too: a wrapped key and a message of two items do not make one content."""
    one, two = (credentials.seal(TENANT, f"{KEY}{n}", b"x") for n in "12")
    head = 3 + int.from_bytes(one[1:3], "big")
    with pytest.raises(SealBroken):
        credentials.unseal(TENANT, f"{KEY}1", one[:head] + two[3 + int.from_bytes(two[1:3], "big") :])
