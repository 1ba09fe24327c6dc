"""Finding a person's name in a free text: in full in any order and spelling, or a part of it that stands alone.

The full name is found as "Anna Kowalska", "Kowalska Anna", "Kowalska, Anna", "A. Kowalska", "Anna M. Kowalska",
whatever the accents, the case, the hyphens and the spelling of umlauts. A first or last name alone counts where it has a
capital and is no part of another person's full name, that is, where no other name stands beside it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from functools import cached_property

from chalicelib.domain.redaction.declension import is_declined, is_suffixed, written_forms
from chalicelib.domain.redaction.folding import WORD, fold, spellings
from chalicelib.domain.redaction.stop_words import NOT_NAMES, PARTICLES, TITLES
from chalicelib.domain.redaction.unspaced import UnspacedSearch, is_unspaced

_WITHIN = re.compile(r"[ \t\u00a0]*[\s'’.\-‐‑][ \t\u00a0]*\Z")  # between the parts of one name
_APOSTROPHE = re.compile("['’‘`´ʼ]")
_SPACE = re.compile(r"(?:[ \t\u00a0\u202f]+|[ \t]*\r?\n[ \t]*)\Z")
_INITIAL = re.compile(r"\.?[ \t\u00a0\u202f]*\Z")
_COMMA = re.compile(r"[ \t]*,[ \t\u00a0]*\Z")
_HYPHEN = re.compile(r"[-‐‑]\Z")
_SEGMENT_START = re.compile(r"(?:^|[\n;:(•])[ \t\u00a0*–-]*\Z")
_SEGMENT_END = re.compile(r"[ \t\u00a0]*(?:\Z|[\r\n;)(<])")
Span = tuple[int, int]


@dataclass(frozen=True)
class PersonName:
    """A person's name as a record had it; either part may be empty."""

    first: str
    last: str

    @cached_property
    def firsts(self) -> tuple[tuple[frozenset[str], ...], ...]:
        """The ways in which the first name is written, each as folded words: all of it, or its first word."""
        return _variants(self.first)

    @cached_property
    def lasts(self) -> tuple[tuple[frozenset[str], ...], ...]:
        """The ways in which the last name is written: all of it, or without its particles."""
        words = WORD.findall(self.last)
        kept = next((i for i, word in enumerate(words) if fold(word) not in PARTICLES), 0)
        return tuple(dict.fromkeys((_folded(words), _folded(words[kept:]), _joined(self.last)))) if words else ()


@dataclass(frozen=True)
class _Token:
    start: int
    end: int
    text: str
    forms: frozenset[str]

    @property
    def capital(self) -> bool:
        return self.text[0].isupper()


def name_spans(text: str, names: Sequence[PersonName], taken: Sequence[Span] = ()) -> list[Span]:
    """Return the spans of the names in the text, in order.

    `taken` are spans that are something else (addresses, URLs).
    """
    tokens = [
        _Token(m.start(), m.end(), m[0], written_forms(m[0]))
        for m in WORD.finditer(text)
        if not any(m.start() < end and start < m.end() for start, end in taken)
    ]
    found: list[Span] = []
    unspaced = UnspacedSearch(text, taken)
    for name in names:
        if is_unspaced(name.first, name.last):
            found += unspaced.spans(name.first, name.last)
        else:
            found += _Search(text, tokens, name).spans()
    return merged(found)


def merged(spans: Sequence[Span]) -> list[Span]:
    """Return the spans in order, with overlapping ones merged."""
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


class _Form(Enum):
    """In which form a part of a name is looked for. DECLINED: in no other case than the nominative; ALONE: in every form that
    is certain without the other part."""

    PLAIN = auto()
    GENITIVE = auto()
    DECLINED = auto()
    ALONE = auto()


def _fits(token: _Token, forms: frozenset[str], form: _Form, *, at_end: bool) -> bool:
    """Whether the word is one of these in that form; `at_end`: it is the last one of its part."""
    if form is _Form.DECLINED:
        return is_declined(token.text, forms)
    if token.forms & forms:
        return True
    if form is _Form.ALONE and at_end and is_declined(token.text, forms, alone=True):
        return True
    return form is not _Form.PLAIN and at_end and any(is_suffixed(written, forms) for written in token.forms)


