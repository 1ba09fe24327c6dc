"""Normal forms: how words are written before they are compared.

Compatibility forms are resolved (NFKC), case and accents are cut, other scripts are written in Latin letters by table, hyphens
part words and apostrophes do not.
"""

import re
import unicodedata
from functools import lru_cache

_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŧ": "t", "ə": "e"}
    | dict.fromkeys("'’‘`´ʼʻʾʿ\u200c\u200d\u00ad", "")
)
_WORD = re.compile(r"[a-z0-9]+")
_DIGITS = re.compile(r"\D+")
# Umlauts are written in two ways: ae, oe, ue, and without the e.
_SPELLED = re.compile(r"(?<=[aou])e(?=[^aeiouy]|\Z)")


@lru_cache(maxsize=20_000)
def fold(text: str) -> str:
    """Return the text in small ASCII letters: "Zoë ŁUKASZ" is "zoe lukasz", "Путин" is "putin"."""
    if text.isascii():
        return text.lower().replace("'", "")
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    plain = "".join(c for c in decomposed if not unicodedata.combining(c)).translate(_LETTERS)
    return plain if plain.isascii() else _transliterated(plain)


def _transliterated(text: str) -> str:
    from anyascii import anyascii  # noqa: PLC0415 - tables of every script, which few texts need

    return anyascii(text).lower().replace("'", "").replace("`", "")


def words(text: str) -> list[str]:
    """Return the folded words of a text, in their order."""
    return _WORD.findall(fold(text))


def digits(text: str) -> str:
    """Return the digits of a text, in ASCII."""
    return _DIGITS.sub("", text if text.isascii() else unicodedata.normalize("NFKC", text))


def umlauts(word: str) -> str:
    """Return the folded word with ae, oe, ue as a, o, u: "mueller" and "muller" are the same."""
    return _SPELLED.sub("", word)
