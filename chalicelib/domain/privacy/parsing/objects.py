"""Whose data a sentence speaks of: the writer's own, a part of it, or somebody else's."""

from dataclasses import dataclass

from chalicelib.domain.privacy.parsing.sentences import Sentence

Span = tuple[int, int]
_BETWEEN = 5  # words between "my" and what is mine
_NEAR = 2  # words
_OF_ALL = 9  # words from "all data" to the address that it is linked to
_NOUNS = ("data", "identity", "field")
_ALWAYS_AFTER = frozenset(["ro", "el"])  # where "my" always does
MINE_AFTER = frozenset(["ro", "el", "it", "es", "pt", "pl", "cs", "hr"])  # where "my" may follow what is mine


@dataclass(frozen=True)
class Objects:
    """Where a sentence names them: `whole`: all that is held of the writer, or what tells who that is; `part`: some of it;
    `others`: somebody else's, or somebody else."""

    whole: list[Span]
    part: list[Span]
    others: list[Span]


def objects(sentence: Sentence) -> Objects:
    """Return whose data the sentence speaks of."""
    mine, others = sentence.of("my"), _others(sentence)
    if sentence.any("i", "me", "me_first"):
        mine = sorted([*mine, *sentence.of("my_own")])
    whole, part = list[Span](), list[Span]()
    keys = _keys(sentence)
    for start, end in mine:
        found = _owned(sentence, start, end)
        if found and not _through(others, start, found[1]):
            span = (min(start, found[1][0]), max(end, found[1][1]))
            all_of_it = span in keys or (found[0] and not _holds_it(sentence, span[0]))
            (whole if all_of_it else part).append(span)
    if sentence.language == "en":  # my account's second user
        of_it = [span for span in whole if span[1] < len(sentence.words) and sentence.words[span[1]] == "s"]
        whole, part = [span for span in whole if span not in of_it], [*part, *of_it]
    genitives = [
        at for at, word in enumerate(sentence.words) if word == "s" and sentence.within("data", at + 1, at + 2)
    ]
    genitives = [at for at in genitives if not sentence.within("holder", at - 1, at)]  # your company's records
    others += [(at, at + 1) for at in genitives if sentence.language == "en"]
    whole = [span for span in whole if not _through(others, span[0], span)] if genitives else whole
    if part or _field_before(sentence):  # in my profile stands my number; the mobile is private, off my profile with it
        whole = [span for span in whole if not _led_by_from(sentence, span[0])]
    named = sentence.any("identity", "field") and not sentence.any("data", "all", "held")
    (part if named else whole).extend(_about_me(sentence))
    return Objects(sorted(whole), sorted(part), sorted(others))


def _about_me(sentence: Sentence) -> list[Span]:
    found = [span for span in sentence.of("about_me") if not _of_mine(sentence, span)]
    for _, about in sentence.of("about"):
        if sentence.within("me", about, about + 2) and not sentence.within("family", about, about + 4):
            found.append((about - 1, about + 1))
    return found


def _of_mine(sentence: Sentence, span: Span) -> bool:
    """Whether it is "of my", without its accent, and what is mine follows: todo lo de mi buzón."""
    end = span[1]
    if sentence.language != "es" or sentence.words[end - 1] != "mi" or end >= len(sentence.words):
        return False
    return sentence.words[end].isalpha() and (
        not sentence.known(end, end + 1) or any(sentence.within(each, end, end + 1) for each in (*_NOUNS, "thing"))
    )


def _led_by_from(sentence: Sentence, start: int) -> bool:
    return any(end in (start, start - 1) for _, end in sentence.of("from"))


def _field_before(sentence: Sentence) -> bool:
    return any(start < at for start, _ in sentence.of("field") for at, _ in sentence.of("from"))


