"""How alike two words or texts are, in a few levels."""

from enum import StrEnum
from functools import lru_cache

from rapidfuzz.distance import OSA, JaroWinkler
from rapidfuzz.fuzz import token_sort_ratio

from chalicelib.domain.matching import frequency, normal, phonetic


class Level(StrEnum):
    """How well the values of a field agree. Of an absent value nothing is said; `PART` says that one has more than the other."""

    EXACT = "exact"
    VARIANT = "variant"  # a nickname, or another spelling by table
    CLOSE = "close"  # a slip of the pen
    PART = "part"
    INITIAL = "initial"
    NEAR = "near"
    DIFFERENT = "different"
    SHARED = "shared"  # the same, but of a kind that several people have
    ABSENT = "absent"


RANK = {level: at for at, level in enumerate(Level)}
_LONG, _SHORT = 8, 3  # letters
_CLOSE, _NEAR = 0.92, 0.86  # Jaro-Winkler, beside one and two slips
_TEXT_CLOSE, _TEXT_NEAR = 84.0, 65.0


@lru_cache(maxsize=60_000)
def words(one: str, other: str) -> Level:
    """Return how alike two folded words of a name are."""
    if one == other:
        return Level.EXACT
    if len(one) == 1 or len(other) == 1:
        return Level.INITIAL if one[0] == other[0] else Level.DIFFERENT
    if normal.umlauts(one) == normal.umlauts(other) or frequency.stand_for_each_other(one, other):
        return Level.VARIANT
    shorter = min(len(one), len(other))
    slips = OSA.distance(one, other, score_cutoff=2)
    alike = JaroWinkler.similarity(one, other)
    one_slip = (slips == 1 and shorter > _SHORT) or (alike >= _CLOSE and shorter > _SHORT + 1)
    if one_slip or (slips <= 2 and (shorter >= _LONG or phonetic.key(one) == phonetic.key(other))):  # noqa: PLR2004
        return Level.CLOSE
    return Level.NEAR if alike >= _NEAR or (slips == 2 and shorter > _SHORT + 1) else Level.DIFFERENT  # noqa: PLR2004


@lru_cache(maxsize=60_000)
def texts(one: str, other: str) -> Level:
    """Return how alike two folded texts of several words are, in whatever order these stand."""
    if not one or not other:
        return Level.ABSENT
    if one == other:
        return Level.EXACT
    alike = token_sort_ratio(one, other)
    if alike < _TEXT_CLOSE:
        alike = max(alike, 100 * (1 - OSA.normalized_distance(one.replace(" ", ""), other.replace(" ", ""))))
    if alike >= _TEXT_CLOSE:
        return Level.CLOSE
    return Level.NEAR if alike >= _TEXT_NEAR else Level.DIFFERENT


@lru_cache(maxsize=30_000)
def codes(one: str, other: str) -> Level:
    """Return how alike two postcodes are: a slip or two swapped signs are close; the same beginning is near."""
    if not one or not other:
        return Level.ABSENT
    if one == other:
        return Level.EXACT
    if OSA.distance(one, other, score_cutoff=1) == 1:
        return Level.CLOSE
    shared = max(2, min(len(one), len(other)) - 3)
    return Level.NEAR if one[:shared] == other[:shared] else Level.DIFFERENT
