"""Names in the cases of Slavic languages: Anny Kowalskiej, z Janem Nowakiem, Ивановым; with what Hungarian and Finnish hang on
them, Istvánnal, Virtaselle; and with what Hebrew and Arabic write before them, לדוד, ومحمد.

Few and certain endings only: a declined name counts where first and last name are declined both (Jana Nowak is another person
than Jan Nowak), a last name alone where its ending is no other name's.
"""

from collections.abc import Collection

from chalicelib.domain.redaction.folding import fold, spellings

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
# Of these languages only what ends no other name.
_HUNGARIAN = ("nak", "nek", "val", "vel", "rol", "tol", "hoz", "hez", "ban", "ben", "bol", "nal", "nel", "ert", "kent")
_FINNISH = ("lle", "lta", "lla", "ssa", "sta")
_SUFFIXES = tuple((suffix, "") for suffix in (*_HUNGARIAN, *_FINNISH))
_SUFFIXES += tuple((f"se{suffix}", "nen") for suffix in ("n", "a", *_FINNISH))
_PROCLITICS = (
    "ובל",
    "של",
    "ול",
    "וב",
    "ומ",
    "וה",
    "ל",
    "ב",
    "מ",
    "ו",
    "ה",
    "ש",
    "כ",
    "ول",
    "وب",
    "و",
    "ف",
    "ب",
    "ل",
    "ك",
)


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


def is_suffixed(written: str, names: Collection[str]) -> bool:
    """Return whether the word is one of these with a German, Hungarian or Finnish ending; all folded."""
    if written.endswith("s") and written[:-1] in names:  # Kowalskas Angebot
        return True
    for suffix, nominative in _SUFFIXES:
        stem = written.removesuffix(suffix)
        if stem != written and len(stem) > _SHORTEST_STEM and stem + nominative in names:
            return True
    # Hungarian -val, -vel after a consonant: Péterrel.
    doubled = written[-3:-2] == written[-4:-3] and written[-2:] in ("al", "el")
    return doubled and len(written) > _SHORTEST_STEM + len("nal") and written[:-3] in names


def written_forms(word: str) -> frozenset[str]:
    """Return the folded spellings of a word, also without the prepositions and articles that Hebrew and Arabic write as one with
    it."""
    forms = spellings(word)
    if word.isascii():
        return forms
    return forms | {
        form[len(each) :]
        for form in forms
        for each in _PROCLITICS
        if form.startswith(each) and len(form) - len(each) >= _SHORTEST_STEM
    }
