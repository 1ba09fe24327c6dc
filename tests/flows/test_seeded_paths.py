"""The demo's paths come in the order that the file beside the seed says, with reasons."""

from collections.abc import Callable

import pytest

from infra.local import seed_paths
from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.support.relations import Knows
from tests.support.seed_client import SeedClient

EXPECTED = seed_paths.EXPECTED


@pytest.fixture
def team(member: Member, new_colleague: Callable[[Member], Member]) -> list[Member]:
    return [member, new_colleague(member), new_colleague(member)]


def test_the_paths_come_as_the_file_says(cloud: Cloud, team: list[Member]) -> None:
    clients = [SeedClient(cloud, each) for each in team]
    companies = seed_paths.fill(cloud.connectors.google, clients, [each.email for each in team])
    cloud.drain()
    for name, expected in EXPECTED["paths"].items():
        told = Knows(team[0]).paths(companies[name])
        assert [
            {
                "who": each["who"],
                "contact": each["contact"] and each["contact"]["name"],
                "band": each["band"],
                "reason": each["reasons"][0]["text"],
            }
            for each in told
        ] == expected
