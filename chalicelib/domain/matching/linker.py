"""Links whole lists: the pairs that share a key are compared, and what is linked is a cluster, or one to one between two lists.

A key that more than `MOST` records have is dropped: it tells nobody apart, and its pairs would grow with its square.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from zlib import crc32

Record = TypeVar("Record")
MOST = 60


@dataclass(frozen=True, slots=True)
class Link:
    """Two records by their places in the list, and what speaks for it that they are one."""

    left: int
    right: int
    weight: float
    automatic: bool


@dataclass(frozen=True, slots=True)
class Candidates:
    """Which pairs of a list share a key; `dropped` are the keys that too many records have."""

    blocks: list[tuple[int, ...]]
    of_record: list[list[int]]
    dropped: int

    def pairs(self, lists: Sequence[int]) -> Iterator[tuple[int, int]]:
        """Yield each pair once, smaller place first; of two lists only those across."""
        two = len(set(lists)) > 1
        for at, numbers in enumerate(self.of_record):
            found = {each for number in numbers for each in self.blocks[number] if each > at}
            yield from ((at, each) for each in sorted(found) if not two or lists[at] != lists[each])


def candidates(keys: Iterable[Iterable[str]], most: int = MOST) -> Candidates:
    """Return the blocks of records by their keys, kept as numbers of 32 bits: what collides is compared in vain."""
    packed = sorted({crc32(key.encode()) << 32 | at for at, each in enumerate(keys) for key in each})
    blocks: list[tuple[int, ...]] = []
    dropped, start = 0, 0
    for end in range(1, len(packed) + 1):
        if end < len(packed) and packed[end] >> 32 == packed[start] >> 32:
            continue
        if end - start > most:
            dropped += 1
        elif end - start > 1:
            blocks.append(tuple(each & 0xFFFFFFFF for each in packed[start:end]))
        start = end
    of_record: list[list[int]] = []
    for number, block in enumerate(blocks):
        for at in block:
            while len(of_record) <= at:
                of_record.append([])
            of_record[at].append(number)
    return Candidates(blocks, of_record, dropped)


@dataclass(frozen=True)
class Linker(Generic[Record]):
    """How records of one kind are found and weighed. `weigh` returns the link, or None where there is none."""

    keys: Callable[[Record], Iterable[str]]
    weigh: Callable[[Record, Record], tuple[float, bool] | None]

    def links(self, records: Sequence[Record], lists: Sequence[int]) -> list[Link]:
        """Return the links of a list within itself, or across two, best first."""
        found = candidates(self.keys(each) for each in records)
        links = []
        for left, right in found.pairs(lists):
            if said := self.weigh(records[left], records[right]):
                links.append(Link(left, right, *said))
        links.sort(key=lambda link: (-link.weight, link.left, link.right))
        return links


def one_to_one(links: Iterable[Link]) -> list[Link]:
    """Return the links of which each record has one at most, the best first; for lists without duplicates of their own."""
    taken: set[int] = set()
    kept = []
    for link in links:
        if link.left not in taken and link.right not in taken:
            taken |= {link.left, link.right}
            kept.append(link)
    return kept


def clusters(links: Iterable[Link], size: int) -> list[list[int]]:
    """Return the places of records that are one, by their links, best first.

    Two clusters become one where a link between them is automatic, or where at least half of their pairs are linked: one doubtful
    link does not join two crowds.
    """
    root = list(range(size))
    members = {at: [at] for at in range(size)}
    neighbours: dict[int, set[int]] = {}

    def find(at: int) -> int:
        while root[at] != at:
            root[at] = root[root[at]]
            at = root[at]
        return at

    for link in links:
        neighbours.setdefault(link.left, set()).add(link.right)
        neighbours.setdefault(link.right, set()).add(link.left)
        one, other = find(link.left), find(link.right)
        if one == other:
            continue
        fewer, more = sorted((one, other), key=lambda each: (len(members[each]), each))
        linked = sum(len(neighbours[at].intersection(members[more])) for at in members[fewer] if at in neighbours)
        if link.automatic or 2 * linked >= len(members[fewer]) * len(members[more]):
            root[fewer] = more
            members[more] += members.pop(fewer)
    return [sorted(each) for each in members.values() if len(each) > 1]
