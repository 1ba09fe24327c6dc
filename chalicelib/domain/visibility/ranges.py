"""Walking over what a member may see: its own range first, then those of the colleagues that share.

Ranges that stand beside each other in the table are one run, which one query reads; what stands between two, of members that do
not share or are on their way out, is no part of any. Runs are read side by side.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from typing import Generic, TypeVar

from pydantic import BaseModel

from chalicelib.core import clock, ids
from chalicelib.core.actor import Actor, Colleague, Lives
from chalicelib.core.ids import MemberId, OwnerCode, TenantId
from chalicelib.core.versions import version_of
from chalicelib.store import rows, shown, side_by_side
from chalicelib.store.queries import Page, Span
from chalicelib.store.records import SharedRecord

P = TypeVar("P", bound=BaseModel)
R = TypeVar("R", bound=SharedRecord)
SECONDS = 22  # that one request looks on; where rows are left then, its answer carries a cursor (a gateway waits 29 s)
_AHEAD = 200  # rows of one's own, or past a filter, that a full page looks on for, so that mostly no empty page follows
_CHUNK = 1000  # rows a query of a filtered list: about DynamoDB's page of 1 MB


@dataclass(frozen=True)
class Range:
    """One member's resources: its owner code, its id, whether it is the caller, and how long the member keeps what."""

    code: OwnerCode
    member: MemberId
    mine: bool
    with_companies: bool = True
    lives: Lives = field(default_factory=Lives)


@dataclass(frozen=True)
class Seen(Generic[P]):
    """A resource as the caller may see it. `row_version` is that of its row, which its owner alone may know."""

    id: str
    payload: P
    row_version: int
    mine: bool
    member: MemberId

    @property
    def version(self) -> int:
        """Return what its ETag is: another one only where the caller is shown something else."""
        return self.row_version if self.mine else version_of(self.payload.model_dump_json())


@dataclass(frozen=True)
class Found(Generic[P]):
    """A page; `position` is where the next one begins, None at the end."""

    items: list[Seen[P]]
    position: dict[str, str] | None


def ranges(actor: Actor, shares: Callable[[Colleague], bool]) -> list[Range]:
    """Return the caller's own range, then those of the colleagues that share now, in a fixed order."""
    sharing = sorted((c for c in actor.colleagues if shares(c)), key=lambda colleague: colleague.code)
    own = Range(actor.code, actor.member, mine=True, lives=actor.lives)
    return [own, *(Range(c.code, c.member_id, False, with_companies=c.share_tags, lives=c.lives) for c in sharing)]


def walk(
    record: type[R],
    actor: Actor,
    over: list[Range],
    see: Callable[[Range, R], Seen[P] | None],
    *,
    limit: int,
    position: Mapping[str, str],
    filtered: bool = False,
) -> Found[P]:
    """Return the next `limit` resources after the position, in key order. `see` leaves out what does not count.

    Where nothing follows, the result has no position: at least one more row than needed is read. Of colleagues only rows that
    show something are read, and without a filter a full page looks on until there is one more to show: neither calls nor
    cursors tell what is hidden. `filtered`: many rows may be left out, so pages are large, and the search goes on for SECONDS.
    """
    items: list[Seen[P]] = []
    last, looked, ahead = dict(position), False, 0
    deadline = clock.monotonic() + SECONDS
    runs = _remaining(actor, _runs(actor, over), position)
    # Without a filter each query asks for just what is still needed, and one more.
    for where, row in _rows(record, actor.tenant, runs, lambda: _CHUNK if filtered else limit - len(items) + 1):
        if (looked and clock.monotonic() > deadline) or ahead == _AHEAD:
            return Found(items, last)
        seen, looked = see(where, row), True
        if seen is not None and len(items) == limit:
            return Found(items, last)
        if seen is not None:
            items.append(seen)
        ahead += len(items) == limit and (filtered or where.mine)
        last = {"owner": where.code, "after": row.sk}
    return Found(items, None)


@dataclass(frozen=True)
class _Run:
    """Ranges beside each other, by their owner codes; one's own is a run by itself."""

    ranges: Mapping[OwnerCode, Range]
    first: OwnerCode
    last: OwnerCode
    mine: bool


def _runs(actor: Actor, over: Sequence[Range]) -> list[_Run]:
    """The ranges, in their order, as runs. Between two of a run nothing stands that is to be passed over: how many rows others
    have is told by no call."""
    found = [_run([where]) for where in over if where.mine]
    theirs = {where.code: where for where in over if not where.mine}
    beside: list[Range] = []
    for code in sorted({actor.code, *actor.leaving, *(each.code for each in actor.colleagues), *theirs}):
        if code in theirs:
            beside.append(theirs[code])
        elif beside:
            found.append(_run(beside))
            beside = []
    return [*found, _run(beside)] if beside else found


def _run(beside: list[Range]) -> _Run:
    return _Run({where.code: where for where in beside}, beside[0].code, beside[-1].code, beside[0].mine)


def _remaining(actor: Actor, runs: list[_Run], position: Mapping[str, str]) -> Iterator[tuple[_Run, str | None]]:
    """The runs that the position leaves, and where to go on in each. What is shared no more is left out."""
    owner = position.get("owner")
    for run in runs:
        if owner is None or (owner == actor.code and not run.mine) or (not run.mine and run.first > owner):
            yield run, None
        elif run.first <= owner <= run.last:
            yield run, position.get("after")


def _rows(
    record: type[R], tenant: TenantId, runs: Iterator[tuple[_Run, str | None]], size: Callable[[], int]
) -> Iterator[tuple[Range, R]]:
    """The rows of the runs, in order: the first page of each side by side with others, those that follow one by one."""
    read = partial(_page, record, tenant)

    def begin(run: _Run, after: str | None, limit: int) -> tuple[_Run, Page[R]]:
        return run, read(run, after, limit)

    for run, page in side_by_side.in_order(partial(begin, run, after, size()) for run, after in runs):
        for row in chain(page.records, _following(read, run, page.last, size)):
            where = run.ranges.get(ids.owner_of(row.sk))
            if where is not None:  # else of a member that has just left
                yield where, row


def _following(
    read: Callable[[_Run, str | None, int], Page[R]], run: _Run, after: str | None, size: Callable[[], int]
) -> Iterator[R]:
    while after is not None:
        page = read(run, after, size())
        yield from page.records
        after = page.last


def _page(record: type[R], tenant: TenantId, run: _Run, after: str | None, size: int) -> Page[R]:
    first, last = (ids.key_range(record.declared.kind, code) for code in (run.first, run.last))
    if run.mine:
        return rows.page(record, tenant, first, limit=size, after=after)
    return shown.page(record, tenant, Span(first, last), limit=size, after=after)
