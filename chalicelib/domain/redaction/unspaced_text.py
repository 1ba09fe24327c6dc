"""A text folded so that spellings of a name in East Asian scripts are equal, with the way back to the original."""

import unicodedata
from collections.abc import Iterator

_OLD_FORMS = str.maketrans(
    "髙﨑邊邉澤齋斎齊廣眞濱濵瀨嶋嶌櫻條櫛國惠彌將榮龍淵塚",
    "高崎辺辺沢斉斉斉広真浜浜瀬島島桜条櫛国恵弥将栄竜渕塚",
)  # of one family name, as registers and keyboards write it
_HIRAGANA_FIRST, _HIRAGANA_LAST, _TO_KATAKANA = "\u3041", "\u3096", 0x60


class UnspacedText:
    """`folded[i]` is a character as names are compared, `raw[i]` as a reader sees it; both of equal length."""

    def __init__(self, original: str) -> None:
        folded: list[str] = []
        raw: list[str] = []
        self._starts: list[int] = []
        self._ends: list[int] = []
        for seen, start, end in _seen(original):
            for character in seen:
                each = _folded(character)
                folded.append(each)
                raw.append(character + each[1:])
                self._starts += [start] * len(each)
                self._ends += [end] * len(each)
        self.folded, self.raw = "".join(folded), "".join(raw)

    def original(self, begin: int, end: int) -> tuple[int, int]:
        """Return the span of the original that folded[begin:end] came from."""
        return self._starts[begin], self._ends[end - 1]


def form(name: str) -> str:
    """Return a name as UnspacedText folds it, without white space at its ends."""
    return UnspacedText(name).folded.strip()


def _seen(original: str) -> Iterator[tuple[str, int, int]]:
    """What is seen of each part of the original, in NFKC; a letter with its marks, and a syllable of letters, is one part."""
    at = 0
    while at < len(original):
        end = at + 1
        while end < len(original) and _belongs(original[end]):
            end += 1
        part = original[at:end]
        if not all(unicodedata.category(character) == "Cf" for character in part):
            yield unicodedata.normalize("NFKC", part), at, end
        at = end


def _belongs(character: str) -> bool:
    """Whether the character is a mark of the one before it, a later letter of a Korean syllable, or a half-width sound mark."""
    return unicodedata.combining(character) > 0 or "\u1160" <= character <= "\u11ff" or character in "\uff9e\uff9f"


def _folded(character: str) -> str:
    """Katakana for both kana, and their sound marks apart, which some programs write by themselves."""
    if _HIRAGANA_FIRST <= character <= _HIRAGANA_LAST:
        character = chr(ord(character) + _TO_KATAKANA)
    return (
        unicodedata.normalize("NFD", character)
        if "\u30a1" <= character <= "\u30fe"
        else character.translate(_OLD_FORMS)
    )
