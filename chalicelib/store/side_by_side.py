"""Calls that do not wait for each other: made side by side, answered in order, and never many more of them than are used."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")
AT_ONCE = 16  # fewer than the connections that a client keeps (vault.aws)


def in_order(calls: Iterable[Callable[[], T]]) -> Iterator[T]:
    """Yield what the calls return, in their order.

    One is made at first; each time that all which were made have been used, twice as many as the last time, AT_ONCE at most: of
    calls that nobody needs there are fewer than of those that were used. What a call raises is raised at its turn. They run in
    threads: what they do beside calls to AWS must not mind.
    """
    left, more = iter(calls), 2
    for call in islice(left, 1):
        yield call()
    made = list(islice(left, more))
    if len(made) == 1:
        yield made[0]()
    elif made:
        from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 - cold start

        with ThreadPoolExecutor(AT_ONCE) as threads:
            while made:
                yield from (each.result() for each in [threads.submit(call) for call in made])
                more = min(2 * more, AT_ONCE)
                made = list(islice(left, more))
