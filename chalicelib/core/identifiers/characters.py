"""What nobody sees in a text: the characters that are cut before anything is compared, hashed or stored."""

import re
import unicodedata

# Controls (Cc), Default_Ignorable_Code_Point of Unicode 16 (soft hyphen, joiners, bidi marks and overrides, variation
# selectors, fillers, tags), line and paragraph separators, interlinear annotations, lone surrogates; and what has no ink
# though Unicode calls it visible: Braille's blank, an object's place, code points that are no characters, and a few signs.
_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\u2800\u3164\ufdd0-\ufdef\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffc\ufffe\uffff\ud800-\udfff\U00013430-\U0001343f"
    "\U00016fe4\U0001bca0-\U0001bca3\U0001d159\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
    + "".join(chr(plane << 16 | last) for plane in range(1, 17) for last in (0xFFFE, 0xFFFF))
    + "]"
)

# The hyphens that programs write which correct texts, and a keyboard's.
AS_HYPHEN = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2212", "-"))


def visible(text: str) -> str:
    """Return the text as a reader sees it: what is not visible cut, then NFKC, without white space at the ends.

    Cutting comes first, for NFKC leaves invisible characters where they keep others from composing.
    """
    if text.isascii() and text.isprintable():
        return text.strip()
    return _UNSEEN.sub("", unicodedata.normalize("NFKC", _UNSEEN.sub("", text))).strip()


def without_unseen(text: str) -> str:
    """Return the text without the characters that nobody sees; white space stays, and Braille's is a blank."""
    return _UNSEEN.sub(_as_space, text)


def _as_space(unseen: re.Match[str]) -> str:
    return " " if unseen.group() == "\u2800" else unseen.group() if unseen.group().isspace() else ""
