"""A merge and its undoing, killed at any call: two contacts or one, and never less than both had."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.crash.conftest import Crasher, Killing, points
from tests.support.matched_contacts import as_seen, decide, matches, two_who_may_be_one, undo, without_times

pytestmark = pytest.mark.crash


@dataclass
class Pair:
    """Two contacts that may be one person, as they were, and the pair of them."""

    cloud: Cloud
    member: Member
    both: tuple[dict[str, Any], dict[str, Any]]
    match: dict[str, Any]

    def job(self, name: str) -> tuple[str, list[Any]]:
        """What a process of its own does for the member."""
        issuer = self.cloud.issuer
        who = [issuer.url, issuer.subject(self.member.email), self.member.email]
        return f"tests.crash.acting:{name}", [*who, self.match["id"]]

    def is_whole(self) -> None:
        """Nothing is lost: the state says whether there are two or one."""
        (match,) = matches(self.member)
        there = [self.member.api.get(f"/v1/contacts/{each}").status_code for each in match["ids"]]
        assert there == ([200, 404] if match["state"] == "merged" else [200, 200])

    def is_parted(self) -> None:
        """Both are as they were."""
        for each in self.both:
            assert as_seen(self.member, each) == without_times(each)


@pytest.fixture
def pair(cloud: Cloud, new_workspace: Callable[..., Member]) -> Callable[[], Pair]:
    def make() -> Pair:
        member = new_workspace()
        both = two_who_may_be_one(member)
        cloud.drain()
        (match,) = matches(member, "proposed")
        return Pair(cloud, member, both, match)

    return make


def test_merging_killed_at_any_call(crasher: Crasher, killing: Killing, pair: Callable[[], Pair]) -> None:
    def check(made: Pair) -> None:
        made.is_whole()
        assert decide(made.member, made.match, "same").status_code == 200
        made.is_whole()
        assert undo(made.member, made.match).status_code == 200
        made.is_parted()

    alive = crasher.run(*pair().job("merge_pair"))
    killing("merging", alive, points(alive["calls"], 0), pair, lambda made: made.job("merge_pair"), check)


def test_undoing_killed_at_any_call(crasher: Crasher, killing: Killing, pair: Callable[[], Pair]) -> None:
    def merged() -> Pair:
        made = pair()
        assert decide(made.member, made.match, "same").status_code == 200
        return made

    def check(made: Pair) -> None:
        made.is_whole()
        assert undo(made.member, made.match).status_code == 200
        made.is_parted()

    alive = crasher.run(*merged().job("part_pair"))
    killing("undoing a merge", alive, points(alive["calls"], 1), merged, lambda made: made.job("part_pair"), check)
