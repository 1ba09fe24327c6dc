"""The demo's prospects come in the order that the file beside the seed says, with reasons; and follow an untagging."""

import pytest

from infra.local import seed_prospects
from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.support.seed_client import SeedClient

EXPECTED = seed_prospects.EXPECTED


@pytest.fixture
def made(cloud: Cloud, member: Member) -> dict[str, str]:
    return seed_prospects.fill(SeedClient(cloud, member))


def test_the_seed_comes_as_the_file_says_and_untagging_is_followed(member: Member, made: dict[str, str]) -> None:
    items = member.api.get("/v1/prospects").json()["items"]
    assert [each["name"] for each in items] == EXPECTED["order"]
    assert all(any(each[part]["reasons"] for part in ("fit", "relationship", "signals")) for each in items)
    told = EXPECTED["untagging"]
    falls = next(each for each in items if each["name"] == told["drops"])
    assert any(told["client"] in reason["text"] for reason in falls["fit"]["reasons"])
    assert member.api.delete(f"/v1/companies/{made[told['client']]}/tag").status_code == 200
    after = [each["name"] for each in member.api.get("/v1/prospects").json()["items"]]
    assert EXPECTED["order"].index(told["drops"]) < EXPECTED["order"].index(told["below"])
    assert after.index(told["drops"]) > after.index(told["below"])
