"""Whether what is to go is a thing of everyday work, or stands in one, rather than all that is held of the writer.

My booking and its details, my data from the quote, everything I sent on Monday: who reads these as a wish to be forgotten
takes more than was meant. A word that nobody here knows, where a sentence says out of what something is to go, names such a
thing more often than not; a person of ours looks at it.
"""

import functools
from collections.abc import Iterator

from chalicelib.domain.privacy.parsing.lexicon import lexicon
from chalicelib.domain.privacy.parsing.sentences import Sentence

Span = tuple[int, int]
_TAIL = 8  # words after a wish that still tell out of what
_AT_ONCE = 3  # words between what is to go and "out of"
_PHRASE = 6  # words from "out of" to what it names
_SOON = 2  # words to the place where all is held
_HEAD = 5  # letters of a noun that another grows before
_COMPOUNDING = frozenset(["de", "nl", "sv", "da"])
_RELATIVE = 6  # words from "everything" to "I sent"
_WHERE_ALL_IS = (
    "held",
    "holder",
    "list",
    "aside",
    "law",
    "lawful",
    "request",
    "delay",
    "want",
    "privacy",
    "consent",
    "me",
    "about_me",
    "everything",
)
_MANNER = ("mente", "ment")  # as adverbs end where sentences are built like this
_ENDS = ("and", "not", "stop", "contact", "if", "otherwise", "marketing", "oblige")
_WE = {
    "en": ("i", "we"),
    "de": ("ich", "wir"),
    "fr": ("je", "j", "nous"),
    "nl": ("ik", "wij"),
    "sv": ("jag", "vi"),
    "da": ("jeg", "vi"),
}
_WHICH = ("die", "das", "der", "den", "was", "dat", "que", "qui", "som", "which", "that")
_DATA_OF_WHAT = frozenset(["en", "de", "nl", "sv", "da"])  # where what follows "data" may be a noun that it belongs to


def of_a_thing(sentence: Sentence, whole: list[Span]) -> bool:
    """Return whether a wish names a thing beside what is to go, or in which it stands. `whole`: where it names all that is held of
    the writer."""
    verbs = sentence.of("erase", "erasure", "erase_me", "take")
    if not verbs or sentence.near(("everything",), ("about_me",), _PHRASE):
        return False
    wished = whole or sentence.of("data") or sentence.of("it", "me", "me_first", "all")
    start, end = _nearest(sentence, verbs, wished)
    past = _tail(sentence, end)
    if any(start <= at < past for at, _ in sentence.of("thing")) or (not whole and _of_something_mine(sentence)):
        return True
    if _of_what_was_given(sentence, start, past):
        return True
    out_of = [first for at, first in sentence.of("out_of") if start <= at < min(past, end + _AT_ONCE)]
    return any(_names_a_thing(sentence, first) for first in out_of)


def of_a_kind(sentence: Sentence, whole: list[Span]) -> bool:
    """Return whether a wish that names none of the writer's data is of a thing of everyday: all my appointments of tomorrow."""
    verbs = sentence.of("erase", "erasure")
    return bool(verbs) and not whole and any(start >= verbs[0][0] - _PHRASE for start, _ in sentence.of("thing"))


def _nearest(sentence: Sentence, verbs: list[Span], wished: list[Span]) -> Span:
    """From the first word to after the last of a verb and what stands nearest to it."""
    if not wished:
        return verbs[0]
    verb, thing = min(
        ((verb, thing) for verb in verbs for thing in wished),
        key=lambda pair: max(pair[0][0], pair[1][0]) - min(pair[0][1], pair[1][1]),
    )
    start, end = min(verb[0], thing[0]), max(verb[1], thing[1])
    apart = end - start > _PHRASE and "," in sentence.words[start:end]
    return verb if apart else (start, end)


def _tail(sentence: Sentence, end: int) -> int:
    """Where what is said of the wish ends."""
    for place in range(end, min(end + _TAIL, len(sentence.words))):
        if sentence.words[place] in ",:" or any(sentence.within(each, place, place + 1) for each in _ENDS):
            return place
    return min(end + _TAIL, len(sentence.words))


def _names_a_thing(sentence: Sentence, first: int) -> bool:
    """Whether what stands after "out of" is none of the places where all is held, nor a turn of speech."""
    for place in range(first, min(first + _PHRASE, len(sentence.words))):
        said = set(_said(sentence, place))
        if sentence.words[place] in ",:" or not said.isdisjoint(_WHERE_ALL_IS):
            return False
        if sentence.words[place].endswith(_MANNER):
            continue
        others = not said.isdisjoint(("thing", "family", "field")) or ("we" in said and "all" not in said)
        strange = not (said or sentence.words[place].isdigit() or _is_compound(sentence, place))
        if others or strange:
            return not _soon(sentence, place + 1)
        if "data" in said and sentence.language not in _DATA_OF_WHAT:
            return False
    return False


def _soon(sentence: Sentence, after: int) -> bool:
    """Whether the place where all is held comes at once: your whole bloody customer database."""
    for place in range(after, min(after + _SOON, len(sentence.words))):
        if sentence.words[place] in ",:" or sentence.within("out_of", place, place + 1):
            return False
        if sentence.within("held", place, place + 1):
            return True
    return False


def _is_compound(sentence: Sentence, place: int) -> bool:
    """Whether a word ends as a place does where all is held: Kundendatenbank."""
    return sentence.words[place].endswith(_heads(sentence.language))


@functools.cache
def _heads(language: str) -> tuple[str, ...]:
    """The words for such a place in a language whose nouns grow together."""
    if language not in _COMPOUNDING:
        return ()
    words = lexicon().words
    held = {
        word
        for word, said in words.items()
        if any((each.language, each.concept) == (language, "held") for each in said)
    }
    return tuple(word for word in held if len(word) >= _HEAD)


def _said(sentence: Sentence, place: int) -> Iterator[str]:
    return (concept for concept, spans in sentence.spans.items() if any(at <= place < end for at, end in spans))


def _of_what_was_given(sentence: Sentence, start: int, past: int) -> bool:
    """Everything I sent you; all that we discussed; all contacts that I imported."""
    for _, end in sentence.of("everything", "all"):
        if not start < end <= past:
            continue
        given = sentence.within("given", end, end + _RELATIVE) and not sentence.within("data", end, end + _PHRASE)
        if given or _by_us(sentence, end):
            return True
    return False


def _by_us(sentence: Sentence, end: int) -> bool:
    """Whether what follows "all" is told by what the writer did with it."""
    for place in range(end, min(end + _RELATIVE, len(sentence.words) - 1)):
        ended = sentence.words[place] in ",:" and sentence.words[place + 1] not in _WHICH
        if ended or any(sentence.within(each, place, place + 1) for each in ("and", "otherwise", "because")):
            return False
        if sentence.words[place] in _WE.get(sentence.language, ()):
            does = (place + 1, place + _RELATIVE)
            return not any(sentence.within(each, *does) for each in ("want", "have", "not", "given", "signed"))
    return False


def _of_something_mine(sentence: Sentence) -> bool:
    """Clear my voicemail and delete everything: what is mine there is none of what we hold."""
    return any(
        end < len(sentence.words) and not sentence.known(end, end + 1) and sentence.words[end].isalpha()
        for start, end in sentence.of("my")
        if any(past <= start <= past + _AT_ONCE + 1 for _, past in sentence.of("erase"))
    )
