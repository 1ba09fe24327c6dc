"""The words by which people exercise their rights: one file a language, each a table of concepts and how that language says them.

An entry is a word, `stem*` for every word that begins so, or `words_in_a_row`. What every language understands stands in `any`.
`clitics` are the endings by which a verb says "me" (borrenme, toglietemi).
"""

import functools
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from chalicelib.domain.privacy.parsing.folding import folded

LANGUAGES = ("en", "fr", "de", "es", "it", "nl", "pt", "pl", "sv", "da", "cs", "ro", "el", "hr")
EVERY = "any"  # what all of them understand
_HERE = Path(__file__).parent / "lexicons"
_STEM_AT_MOST = 16  # letters
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

    def meanings(self, word: str) -> Iterator[Meaning]:
        """Yield what may begin with that word."""
        yield from self.words.get(word, ())
        if word.endswith("s"):  # my wife's, min frus
            yield from (meaning for meaning in self.words.get(word[:-1], ()) if meaning.concept == "family")
        for length in range(2, min(len(word), _STEM_AT_MOST) + 1):
            for meaning in self.stems.get(word[:length], ()):
                yield meaning
                clitic = self.clitics.get(meaning.language)
                if clitic and meaning.concept in _WITH_ME and word[length:].endswith(clitic):
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
    return Lexicon(words, stems, clitics)


def says(word: str, entry: str) -> bool:
    """Return whether a word of a text is that entry of a lexicon."""
    return word.startswith(entry[:-1]) if entry.endswith("*") else word == entry
