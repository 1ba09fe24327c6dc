"""Tombstones on the cloud of the test run."""

import uuid

import pytest

from chalicelib.core.identifiers import EmailAddress
from chalicelib.core.ids import TenantId
from chalicelib.domain.suppression import tombstones
from chalicelib.domain.suppression.model import Mark, marks_of
from chalicelib.vault.tags import Identifier
from infra.local.cloud import Cloud

A, B = TenantId("ten_a"), TenantId("ten_b")


@pytest.fixture
def somebody(cloud: Cloud) -> str:
    return f"p{uuid.uuid4().hex[:12]}"


def _marks(*addresses: str) -> tuple[Mark, ...]:
    return marks_of([EmailAddress.parse(address) for address in addresses])


def test_a_verified_address_is_blocked_everywhere_with_its_aliases(somebody: str) -> None:
    tombstones.entomb(_marks(f"{somebody}@x.example"), None)
    groups = [
        _marks(f"{somebody}@x.example"),
        _marks(f"{somebody.upper()}+a@X.example"),
        _marks(f"{somebody}2@x.example"),
    ]
    assert tombstones.blocked(A, groups) == [True, True, False]
    tombstones.lift(_marks(f"{somebody}@x.example"), None)
    assert tombstones.blocked(A, groups) == [False, False, False]


def test_an_alias_does_not_block_its_base(somebody: str) -> None:
    tombstones.entomb(_marks(f"{somebody}+a@x.example"), None)
    assert tombstones.blocked(A, [_marks(f"{somebody}@x.example")]) == [False]


def test_what_was_found_on_records_blocks_within_the_tenant_only(somebody: str) -> None:
    url = Mark(Identifier.URL, f"https://linkedin.com/in/{somebody}")
    phone = Mark(Identifier.PHONE, "+4930" + str(int(somebody[1:7], 16)))
    tombstones.entomb([url, phone], A)
    assert tombstones.blocked(A, [[url], [phone]]) == [True, False]
    assert tombstones.blocked(B, [[url]]) == [False]


def test_only_addresses_are_tombstoned_everywhere() -> None:
    with pytest.raises(ValueError, match="only addresses"):
        tombstones.entomb([Mark(Identifier.URL, "https://linkedin.com/in/x")], None)


def test_many_groups_are_asked_at_once(cloud: Cloud) -> None:
    groups = [_marks(f"q{n}+x@x.example") for n in range(130)]
    assert tombstones.blocked(A, groups) == [False] * 130
    assert tombstones.blocked(A, []) == []


def test_a_tenants_tombstones_are_listed_and_removed_together(somebody: str) -> None:
    tenant = TenantId(f"ten_{somebody}")
    urls = [Mark(Identifier.URL, f"https://linkedin.com/in/{somebody}-{n}") for n in range(30)]
    tombstones.entomb(urls, tenant)
    tombstones.entomb(_marks(f"{somebody}@x.example"), None)
    assert len(list(tombstones.of_tenant(tenant))) == 30
    assert tombstones.remove_tenant(tenant) == 30
    assert tombstones.remove_tenant(tenant) == 0
    assert tombstones.blocked(tenant, [urls, _marks(f"{somebody}@x.example")]) == [False, True]


def test_tags_set_what_their_marks_set(somebody: str) -> None:
    url = Mark(Identifier.URL, f"https://linkedin.com/in/{somebody}")
    tombstones.entomb_tags(tombstones.tags_of([url], A), A)
    assert tombstones.blocked(A, [[url]]) == [True]
    tombstones.lift([url], A)
    assert tombstones.blocked(A, [[url]]) == [False]
