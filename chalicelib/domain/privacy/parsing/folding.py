"""Text as the reader of letters compares it: lower case, without accents, without what is only quoted."""

import re
import unicodedata

_QUOTED = re.compile(r'["«“„][^"«»“”„\n]{1,200}["»”“]')
_PIECE = 100  # characters
# Letters that keep their stroke when marks are taken away, and that people without such a keyboard write so.
_STROKES = str.maketrans(
    {"ß": "ss", "’": "'", "ł": "l", "đ": "d", "ð": "d", "ø": "o", "æ": "ae", "œ": "oe", "ı": "i", "þ": "th"}
)


def plain(text: str) -> str:
    """Return the text as words are compared: lower case, no accents, no quotations.

    One space is between words, and a full stop keeps lines apart.
    """
    lines = re.sub(r" ?\n ?", "\n", re.sub(r"[^\S\n]+", " ", _QUOTED.sub(" ", folded(text))))
    return re.sub(r"\n\n+", ". ", lines).replace("\n", " ")


def folded(text: str) -> str:
    """Return the text in lower case and without accents, and otherwise as it is."""
    lower = text.casefold().translate(_STROKES)
    return "".join(_unmarked(lower[at : at + _PIECE]) for at in range(0, len(lower), _PIECE))


def _unmarked(piece: str) -> str:
    """A short piece without its accents: marks in a row are put in order, which takes the square of their number. Cut where
    signs become many letters each, which no word needs."""
    if piece.isascii():
        return piece
    decomposed = unicodedata.normalize("NFKD", piece)[: 4 * _PIECE]
    return "".join(c for c in decomposed if not unicodedata.combining(c))
