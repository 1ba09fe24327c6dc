"""What an owner and an invited person do: invite, find the code in the mail, sign in, accept."""

import uuid
from dataclasses import dataclass
from typing import Any

import requests

from infra.local.cloud import Cloud
from infra.local.seed import invitation
from tests.conftest import Api, Member


@dataclass
class Invited:
    """Somebody with an address, who may be invited and accept."""

    cloud: Cloud
    email: str

    def mails(self) -> list[dict[str, Any]]:
        """What was sent to the address, oldest first."""
        return [mail for mail in self.cloud.sent_mail() if self.email in mail["to"]]

    def code(self) -> str:
        """The code of the newest invitation."""
        return invitation(self.cloud, self.email)

    def api(self, **claims: Any) -> Api:
        """Signed in with that address."""
        return Api(self.cloud.url, self.cloud.issuer.token(claims.pop("email", self.email), **claims))

    def accept(self, code: str | None = None, **claims: Any) -> requests.Response:
        return self.api(**claims).post("/v1/members/accept", {"token": code or self.code()})


def somebody(cloud: Cloud, domain: str = "invited.example") -> Invited:
    """A person whom nobody knows yet."""
    return Invited(cloud, f"p{uuid.uuid4().hex[:12]}@{domain}")


def listed(member: Member) -> dict[str, dict[str, Any]]:
    """The team as the member sees it, by address."""
    return {item["email"]: item for item in member.api.get("/v1/members?limit=100").json()["items"]}
