"""Names and other free text as people write them, made comparable without changing what they say."""

import re
import unicodedata

from chalicelib.domain.imports.parsing.wordlists import words
from chalicelib.domain.redaction.texts import clean, decoded, without_addresses

__all__ = ["clean", "decoded", "is_honorific", "split_full", "with_middle", "without_addresses"]

_EAST_ASIAN = re.compile(
    "[\u3400-\u9fff\uac00-\ud7a3々]{2,8}"
)  # kanji, hanzi and Hangul, where the family's name stands first
_PARTICLES = words(
    "von vom van vande vander der den de del della dello degli dei di da das do dos du des le la les los las "
    "lo ter ten te tot zu zum zur af av bin bint ibn al el ap st saint santa san 't in het op"
)
# Of these, the ones that open a last name only behind another particle (`de la`, `op den`): alone they are names, too.
_INNER = words("lo las los les in op het te 't")
_BETWEEN = frozenset({"y", "i", "e"})
HONORIFICS = words(
    "mr mrs ms miss mx sir madam dr drs prof herr frau hr fr m mme mlle monsieur madame mademoiselle sr sra "
    "srta senor senora don dona dhr mevr mw ing ir mag dipl-ing sig sigra sigg dott dottssa avv me"
)
# Dropped in front of a name without a full stop, too; the others are also given names (Don, Mag).
_TITLES = words("mr mrs ms miss dr drs prof professor herr frau mme mlle monsieur madame senor senora dhr mevr")
_SUFFIXES = words("jr sr ii iii iv phd mba md msc bsc ma ba cpa esq dds llm llb mph cfa pmp pe rn dba")


def is_honorific(text: str) -> bool:
    """Return whether the text only addresses somebody (Dr., Frau) and does not tell their work."""
    parts = _folded(text).replace("/", " ").split()
    return bool(parts) and all(word in HONORIFICS for word in parts)


def with_middle(first: str, middle: str, last: str) -> tuple[str, str]:
    """Return first and last name with the middle one at its place.

    Particles belong to the last name, all else to the first.
    """
    if not middle:
        return first, last
    if last and all(_folded(word) in _PARTICLES for word in middle.split()):
        return first, f"{middle} {last}"
    return f"{first} {middle}".strip(), last


def split_full(text: str) -> tuple[str, str]:
    """Return first and last name of a whole name. A single word is a first name.

    Understood are `Keller, Anna`, `KELLER Anna`, `Anna van den Berg`, `Dr. Anna Keller, MBA` and `山田 太郎`.
    """
    before, comma, after = text.partition(",")
    if comma and not _only(after, _SUFFIXES):
        last, first = _bare(before.split()), _bare(after.replace(",", " ").split())
        if last and first:
            return " ".join(first), " ".join(last)
    parts = _bare((before if comma else text).split())
    if len(parts) <= 1:
        return " ".join(parts), ""
    if len(parts) == 2 and _EAST_ASIAN.fullmatch("".join(parts)):  # noqa: PLR2004 - the family's name and a person's own
        return parts[1], parts[0]
    at = _last_name_at(parts)
    if at == 0:
        capitals = next(i for i, word in enumerate(parts) if not _capitals(word))
        return " ".join(parts[capitals:]), " ".join(parts[:capitals])
    return " ".join(parts[:at]), " ".join(parts[at:])


def _last_name_at(parts: list[str]) -> int:
    """Where the last name begins; 0 where it stands in front, in capitals."""
    if _capitals(parts[0]) and not all(_capitals(word) for word in parts):
        return 0
    for i, word in enumerate(parts[1:-1], 1):
        folded = _folded(word)
        if folded in _PARTICLES and folded not in _INNER:
            return i
        if folded in _BETWEEN and i > 1 and word.islower():
            return i - 1
    return len(parts) - 1


def _bare(parts: list[str]) -> list[str]:
    """The words without forms of address in front and degrees behind, unless nothing would remain."""
    start, end = 0, len(parts)
    while start < end - 1 and _is_title(parts[start]):
        start += 1
    while end > start + 1 and _folded(parts[end - 1]) in _SUFFIXES - {"ma", "ba", "pe"}:
        end -= 1
    return parts[start:end]


def _is_title(word: str) -> bool:
    folded = _folded(word)
    return folded in _TITLES or (word.endswith(".") and folded in HONORIFICS)


def _only(text: str, parts: frozenset[str]) -> bool:
    return all(_folded(word) in parts for word in text.replace(",", " ").split())


def _capitals(word: str) -> bool:
    letters = [c for c in word if c.isalpha()]
    return len(letters) > 1 and all(c.isupper() for c in letters) and "." not in word


def _folded(word: str) -> str:
    plain = unicodedata.normalize("NFKD", word).casefold()
    return "".join(c for c in plain if not unicodedata.combining(c) and c not in ".()")
