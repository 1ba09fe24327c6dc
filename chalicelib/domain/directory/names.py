"""The words of a name by which a profile is found: folded, and each only as a keyed hash."""

import re

from chalicelib.domain.redaction.folding import spellings
from chalicelib.vault import tags

_WORD = re.compile(r"\w+")
_SHORTEST = 2  # letters: an initial finds too many
_MOST = 12


def words(text: str) -> list[frozenset[str]]:
    """Return the words of a text, each in every spelling."""
    found = [spellings(word) for word in _WORD.findall(text) if len(word) >= _SHORTEST]
    return list(dict.fromkeys(found))[:_MOST]


def token_pks(name: str) -> list[str]:
    """Return the partitions in which a profile of that name is found."""
    return sorted({_pk(spelling) for word in words(name) for spelling in word})


def token_pk(word: frozenset[str]) -> str:
    """Return the partition in which profiles with that word in their name are found."""
    return _pk(min(word))


def has_all(wanted: list[frozenset[str]], text: str) -> bool:
    """Return whether a text has each of the words."""
    there = [spelling for word in words(text) for spelling in word]
    return all(not word.isdisjoint(there) for word in wanted)


def _pk(spelling: str) -> str:
    return f"profile_token#{tags.platform_digest('profile-token', spelling)}"
