"""Names of persons: their parts, and how well two names agree.

More words on one side are an omission, which says little; different words on both sides are a contradiction (Jon Karl, Jon Paul).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from sys import intern

from chalicelib.domain.matching import normal, similarity
from chalicelib.domain.matching.similarity import RANK, Level

_PARTICLES = frozenset(
    [
        "af",
        "al",
        "bin",
        "bint",
        "d",
        "da",
        "das",
        "de",
        "dei",
        "del",
        "della",
        "den",
        "der",
        "di",
        "do",
        "dos",
        "du",
        "e",
        "el",
        "ibn",
        "la",
        "las",
        "le",
        "los",
        "of",
        "t",
        "te",
        "ten",
        "ter",
        "thi",
        "und",
        "van",
        "vande",
        "vanden",
        "vander",
        "vom",
        "von",
        "y",
        "zu",
        "zum",
        "zur",
    ]
)
_TITLES = frozenset(
    [
        "baron",
        "baroness",
        "baronet",
        "count",
        "countess",
        "dame",
        "doctor",
        "dott",
        "dr",
        "duchess",
        "duke",
        "earl",
        "frau",
        "frl",
        "herr",
        "hon",
        "ing",
        "jonkheer",
        "lady",
        "lord",
        "madame",
        "marquess",
        "marquis",
        "mag",
        "me",
        "mevr",
        "miss",
        "mlle",
        "mme",
        "mr",
        "mrs",
        "ms",
        "mx",
        "phd",
        "prof",
        "professor",
        "rev",
        "reverend",
        "sir",
        "viscount",
        "viscountess",
    ]
)
_NUMBERED = frozenset(
    ["1st", "2nd", "3rd", "4th", "5th", "6th", "7th", "8th", "9th", "10th", "11th", "12th", "13th", "14th", "15th"]
)
_SUFFIXES = {
    "jr": "jr",
    "jnr": "jr",
    "junior": "jr",
    "sr": "sr",
    "snr": "sr",
    "senior": "sr",
    "ii": "ii",
    "iii": "iii",
    "iv": "iv",
}


@dataclass(frozen=True, slots=True)
class Name:
    """A name as it is compared: the words of both parts, without titles and particles, and what tells father from son."""

    given: str
    family: str
    suffix: str = ""

    @property
    def words(self) -> list[str]:
        """All words, in their order."""
        return f"{self.given} {self.family}".split()


@dataclass(frozen=True, slots=True)
class Agreement:
    """How well both parts agree, whether they stand in each other's place, and whether Jr stands beside Sr."""

    given: Level
    family: Level
    swapped: bool = False
    suffix: Level = Level.ABSENT

    @property
    def contradicts(self) -> bool:
        """Whether a part is another's."""
        return Level.DIFFERENT in (self.given, self.family, self.suffix)


@lru_cache(maxsize=20_000)
def parse(first: str, last: str) -> Name:
    """Return the name that two fields have; a field that has all of it is parted."""
    if not first or not last:
        whole = first or last
        before, comma, after = whole.partition(",")
        if comma and not _SUFFIXES.get(normal.fold(after).strip(" .")):
            first, last = after, before
    suffix: list[str] = []
    given, family = _cleaned(first, suffix), _cleaned(last, suffix)
    if not given and len(family) > 1 and not first:
        given, family = family[:-1], family[-1:]
    elif not family and len(given) > 1 and not last:
        given, family = given[:-1], given[-1:]
    return Name(intern(" ".join(given)), intern(" ".join(family)), suffix[0] if suffix else "")


def _cleaned(text: str, suffix: list[str]) -> list[str]:
    found = normal.words(text)
    if len(found) > 1:
        suffix += [_SUFFIXES[word] for word in found[1:] if word in _SUFFIXES]
        found = [found[0], *(word for word in found[1:] if word not in _SUFFIXES)]
    kept = [word for word in found if word not in _TITLES and word not in _NUMBERED]
    return [word for word in kept if word not in _PARTICLES] or kept or found


def compare(one: Name, other: Name) -> Agreement:
    """Return how well two names agree, in the better of the two orders."""
    straight = Agreement(part(one.given, other.given), part(one.family, other.family))
    suffix = _suffixes(one.suffix, other.suffix)
    if straight.contradicts and one.given and other.family:
        swapped = Agreement(part(one.given, other.family), part(one.family, other.given), swapped=True)
        if not swapped.contradicts and Level.ABSENT not in (swapped.given, swapped.family):
            straight = swapped
        elif (moved := part_of(one.words, other.words)) in (Level.EXACT, Level.VARIANT, Level.CLOSE):
            straight = Agreement(moved, moved)
    return Agreement(straight.given, straight.family, straight.swapped, suffix)


def _suffixes(one: str, other: str) -> Level:
    if not one or not other:
        return Level.ABSENT
    return Level.EXACT if one == other else Level.DIFFERENT


def agree(one: str, other: str) -> bool:
    """Return whether two whole names may be one name, in whatever order their words stand; says nothing of who has it."""
    return part_of(parse("", one).words, parse("", other).words) not in (Level.DIFFERENT, Level.ABSENT)


@lru_cache(maxsize=60_000)
def part(one: str, other: str) -> Level:
    """Return how well one part of a name, in folded words, agrees with another."""
    if not one or not other:
        return Level.ABSENT
    if one == other:
        return Level.EXACT
    if " " not in one and " " not in other:
        return similarity.words(one, other)
    some, others = one.split(), other.split()
    apart = part_of(some, others)
    if len(some) == len(others):
        return apart
    joined = similarity.words(one.replace(" ", ""), other.replace(" ", ""))  # a slip that parts a word
    return min(joined, apart, key=RANK.__getitem__) if joined in (Level.EXACT, Level.CLOSE) else apart


def part_of(some: Sequence[str], others: Sequence[str]) -> Level:
    """Return how well the words agree in whatever order: the worst of the fewer ones' best; part where the others are more."""
    fewer, more = sorted((list(some), list(others)), key=len)
    if not fewer:
        return Level.ABSENT
    worst, left = Level.EXACT, list(more)
    for word in sorted(fewer, key=len, reverse=True):
        level, best = min(((similarity.words(word, each), each) for each in left), key=lambda each: RANK[each[0]])
        left.remove(best)
        worst = max(worst, level, key=RANK.__getitem__)
    return max(worst, Level.PART, key=RANK.__getitem__) if left and worst is not Level.DIFFERENT else worst
