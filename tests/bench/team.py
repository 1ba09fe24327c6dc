"""A workspace whose owner's requests go straight to the function."""

import json
import uuid
from dataclasses import dataclass
from typing import Any

from chalicelib.core.ids import MemberId, TenantId
from infra.local.cloud import Cloud
from tests.bench.process import Functions, Measured
from tests.conftest import Api, Member

_MOST_RUNS = 200


@dataclass(frozen=True)
class Team:
    """`ask` signs in anew each time, however far the clock has moved."""

    cloud: Cloud
    functions: Functions
    email: str
    tenant: TenantId
    member: MemberId

    def ask(self, method: str, path: str, body: Any = None, *, unsealed: bool = False) -> Measured:
        """One request."""
        return self.functions.request(self.cloud.issuer.token(self.email), method, path, body, unsealed=unsealed)

    def contact(self, **fields: Any) -> str:
        """The id of a new contact."""
        return str(self.ask("POST", "/v1/contacts", fields).body["id"])

    def send_file(self, rows: list[str]) -> Measured:
        """An import of a CSV with these rows: first and last name, address."""
        return self.ask("POST", "/v1/imports", "\r\n".join(["First Name,Last Name,Email", *rows, ""]))

    def done(self, job: str) -> bool:
        """Whether the job is at its end."""
        state = self.ask("GET", f"/v1/jobs/{job}").body["state"]
        assert state != "failed"
        return bool(state == "done")

    def run(self, function: str, kind: str, job: str, by: Functions | None = None) -> list[Measured]:
        """Let a function work on a job until it is done, in that process."""
        runs: list[Measured] = []
        while not self.done(job):
            assert len(runs) < _MOST_RUNS, f"{function} does not come to an end with its {kind}"
            runs.append((by or self.functions).take(function, kind, f"{self.tenant}.{job}"))
        return runs

    def signed_in(self) -> Member:
        """For the steps that are not measured, through the gateway."""
        token = self.cloud.issuer.token(self.email)
        return Member(self.tenant, self.member, self.email, "owner", token, Api(self.cloud.url, token))


def team(cloud: Cloud, functions: Functions) -> Team:
    """A new workspace."""
    from chalicelib.domain.accounts.model import TERMS_VERSION

    email = f"bench-{uuid.uuid4().hex[:12]}@team.example"
    asked = {"name": "Bench", "accept_terms": TERMS_VERSION}
    made = functions.request(cloud.issuer.token(email), "POST", "/v1/workspaces", asked)
    me = json.loads(made.answer["body"])
    return Team(cloud, functions, email, me["tenant"]["id"], me["id"])
