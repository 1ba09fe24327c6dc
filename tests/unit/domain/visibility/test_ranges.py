"""Walking over ranges, on the cloud of the test run."""

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.core import clock, ids
from chalicelib.core.actor import Actor, Colleague
from chalicelib.core.ids import MemberId, OwnerCode
from chalicelib.domain.companies.model import CompanyPayload
from chalicelib.domain.companies.records import CompanyRecord
from chalicelib.domain.sources.provenance import Kept
from chalicelib.domain.visibility.ranges import SECONDS, Found, Range, Seen, ranges, walk
from chalicelib.store import batch
from chalicelib.store.side_by_side import AT_ONCE
from tests.conftest import Member
from tests.support.aws_calls import told


def _see(where: Range, row: CompanyRecord) -> Seen[CompanyPayload] | None:
    return Seen(row.sk, row.unsealed(CompanyPayload), int(row.version), where.mine, where.member)


def _actor(member: Member, *colleagues: Colleague) -> Actor:
    return Actor(member.tenant, member.id, "owner", ids.owner_code(member.id), colleagues)


def test_a_long_look_ends_in_time_and_goes_on_where_it_was(member: Member) -> None:
    for number in range(4):
        member.api.post("/v1/companies", {"name": f"C{number}"})
    actor = _actor(member)

    def slow(where: Range, row: CompanyRecord) -> Seen[CompanyPayload] | None:
        clock.advance(SECONDS * 0.6)
        return _see(where, row)

    seen: list[str] = []
    position: dict[str, str] | None = {}
    rounds = 0
    while position is not None:
        found: Found[CompanyPayload] = walk(
            CompanyRecord, actor, ranges(actor, lambda _: True), slow, limit=50, position=position, filtered=True
        )
        seen += [item.payload.name.value for item in found.items]
        position, rounds = found.position, rounds + 1
    assert (sorted(seen), rounds) == (["C0", "C1", "C2", "C3"], 2)


def test_a_colleague_that_shares_no_more_is_skipped(member: Member) -> None:
    member.api.post("/v1/companies", {"name": "Own"})
    gone, there = (Colleague(MemberId(f"mem_{n}"), OwnerCode(n * 10), True, True) for n in "12")
    actor = _actor(member, gone, there)
    position = {"owner": gone.code, "after": f"company#{gone.code}#5"}
    left = replace(actor, colleagues=(there,))
    found: Found[CompanyPayload] = walk(
        CompanyRecord, left, ranges(left, lambda c: c.share_tags), _see, limit=5, position=position
    )
    assert (found.items, found.position) == ([], None)


def _code(number: int) -> OwnerCode:
    return OwnerCode(f"{number:010}")


def _colleagues(number: int, shares: Callable[[int], bool] = lambda _: True) -> list[Colleague]:
    return [Colleague(MemberId(f"mem_{n}"), _code(n), shares(n), shares(n)) for n in range(number)]


def _put(member: Member, owners: Iterable[int], each: int = 1) -> None:
    at = clock.rfc3339(clock.now())
    made = [
        CompanyRecord.build(
            member.tenant,
            ids.sort_key("company", _code(owner), f"{n}"),
            CompanyPayload(name=Kept(value=f"C{owner}.{n}", sources={"member": at}), created_at=at),
        )
        for owner in owners
        for n in range(each)
    ]
    batch.put_all(made)


def _names(actor: Actor, limit: int, position: Mapping[str, str] | None = None) -> tuple[list[str], Any]:
    over = ranges(actor, lambda c: c.share_tags)
    found = walk(CompanyRecord, actor, over, _see, limit=limit, position=position or {})
    return [each.payload.name.value for each in found.items], found.position


@contextmanager
def _queries(actor: Actor) -> Iterator[list[str]]:
    """The calls for the actor's tenant: the workers of the cloud make calls of their own meanwhile."""
    seen: list[str] = []

    def note(model: Any, params: Mapping[str, Any], **_: object) -> None:
        if str(actor.tenant).encode() in params["body"]:
            seen.append(model.name)

    with told("before-call", note):
        yield seen


def test_a_team_of_300_who_all_share_is_read_in_three_queries(member: Member) -> None:
    _put(member, range(0, 299, 7))
    actor = replace(_actor(member, *_colleagues(299)), code=_code(150))
    actor = replace(actor, colleagues=tuple(each for each in actor.colleagues if each.code != actor.code))
    with _queries(actor) as made:
        names, position = _names(actor, 100)
    assert (names, position) == ([f"C{n}.0" for n in range(0, 299, 7)], None)
    assert made == ["Query"] * 3, "one's own range, and those before and behind it"


def test_of_300_of_whom_every_other_shares_the_ranges_are_read_side_by_side(member: Member) -> None:
    _put(member, range(299))
    actor, rounds = _actor(member, *_colleagues(299, lambda n: n % 2 == 0)), [0, 0]
    lock = threading.Lock()

    def count(by: int) -> None:
        with lock:
            rounds[0] += by
            rounds[1] = max(rounds)

    with (
        told("before-send", lambda **_: count(1)),
        told("response-received", lambda **_: count(-1)),
        _queries(actor) as made,
    ):
        names, position = _names(actor, 200)
    assert (names, position) == ([f"C{n}.0" for n in range(0, 299, 2)], None)
    assert len(made) == 151
    assert rounds[0] == 0
    assert 1 < rounds[1] <= AT_ONCE


def test_a_page_reads_no_more_ranges_than_twice_what_it_needs(member: Member) -> None:
    _put(member, range(299), each=2)
    actor = _actor(member, *_colleagues(299, lambda n: n % 2 == 0))
    for limit, most in ((1, 3), (5, 7), (20, 31)):
        with _queries(actor) as made:
            names, position = _names(actor, limit)
        assert len(names) == limit
        assert position
        assert len(made) <= most


def test_pages_of_any_size_make_one_list(member: Member) -> None:
    _put(member, range(0, 40, 3), each=3)
    actor = replace(_actor(member, *_colleagues(40, lambda n: n % 5 != 0)), code=_code(17))
    actor = replace(actor, colleagues=tuple(each for each in actor.colleagues if each.code != actor.code))
    whole, _ = _names(actor, 100)
    assert whole == [f"C{n}.{m}" for n in range(0, 40, 3) if n % 5 for m in range(3)]
    for limit in (1, 2, 5):
        seen, position = _names(actor, limit)
        while position:
            more, position = _names(actor, limit, position)
            seen += more
        assert seen == whole


@pytest.mark.parametrize("who", ["private", "leaving"])
def test_what_stands_between_two_ranges_costs_no_call(member: Member, new_workspace: Any, who: str) -> None:
    """Two worlds: somebody who shows nothing, and the same one with many rows that others would be shown."""
    seen = []
    for hidden in (0, 60):
        owner = new_workspace()
        _put(owner, (1, 3, 5))
        _put(owner, (2, 4), each=hidden)
        team = _colleagues(6, lambda n: n not in (2, 4))
        actor = _actor(owner, *(each for each in team if who == "private" or each.share_tags))
        actor = replace(actor, leaving=(_code(2), _code(4)) if who == "leaving" else ())
        for limit in (1, 2, 10):
            with _queries(actor) as made:
                names, position = _names(actor, limit)
            seen.append((limit, names, bool(position), len(made)))
    assert seen[:3] == seen[3:]
    assert seen[2][1] == ["C1.0", "C3.0", "C5.0"]
