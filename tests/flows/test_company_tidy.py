"""What a killed pass of lives leaves of a company's texts leads nowhere, and goes with the next pass."""

from chalicelib.core import ids
from chalicelib.domain.companies.model import KIND, PREFIX
from chalicelib.domain.companies.records import CompanyRecord
from chalicelib.domain.retention.records import SK, LivesPayload, LivesRecord
from chalicelib.store import batch, pointers
from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.support.daily_pass import run_pass

NOTES = "Ask ada@people.example"


def test_pointers_of_a_company_that_a_killed_pass_had_deleted(cloud: Cloud, member: Member) -> None:
    sks = []
    for name in ("Gone", "Kept"):
        made = ids.parse_owned(member.api.post("/v1/companies", {"name": name, "notes": NOTES}).json()["id"], PREFIX)
        assert made
        sks.append(ids.sort_key(KIND, made.owner, made.local))
    owner = ids.owner_of(sks[0])
    batch.delete_all(CompanyRecord, [(member.tenant, sks[0])])  # killed before its pointers went
    assert {pointer.record for pointer in pointers.of_owner(member.tenant, owner)} == set(sks)
    batch.put_all([LivesRecord.build(f"lives#{member.tenant}", SK, LivesPayload(ending=sks))])
    run_pass(cloud, member.tenant)
    assert {pointer.record for pointer in pointers.of_owner(member.tenant, owner)} == {sks[1]}
