"""A letter -> its sentences, each with the concepts that its words say in the language that knows most of them.

The work is in proportion to the text: a word is looked up once in each lexicon, and a sentence has an end.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from chalicelib.domain.privacy.parsing.lexicon import EVERY, LANGUAGES, NO_SLIPS, Meaning, lexicon, says

WORDS_AT_MOST = 80  # of a sentence
_KNOWN = 0.2  # share of a letter's words that the languages of its sentences know at least, where it is in one of ours
_HASTY = 60  # words; in a longer letter another sentence says it without a slip
_GREETING = 4  # words that may stand before an "if" that begins a sentence
_ARTICLE = re.compile(
    r"\b(?:art(?:icle|ikel|iculo|icolo|igo|ykul\w{0,3}|icolul|\.)?|cl|clan[ae]k|clank\w{1,3}|αρθρο\w{0,2})\.? ?(1[5-9]|2[0-2]|77)(?!\d)(?:\.(?= ?[^\W\d]))?"
)
_OTHER_ARTICLE = re.compile(
    r"\b(art|abs|nr|no|lit|par|βλ|odst|st|cl|ust|stk|nr|mr|mrs|ms|dr|sr|sra|hr|fr|pan|sig|dott|bl|tel|approx|incl|e\.g|i\.e|z\.b|m\.in|np|tj|resp|bzw|gem|inkl|evtl|ggf|ca|usw|vgl|ust|ev|evt|etc|gdp|p)\.(?= )"
)
_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"]{1,80}@[^\s<>()\[\],;:\"]{1,100}")
_WEB = re.compile(r"\b(?:https?://|www\.)[^\s<>]{1,300}")
_NOT = re.compile(r"\b(do|does|did|is|are|was|were|have|has|had|would|could|should|must)n'?t\b")
_WORD_BY_WORD = re.compile(r"(?<=[^\W_])\. (?=[^\W_]{1,20}\.(?:\s|$))")  # DELETE. MY. DATA.
_EMAIL = re.compile(r"\be[- ]mail")
_ENDS = re.compile(r"[!?;…]+(?=\s|$)|\.+(?=[\s)\]]|$)|[?!]")
_WORD = re.compile(r"[^\W_]+|[,:]")
_LIST = re.compile(r"(?:^| )(?:[-*•·–] |\d{1,2}[.)] )")


@dataclass(frozen=True)
class Sentence:
    """A sentence's words, commas and colons among them, and where each concept stands in it: from the first of its words to
    after the last. `asks`: it ends with a question mark. `supposed`: it is what stands after an "if"; `conditional`: it is what
    follows then."""

    words: Sequence[str]
    asks: bool
    language: str = ""
    spans: Mapping[str, Sequence[tuple[int, int]]] = field(default_factory=dict)
    supposed: bool = False
    conditional: bool = False

    @property
    def own(self) -> bool:
        """Return whether the writer speaks of himself."""
        return self.any("i", "me", "me_first", "my", "about_me", "erase_me")

    def has(self, *concepts: str) -> bool:
        """Return whether it says each of the concepts."""
        return all(concept in self.spans for concept in concepts)

    def any(self, *concepts: str) -> bool:
        """Return whether it says one of the concepts."""
        return any(concept in self.spans for concept in concepts)

    def of(self, *concepts: str) -> list[tuple[int, int]]:
        """Return where one of the concepts stands, in order."""
        return sorted({span for concept in concepts for span in self.spans.get(concept, ())})

    def within(self, concept: str, start: int, end: int) -> bool:
        """Return whether the concept begins there, `end` not included."""
        spans = self.spans.get(concept, ())
        at = bisect_left(spans, (start, -1))
        return at < len(spans) and spans[at][0] < end

    def known(self, start: int, end: int) -> bool:
        """Return whether none of these words is strange, as a name would be."""
        spans = [span for each in self.spans.values() for span in each]
        return all(any(first <= at < past for first, past in spans) for at in range(start, min(end, len(self.words))))

    def after(self, first: Sequence[str], second: Sequence[str], words: int) -> bool:
        """Return whether one of the second concepts follows one of the first with at most so many words between."""
        then = self.of(*second)
        for _, end in self.of(*first):
            at = bisect_left(then, (end, -1))
            if at < len(then) and then[at][0] - end <= words:
                return True
        return False

    def near(self, first: Sequence[str], second: Sequence[str], words: int) -> bool:
        """Return whether they stand so near, in either order."""
        return self.after(first, second, words) or self.after(second, first, words)

    def begins(self, *concepts: str, words: int = 2) -> bool:
        """Return whether one of the concepts stands among its first words."""
        return any(self.within(concept, 0, words) for concept in concepts)


@dataclass(frozen=True)
class Letter:
    """`known`: it is in a language that has a lexicon here; of any other only what every language understands is told."""

    sentences: Sequence[Sentence]
    known: bool

    @cached_property
    def length(self) -> int:
        """How many words it has."""
        return sum(len(sentence.words) for sentence in self.sentences)


def read_letter(text: str) -> Letter:
    """Return the sentences of a text that is folded (folding.plain)."""
    seen: dict[tuple[str, str], list[Meaning]] = {}
    split = [(words, asks) for words, asks in _split(text) if words]
    hasty = sum(len(words) for words, _ in split) <= _HASTY
    hits = [_hits(words, seen, hasty) for words, _ in split]
    overall: Counter[str] = Counter()
    counted = [_counted(found) for found in hits]
    for count in counted:
        overall.update(count)
    total = max(1, sum(len(words) for words, _ in split))
    sentences, spoken, known = list[Sentence](), list[str](), 0
    said = [Counter(meaning.language for _, _, meaning in found) for found in hits]
    for (words, _), count, more in zip(split, counted, said, strict=True):
        language = max(
            LANGUAGES,
            key=lambda each: (count[each] + overall[each] / total * min(6, len(words)), overall[each], more[each]),
        )
        known += count[language]
        spoken.append(language)
    share = known / total
    for (words, asks), found, language in zip(split, hits, spoken, strict=True):
        told = language if share >= _KNOWN else ""
        sentences += _clauses(Sentence(words, asks, told, _spans(found, told)))
    return Letter(sentences, share >= _KNOWN)


def _clauses(sentence: Sentence) -> Iterator[Sentence]:
    """What is only supposed, apart from what follows from it."""
    begun = next((at for at, _ in sentence.of("if") if at < _GREETING), None)
    if begun is None or "," not in sentence.words[begun:]:
        yield replace(sentence, supposed=sentence.begins("if"))
        return
    comma = list(sentence.words).index(",", begun)
    yield replace(part_of(sentence, 0, comma), supposed=True)
    yield replace(part_of(sentence, comma + 1, len(sentence.words)), conditional=True)


def addresses(text: str) -> list[str]:
    """Return the mail addresses that stand in a text, without a full stop that ends its sentence."""
    return [found.rstrip(".!?") for found in _ADDRESS.findall(text)]


def part_of(sentence: Sentence, start: int, end: int) -> Sentence:
    """Return those words of a sentence, with what they say."""
    spans = {
        concept: [(at - start, past - start) for at, past in each if start <= at and past <= end]
        for concept, each in sentence.spans.items()
    }
    return replace(
        sentence, words=sentence.words[start:end], spans={name: each for name, each in spans.items() if each}
    )


def _split(text: str) -> Iterator[tuple[list[str], bool]]:
    """The words of each sentence, and whether it asks. A full stop within a name or an address ends none."""
    text = _NOT.sub(r"\1 not", _WEB.sub(" xlink ", _ADDRESS.sub(" xaddress ", text)))
    text = _OTHER_ARTICLE.sub(r"\1 ", _ARTICLE.sub(r" art\1 ", text)).replace("whether or not", "whether")
    text = _EMAIL.sub("email", text)
    text = _WORD_BY_WORD.sub(" ", text)
    at = 0
    for end in (*_ENDS.finditer(text), None):
        piece, mark = (text[at : end.start()], end[0]) if end else (text[at:], "")
        at = end.end() if end else at
        for part in _LIST.split(piece):
            words = _WORD.findall(part)
            for start in range(0, len(words), WORDS_AT_MOST):
                yield words[start : start + WORDS_AT_MOST], "?" in mark


def _hits(
    words: Sequence[str], seen: dict[tuple[str, str], list[Meaning]], hasty: bool
) -> list[tuple[int, int, Meaning]]:
    """What the words say in any language: where it begins and ends, and what. `seen`: what may begin with two such words; `hasty`:
    a word that says nothing may be one that was mistyped."""
    found = []
    for at, pair in enumerate(zip(words, (*words[1:], ""), strict=True)):
        if pair not in seen:
            said = list(lexicon().meanings(pair[0]))
            if hasty:
                known = {each.language for each in said if each.concept in NO_SLIPS}
                said += [each for each in lexicon().mistyped(pair[0], bool(said)) if each.language not in known]
            seen[pair] = [each for each in said if not each.rest or says(pair[1], each.rest[0])]
        for meaning in seen[pair]:
            end = at + 1 + len(meaning.rest)
            if end <= len(words) and all(map(says, words[at + 2 : end], meaning.rest[1:])):
                found.append((at, end, meaning))
    return found


def _counted(found: Sequence[tuple[int, int, Meaning]]) -> Counter[str]:
    """How many words each language knows."""
    known = {(word, meaning.language) for at, end, meaning in found for word in range(at, end)}
    return Counter(language for _, language in known)


def _spans(found: Sequence[tuple[int, int, Meaning]], language: str) -> dict[str, list[tuple[int, int]]]:
    spans: dict[str, list[tuple[int, int]]] = {}
    for at, end, meaning in found:
        if meaning.language in (language, EVERY):
            spans.setdefault(meaning.concept, []).append((at, end))
    return {concept: sorted(set(each)) for concept, each in spans.items()}
