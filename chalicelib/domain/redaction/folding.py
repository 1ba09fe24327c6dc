"""Comparing words as people do: without accents and case."""

import unicodedata

_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŧ": "t"}
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


def words(query: str) -> tuple[str, ...]:
    """Return the words of a query, folded."""
    return tuple(fold(query).split())


def matches(wanted: tuple[str, ...], *texts: str | None) -> bool:
    """Return whether each of the folded words is part of the texts. No words match everything."""
    where = fold("\n".join(text for text in texts if text)) if wanted else ""
    return all(word in where for word in wanted)
