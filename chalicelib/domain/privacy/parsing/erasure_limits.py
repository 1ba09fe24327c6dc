"""What takes the wish that something is deleted back, or narrows it to a part."""

from chalicelib.domain.privacy.parsing.sentences import Sentence

_AFTER = 9  # words between the verb and its negation, or what is listed
_NEGATING = 4  # words between the negation and the verb
_NOTHING = 1  # words between "nothing" and the verb
_BY_LAW = 6  # words between "except" and the law: what has to be kept is nobody's wish


def limited(sentence: Sentence) -> bool:
    """Return whether it is for a part only: only, except, keep the rest, off a list."""
    verbs = sentence.of("erase", "erasure")
    if not verbs:
        return False
    first = verbs[0][0]
    only = any(at > first and not sentence.within("not", at - 1, at) for at, _ in sentence.of("only", "just"))
    only = only or any(_before_a_thing(sentence, end) for _, end in sentence.of("only"))
    kept = any(_spared(sentence, at, end) for at, end in sentence.of("keep"))
    spared = any(_before_a_thing(sentence, end) for _, end in sentence.of("but_not"))
    if only or kept or spared or _off_a_list(sentence):
        return True
    return any(
        (at > first or _before_a_thing(sentence, end)) and not sentence.within("lawful", end, end + _BY_LAW)
        for at, end in sentence.of("rest")
    )


def _off_a_list(sentence: Sentence) -> bool:
    """My data from your mailing list, or from a field: it may be held elsewhere too."""
    if sentence.any("held", "all"):
        return False
    return any(
        sentence.within("from", end, end + 3)
        and (sentence.within("list", end, end + 6) or sentence.within("field", end, end + 6))
        for _, end in sentence.of("data", "identity")
    )


def _before_a_thing(sentence: Sentence, end: int) -> bool:
    """Only my number, or all but my number, with the verb after it or before."""
    near = (end, end + 3)
    things = any(sentence.within(what, *near) for what in ("data", "identity", "field", "my"))
    return things and not sentence.within("erase", *near) and "," not in sentence.words[end : end + 3]


def _spared(sentence: Sentence, start: int, end: int) -> bool:
    """Whether something is to be kept: not "do not keep", nor "whatever you keep about me"."""
    others = sentence.within("not", start - 4, start) or sentence.within("what", start - 3, start)
    others = others or _whatever(sentence, start)
    going_on = any(
        sentence.within(what, end, end + 1) for what in ("contact", "send", "processing")
    )  # you keep calling
    return not (others or going_on or sentence.within("about_me", end, end + 4))


def _whatever(sentence: Sentence, keep: int) -> bool:
    """Any copies that you may keep; not "all, but keep"."""
    alls = [end for at, end in sentence.of("all") if keep - 5 <= at and end <= keep]
    return any(not _parted(sentence, end, keep, "and", "but_not", "rest") for end in alls)


def listed(sentence: Sentence) -> bool:
    """Return whether it is for what is listed."""
    return sentence.after(("erase", "erasure"), ("following",), _AFTER) and not sentence.any("all")


def negated(sentence: Sentence) -> bool:
    """Return whether nothing is to go: do not delete; löschen Sie … nicht; without deleting."""
    if sentence.has("not_erase") or any(_left_out(sentence, start) for start, _ in sentence.of("erase")):
        return True
    follows = sentence.language in _AFTER_THE_VERB
    for start, end in sentence.of("erase", "erasure"):
        if sentence.within("stop", start - 1, start) and not sentence.within("signed", start - 1, start):
            return True
        for at, past in sentence.of("not", "nothing"):
            if sentence.near(("keep", "have"), ("nothing",), 0) and sentence.within("nothing", at, past):
                continue  # forget me, and keep nothing
            reach = _NEGATING if sentence.within("not", at, at + 1) else _NOTHING
            if past <= start and start - past <= reach and not _parted(sentence, past, start, *_TAKING):
                return True
            own_clause = _parted(sentence, end, at, "anew", *_ITS_OWN) or _begins_anew(sentence, end, at)
            if follows and end <= at <= end + _AFTER and not own_clause:
                return not any(sentence.within(other, at, at + 4) for other in ("contact", "only", "marketing"))
    return False


_AFTER_THE_VERB = frozenset(["de", "nl", "da", "sv"])  # where the negation may follow what it negates
_ITS_OWN = (
    "contact",
    "send",
    "share",
    "processing",
    "have",
    "if",
    "because",
)  # a verb between, which the negation is of
_TAKING = (
    "and",
    "contact",
    "held",
    "keep",
    "data",
    "marketing",
    "if",
    "list",
    "signed",
    "nothing",
)  # what takes a negation before it reaches the verb


def _begins_anew(sentence: Sentence, start: int, end: int) -> bool:
    """Whether the writer begins another sentence there: slet mig jeg er ikke interesseret."""
    named = [past for _, past in sentence.of("me", "data", "account", "all") if start <= past <= end]
    return any(sentence.within("i", past, end) for past in named)


def _left_out(sentence: Sentence, verb: int) -> bool:
    """Without deleting them; not "delete without delay"."""
    return any(end <= verb <= end + 2 and not sentence.within("delay", end, verb) for _, end in sentence.of("without"))


def _parted(sentence: Sentence, start: int, end: int, *by: str) -> bool:
    """Whether another clause or another verb stands between."""
    return "," in sentence.words[start:end] or any(sentence.within(other, start, end) for other in by)
