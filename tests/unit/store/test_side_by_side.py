"""Calls side by side: in order, a bounded number of rounds, never many more than are used."""

import threading
from collections.abc import Callable, Iterator
from functools import partial

import pytest

from chalicelib.core.errors import Unavailable
from chalicelib.store.side_by_side import AT_ONCE, in_order


class Watched:
    """Calls that return their number; those of a round wait for each other. `taken`: how many calls were taken."""

    def __init__(self, number: int) -> None:
        self.taken = 0
        self._barriers: list[threading.Barrier] = []
        size = 1
        while number > len(self._barriers):
            here = min(size, number - len(self._barriers))
            self._barriers += [threading.Barrier(here, timeout=10)] * here
            size = min(2 * size, AT_ONCE)

    def calls(self) -> Iterator[Callable[[], int]]:
        for number in range(len(self._barriers)):
            self.taken += 1
            yield partial(self._call, number)

    def _call(self, number: int) -> int:
        self._barriers[number].wait()
        return number


def test_three_hundred_calls_take_22_rounds_and_answer_in_order() -> None:
    watched, seen, rounds = Watched(300), list[int](), set[int]()
    for number in in_order(watched.calls()):
        seen.append(number)
        rounds.add(watched.taken)
    assert seen == list(range(300))
    assert len(rounds) == 22


@pytest.mark.parametrize(("used", "made"), [(1, 1), (2, 3), (3, 3), (4, 7), (8, 15), (16, 31), (40, 47)])
def test_of_calls_that_nobody_uses_fewer_are_made_than_of_those_that_are_used(used: int, made: int) -> None:
    watched = Watched(300)
    found = in_order(watched.calls())
    assert [next(found) for _ in range(used)] == list(range(used))
    assert watched.taken == made


def test_what_a_call_raises_is_raised_at_its_turn() -> None:
    def fails() -> int:
        raise Unavailable

    found = in_order([lambda: 1, lambda: 2, fails, lambda: 4])
    assert [next(found), next(found)] == [1, 2]
    with pytest.raises(Unavailable):
        next(found)


def test_few_calls_are_made_without_threads() -> None:
    threads = list(in_order([threading.get_ident] * 2))
    assert threads == [threading.get_ident()] * 2
    assert list(in_order([])) == []
