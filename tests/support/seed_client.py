"""A member's requests as the seed of `make run` sends them, in a test: each answer is held to the OpenAPI document."""

from dataclasses import dataclass
from typing import Any

from infra.local.cloud import Cloud
from tests.conftest import Api, Member


@dataclass(frozen=True)
class SeedClient:
    """In place of infra.local.seed.Client; a file is read at once, for no worker runs beside a test."""

    cloud: Cloud
    member: Member

    def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        answer = self.member.api.post(path, body)
        assert answer.status_code in (200, 201), answer.text
        return dict(answer.json())

    def get(self, path: str) -> dict[str, Any]:
        return dict(self.member.api.get(path).json())

    def patch(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        return dict(self.member.api.patch(path, body).json())

    def follow(self, address: str) -> None:
        assert Api(self.cloud.url).get(address.removeprefix(self.cloud.url)).status_code < 400

    def upload(self, text: str) -> dict[str, Any]:
        answer = self.member.api.post("/v1/imports", data=text.encode(), headers={"Content-Type": "text/csv"})
        assert answer.status_code == 202, answer.text
        self.cloud.drain()
        return dict(answer.json())
