"""The words by which people exercise their rights: one file a language, each a table of concepts and how that language says them.

An entry is a word, `stem*` for every word that begins so, or `words_in_a_row`. What every language understands stands in `any`.
`clitics` are the endings by which a verb says "me" (borrenme, toglietemi).
"""

import functools
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from chalicelib.domain.privacy.parsing import spelling
from chalicelib.domain.privacy.parsing.folding import folded

LANGUAGES = ("en", "fr", "de", "es", "it", "nl", "pt", "pl", "sv", "da", "cs", "ro", "el", "hr")
EVERY = "any"  # what all of them understand
_HERE = Path(__file__).parent / "lexicons"
_STEM_AT_MOST = 16  # letters
MISTYPED = frozenset(
    ["erase", "erasure", "data"]
)  # what a slip is looked for in: who slips elsewhere is understood by these
# What says one of these in a language is no slip in it: "shared" is not "shredded" with a letter too many.
NO_SLIPS = MISTYPED | {"share", "contact", "restrict", "rectify", "object", "processing", "keep"}
_OF_SOUNDS = 3  # letters of a Greek word in Latin letters, at least; shorter ones are words of other languages
_MISTYPED_AT_MOST = 40  # letters; what is longer is no word, and each beginning of it would be looked up
_WITH_UMLAUTS = frozenset(["de", "sv", "da"])
_WITH_ME = {"erase": "erase_me", "contact": "me", "send": "me"}  # what a verb with such an ending says beside itself


@dataclass(frozen=True)
class Meaning:
    """That a word, or a few in a row, say a concept in a language. `rest`: what follows the first word, where more must."""

    language: str
    concept: str
    rest: tuple[str, ...] = ()


@dataclass(frozen=True)
class Lexicon:
    """Every language's words together, by the first word or by its stem."""

    words: Mapping[str, Sequence[Meaning]] = field(default_factory=dict)
    stems: Mapping[str, Sequence[Meaning]] = field(default_factory=dict)
    clitics: Mapping[str, str] = field(default_factory=dict)
    slips: Mapping[str, Sequence[tuple[str, Meaning]]] = field(default_factory=dict)
    sounds: Mapping[str, Sequence[Meaning]] = field(default_factory=dict)

    def mistyped(self, word: str, known: bool) -> Iterator[Meaning]:
        """Yield what a word may have been meant for: one with a slip, or, where it is not `known` in any language, a Greek one in
        Latin letters."""
        if not _OF_SOUNDS <= len(word) <= _MISTYPED_AT_MOST or not word.isalnum():
            return
        for begun in spelling.beginnings(word):
            for near in (begun, *spelling.left_out(begun)):
                for meant, meaning in self.slips.get(near, ()):
                    stem = meant.endswith("*")
                    whole = len(begun) == len(word)
                    same_end = begun[-1] == meant.rstrip("*")[-1]
                    if (whole or (stem and same_end)) and spelling.one_apart(begun, meant.rstrip("*")):
                        yield meaning
                        yield from self._with_me(meaning, word[len(begun) :])
        if word.isascii() and not known:
            for sounded in spelling.greeklish(word):
                yield from self.sounds.get(sounded, ())
                yield from (
                    each for size in range(4, len(sounded)) for each in self.sounds.get(sounded[:size] + "*", ())
                )

    def meanings(self, word: str) -> Iterator[Meaning]:
        """Yield what may begin with that word, its umlauts written as two letters or not."""
        yield from self._meanings(word)
        single = spelling.without_digraphs(word)
        if single != word:
            yield from (each for each in self._meanings(single) if each.language in _WITH_UMLAUTS)

    def _meanings(self, word: str) -> Iterator[Meaning]:
        yield from self.words.get(word, ())
        if word.endswith("s"):  # my wife's, min frus
            yield from (meaning for meaning in self.words.get(word[:-1], ()) if meaning.concept == "family")
        for length in range(2, min(len(word), _STEM_AT_MOST) + 1):
            for meaning in self.stems.get(word[:length], ()):
                yield meaning
                yield from self._with_me(meaning, word[length:])

    def _with_me(self, meaning: Meaning, ending: str) -> Iterator[Meaning]:
        """What the ending of a verb adds where it says "me"."""
        clitic = self.clitics.get(meaning.language)
        if clitic and meaning.concept in _WITH_ME and ending.endswith(clitic):
            yield Meaning(meaning.language, _WITH_ME[meaning.concept])


@functools.cache
def lexicon() -> Lexicon:
    """Return the words of all languages."""
    words: dict[str, list[Meaning]] = {}
    stems: dict[str, list[Meaning]] = {}
    clitics: dict[str, str] = {}
    for language in (*LANGUAGES, EVERY):
        table = tomllib.loads((_HERE / f"{language}.toml").read_text("utf-8"))
        clitics[language] = table.pop("clitics", "")
        for concept, entries in table.items():
            for entry in folded(entries).split():
                first, *rest = entry.split("_")
                meaning = Meaning(language, concept, tuple(rest))
                index, key = (stems, first[:-1]) if first.endswith("*") else (words, first)
                index.setdefault(key, []).append(meaning)
    return Lexicon(words, stems, clitics, _slips(words, stems), _sounds(words, stems))


def _slips(
    words: Mapping[str, Sequence[Meaning]], stems: Mapping[str, Sequence[Meaning]]
) -> dict[str, list[tuple[str, Meaning]]]:
    """By the word or stem, and by it with each letter left out, what it says."""
    found: dict[str, list[tuple[str, Meaning]]] = {}
    for index, end in ((words, ""), (stems, "*")):
        for key, meanings in index.items():
            said = [each for each in meanings if each.concept in MISTYPED and not each.rest]
            for near in (key, *spelling.left_out(key)) if said and len(key) >= spelling.SHORTEST else ():
                found.setdefault(near, []).extend((key + end, each) for each in said)
    return found


def _sounds(words: Mapping[str, Sequence[Meaning]], stems: Mapping[str, Sequence[Meaning]]) -> dict[str, list[Meaning]]:
    """By the sounds of a Greek word what it says, of a stem with its asterisk."""
    found: dict[str, list[Meaning]] = {}
    for index, end in ((words, ""), (stems, "*")):
        for key, meanings in index.items():
            said = [each for each in meanings if each.language == "el" and not each.rest and not key.isascii()]
            found.setdefault(spelling.greek(key) + end, []).extend(said)
    return {sounded: said for sounded, said in found.items() if said}


def says(word: str, entry: str) -> bool:
    """Return whether a word of a text is that entry of a lexicon, its umlauts written as two letters or not."""
    spelt = (word, spelling.without_digraphs(word))
    return any(each.startswith(entry[:-1]) if entry.endswith("*") else each == entry for each in spelt)