def _owned(sentence: Sentence, start: int, end: int) -> tuple[bool, Span] | None:
    """What is mine, and whether that is all of it: the nearest noun after "my", or, where a language says it so, the one just
    before. "My phone number" is a part; so is "my e-mail address", unless it is to leave what it is held in."""
    after = [span for span in sentence.of(*_NOUNS) if end <= span[0] <= end + _BETWEEN]
    before = [span for span in sentence.of(*_NOUNS) if 0 <= start - span[1] < _NEAR and sentence.known(span[1], start)]
    if sentence.language in _ALWAYS_AFTER and before and before[-1][1] == start:
        return _whole(sentence, before[-1][0], before[-1]), before[-1]
    if after and not sentence.within("erase", end, after[0][0]):
        return _whole(sentence, end, after[0]), after[0]
    if before and sentence.language in MINE_AFTER and sentence.known(end, end + 1):
        return _whole(sentence, before[-1][0], before[-1]), before[-1]
    return None


def _holds_it(sentence: Sentence, start: int) -> bool:
    """Whether it only holds what is spoken of: the photo in my profile."""
    froms = [at for at, end in sentence.of("from") if end in (start, start - 1)]
    return any(0 <= at - end <= _NEAR for at in froms for _, end in sentence.of("field", "identity"))


def _whole(sentence: Sentence, end: int, noun: Span) -> bool:
    at = noun[0]
    if sentence.within("field", at, at + 1):
        return False
    if sentence.within("data", at, at + 1) or sentence.within("data", at + 1, at + 2):
        return True
    return sentence.has("held") and not any(sentence.within(which, end, at) for which in ("wrong", "new"))


def _keys(sentence: Sentence) -> list[Span]:
    """Where the writer's address or name only says which data is meant: all data linked to my email address."""
    found = []
    for start, end in sentence.of("my"):
        tied = sentence.within("about", start - _NEAR, start) or sentence.within("linked", start - _BETWEEN, start)
        before = any(sentence.within(each, max(0, start - _OF_ALL), start - 1) for each in ("data", "all"))
        if tied and before and not sentence.within("field", end, end + _BETWEEN):
            found += [(start, past) for at, past in sentence.of("identity") if end <= at <= end + _NEAR]
    return found


def _through(others: list[Span], start: int, noun: Span) -> bool:
    return any(start <= span[0] < noun[0] for span in others)


def _as_writer(sentence: Sentence, start: int) -> bool:
    """Whether the writer says what he is himself: I am not a customer; no soy cliente."""
    spoken = sentence.has("i") or sentence.language in MINE_AFTER
    said = [past for _, past in sentence.of("i_am") if past <= start <= past + _BETWEEN]
    return (
        spoken
        and sentence.within("customer", start, start + 1)
        and any("," not in sentence.words[past:start] and not sentence.within("my", past, start) for past in said)
    )


def _and_i(sentence: Sentence, end: int) -> bool:
    """My wife and I."""
    beside = sentence.within("and", end, end + 1) and sentence.within("i", end + 1, end + 2)
    return beside and not sentence.any("erase", "erasure", "erase_right")


def _others(sentence: Sentence) -> list[Span]:
    """Where somebody else is named: "my wife", "her data", "she"."""
    found = []
    for start, end in sentence.of("family"):
        if _as_writer(sentence, start) or _and_i(sentence, end):
            continue
        if (
            sentence.within("my", start - 3, end)
            or sentence.within("my", end, end + 2)
            or sentence.within("i", start - 5, start)
            or sentence.within("we", start - 2, start)
        ):
            found.append((start, end))
    for start, end in sentence.of("his"):
        if any(
            sentence.within(noun, end, end + 3)
            or (
                sentence.within(noun, start - 3, start) and not sentence.within("stay", start, end)
            )  # "to be" in German
            for noun in ("data", "identity", "field")
        ):
            found.append((start, end))
    return found + [(at, end) for at, end in sentence.of("he") if not sentence.within("linked", at - 3, end + 2)]
