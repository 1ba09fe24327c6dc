"""A restore brings a purged workspace, or a member who left, back into the tables; the replay takes them out again."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from chalicelib.core import clock, settings
from chalicelib.core.errors import KeyShredded
from chalicelib.core.ids import TenantId
from chalicelib.domain.certificates import issue, replay_log
from chalicelib.domain.certificates.replay_log import Erasure, InTenant
from chalicelib.domain.purge.model import Owner, PurgePayload, Step
from chalicelib.domain.purge.records import PurgeRecord
from chalicelib.jobs import replay
from chalicelib.store import rows
from chalicelib.vault.keys import ring
from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.crash import state
from tests.support.pass_time import settle
from tests.support.table_backup import TABLES, Backup, empty_replay_log


@pytest.fixture(autouse=True)
def _empty_log(cloud: Cloud) -> None:
    """The log of this test only."""
    empty_replay_log()


def replayed() -> int:
    """All of the log, done again; how much had come back."""
    answer = replay.handle({}, None)
    assert answer["done"]
    return int(answer["changed"])


def of(cloud: Cloud, tenant: TenantId) -> list[str]:
    """Sort keys of what the tenant has in its own partitions."""
    tables = settings.current().tables
    rows = state.partition(cloud, tables.tenant_data, "tenant", tenant)
    rows += state.partition(cloud, tables.accounts, "pk", f"tenant#{tenant}")
    return [row["sk"]["S"] for row in rows]


def test_a_purged_workspace_is_gone_again_and_its_key_stays_shredded(
    cloud: Cloud, new_workspace: Callable[..., Member]
) -> None:
    owner, other = new_workspace(), new_workspace()
    for member in (owner, other):
        member.api.post("/v1/contacts", {"first_name": "A", "emails": ["a@restored.example"]})
    erased = InTenant(tombstones=["a tag"])  # of somebody who was erased in it before
    replay_log.note_erasure(Erasure(request="req_ends", sought=[], tombstones=[], tenants={owner.tenant: erased}))
    backup = Backup(cloud)
    assert owner.api.post("/v1/subscription/cancel", {}).status_code == 200
    settle(cloud)
    assert of(cloud, owner.tenant) == []

    backup.put_back(*TABLES)
    assert owner.api.get("/v1/contacts").json()["items"], "it did not come back: the test tests nothing"
    assert replayed() > 0
    assert of(cloud, owner.tenant) == []
    for scope in (owner.tenant, f"request#purge#{owner.tenant}"):
        with pytest.raises(KeyShredded):
            ring.roots(scope, fresh=True)
    assert owner.api.get("/v1/me").json()["code"] == "no_membership"
    assert [item["first_name"] for item in other.api.get("/v1/contacts").json()["items"]] == ["A"]
    assert replayed() == 0


def test_a_purge_under_way_is_still_certified(cloud: Cloud, new_workspace: Callable[..., Member]) -> None:
    owner = new_workspace()
    pk, certificate_id = f"purge#{owner.tenant}", issue.new_id()
    ring.create(f"request#{pk}")
    begun = PurgePayload(step=Step.DELETING, reason="cancelled", passes=1, certificate_id=certificate_id)
    begun.owners, begun.next_at = [Owner(email=owner.email, language="en")], clock.now() + timedelta(seconds=5)
    rows.put_new(PurgeRecord.build(pk, "purge", begun))
    replay_log.note_purge(owner.tenant, certificate_id)
    replayed()
    settle(cloud)
    assert issue.is_kept(certificate_id)
    assert any(certificate_id in mail["text"] for mail in cloud.sent_mail() if owner.email in mail["to"])
    assert rows.get(PurgeRecord, pk, "purge") is None


def test_a_member_who_left_is_gone_again(
    cloud: Cloud, new_workspace: Callable[..., Member], new_colleague: Callable[[Member], Member]
) -> None:
    owner = new_workspace()
    goes = new_colleague(owner)
    for member in (owner, goes):
        member.api.post("/v1/contacts", {"first_name": "A", "emails": ["a@restored.example"]})
    backup = Backup(cloud)
    assert goes.api.delete("/v1/me").status_code == 202
    settle(cloud)

    backup.put_back("tenant_data", "accounts")
    assert goes.api.get("/v1/contacts").json()["items"], "it did not come back: the test tests nothing"
    assert replayed() > 0
    assert goes.api.get("/v1/me").json()["code"] == "no_membership"
    assert [sk for sk in of(cloud, owner.tenant) if goes.id in sk or f"#{goes.id[-10:]}#" in sk] == []
    assert len(owner.api.get("/v1/contacts").json()["items"]) == 1
    assert replayed() == 0
