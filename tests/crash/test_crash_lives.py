"""A pass over a tenant killed anywhere: what is past its life goes all the same, with its pointers, and nothing else."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.core import clock, ids
from chalicelib.core.settings import current
from chalicelib.domain.companies.model import record_sk
from chalicelib.domain.companies.records import CompanyRecord
from chalicelib.domain.retention.records import SK, LivesRecord
from chalicelib.domain.sources.provenance import Kept
from chalicelib.domain.work import jobs
from chalicelib.domain.work.model import JobPayload, JobType
from chalicelib.store import batch, rows
from chalicelib.store.due import Due, schedule
from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.crash import state
from tests.crash.conftest import CRASHED, Crasher, points
from tests.support.aged_records import company, contact, put
from tests.support.queues import sqs_event

pytestmark = pytest.mark.crash
OLD, YOUNG = 1097, 5
HUB = "hubspot:con_1"


def ago(days: float) -> str:
    return clock.rfc3339(clock.now() - timedelta(days=days))


def begin(member: Member) -> None:
    """Two past their life, one of a client, one young, one that its connection shows no more, as two companies; an old job."""
    client = member.api.post("/v1/companies", {"name": "Buyer", "tag": "client"}).json()["id"]
    url = f"https://www.linkedin.com/in/{uuid.uuid4().hex}"
    cut = contact("Cut", ago(YOUNG), profile_urls=[{"value": url, "sources": {HUB: ago(YOUNG)}}], seen={HUB: ago(31)})
    put(
        member,
        contact("Past1", ago(OLD), notes="ask past.desk@lives.example"),
        contact("Past2", ago(OLD)),
        contact("Patron", ago(OLD), company_id=client),
        contact("Young", ago(YOUNG)),
        cut,
    )
    own = Kept(value="held.example", sources={HUB: ago(YOUNG), "member": ago(YOUNG)})
    lost = [company("Lost AG"), company("Lost too", domain=own)]
    owner = ids.owner_code(member.id)
    batch.put_all([CompanyRecord.build(member.tenant, record_sk(owner, ids.ulid()), each) for each in lost])
    made = clock.now() - timedelta(days=31)
    payload = JobPayload(type=JobType.IMPORT, created_at=made, updated_at=made)
    jobs.insert(member.tenant, ids.new_owned("job", member.id), payload)
    schedule(Due("lives", member.tenant), clock.now())


def check(member: Member, cloud: Cloud) -> None:
    assert state.marked(cloud, member.tenant, '"past') == []
    assert state.marked(cloud, member.tenant, HUB) == []
    for name in ("patron", "young", "cut", "held.example"):
        assert len(state.marked(cloud, member.tenant, f'"{name}"')) == 1, name
    assert state.unpointed(cloud, member.tenant) == []
    left = {
        i["sk"]["S"].split("#")[0]
        for i in state.partition(cloud, current().tables.tenant_data, "tenant", member.tenant)
    }
    assert left == {"audit", "company", "contact", "shown", "subject"}
    assert rows.get(LivesRecord, f"lives#{member.tenant}", SK) is None
    assert state.due("lives", member.tenant)


def test_a_pass_killed_at_any_call(
    cloud: Cloud,
    new_workspace: Callable[..., Member],
    crasher: Crasher,
    settle: Callable[[], None],
    say: Callable[[str, int, int], None],
) -> None:
    def job(member: Member) -> tuple[str, list[Any]]:
        return "chalicelib.jobs.work:handle", [sqs_event({"kind": "lives", "id": member.tenant}), None]

    member = new_workspace()
    begin(member)
    alive = crasher.run(*job(member))
    assert alive["answer"] == "{'batchItemFailures': []}", alive
    check(member, cloud)
    kills = 0
    for call, when in points(alive["calls"], 4):
        member = new_workspace()
        begin(member)
        killed = crasher.run(*job(member), call, when)
        assert killed["code"] == CRASHED, (call, when, killed)
        kills += 1
        settle()
        check(member, cloud)
    say("lives", alive["calls"], kills)
    assert kills
