"""Finding a person's name where words have no blanks between them, or particles hang on them: Chinese, Japanese, Korean, Thai,
Lao, Khmer, Burmese.

Nothing shows there where a name ends. A name in full is found wherever it stands, unless what follows makes another name of it
(山田健太 is not 山田健太郎); a part of it where a title or a particle follows, and no other name is begun by it (山田さん, not
山田花子さん). Half width, both kana, old forms of characters and the order of the parts count for nothing.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cached_property

from chalicelib.domain.redaction import unspaced_words as words
from chalicelib.domain.redaction.unspaced_text import UnspacedText, form

Span = tuple[int, int]
_HAN = re.compile(r"[々〇\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_KATAKANA = re.compile(r"[\u30a1-\u30fa\u30fc-\u30ff\u3099\u309a]")
_HIRAGANA = re.compile(r"[\u3041-\u309f]")
_HANGUL = re.compile(r"[\uac00-\ud7a3]")
_BRAHMIC = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")
_UNSPACED = re.compile("|".join(each.pattern for each in (_HAN, _KATAKANA, _HIRAGANA, _HANGUL, _BRAHMIC)))
# Vowels and marks that belong to the letter before them; and vowels that are written before theirs.
_DEPENDENT = re.compile(r"[\u0e30-\u0e3a\u0e45\u0e47-\u0e4e\u0eb0-\u0ebc\u0ec8-\u0ece\u102b-\u103e\u17b4-\u17d3]")
_LEADING = re.compile(r"[\u0e40-\u0e44\u0ec0-\u0ec4]")
_BETWEEN = r"[ \t\u00a0・·‧,、.\-]"  # what may stand between the parts of a name
_SHORTEST = 2  # characters of a name that is looked for without a title beside it


def is_unspaced(first: str, last: str) -> bool:
    """Return whether the name is written in one of these scripts."""
    return bool(_UNSPACED.search(first + last))


class UnspacedSearch:
    """One text, in which the spans of names are looked for."""

    def __init__(self, text: str, taken: Sequence[Span]) -> None:
        self._original, self._taken = text, taken

    @cached_property
    def _text(self) -> UnspacedText:
        return UnspacedText(self._original)

    def spans(self, first: str, last: str) -> Iterator[Span]:
        """Yield the spans of this name in the text, in full and in parts."""
        parts = [form(part) for part in (last, first) if part.strip()]
        if len(parts) == 1:  # a name that was not taken apart: 山田 太郎
            parts = parts[0].split()
        if not parts or not _UNSPACED.search(self._original):
            return
        full = list(self._full(parts))
        yield from self._found(full)
        if len(parts) > 1 or len(parts[0]) <= _SHORTEST:
            lone = [*self._family(parts[0]), *self._given(parts[-1])]
            yield from self._found([each for each in lone if not any(_meet(each, other) for other in full)])

    def _found(self, spans: Sequence[Span]) -> Iterator[Span]:
        for begin, end in spans:
            start, stop = self._text.original(begin, end)
            if not any(_meet((start, stop), other) for other in self._taken):
                yield start, stop

    def _full(self, parts: Sequence[str]) -> Iterator[Span]:
        whole = "".join(parts)
        if len(whole) < _SHORTEST or (len(parts) == 1 and len(whole) <= _SHORTEST and not _HANGUL.match(whole)):
            return
        family, given = re.escape(parts[0]), re.escape("".join(parts[1:]))
        ways = [f"{_BETWEEN}{{0,2}}".join(map(re.escape, parts))]
        if given:
            blank = "{0,2}" if _BRAHMIC.match(parts[0]) else "{1,2}"
            ways.append(f"{given}{_BETWEEN}{blank}{family}")
        for match in re.finditer("|".join(ways), self._text.folded):
            in_order = match.group().startswith(parts[0])
            length = len(parts[-1]) if len(parts) > 1 else 0
            if self._begins(match.start(), parts[0]) and self._ends(match.end(), length if in_order else 0):
                yield match.span()

    def _family(self, family: str) -> Iterator[Span]:
        """The family name before a title; or, of two characters, before a particle or between signs."""
        if _BRAHMIC.match(family):
            return
        for match in re.finditer(re.escape(family), self._text.folded):
            begin, end = match.span()
            if not self._begins(begin, family) or self._joined(begin - 1, family):
                continue
            if self._titled(end) or (
                len(family) >= _SHORTEST and not _HANGUL.match(family) and self._stands(begin, end)
            ):
                yield begin, end

    def _given(self, given: str) -> Iterator[Span]:
        """The given name before a title, where no family name stands before it."""
        if len(given) < _SHORTEST:
            return
        for match in re.finditer(re.escape(given), self._text.folded):
            begin, end = match.span()
            if _BRAHMIC.match(given):
                alone = self._thai_alone(begin, end)
            elif _HANGUL.match(given):
                alone = self._begins(begin, given) and self._ends(end, 0) and not self._behind_surname(begin)
            else:
                before = self._text.folded[:begin].rstrip(" \t")[-1:]
                alone = self._titled(end) and not _HAN.match(before) and self._begins(begin, given)
            if alone:
                yield begin, end

    def _begins(self, at: int, part: str) -> bool:
        """Whether a name may begin here, after what stands before."""
        before = self._text.raw[at - 1 : at] if at else ""
        if _HANGUL.match(part):
            return not _HANGUL.match(before)
        if _BRAHMIC.match(part):
            return not _LEADING.match(before)
        if _HAN.match(part):
            return not (len(part) >= _SHORTEST and before and before in words.LONGER_FAMILY)
        return not (_KATAKANA.match(self._text.raw[at : at + 1]) and _KATAKANA.match(before))

    def _ends(self, at: int, given: int) -> bool:
        """Whether a name may end here; `given` is how many characters its given name has, 0 where that is not known."""
        raw, rest = self._text.raw, self._text.raw[at:]
        last, after = raw[at - 1 : at], raw[at : at + 1]
        if _HANGUL.match(last):
            return bool(words.KOREAN_AFTER.match(rest))
        if _BRAHMIC.match(last):
            return not _DEPENDENT.match(after)
        if _HAN.match(last) and _HAN.match(after):
            if given == 1:
                return bool(words.HAN_AFTER.match(rest))
            return not (given == _SHORTEST and words.LONGER_GIVEN.match(rest))
        if _HIRAGANA.match(last) and _HIRAGANA.match(after):
            return bool(words.JAPANESE_AFTER.match(rest))
        return not (_KATAKANA.match(last) and _KATAKANA.match(after) and not words.TITLE.match(self._text.folded[at:]))

    def _joined(self, before: int, family: str) -> bool:
        """Whether a Chinese family name of one character is the end of a word (国王) or of a longer name."""
        return len(family) == 1 and before >= 0 and self._text.raw[before] in words.BEFORE_ONE

    def _titled(self, at: int) -> bool:
        if _HANGUL.match(self._text.raw[at - 1 : at]):
            return bool(words.KOREAN_TITLE.match(self._text.raw[at:]))
        return bool(words.TITLE.match(self._text.folded[at:]))

    def _stands(self, begin: int, end: int) -> bool:
        """Whether a particle follows, or nothing that may be a given name."""
        raw = self._text.raw
        before, after = raw[:begin][-1:], raw[end : end + 1]
        if _HAN.match(before) or _KATAKANA.match(before):
            return False
        if words.JAPANESE_AFTER.match(raw[end:]) and _HIRAGANA.match(after):
            return True
        behind = raw[end:].lstrip(" \t\u00a0・")[:1]
        return not after.isalnum() and not _UNSPACED.match(behind)

    def _behind_surname(self, at: int) -> bool:
        """Whether a Korean family name stands before the word that begins here: 박 철수."""
        found = re.search(
            r"(?<![\uac00-\ud7a3])([\uac00-\ud7a3]{1,2})[ \t\u00a0]\Z", self._text.raw[max(0, at - 4) : at]
        )
        return bool(found and found.group(1) in words.KOREAN_FAMILIES)

    def _thai_alone(self, begin: int, end: int) -> bool:
        """Whether a Thai given name has a title or nothing before it, and no other family name behind."""
        raw = self._text.raw
        before = raw[max(0, begin - 12) : begin]
        if not (words.THAI_TITLE.search(before) or not _BRAHMIC.match(before[-1:])):
            return False
        behind = raw[end:].lstrip(" \t\u00a0")[:1]
        return not _BRAHMIC.match(behind) or bool(words.THAI_AFTER.match(raw[end:]))


def _meet(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]
