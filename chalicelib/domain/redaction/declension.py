"""Names in the cases of Slavic languages: Anny Kowalskiej, z Janem Nowakiem, Ивановым.

Few and certain endings only: a declined name counts where first and last name are declined both (Jana Nowak is another person
than Jan Nowak), a last name alone where its ending is no other name's.
"""

from collections.abc import Collection

from chalicelib.domain.redaction.folding import fold

# Ending in the text -> what stands in its place in the nominative.
_ENDINGS = {
    **dict.fromkeys(("y", "i", "ę", "ą", "ě", "o", "ej", "iej"), ("a",)),
    "ou": ("a", "á"),
    "é": ("á",),
    "ého": ("ý",),
    "ému": ("ý",),
    "ým": ("ý",),
    **dict.fromkeys(("a", "u", "owi", "em", "iem", "ovi", "om", "ego", "emu"), ("",)),
    "im": ("i",),
    "ka": ("ek",),
    "kiem": ("ek",),
    "kowi": ("ek",),
    **dict.fromkeys(("а", "ом", "ем", "ым"), ("",)),
    "у": ("", "а"),
    "е": ("", "а"),
    "ы": ("а",),
    "и": ("а", "я"),
    "ю": ("я", "й"),
    "я": ("й", "ь"),
    "ой": ("а", "ая"),
    "ей": ("а", "я"),
    "ого": ("ий", "ый", "ой"),
    "ому": ("ий", "ый", "ой"),
}
_OF_A_LAST_NAME = frozenset({"iej", "owi", "iem", "ego", "emu", "im", "ého", "ému", "kowi", "kiem", "ым", "ого", "ому"})
_LONGEST = max(map(len, _ENDINGS))
_SHORTEST_STEM, _SHORTEST_LONE_STEM = 2, 4


def is_declined(written: str, nominative: Collection[str], *, alone: bool = False) -> bool:
    """Return whether the word is one of these, which are folded, in another case; `alone`: no first name stands beside it."""
    text = written.casefold()
    for length in range(1, _LONGEST + 1):
        stem, ending = text[:-length], text[-length:]
        if len(stem) < (_SHORTEST_LONE_STEM if alone else _SHORTEST_STEM) or ending not in _ENDINGS:
            continue
        if alone and ending not in _OF_A_LAST_NAME:
            continue
        if any(fold(stem + each) in nominative for each in _ENDINGS[ending]):
            return True
    return False
