"""Whether a wish that was read may be acted on as it stands, or is taken back, put off, limited, or only told of.

A doubt takes no right away: a person of ours reads the letter. What is looked for are words of closed kinds, in the sentence of
the wish and in those beside it, and signs of the letter's build. A deadline, a reserve ("or I shall complain") and the request
to confirm what was done are none.
"""

import re
from collections.abc import Sequence

from chalicelib.domain.privacy.parsing.sentences import Sentence, addresses

_NEAR = 5  # words between what is taken back and that it is
_REACH = 12  # words between the wish and its condition, or after "if" what it is about
_CLOSE = 4  # words
_YES = 2  # words that are no condition: "sí," is written as "si" is
_SHORT = 14  # words of a sentence beside the wish that can only be about it
_FORWARDED = re.compile(
    r"^\s*(?:fwd?|wg|tr|rv|vs|vb|vl|doorst|pd|enc|i|fs|rif\.? inoltr\w*|red|redir|prosl|predane|πρθ|forward(?:ed)?)\s*(?:\[\d+\])?\s*:"
)
_DAY = re.compile(r"0?[1-9]|[12]\d|3[01]")
_SPEECH = re.compile(r"(?<!\w)['‘‚‛‹›]([^'’‘‛‹›\n]{4,300})['’‘‛‹›](?!\w)")


def forwarded(subject: str) -> bool:
    """Return whether a folded subject says that the mail was passed on: its words are then another's."""
    return bool(_FORWARDED.match(subject))


def only_quoted(body: str) -> bool:
    """Return whether every line of a text is quoted: nothing in it is the writer's own."""
    lines = [line for line in body.splitlines() if line.strip()]
    return bool(lines) and all(line.lstrip().startswith(">") for line in lines)


def without_speech(text: str) -> str:
    """Return the text without what stands in single quotation marks."""
    return _SPEECH.sub(" ", text)


def of_another(sentence: Sentence, text: str, sender: str) -> bool:
    """Return whether the wish names an address, not the sender's, and nothing of the writer himself."""
    named = sentence.has("address") and not sentence.own
    return named and any(found != sender for found in addresses(text))


def doubted(sentences: Sequence[Sentence], at: int) -> bool:
    """Return whether the wish in the sentence there is in doubt, by itself or by one beside it."""
    wish = sentences[at]
    before = sentences[max(0, at - 2) : at]
    beside = [*sentences[max(0, at - 1) : at], *sentences[at + 1 : at + 3]]
    return (
        _taken_back(wish)
        or _put_off(wish)
        or _conditional(wish, before)
        or _spares(wish)
        or _done(wish)
        or _told_of(wish)
        or any(_announced(each) for each in before)
        or any(_takes_it_back(each) or _defers(each) or _spares(each) for each in beside)
    )


def _taken_back(wish: Sentence) -> bool:
    """I withdraw my request; not "I withdraw my consent and request"."""
    for _, end in wish.of("takes_back"):
        for start, _ in wish.of("request", "erasure"):
            if end <= start <= end + _NEAR and not _crossed(wish, end, start, "consent", "and", ","):
                return True
    last = wish.after(("erase", "erasure"), ("takes_back",), 3) and wish.has("request") and not wish.has("consent")
    return last or (_let_be(wish) and not wish.has("if"))


def _let_be(sentence: Sentence) -> bool:
    """Ignore it, restore it; not "do not ignore it"."""
    return any(not sentence.within("not", start - _CLOSE, start) for start, _ in sentence.of("disregard", "restore"))


def _takes_it_back(beside: Sentence) -> bool:
    return _plain(beside) and _let_be(beside)


def _put_off(wish: Sentence) -> bool:
    """Whether it is to happen only after something else, or on a day: not that it be confirmed when it happened."""
    verbs = wish.of("erase", "erasure")
    for start, end in wish.of("once"):
        if wish.within("out_of", start - 1, start):
            continue  # de una vez
        if not (_about_the_answer(wish, start) or wish.within("able", end, end + 3)):
            return True
    for start, _ in wish.of("after"):
        follows = any(past <= start for _, past in verbs) and not _about_the_answer(wish, start)
        if wish.has("copy") or (follows and not wish.within("get", start, start + _CLOSE)):
            return True
    return (
        _waits(wish)
        or _copy_first(wish)
        or _copy_then(wish)
        or any(_is_day(wish, span, verbs) for span in wish.of("day_of"))
    )


def _is_day(wish: Sentence, span: tuple[int, int], verbs: Sequence[tuple[int, int]]) -> bool:
    """On 31 December; not "by 31 December", nor a date of what was written or is to be told."""
    start, end = span
    if not any(past <= start <= past + _REACH for _, past in verbs) or _about_the_answer(wish, start):
        return False
    if any(wish.within(what, start - 3, start) for what in ("by", "law")) or "," in wish.words[start - 1 : start]:
        return False  # a deadline; a date that stands by a place, below the letter
    return any(_DAY.fullmatch(word) for word in wish.words[end : end + 2])