class _Search:
    """One name in one text. Positions are indices of tokens; a run is [begin, end)."""

    def __init__(self, text: str, tokens: list[_Token], name: PersonName) -> None:
        self._text, self._tokens, self._name = text, tokens, name
        self._cut: set[int] = set()

    def spans(self) -> list[Span]:
        full = list(self._full())
        for begin, end in full:
            self._cut.update(range(begin, end))
        runs = [*full, *self._lone()]
        return [(self._tokens[begin].start, self._end_of(begin, end)) for begin, end in runs]

    def _end_of(self, begin: int, end: int) -> int:
        """With the full stop of an initial at the end ("Kowalska, A.")."""
        last = self._tokens[end - 1]
        dotted = end - begin > 1 and len(last.text) == 1 and self._text[last.end : last.end + 1] == "."
        return last.end + dotted

    def _full(self) -> Iterator[Span]:
        if not self._name.firsts or not self._name.lasts:
            return
        for begin in range(len(self._tokens)):
            ends = [
                end for end in (*self._first_last(begin), *self._last_first(begin)) if not self._compound(begin, end)
            ]
            if ends:
                yield begin, max(ends)

    def _first_last(self, begin: int) -> Iterator[int]:
        plain = (*self._ends(begin, self._name.firsts, _Form.PLAIN), *self._initials(begin))
        declined = self._ends(begin, self._name.firsts, _Form.DECLINED)
        firsts = [(each, _Form.GENITIVE) for each in plain] + [(each, _Form.DECLINED) for each in declined]
        for (middle, shortened), form in firsts:
            for at in self._over_middle(middle, shortened):
                for end, _ in self._ends(at, self._name.lasts, form):
                    # "Nowak, Anna" and below it "Kowalska, Piotr" are two others.
                    torn = "\n" in self._between(at)
                    if not (torn and (self._inverted(begin, middle, False) or self._inverted(at, end, True))):
                        yield end

    def _over_middle(self, at: int, shortened: bool) -> Iterator[int]:
        """Where the last name may begin: after the first, or after one middle name or initial."""
        if self._gap(at, _INITIAL if shortened else _SPACE):
            yield at
        if shortened or not self._gap(at, _SPACE) or at + 1 >= len(self._tokens):
            return
        middle = self._tokens[at]
        initial = len(middle.text) == 1
        namely = middle.capital and (initial or not middle.forms & (NOT_NAMES | TITLES))
        if namely and self._gap(at + 1, _INITIAL if initial else _SPACE):
            yield at + 1

    def _last_first(self, begin: int) -> Iterator[int]:
        for middle, _ in self._ends(begin, self._name.lasts, _Form.PLAIN):
            comma = self._gap(middle, _COMMA)
            if not comma and not self._gap(middle, _SPACE):
                continue
            for end, short in (*self._ends(middle, self._name.firsts, _Form.GENITIVE), *self._initials(middle)):
                if short and not comma:
                    continue
                # "Piotr Kowalska, Anna Nowak" are two others.
                if not (comma and (self._name_beside(begin, -1) or self._name_beside(end, 1))):
                    yield end

    def _ends(
        self, begin: int, variants: Sequence[tuple[frozenset[str], ...]], form: "_Form"
    ) -> list[tuple[int, bool]]:
        """Where the variants end that begin here."""
        return [(begin + len(v), False) for v in variants if self._reads(begin, v, form)]

    def _reads(self, begin: int, variant: tuple[frozenset[str], ...], form: "_Form") -> bool:
        if begin + len(variant) > len(self._tokens):
            return False
        for offset, forms in enumerate(variant):
            token = self._tokens[begin + offset]
            if offset and not self._gap(begin + offset, _WITHIN):
                return False
            if not _fits(token, forms, form, at_end=offset == len(variant) - 1):
                return False
        return True

    def _initials(self, begin: int) -> list[tuple[int, bool]]:
        """Where the first name's initials end that begin here: "A.", "A", "J.-P."."""
        if begin >= len(self._tokens):
            return []
        ends = []
        for variant in self._name.firsts:
            run = self._tokens[begin : begin + len(variant)]
            letters = [
                (len(t.text) == 1 and t.capital and any(f[0] in t.forms for f in forms))
                for t, forms in zip(run, variant, strict=False)
            ]
            gaps = all(
                re.fullmatch(r"\.?[ \t\u00a0]*[-‐‑]?[ \t\u00a0]*", self._between(begin + i)) for i in range(1, len(run))
            )
            if len(run) == len(variant) and all(letters) and gaps:
                ends.append((begin + len(variant), True))
        return ends

    def _lone(self) -> Iterator[Span]:
        for variants, is_last in ((self._name.firsts, False), (self._name.lasts, True)):
            form = _Form.ALONE if is_last else _Form.GENITIVE
            for begin in range(len(self._tokens)):
                for end, _ in self._ends(begin, variants, form):
                    if not self._cut & set(range(begin, end)) and self._stands_alone(begin, end, is_last):
                        yield begin, end

    def _stands_alone(self, begin: int, end: int, is_last: bool) -> bool:
        run = self._tokens[begin:end]
        titled = begin > 0 and bool(self._tokens[begin - 1].forms & TITLES) and self._gap(begin, _INITIAL)
        if (
            not any(token.capital for token in run)
            or (len(run) == 1 and len(run[0].text) == 1)
            or self._compound(begin, end)
        ):
            return False
        if len(run) == 1 and run[0].forms & NOT_NAMES and not titled:
            return False
        if self._name_beside(begin, -1) or self._name_beside(end, 1):
            return False
        return not self._inverted(begin, end, is_last)

    def _name_beside(self, at: int, side: int) -> bool:
        """Whether a word that may belong to a name stands before token `at`, or after the one before it."""
        beside = at - 1 if side < 0 else at
        if not 0 <= beside < len(self._tokens) or beside in self._cut:
            return False
        token, gap = self._tokens[beside], self._between(at)
        if len(token.text) == 1 and token.capital and not token.forms & {"m"} and side < 0:
            return bool(_INITIAL.match(gap)) and "." in gap  # "P. Kowalska"
        if not token.capital or len(token.text) == 1 or token.forms & (NOT_NAMES | TITLES):
            return False
        return bool(_SPACE.match(gap)) and "\n" not in gap

    def _inverted(self, begin: int, end: int, is_last: bool) -> bool:
        """Whether the name is half of somebody else's "Nowak, Anna", which stands on its own, unlike in a list."""
        if is_last:
            return (
                self._gap(end, _COMMA)
                and self._tokens[end].capital
                and end not in self._cut
                and bool(_SEGMENT_START.search(self._text[: self._tokens[begin].start]))
                and bool(_SEGMENT_END.match(self._text[self._tokens[end].end :]))
            )
        return (
            begin > 0
            and self._gap(begin, _COMMA)
            and self._tokens[begin - 1].capital
            and begin - 1 not in self._cut
            and bool(_SEGMENT_START.search(self._text[: self._tokens[begin - 1].start]))
            and bool(_SEGMENT_END.match(self._text[self._tokens[end - 1].end :]))
        )

    def _compound(self, begin: int, end: int) -> bool:
        """Whether a hyphen ties the run to another word: "Kowalska-Nowak" is another name."""
        return self._gap(begin, _HYPHEN) or self._gap(end, _HYPHEN)

    def _gap(self, at: int, pattern: re.Pattern[str]) -> bool:
        """Whether what stands between token `at` and the one before it is of that form."""
        return 0 < at < len(self._tokens) and bool(pattern.match(self._between(at)))

    def _between(self, at: int) -> str:
        if not 0 < at < len(self._tokens):
            return "\0"
        return self._text[self._tokens[at - 1].end : self._tokens[at].start]


def _variants(name: str) -> tuple[tuple[frozenset[str], ...], ...]:
    words = WORD.findall(name)
    if not words:
        return ()
    whole = _folded(words)
    first = _folded(WORD.findall(name.split(maxsplit=1)[0]))
    return tuple(dict.fromkeys((whole, first or whole)))


def _joined(name: str) -> tuple[frozenset[str], ...]:
    """The words of a name without its apostrophes: OBrien."""
    return _folded(WORD.findall(_APOSTROPHE.sub("", name)))


def _folded(words: Sequence[str]) -> tuple[frozenset[str], ...]:
    return tuple(spellings(word) for word in words)
