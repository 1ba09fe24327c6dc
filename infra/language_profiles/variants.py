"""How people write a sentence who lack the keys for it, or the time."""

import random
import unicodedata

_FOLDED = str.maketrans({"ł": "l", "đ": "d", "ø": "o", "æ": "ae", "ß": "ss", "ı": "i", "ð": "d", "þ": "th", "œ": "oe"})
_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_NORDIC = str.maketrans({"å": "aa", "ø": "oe"})
_GREEK = str.maketrans(
    dict(zip("αβγδεζηικλμνορσςτυφχω", "avgdeziiklmnorsstyfxo", strict=True)) | {"θ": "th", "ξ": "ks", "ψ": "ps"}
)
_BY_LOOKS = str.maketrans({"η": "h", "θ": "8", "ω": "w", "χ": "ch", "β": "b", "ξ": "x", "υ": "u"})
_WORDS = (1, 2, 2, 3, 3, 4, 5, 6, 8, 10)
_UNMARKED = 0.3  # of the snippets


def unmarked(text: str) -> str:
    """Return the text without accents."""
    return "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))


def ascii_only(text: str, language: str, dice: random.Random) -> str:
    """Return the text as it is typed on a keyboard without the language's own letters."""
    text = text.lower()
    if language == "de" and dice.random() < 0.7:  # noqa: PLR2004
        text = text.translate(_GERMAN)
    if language in ("da", "no") and dice.random() < 0.5:  # noqa: PLR2004
        text = text.translate(_NORDIC)
    if language in ("hr", "sr_latn") and dice.random() < 0.3:  # noqa: PLR2004
        text = text.replace("đ", "dj")
    return unmarked(text.translate(_FOLDED))


def greeklish(text: str, dice: random.Random) -> str:
    """Return Greek in Latin letters, by sound or by looks."""
    text = unmarked(text.lower()).replace("ου", "ou").replace("μπ", "mp")
    return (text.translate(_BY_LOOKS) if dice.random() < 0.4 else text).translate(_GREEK)  # noqa: PLR2004


def snippet(sentence: str, language: str, dice: random.Random, *, latin: bool) -> str:
    """Return some words of the sentence that follow each other, now and then without accents."""
    words, size = sentence.split(), dice.choice(_WORDS)
    if len(words) > size:
        at = dice.randrange(len(words) - size + 1)
        words = words[at : at + size]
    text = " ".join(words)
    return ascii_only(text, language, dice) if latin and dice.random() < _UNMARKED else text
