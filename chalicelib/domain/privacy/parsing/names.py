"""Whom a letter names: somebody else, or its own writer, who speaks of himself as a stranger would.

"Please remove Karl Ott from your system" is of somebody else unless the mail comes from Karl Ott.
"""

import re
from collections.abc import Collection

from chalicelib.domain.privacy.parsing.folding import folded
from chalicelib.domain.privacy.parsing.sentences import Sentence

_READ_AT_MOST = 6_000  # characters
_NEAR = 4  # words between a verb and who is to go
_ENDING = 3  # letters that a case may add to a name, or put in place of its last one
_UPPER = "".join(filter(str.isupper, map(chr, range(0x590))))  # of Latin, Greek and Cyrillic
_CAPITAL = rf"[{_UPPER}][^\W\d_]*(?:[-'’][^\W\d_]+)*"
_NAME = re.compile(rf"\b{_CAPITAL}(?: {_CAPITAL}){{1,4}}")
_TITLE = (
    r"\b(?:[Mm]rs?|[Mm]s|[Mm]iss|[Hh]errn?|[Ff]rau|[Mm]onsieur|[Mm]adame|Mme|M|[Ss]ra?|[Ss]eñora?|[Ss]enhora?|[Ss]ig(?:nora?|ra)?|[Dd]hr|"
    r"[Mm]evr(?:ouw)?|[Pp]ana?|[Pp]an[ií]|[Hh]r|[Ff]ru|[Dd]omnul|[Dd]oamna|κ|κυρί[αο]|τον κύριο|gospodina?|gospođ[au])\.? "
)
_TITLES = frozenset(
    ["herr", "herrn", "frau", "monsieur", "madame", "mme", "dhr", "mevr", "mevrouw", "fru", "pan", "pani", "sig", "mrs"]
)
_TITLED = re.compile(rf"{_TITLE}({_CAPITAL})")
_WORD = re.compile(r"[^\W\d_]{2,}")


def names_in(text: str) -> frozenset[str]:
    """Return the folded words of a text that are written as names are: two with a capital in a row, or one after a title."""
    read = text[:_READ_AT_MOST]
    found = [*_NAME.findall(read), *_TITLED.findall(read)]
    written = (
        word for run in found for word in run.split() if not word.isupper()
    )  # in capitals everything may be shouted
    return frozenset(_WORD.findall(folded(" ".join(written)))) - _TITLES


def named(sentence: Sentence, names: Collection[str]) -> list[str]:
    """Return the words that name whom a sentence wishes to be gone; none where it says out of what everyday thing."""
    if not names or sentence.has("thing") or not _out_of_ours(sentence):
        return []
    strange = [word in names and not sentence.known(at, at + 1) for at, word in enumerate(sentence.words)]
    for start, end in sentence.of("erase", "erasure", "take"):
        for at in (*range(end, end + _NEAR), *range(start - 1, start - 2 - _NEAR, -1)):
            if not 0 <= at < len(strange) or not strange[at]:
                continue
            first, past = at, at + 1
            while first and strange[first - 1]:
                first -= 1
            while past < len(strange) and strange[past]:
                past += 1
            return list(sentence.words[first:past])
    return []


def _out_of_ours(sentence: Sentence) -> bool:
    """Whether it is out of what we hold, or nothing is said of that."""
    if sentence.any("held", "holder", "data"):
        return True
    return not any(
        at < len(sentence.words) and not sentence.known(at, at + 2)
        for verb, _ in sentence.of("erase", "erasure", "take")
        for start, at in sentence.of("out_of")
        if start > verb
    )


def is_called(words: Collection[str], sender: str) -> bool:
    """Return whether each of the words is in the name of a sender, or in the address before the sign, whatever its case ending."""
    own = _WORD.findall(folded(sender))
    return bool(words) and all(any(_same(word, mine) for mine in own) for word in words)


def _same(word: str, mine: str) -> bool:
    root = mine[:-1] if len(mine) > _ENDING else mine
    return word.startswith(root) and len(word) <= len(mine) + _ENDING
