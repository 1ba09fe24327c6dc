"""Keys, sealing, tags and signatures, against the simulated KMS and DynamoDB."""

import base64
import json
import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from chalicelib.core.errors import BadRequest, KeyShredded, SealBroken
from chalicelib.core.ids import TenantId
from chalicelib.store import cursors
from chalicelib.store.declaration import Declaration, Found, Holds
from chalicelib.store.handlers import Because
from chalicelib.store.records import NotSealed, SealedRecord, TenantRecord
from chalicelib.vault import aws, signing, tags
from chalicelib.vault.keys import KeyRing, ring
from chalicelib.vault.sealing import SealContext, Sealed, seal, unseal
from infra.local.cloud import Cloud


@pytest.fixture
def tenant(cloud: Cloud) -> TenantId:
    """A scope with a key."""
    made = TenantId(f"ten_{uuid.uuid4().hex}")
    ring.create(made)
    return made


@pytest.fixture
def kms_calls(cloud: Cloud) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(model: Any, **_: Any) -> None:
        seen.append(model.name)

    events = aws.client("kms").meta.events
    events.register("before-call", note)
    yield seen
    events.unregister("before-call", note)


def context(tenant: TenantId, key: str = "k", table: str = "TenantData") -> SealContext:
    return SealContext(tenant, table, key)


def test_what_is_sealed_opens_for_its_item_only(tenant: TenantId) -> None:
    other = TenantId(f"ten_{uuid.uuid4().hex}")
    ring.create(other)
    sealed = seal(context(tenant), b"secret")
    assert unseal(context(tenant), sealed) == b"secret"
    assert b"secret" not in sealed.ciphertext
    for wrong in (context(tenant, "k2"), context(tenant, table="Credentials"), context(other)):
        with pytest.raises(SealBroken):
            unseal(wrong, sealed)
    for place in range(0, len(sealed.ciphertext), 7):
        damaged = bytearray(sealed.ciphertext)
        damaged[place] ^= 1
        with pytest.raises(SealBroken):
            unseal(context(tenant), Sealed(bytes(damaged)))


def test_no_kms_call_for_an_item(tenant: TenantId, kms_calls: list[str]) -> None:
    for number in range(50):
        unseal(context(tenant, str(number)), seal(context(tenant, str(number)), b"x"))
    assert len(kms_calls) <= 1


def test_rotation_keeps_the_old_readable_and_a_warm_process_meets_the_new(tenant: TenantId) -> None:
    old = seal(context(tenant), b"old")
    elsewhere = KeyRing()
    assert elsewhere.rotate(tenant) == 2
    ring.forget(tenant)
    new = seal(context(tenant), b"new")
    assert unseal(context(tenant), old) == b"old"
    warm = KeyRing()
    warm.roots(tenant)
    warm.rotate(tenant)
    # this process still keeps versions 1 and 2; what version 3 sealed makes it look once
    ring._kept[tenant, "root"] = ring.roots(tenant)
    assert unseal(context(tenant), new) == b"new"


def test_a_shredded_tenant_is_unreadable_and_its_key_cannot_come_back(tenant: TenantId) -> None:
    sealed = seal(context(tenant), b"x")
    ring.shred(tenant)
    ring.shred(tenant)
    with pytest.raises(KeyShredded):
        unseal(context(tenant), sealed)
    with pytest.raises(KeyShredded):
        ring.create(tenant)
    with pytest.raises(KeyShredded):
        ring.rotate(tenant)


def test_sealing_outside_an_item_fails_closed(tenant: TenantId) -> None:
    class Thing(TenantRecord):
        declared = Declaration(
            kind="thing",
            holds=Holds.NOBODY,
            found=Found.NEVER,
            life="a test's",
            because="a test's own",
            export=Because("a test's own"),
        )

    with pytest.raises(NotSealed):
        Thing(tenant, "thing#1", sealed=b"open").serialize()
    with pytest.raises(KeyShredded):
        seal(context(TenantId("ten_unknown")), b"x")


def test_a_record_without_a_declaration_cannot_be_made() -> None:
    with pytest.raises(TypeError, match="Nameless"):
        type("Nameless", (SealedRecord,), {})


def test_tags_of_uses_and_kinds_differ(cloud: Cloud) -> None:
    made = {tags.subject_tags(use, kind, "a@b.example") for use in ("index", "suppression") for kind in tags.Identifier}
    assert len(made) == 2 * len(tags.Identifier)
    assert tags.subject_tags("index", tags.Identifier.EMAIL, "x") == tags.subject_tags(
        "index", tags.Identifier.EMAIL, "x"
    )


def test_natural_keys_differ_between_tenants_and_outlive_rotation(tenant: TenantId) -> None:
    other = TenantId(f"ten_{uuid.uuid4().hex}")
    ring.create(other)
    before = tags.natural_key(tenant, "x")
    assert before != tags.natural_key(other, "x")
    ring.rotate(tenant)
    assert tags.natural_key(tenant, "x") == before


def test_cursors_open_for_their_list_only(cloud: Cloud) -> None:
    cursor = cursors.seal("a", {"after": "k"})
    assert cursors.unseal("a", cursor) == {"after": "k"}
    assert cursors.unseal("a", None) == {}
    for purpose, text in (("b", cursor), ("a", cursor[:-1]), ("a", ""), ("a", "x" * 40)):
        with pytest.raises(BadRequest):
            cursors.unseal(purpose, text)


def test_signatures_verify_with_another_library(cloud: Cloud) -> None:
    import os

    from jwcrypto import jwk, jws

    token = jws.JWS()
    token.deserialize(signing.sign_jws(b'{"a":1}', "x"))
    key = signing.public_jwk(os.environ["IKO_KEY_SIGNING"])
    token.verify(jwk.JWK.from_json(json.dumps(key)))
    assert token.payload == b'{"a":1}'
    assert key["kid"] == jwk.JWK.from_json(json.dumps(key)).thumbprint()
    assert len(base64.urlsafe_b64decode(key["x"] + "==")) == 32
