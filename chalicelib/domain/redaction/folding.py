"""Comparing words as people do: without accents and case."""

import re
import unicodedata

# What hangs on a letter and is none to Python: accents, points, vowel signs, tones; and what joins or parts letters.
MARKS = (
    r"\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u200c\u200d"
    r"\u0a70\u0a71\u0a75\u0d81-\u0d83\u0dca-\u0ddf\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ecd\u102b-\u103e\u17b4-\u17d3"
    + "".join(
        rf"{chr(block)}-{chr(block + 3)}{chr(block + 0x3A)}-{chr(block + 0x3C)}{chr(block + 0x3E)}-{chr(block + 0x4F)}"
        rf"{chr(block + 0x51)}-{chr(block + 0x57)}{chr(block + 0x62)}{chr(block + 0x63)}"
        for block in range(0x900, 0xD80, 0x80)
    )
)
WORD = re.compile(rf"[^\W\d_](?:[^\W\d_]|[{MARKS}])*")
_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŧ": "t"}
    | {"\u200c": "", "\u200d": ""}  # they join or part letters, which are the same without them
)
_SPELLED_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})


def fold(text: str) -> str:
    """Return the text without accents and case, compatibility forms resolved: "Zoë ŁUKASZ" is "zoe lukasz"."""
    if text.isascii():  # most words: nothing to decompose
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c)).translate(_LETTERS)


def spellings(word: str) -> frozenset[str]:
    """Return the folded word, also with its umlauts spelled out: "Müller" is "muller" and "mueller"."""
    spelled = unicodedata.normalize("NFC", word).casefold().translate(_SPELLED_OUT)
    return frozenset({fold(word), fold(spelled)})


def words(text: str) -> tuple[str, ...]:
    """Return the words of a text, folded."""
    return tuple(fold(text).split())
