"""The weights of levels, as they are shipped; the same for every tenant, and in every run."""

from functools import cache

from chalicelib.domain.matching import frequency
from chalicelib.domain.matching.similarity import Level

_SHARES = {Level.EXACT: 1.0, Level.VARIANT: 0.8, Level.CLOSE: 0.8, Level.PART: 0.7}  # of a name's rarity


@cache
def _table() -> dict[str, float]:
    return {" ".join(row[:-1]): float(row[-1]) for row in frequency.rows("weights.txt")}


def of(field: str, level: Level) -> float:
    """Return the weight of a level of a field."""
    return _table()[f"{field} {level}"]


def constant(name: str) -> float:
    """Return a weight that is of no level."""
    return _table()[name]


def of_name(field: str, level: Level, bits: float) -> float:
    """Return the weight of a level of a part of a name that so many bits are in."""
    return of(field, level) + _SHARES.get(level, 0.0) * bits
