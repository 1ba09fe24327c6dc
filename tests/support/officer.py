"""The privacy officer of the tests: signed in for its own audience."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from infra.local.cloud import Cloud
from infra.local.environment import OFFICER_ADDRESS, OFFICER_AUDIENCE
from tests.conftest import Api

SentTo = Callable[[str], list[dict[str, Any]]]
DAY = 86_400
# For somebody else, perhaps: what a person has to read.
ACCESS = "Please send me a copy of my personal data. I write on behalf of my mother.\r\n"


def officer(cloud: Cloud) -> Api:
    """The officer's client, signed in now."""
    return Api(cloud.url, cloud.issuer.token(OFFICER_ADDRESS, aud=OFFICER_AUDIENCE))


@dataclass
class Case:
    """A request that the officer has to decide, and its person's mails."""

    cloud: Cloud
    id: str
    address: str
    sent_to: SentTo

    def __call__(self, verb: str, **body: Any) -> Any:
        return officer(self.cloud).post(f"/officer/requests/{self.id}/{verb}", body)

    def done(self, verb: str, **body: Any) -> dict[str, Any]:
        answer = self(verb, **body)
        assert answer.status_code == 200, answer.text
        self.cloud.drain()
        standing: dict[str, Any] = answer.json()
        return standing

    def mails(self) -> list[str]:
        return [each["text"] for each in self.sent_to(self.address)]

    def pass_days(self, days: int) -> None:
        for _ in range(days):
            self.cloud.advance(DAY)
            self.cloud.drain()


def states(standing: dict[str, Any]) -> dict[str, str]:
    return {right["right"]: right["state"] for right in standing["rights"]}
