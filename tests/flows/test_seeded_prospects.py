"""The demo's prospects come in the order that the file beside the seed says, with reasons; and follow an untagging."""

from typing import Any

import pytest

from infra.local import seed_prospects
from infra.local.cloud import Cloud
from tests.conftest import Member

EXPECTED = seed_prospects.EXPECTED


class Client:
    """The seed's client, of a test."""

    def __init__(self, cloud: Cloud, member: Member) -> None:
        self._cloud, self._api = cloud, member.api

    def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        answer = self._api.post(path, body)
        assert answer.status_code in (200, 201), answer.text
        return dict(answer.json())

    def get(self, path: str) -> dict[str, Any]:
        return dict(self._api.get(path).json())

    def upload(self, text: str) -> dict[str, Any]:
        answer = self._api.post("/v1/imports", data=text.encode(), headers={"Content-Type": "text/csv"})
        assert answer.status_code == 202, answer.text
        self._cloud.drain()
        return dict(answer.json())


@pytest.fixture
def made(cloud: Cloud, member: Member) -> dict[str, str]:
    return seed_prospects.fill(Client(cloud, member))


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
