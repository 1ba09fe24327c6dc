"""Whose data a sentence speaks of: the writer's own, a part of it, or somebody else's."""

from dataclasses import dataclass

from chalicelib.domain.privacy.parsing.sentences import Sentence

Span = tuple[int, int]
_BETWEEN = 5  # words between "my" and what is mine
_NEAR = 2  # words


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
    whole, part = list(sentence.of("about_me")), list[Span]()
    for start, end in mine:
        found = _owned(sentence, end)
        if found and not _through(others, start, found[1]):
            span = (min(start, found[1][0]), max(end, found[1][1]))
            (whole if found[0] else part).append(span)
    for _, about in sentence.of("about"):
        if sentence.within("me", about, about + 2) and not sentence.within("family", about, about + 4):
            whole.append((about - 1, about + 1))
    return Objects(sorted(whole), sorted(part), sorted(others))


def _owned(sentence: Sentence, end: int) -> tuple[bool, Span] | None:
    """What is mine, and whether that is all of it: the nearest noun after "my", else the one just before it. What stands
    first tells: "my name and number" is who I am, "my phone number" is a part."""
    nouns = [(span, True) for span in sentence.of("data", "identity")] + [
        (span, False) for span in sentence.of("field")
    ]
    after = [(span, whole) for span, whole in nouns if end <= span[0] <= end + _BETWEEN]
    if after and not sentence.within("erase", end, min(after)[0][0]):
        first = min(after)[0]
        return not sentence.within("field", first[0], first[0] + 1), first
    before = [(span, whole) for span, whole in nouns if 0 <= end - 1 - span[1] <= _NEAR - 1]
    return (max(before)[1], max(before)[0]) if before else None


def _through(others: list[Span], start: int, noun: Span) -> bool:
    return any(start <= span[0] < noun[0] for span in others)


def _others(sentence: Sentence) -> list[Span]:
    """Where somebody else is named: "my wife", "her data", "she"."""
    found = []
    for start, end in sentence.of("family"):
        if (
            sentence.within("my", start - 3, start)
            or sentence.within("my", end, end + 2)
            or sentence.within("the", start - 1, start)
        ):
            found.append((start, end))
    for start, end in sentence.of("his"):
        if any(
            sentence.within(noun, end, end + 3) or sentence.within(noun, start - 3, start)
            for noun in ("data", "identity", "field")
        ):
            found.append((start, end))
    return found + sentence.of("he")
