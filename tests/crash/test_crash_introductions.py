"""An introduction that is asked for, and one that is agreed to, killed at any call: both sides have it, or neither."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.crash.conftest import Crasher, Killing, points
from tests.support.relations import Knows

pytestmark = pytest.mark.crash


@dataclass
class Two:
    """A team of two: `asks` is shown a path to whom `asked` knows."""

    cloud: Cloud
    asks: Knows
    asked: Knows
    company: str
    path: str

    def as_acting(self, who: Knows) -> list[Any]:
        """How a process of its own is told who acts."""
        issuer = self.cloud.issuer
        return [issuer.url, issuer.subject(who.member.email), who.member.email]

    def repeats(self) -> None:
        """Ask, as a client does that had no answer: 409 says that there is one."""
        body = {"company_id": self.company, "path": self.path}
        assert self.asks.member.api.post("/v1/introductions", body).status_code in (201, 409)

    def states(self) -> list[str]:
        """Of the one that there is, on both sides."""
        (one,), (other,) = self.asks.introductions(), self.asked.introductions()
        assert one["created_at"] == other["created_at"]
        assert bool(one["colleague"]) is (one["state"] == "agreed")
        return [one["state"], other["state"]]


@pytest.fixture
def two(
    cloud: Cloud, new_workspace: Callable[..., Member], new_colleague: Callable[[Member], Member]
) -> Callable[[], Two]:
    def make() -> Two:
        owner = new_workspace()
        asks, asked = Knows(owner), Knows(new_colleague(owner))
        asks.shares()
        asked.shares()
        asked.contact("ada@acme.example")
        company = asks.company()
        return Two(cloud, asks, asked, company, asks.paths(company)[0]["id"])

    return make


def test_asking_killed_at_any_call(crasher: Crasher, killing: Killing, two: Callable[[], Two]) -> None:
    def job(ready: Two) -> tuple[str, list[Any]]:
        return "tests.crash.acting:ask_for_introduction", [*ready.as_acting(ready.asks), ready.company, ready.path]

    def check(ready: Two) -> None:
        ready.repeats()
        assert ready.states() == ["pending", "pending"]

    alive = crasher.run(*job(two()))
    killing("asking for an introduction", alive, points(alive["calls"], 0), two, job, check)


def test_agreeing_killed_at_any_call(crasher: Crasher, killing: Killing, two: Callable[[], Two]) -> None:
    def ready() -> Two:
        made = two()
        made.asks.asks(made.company, made.path)
        return made

    def job(made: Two) -> tuple[str, list[Any]]:
        return "tests.crash.acting:decide_introduction", [
            *made.as_acting(made.asked),
            made.asked.introductions()[0]["id"],
        ]

    def check(made: Two) -> None:
        states = made.states()
        assert states in (["pending"] * 2, ["agreed"] * 2)
        made.asked.answers("agree")
        assert made.states() == ["agreed", "agreed"]

    alive = crasher.run(*job(ready()))
    killing("agreeing to an introduction", alive, points(alive["calls"], 1), ready, job, check)
