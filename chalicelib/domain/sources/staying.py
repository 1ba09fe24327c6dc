"""Which value of a field stays shown while a person wants its data restricted, and what its sources say meanwhile."""

from collections.abc import Callable, Collection, Sequence
from functools import partial
from typing import TypeVar

from chalicelib.domain.sources import survivorship
from chalicelib.domain.sources.provenance import DROPPED, MEMBER, Kept
from chalicelib.domain.sources.survivorship import Settled

K = TypeVar("K", bound=Kept)
_MEMBERS_WORD = frozenset({MEMBER, *DROPPED})


def chooser(shown: Collection[str], groups: Sequence[Sequence[K]]) -> Callable[[Sequence[K]], Settled[K]]:
    """Return what chooses the value of each element of a field: what is `shown` stays, and what sources say newly stands beside
    it, unless the member wrote it, or nothing of what is shown is there any more."""
    if shown and not any(kept.value in shown for group in groups for kept in group):
        return survivorship.settled
    return partial(_settled, shown)


def latest(values: Sequence[K], shown: Collection[str]) -> list[K]:
    """Return the values of one element, of which one stayed shown though its sources said something else since: without the
    sources that say another now."""
    left: list[K] = []
    for kept in values:
        others = {source for other in values if other is not kept for source in other.sources}
        stays = kept if kept.value not in shown else kept.without(frozenset(others))
        if stays is not None:
            left.append(stays)
    return left


def _settled(shown: Collection[str], values: Sequence[K]) -> Settled[K]:
    if any(_MEMBERS_WORD & kept.sources.keys() for kept in values):
        return survivorship.settled(values)
    standing = next((kept for kept in values if kept.value in shown), None)
    return standing, [kept for kept in values if kept is not standing]
