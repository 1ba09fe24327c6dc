"""How common names are in the general population, and which names stand for each other; never counted from a tenant's records."""

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from chalicelib.domain.matching import normal

TABLES = Path(__file__).with_name("tables")
RARE = 16.0  # bits of a name that no table has


def rows(name: str) -> Iterator[list[str]]:
    """Yield the words of each row of a table."""
    for line in (TABLES / name).read_text().splitlines():
        if not line.startswith("#"):
            yield line.split()


@cache
def _bits(name: str) -> dict[str, float]:
    return {word: float(bits) for word, bits in rows(name)}


def given_bits(name: str) -> float:
    """Return -log2 of the share of people who have a given name."""
    return _bits("given.txt").get(name, RARE)


def family_bits(name: str) -> float:
    """Return -log2 of the share of people who have a family name."""
    return min(RARE, _bits("families.txt").get(name, RARE))


@cache
def _groups() -> Mapping[str, frozenset[int]]:
    found: dict[str, set[int]] = {}
    number = 0
    for row in rows("nicknames.txt"):  # Bob and Rob are both Robert, Bob is not Bobby's other name
        for nickname in row[1:]:
            number += 1
            for name in (row[0], nickname):
                found.setdefault(name, set()).add(number)
    for row in rows("spellings.txt"):
        number += 1
        for name in row:
            found.setdefault(name, set()).add(number)
    return {name: frozenset(numbers) for name, numbers in found.items()}


def stand_for_each_other(one: str, other: str) -> bool:
    """Return whether a table has one given name as the nickname or as another spelling of the other."""
    groups = _groups()
    return not groups.get(one, frozenset()).isdisjoint(groups.get(other, frozenset()))


def formal(name: str) -> str:
    """Return one name for all by which somebody of that name may be called, to find them; the name itself where there is none."""
    return _formal().get(name, name)


@cache
def _formal() -> dict[str, str]:
    """Of the names that have a nickname, the most common: Bill is William though Willard is Bill too."""
    best: dict[str, str] = {}
    for row in rows("nicknames.txt"):
        for nickname in row[1:]:
            if nickname not in best or given_bits(row[0]) < given_bits(best[nickname]):
                best[nickname] = row[0]
    return {normal.fold(nickname): name for nickname, name in best.items() if given_bits(name) < given_bits(nickname)}
