"""A key of how a word sounds, the same for spellings of several languages: "Schmidt" and "Schmitt", "Cathy" and "Kathie"."""

import re
from functools import lru_cache

_RULES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), key)
    for pattern, key in (
        (r"\A(?:kn|gn|pn)", "n"),
        (r"\Awr", "r"),
        (r"\Amc|\Amac(?=[^aeiou])", "mk"),
        (r"ph", "f"),
        (r"gh(?=[^aeiouy]|\Z)", ""),
        (r"tsch|tch|tzsch|cz|dzh|dj|dsch|ch|sch|sh|zh|sz|sj|j(?=[^aeiou])", "s"),
        (r"dt|tt|th|d", "t"),
        (r"ck|cq|qu|q|c(?=[^eiy]|\Z)|kh|gg|g", "k"),
        (r"c", "s"),
        (r"x", "ks"),
        (r"tz|ts|z", "s"),
        (r"v|w|b", "f"),
        (r"y|j", "i"),
    )
)
_LATER_VOWELS = re.compile(r"(?<=.)[aeiouh]+")
_DOUBLED = re.compile(r"(.)\1+")


@lru_cache(maxsize=30_000)
def key(word: str) -> str:
    """Return the key of a folded word: its consonants by their sound, and whether it begins with a vowel."""
    for pattern, sound in _RULES:
        word = pattern.sub(sound, word)
    word = _LATER_VOWELS.sub("", word)
    if word[:1] in "aeiou":
        word = "a" + word[1:]
    return _DOUBLED.sub(r"\1", word)
