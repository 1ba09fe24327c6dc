"""The demo's paths come in the order that the file beside the seed says, with reasons."""

from collections.abc import Callable
from typing import Any

import pytest

from infra.local import seed_paths
from infra.local.cloud import Cloud
from tests.conftest import Api, Member
from tests.support.relations import Knows

EXPECTED = seed_paths.EXPECTED


class Client:
    """The seed's client, of a test."""

    def __init__(self, cloud: Cloud, member: Member) -> None:
        self._cloud, self._api = cloud, member.api

    def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        answer = self._api.post(path, body)
        assert answer.status_code in (200, 201), answer.text
        return dict(answer.json())

    def patch(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        return dict(self._api.patch(path, body).json())

    def follow(self, address: str) -> None:
        assert Api(self._cloud.url).get(address.removeprefix(self._cloud.url)).status_code < 400


@pytest.fixture
def team(member: Member, new_colleague: Callable[[Member], Member]) -> list[Member]:
    return [member, new_colleague(member), new_colleague(member)]


def test_the_paths_come_as_the_file_says(cloud: Cloud, team: list[Member]) -> None:
    clients = [Client(cloud, each) for each in team]
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
