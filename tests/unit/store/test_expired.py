"""Rows whose end has come: they keep no new one out, and whoever deletes them leaves what took their place."""

from datetime import datetime, timedelta

import pytest

from chalicelib.core import clock
from chalicelib.core.errors import VersionConflict
from chalicelib.core.ids import TenantId
from chalicelib.store import expired, rows
from chalicelib.store.idempotency import OncePayload, OnceRecord


def once(tenant: TenantId, key: str, said: str, ends: datetime | None = None) -> OnceRecord:
    return OnceRecord.build(tenant, f"once#a#{key}", OncePayload(request_hash=said, claimed_at=""), ends=ends)


def put_expired(tenant: TenantId, *keys: str) -> None:
    for key in keys:
        rows.put_new(once(tenant, key, "old", clock.now() - timedelta(minutes=1)))


def test_it_keeps_no_new_one_out_of_a_transaction(tenant: TenantId) -> None:
    put_expired(tenant, "1")
    rows.put_new(once(tenant, "1", "new"), [once(tenant, "beside", "x")])
    found = rows.get(OnceRecord, tenant, "once#a#1")
    assert found
    assert found.unsealed(OncePayload).request_hash == "new"
    with pytest.raises(VersionConflict):
        rows.put_new(once(tenant, "1", "third"), [once(tenant, "beside", "y")])


def test_what_took_its_place_stays(tenant: TenantId) -> None:
    put_expired(tenant, "1", "2")
    read = expired.page({"once": OnceRecord}, tenant, "!", "~", "").records
    assert len(read) == 2
    rows.put_new(once(tenant, "1", "new"))
    assert [each.sk for each in expired.delete(read)] == ["once#a#2"]
    assert [each.sk for each in rows.every(OnceRecord, tenant, "once#", expired=True)] == ["once#a#1"]
    assert not expired.delete([])
