"""Words as people type them in haste: one slip of the finger, or Greek in Latin letters. Each is looked up by what it becomes when a
letter is left out, or when sounds that are spelt alike are written alike, so that a word costs a few look-ups whatever the lexicon
holds."""

import re
from collections.abc import Iterator

SHORTEST = 5  # letters; a shorter word is another word as soon as one letter is
_LONGEST = 16  # letters of a word that are looked at
_GREEK = str.maketrans("αβγδεζηικλμνοπρσςτυφχω", "avgdeziiklmnoprsstifxo")  # χ and ω by the letters that stand for them
_DIGRAPHS = (("ae", "a"), ("oe", "o"), ("ue", "u"), ("aa", "a"))
_TWO = (("θ", "th"), ("ξ", "ks"), ("ψ", "ps"))
_SOUNDS = tuple(
    (re.compile(spelt), sound)
    for spelt, sound in (
        (r"8", "th"),
        (r"ou", "u"),
        (r"mp", "b"),
        (r"[aα]i", "e"),
        (r"[eo]i", "i"),
        (r"ei|oi|yi", "i"),
        (r"ch|kh", "x"),
        (r"ph", "f"),
        (r"w", "o"),
        (r"y", "i"),
        (r"u", "i"),
        (r"b", "v"),
        (r"eu(?=[aeioglmnr])", "ev"),
        (r"(.)\1", r"\1"),
    )
)


def left_out(word: str) -> Iterator[str]:
    """Yield the word with each letter left out in turn."""
    yield from (word[:at] + word[at + 1 :] for at in range(len(word)))


def beginnings(word: str) -> Iterator[str]:
    """Yield the beginnings of a word that may be a stem with a slip in it, the word itself among them."""
    yield from (word[:size] for size in range(SHORTEST, min(len(word), _LONGEST) + 1))


def one_apart(typed: str, meant: str) -> bool:
    """Return whether a letter is missing, doubled or too many, or two beside each other are changed. Another letter in a place of one
    is another word more often than a slip. The first letter is right."""
    if typed == meant or typed[:1] != meant[:1]:
        return False
    if len(typed) == len(meant):
        at = next(place for place, both in enumerate(zip(typed, meant, strict=True)) if both[0] != both[1])
        return typed[at : at + 2] == meant[at : at + 2][::-1] and typed[at + 2 :] == meant[at + 2 :]
    longer, shorter = (typed, meant) if len(typed) > len(meant) else (meant, typed)
    return shorter in left_out(longer)


def without_digraphs(word: str) -> str:
    """Return the word with one letter for two where these stand for an umlaut, or a ring, on keyboards that have none."""
    for two, one in _DIGRAPHS:
        word = word.replace(two, one)
    return word


def greek(word: str) -> str:
    """Return a Greek word by its sounds, in Latin letters."""
    for letter, spelt in _TWO:
        word = word.replace(letter, spelt)
    return _sounded(word.replace("μπ", "b").replace("ου", "u").translate(_GREEK))


def greeklish(word: str) -> set[str]:
    """Return the sounds that a word in Latin letters may stand for where it is Greek: h is both eta and chi, x both chi and xi."""
    return {
        _sounded(word.replace("h", eta).replace("x", chi) if "th" not in word else word.replace("x", chi))
        for eta in ("i", "x")
        for chi in ("x", "ks")
    }


def _sounded(word: str) -> str:
    for spelt, sound in _SOUNDS:
        word = spelt.sub(sound, word)
    return word
