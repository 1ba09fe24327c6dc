"""Walking over what a member may see: its own range first, then the range of each colleague that shares, one query each."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from pydantic import BaseModel

from chalicelib.core import clock, ids
from chalicelib.core.actor import Actor, Colleague, Lives
from chalicelib.core.ids import MemberId, OwnerCode, TenantId
from chalicelib.core.versions import version_of
from chalicelib.store import rows, shown
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
    for where, after in _remaining(actor, over, position):
        # Without a filter each query asks for just what is still needed, and one more.
        for row in _rows(record, actor.tenant, where, after, lambda: _CHUNK if filtered else limit - len(items) + 1):
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


def _remaining(actor: Actor, over: list[Range], position: Mapping[str, str]) -> Iterator[tuple[Range, str | None]]:
    """The ranges that the position leaves, and where to go on in each. A range that is shared no more is left out."""
    owner = position.get("owner")
    for where in over:
        if owner is None or (owner == actor.code and not where.mine) or (not where.mine and where.code > owner):
            yield where, None
        elif where.code == owner:
            yield where, position.get("after")


def _rows(record: type[R], tenant: TenantId, where: Range, after: str | None, size: Callable[[], int]) -> Iterator[R]:
    prefix, read = ids.key_range(record.declared.kind, where.code), rows.page if where.mine else shown.page
    while True:
        page = read(record, tenant, prefix, limit=size(), after=after)
        yield from page.records
        if page.last is None:
            return
        after = page.last