def _defers(beside: Sentence) -> bool:
    """But not before I have a copy."""
    if len(beside.words) > _SHORT or beside.any("otherwise", "complaint"):
        return False
    return _waits(beside) or _copy_first(beside) or beside.has("once", "copy")


def _waits(sentence: Sentence) -> bool:
    """Not before, please wait; not "I cannot wait for it", nor how long the answer may take."""
    return any(
        not (sentence.within("not", start - 3, start) or _about_the_answer(sentence, start))
        for start, _ in sentence.of("not_yet")
    )


def _copy_first(sentence: Sentence) -> bool:
    return sentence.near(("first",), ("copy",), _NEAR)


def _copy_then(wish: Sentence) -> bool:
    """A copy, and then delete everything."""
    verbs = wish.of("erase", "erasure")
    return any(
        end <= verb and ("," in wish.words[end:verb] or wish.within("and", end, verb))
        for _, end in wish.of("copy")
        for verb, _ in verbs[:1]
    )


def _conditional(wish: Sentence, before: Sequence[Sentence]) -> bool:
    """Whether the wish hangs on a condition; not on this, that something is held at all, or that no law forbids it."""
    if any(not wish.within("lawful", end, end + _REACH) for _, end in wish.of("unless")):
        return True
    verbs = wish.of("erase", "erasure")
    for start, _ in wish.of("if"):
        hangs = any(past <= start for _, past in verbs) and not wish.within("no_if", start - _NEAR, start + 1)
        if (
            hangs
            and not (_about_the_answer(wish, start) or _deadline(wish, start))
            and not wish.within("otherwise", 0, start)
            and not _of_holding(wish, start, len(wish.words))
        ):
            return True
    condition = before[-1] if wish.conditional and before and before[-1].supposed else None
    if condition is None or condition.has("no_if") or len(condition.words) <= _YES:
        return False
    return not _of_holding(condition, 0, len(condition.words))


def _deadline(wish: Sentence, start: int) -> bool:
    """Before 2 December; not "before I have a copy"."""
    later = any(wish.within(what, start, start + _REACH) for what in ("copy", "send", "i"))
    return wish.within("by", start, start + 1) and not later


def _of_holding(sentence: Sentence, start: int, end: int) -> bool:
    """If you have my data; if possible."""

    def says(*concepts: str) -> bool:
        return any(sentence.within(concept, start, end) for concept in concepts)

    held = says("have") and says("data", "identity", "me", "field", "my")
    return held or says("held", "about_me", "able", "lawful", "consent")


def _spares(sentence: Sentence) -> bool:
    """My address may stay."""
    return _plain(sentence) and any(
        not sentence.within("not", start - 3, end + 2) for start, end in sentence.of("stays")
    )


def _done(wish: Sentence) -> bool:
    """Whether it tells that something was deleted: you have deleted my data."""
    for at, end in wish.of("you_have"):
        for start, _ in wish.of("gone"):
            if at < _CLOSE and end <= start <= end + _REACH and not _crossed(wish, end, start, *_ANOTHER_CLAUSE):
                return True
    return wish.has("thanks_that")


_ANOTHER_CLAUSE = (",", "want", "not", "and")


def _told_of(wish: Sentence) -> bool:
    """Whether somebody else says it, or it was asked of somebody else."""
    for start, _ in wish.of("erase", "erasure"):
        said = [(at, end) for at, end in wish.of("reports") if end <= start]
        if any(":" in wish.words[at:start] or start - end <= 1 for at, end in said if not _by_writer(wish, at)):
            return True
        if any(wish.within(what, end, start) for _, end in wish.of("somebody") for what in ("reports", "asked")):
            return True
        for _, end in wish.of("asked"):
            if end < start and not wish.known(end, end + 1) and wish.words[end].isalpha():
                return True
    return False


def _announced(before: Sentence) -> bool:
    """Whether what follows is told of: she wrote: hello."""
    colon = ":" in before.words
    return colon and any(
        ":" in before.words[end:] and not _by_writer(before, start) for start, end in before.of("reports")
    )


def _by_writer(sentence: Sentence, at: int) -> bool:
    return sentence.within("i", at - 2, at)


def _about_the_answer(wish: Sentence, at: int) -> bool:
    """Whether that belongs to what is to be told after the wish: and confirm once it is done."""
    verb = min((past for _, past in wish.of("erase", "erasure") if past <= at), default=None)
    return verb is not None and any(wish.within(what, verb, at) for what in ("inform", "send"))


def _plain(sentence: Sentence) -> bool:
    return len(sentence.words) <= _SHORT and not sentence.any("otherwise", "if", "complaint")


def _crossed(sentence: Sentence, start: int, end: int, *by: str) -> bool:
    return ("," in by and "," in sentence.words[start:end]) or any(sentence.within(each, start, end) for each in by)
