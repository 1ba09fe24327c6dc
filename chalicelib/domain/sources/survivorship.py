"""Which of the values that its sources give for a field is shown: one rule, for contacts and companies, owners and colleagues.

Every value that a source says is kept, with its sources. Shown is what the member wrote; else the name that a linked company
lends; else the value to which a source changed most recently, so that a source which still says what it said before is older
than one that changed; else that of the better kind of source; else of the source whose name comes first. A source that is first
heard while others say something has changed nothing. What a colleague sees is chosen by the same rule among what may be shared,
as if there were nothing else.

The end depends on what the sources say and when each changed it, never on the order in which they were read. Functions take and
return the values of one field; of a list field those of one element, in all its spellings. An empty value that the member
dropped says that it wants the field empty.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from chalicelib.domain.sources.provenance import (
    COMPANY,
    COMPANY_HIDDEN,
    DROPPED,
    FILE,
    KEPT,
    MEMBER,
    MEMBER_DROPPED,
    MEMBER_DROPPED_HIDDEN,
    MEMBER_HIDDEN,
    MEMBER_KEPT,
    Kept,
    is_hidden,
)

K = TypeVar("K", bound=Kept)
Settled = tuple[K | None, list[K]]  # the value that is shown, and those beside it
_MEMBERS = frozenset({MEMBER, *KEPT, *DROPPED})
_LENT = frozenset({COMPANY, COMPANY_HIDDEN})
_OTHERS = 1
# A company's name as its owner sees it stands above the one that others see.
_AUTHORITY = {MEMBER: 4, MEMBER_DROPPED: 4, MEMBER_DROPPED_HIDDEN: 4, COMPANY_HIDDEN: 3, COMPANY: 2}
_AUTHORITY |= {MEMBER_HIDDEN: 0, MEMBER_KEPT: 0}
# Kinds of sources, the better the higher: what sales teams keep, address books, what people say of themselves; files are copies.
_KIND = {"salesforce": 4, "hubspot": 4, "google": 3, "import": 1}
_OTHER_CONNECTION = 2


def chosen(values: Sequence[K], *, among_shared: bool = False, lends: bool = True) -> K | None:
    """Return the value that is shown, None where there is none or its member took it away; `among_shared`: to colleagues, and
    unless the linked company `lends` its name, without that."""
    said: list[tuple[K, str]] = []
    for kept in values:
        for source in kept.sources:
            if (lends or source not in _LENT) and not (among_shared and is_hidden(source)):
                said.append((kept, source))  # noqa: PERF401 - a frame less, in what is called most
    if not said:
        return None
    if len(values) == 1:
        return None if any(source in DROPPED for _, source in said) else values[0]
    ranks = [_rank(kept, source, among_shared=among_shared) for kept, source in said]
    highest = max(ranks)
    best = [each for each, rank in zip(said, ranks, strict=True) if rank == highest]
    kept, source = min(best, key=lambda each: (each[1], str(each[0].value)))
    return None if source in DROPPED else kept


def settled(values: Sequence[K]) -> Settled[K]:
    """Return the value that its owner is shown, and those that are kept beside it."""
    shown = chosen(values)
    return shown, [kept for kept in values if kept is not shown]


@dataclass(frozen=True)
class Heard:
    """Which source was heard, and when; `modified_at` is when it says that it last changed its record, empty where it does not
    say. Both RFC 3339."""

    source: str
    at: str
    modified_at: str = ""

    @property
    def changed_at(self) -> str:
        """When the source changed what is news now; a time to come is none."""
        return min(self.modified_at or self.at, self.at)


def say(values: Sequence[Kept], heard: Heard, value: str) -> list[Kept]:
    """Return the values after the source was heard to say this one; empty: nothing any more.

    What it said before goes with it where nobody else says it. The values as they are where that is no news: the source says
    the same, or it is a file that is older than the one which said what is there.
    """
    source, at = heard.source, heard.at
    if not values:
        return _added([], value, source, at, heard.changed_at) if value else []
    before = next((kept for kept in values if source in kept.sources), None)
    if before is not None and (before.value == value or _is_late(before, source, value, at)):
        return list(values)
    left = without(values, frozenset({source}))
    if not value:
        return left
    hidden = is_hidden(source)
    # Taken away by the member when only sources for the owner alone said anything: what is said now is new to everybody.
    anew = not hidden and any(MEMBER_DROPPED_HIDDEN in kept.sources for kept in left)
    if anew:
        left = without(left, frozenset({MEMBER_DROPPED_HIDDEN}))
    changed, shared = (heard.changed_at if before is not None or not stands else "" for stands in _stand(left))
    return _added(left, value, source, at, at if anew else changed, None if hidden else shared)


def write(values: Sequence[Kept], value: str, at: str) -> list[Kept]:
    """Return the values after the member wrote this one."""
    return _added(without(values, _MEMBERS | _LENT), value, MEMBER, at)


def link(values: Sequence[Kept], names: Mapping[str, str], at: str) -> list[Kept]:
    """Return the values after the member linked a company that lends these names, by source."""
    return lend(without(values, _MEMBERS), names, at)


def lend(values: Sequence[Kept], names: Mapping[str, str], at: str) -> list[Kept]:
    """Return the values with these names of the linked company in place of those that it lent before; as they are where it lends
    the same. What the member wrote stands above them. A name that is lent on keeps its time: else another one that its owner
    alone is shown would move what colleagues are told."""
    lent = {source: kept.value for kept in values for source in kept.sources if source in _LENT}
    if lent == names:
        return list(values)
    left = without(values, frozenset(source for source, name in lent.items() if names.get(source) != name))
    for source, name in names.items():
        if lent.get(source) != name:
            left = _added(left, name, source, at)
    return left


def clear(values: Sequence[Kept], at: str) -> list[Kept]:
    """Return the values after the member took the value away: it stays away, whatever sources say. What files said goes."""
    left = without(values, _MEMBERS | _LENT | _files(values))
    if not values:
        return left
    return [*left, Kept(value="", sources={_dropped(values): at})]


def drop(values: Sequence[Kept], at: str) -> list[Kept]:
    """Return the values of an element of a list after the member took it away. It stays away as long as connections say it,
    and is kept beside for no longer."""
    left = without(values, _MEMBERS | _files(values))
    return [left[0].also(_dropped(left), at), *left[1:]] if left else []


def without(values: Sequence[K], sources: frozenset[str]) -> list[K]:
    """Return the values without what only these sources say."""
    left = [kept for each in values if (kept := each.without(sources)) is not None]
    if len(left) == len(values) and not any(DROPPED & kept.sources.keys() for kept in left):
        return left
    vouching = {source for kept in left for source in kept.sources} - DROPPED
    if not vouching:  # only that the member took it away is left to say
        return [kept for kept in left if not kept.value]
    if all(map(is_hidden, vouching)):
        left = [_hidden(kept) for kept in left]
    return left


def say_each(
    values: Iterable[Kept],
    heard: Heard,
    told: Iterable[tuple[str, str]],
    *,
    key: Callable[[str], str],
    most: int,
    all_told: bool,
) -> list[Kept]:
    """Return the values of a list field after the source was heard to say these, each as (value, key). `all_told`: it does not
    say any other any more. `most`: so many elements; what comes later is left out.

    The order is that of hearing among what may be shared, and among all.
    """
    groups, hidden, present = grouped(values, key), is_hidden(heard.source), set()
    for value, exact in told:
        present.add(exact)
        group = groups.get(exact, [])
        is_new = not group if hidden else not any(map(_shown_to_others, group))
        if is_new and sum(hidden or any(map(_shown_to_others, each)) for each in groups.values()) >= most:
            continue
        if is_new and group and not hidden:
            del groups[exact]  # to colleagues it comes now: else its place would tell that it was there
        groups[exact] = say(group, heard, value)
    if all_told:
        gone = frozenset({heard.source})
        groups = {exact: group if exact in present else without(group, gone) for exact, group in groups.items()}
    return [kept for group in groups.values() for kept in group]


def elements(values: Sequence[K], key: Callable[[str], str]) -> list[Sequence[K]]:
    """Return the values of a list field, those of one element together."""
    return [values] if len(values) == 1 else [*grouped(values, key).values()]


def is_lent(kept: Kept) -> bool:
    """Return whether a linked company lends the value."""
    return not _LENT.isdisjoint(kept.sources)


def grouped(values: Iterable[K], key: Callable[[str], str]) -> dict[str, list[K]]:
    """Return the values of a list field by element."""
    groups: dict[str, list[K]] = {}
    for kept in values:
        groups.setdefault(key(kept.value), []).append(kept)
    return groups


def _rank(kept: Kept, source: str, *, among_shared: bool) -> tuple[int, str, int]:
    kind = _KIND.get(source.partition(":")[0], _OTHER_CONNECTION)
    return _AUTHORITY.get(source, _OTHERS), kept.changed_at(source, among_shared=among_shared), kind


def _is_late(before: Kept, source: str, value: str, at: str) -> bool:
    """Whether a file says it that is older than the one which said what is there; of one moment the greater value stands."""
    return source.startswith(FILE) and (at, value) < (before.sources[source], before.value)


def _stand(values: Iterable[Kept]) -> tuple[bool, bool]:
    """Whether somebody says something, and whether somebody does that may be shared. What is left of a source that is gone, or
    was taken away of it, says nothing."""
    saying = {source for kept in values for source in kept.sources} - {*KEPT, MEMBER_DROPPED_HIDDEN}
    return bool(saying), not all(map(is_hidden, saying))


def _added(
    values: list[Kept], value: str, source: str, at: str, changed: str | None = None, shared: str | None = None
) -> list[Kept]:
    same = next((kept for kept in values if kept.value == value), None) if values else None
    if same is not None:
        return [kept.also(source, at, changed, shared) if kept is same else kept for kept in values]
    changed = at if changed is None else changed
    shared = changed if shared is None else shared
    if changed == shared == at:
        return [*values, Kept(value=value, sources={source: at})]
    return [
        *values,
        Kept(
            value=value,
            sources={source: at},
            changed={source: changed} if changed != at else {},
            shared={source: shared} if shared != changed else {},
        ),
    ]


def _files(values: Iterable[Kept]) -> frozenset[str]:
    return frozenset(source for kept in values for source in kept.sources if source.startswith(FILE))


def _shown_to_others(kept: Kept) -> bool:
    return not all(map(is_hidden, kept.sources))


def _dropped(values: Iterable[Kept]) -> str:
    return MEMBER_DROPPED if any(map(_shown_to_others, values)) else MEMBER_DROPPED_HIDDEN


def _hidden(kept: K) -> K:
    """That the member took it away is to be seen by nobody else, since nobody else may see what it was."""
    at = kept.sources.get(MEMBER_DROPPED)
    if at is None or not kept.value:
        return kept
    sources = {source: since for source, since in kept.sources.items() if source != MEMBER_DROPPED}
    return kept.model_copy(update={"sources": {**sources, MEMBER_DROPPED_HIDDEN: at}})
