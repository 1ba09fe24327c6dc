"""A purge, a leaving or its replay that takes longer than one invocation goes on in the next; a pass in parts is one pass."""

from collections.abc import Callable

import pytest

from chalicelib.core import settings
from chalicelib.core.errors import KeyShredded
from chalicelib.core.ids import TenantId
from chalicelib.domain import kinds
from chalicelib.domain.purge.model import LEAVING_KIND, LeavingPayload, PurgePayload, Step
from chalicelib.domain.purge.offboarding import SK as LEAVING_SK
from chalicelib.domain.purge.offboarding import Leaving
from chalicelib.domain.purge.records import LeavingRecord, PurgeRecord
from chalicelib.domain.purge.tenant_purge import SK as PURGE_SK
from chalicelib.domain.purge.tenant_purge import Purging
from chalicelib.jobs import replay
from chalicelib.store import rows, steps
from chalicelib.store.due import Due
from chalicelib.store.steps import AGAIN, Outcome, Work
from chalicelib.vault.keys import ring
from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.crash import state
from tests.support.pass_time import settle
from tests.support.table_backup import TABLES, Backup, empty_replay_log

RUNS_AT_MOST = 20


class NoTime:
    """The context of an invocation whose time is over from its beginning."""

    def get_remaining_time_in_millis(self) -> int:
        return 0


def stored(cloud: Cloud, tenant: TenantId) -> int:
    return len(state.partition(cloud, settings.current().tables.tenant_data, "tenant", tenant))


def in_parts(work: Work, ident: str) -> tuple[int, Outcome]:
    """Run it without time until it is not due at once any more: how many runs that took, and how the last one ended."""
    for number in range(1, RUNS_AT_MOST):
        outcome = steps.run(work, ident, lambda: False)
        if outcome != AGAIN:
            return number, outcome
    raise AssertionError("it goes on for ever")


def test_a_purge_in_parts_certifies_only_after_a_pass_that_found_nothing(
    cloud: Cloud, new_workspace: Callable[..., Member]
) -> None:
    owner = new_workspace()
    owner.api.post("/v1/contacts", {"first_name": "A", "emails": ["a@parts.example"]})
    pk = f"purge#{owner.tenant}"
    ring.create(f"request#{pk}")
    # Killed before the keys were shredded; a pass before this one has found nothing more.
    begun = PurgePayload(step=Step.DELETING, reason="cancelled", passes=1, certificate_id="c" * 26)
    rows.put_new(PurgeRecord.build(pk, PURGE_SK, begun))
    assert steps.run(Purging(kinds.RECORDS).work(), owner.tenant, lambda: False) == AGAIN
    with pytest.raises(KeyShredded):
        ring.roots(owner.tenant, fresh=True)
    _, outcome = in_parts(Purging(kinds.RECORDS).work(), owner.tenant)
    row = rows.get(PurgeRecord, pk, PURGE_SK)
    assert row
    payload = row.unsealed(PurgePayload)
    assert (outcome.state, payload.step, payload.passes, payload.found) == ("later", Step.DELETING, 2, False)
    assert stored(cloud, owner.tenant) == 0
    settle(cloud)
    assert rows.get(PurgeRecord, pk, PURGE_SK) is None


def test_a_leaving_in_parts_looks_once_more(
    cloud: Cloud, new_workspace: Callable[..., Member], new_colleague: Callable[[Member], Member]
) -> None:
    goes = new_colleague(new_workspace())
    goes.api.post("/v1/contacts", {"first_name": "A", "emails": ["a@parts.example"]})
    assert goes.api.delete("/v1/me").status_code == 202
    due = Due(LEAVING_KIND, f"{goes.tenant}.{goes.id}")
    runs, outcome = in_parts(Leaving(kinds.RECORDS).work(), due.id)
    row = rows.get(LeavingRecord, due.pk, LEAVING_SK)
    assert row
    payload = row.unsealed(LeavingPayload)
    assert runs > 1
    assert (outcome.state, payload.passes, payload.found) == ("later", 1, False)
    settle(cloud)
    assert rows.get(LeavingRecord, due.pk, LEAVING_SK) is None


def test_a_replayed_purge_goes_on_in_the_next_invocation(cloud: Cloud, new_workspace: Callable[..., Member]) -> None:
    empty_replay_log()
    owner = new_workspace()
    owner.api.post("/v1/contacts", {"first_name": "A", "emails": ["a@parts.example"]})
    backup = Backup(cloud)
    assert owner.api.post("/v1/subscription/cancel", {}).status_code == 200
    settle(cloud)
    backup.put_back(*TABLES)
    assert stored(cloud, owner.tenant)
    told, event = [], dict[str, object]()
    for _ in range(RUNS_AT_MOST):
        event = replay.handle(event, NoTime())
        told.append(event["within"])
        if event["done"]:
            break
    assert event["done"]
    assert "rest" in told
    assert stored(cloud, owner.tenant) == 0
