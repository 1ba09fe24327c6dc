"""Which rights other than erasure a sentence exercises."""

from collections.abc import Callable, Iterator, Mapping

from chalicelib.domain.privacy.parsing.access import access, source
from chalicelib.domain.privacy.parsing.erasure_limits import negated
from chalicelib.domain.privacy.parsing.erasure_wish import told
from chalicelib.domain.privacy.parsing.sentences import Letter, Sentence
from chalicelib.domain.privacy.states import RightKind

_NEAR = 7  # words
_FEW = 4  # words of a letter of a word
_SHORT = 10  # words of a sentence that says little else
_LONG = 25  # words of one that says more
_A_PAGE = 150  # words
_THINGS = ("data", "identity", "field")


def claims(sentence: Sentence, alone: bool) -> Iterator[RightKind]:
    """Yield the rights that the sentence exercises. `alone`: it is all that the letter says, or its subject."""
    if sentence.supposed or _taught(sentence):
        return
    erasing = sentence.any("erase", "erasure", "erase_right")
    for right, article in () if erasing else _ARTICLES.items():
        if sentence.near((article,), ("request", "want"), _NEAR + 3) and not sentence.has("oblige"):
            yield right
    for right, rule in _RULES.items():
        if rule(sentence, alone):
            yield right


def together(letter: Letter) -> Iterator[RightKind]:
    """Yield the rights that only several sentences together exercise, in a letter that is no longer than people write."""
    said = [each for each in letter.sentences if not (each.supposed or each.has("told") or _taught(each))]
    if letter.length > _A_PAGE or not said:
        return

    def any_says(*concepts: str) -> bool:
        return any(each.any(*concepts) for each in said)

    other = any_says("wrong") or any(span not in each.of("rectify") for each in said for span in each.of("new"))
    if any_says("called") and any_says("rectify") and (other or any_says("not")):
        yield RightKind.RECTIFICATION
    other = other and not any_says("thing")  # a corrected invoice
    if other and any_says("rectify", "rectify_right") and any_says(*_THINGS) and any(each.own for each in said):
        yield RightKind.RECTIFICATION
    if any(map(_headed_wrong, said)) and any(each.own or each.has("rectify") for each in said):
        yield RightKind.RECTIFICATION
    if any_says(*_THINGS) and any(
        each.asks and len(each.words) <= _SHORT and each.after(("where",), ("get",), 4) for each in said
    ):
        yield RightKind.SOURCE
    if (
        any_says("automated")
        and any_says("human", "object")
        and any(each.own for each in said if each.any("human", "automated"))
    ):
        yield RightKind.AUTOMATED_DECISIONS
    kept = any_says("keep", "only") or any(map(negated, said))
    if kept and any(map(_not_to_be_used, said)):
        yield RightKind.RESTRICTION


def _not_to_be_used(sentence: Sentence) -> bool:
    follows = sentence.language in _NOT_AFTER and sentence.after(("processing",), ("not",), 5)
    return follows or sentence.has("not_process") or sentence.after(("not", "stop"), ("processing",), 4)


def _headed_wrong(sentence: Sentence) -> bool:
    """Wrong title; nytt efternamn."""
    headline = len(sentence.words) <= _FEW and not sentence.any("we", "your", "erase")
    return headline and sentence.near(("wrong", "new"), ("field", "identity"), 1)


def _taught(sentence: Sentence) -> bool:
    """Whether the sentence tells what everybody may, or offers a link."""
    due = sentence.conditional and sentence.has("oblige")
    return due or sentence.has("link") or (sentence.begins("we") and not sentence.begins("i", "my"))


def _rectification(sentence: Sentence, alone: bool) -> bool:
    """Correct my name; my number is wrong; my new address is."""
    of_a_thing = sentence.has("thing") and not sentence.any(*_THINGS)  # an invoice
    if of_a_thing or _refused(sentence, "rectify") or sentence.any("oblige", "told"):
        return False
    if sentence.has("rectify_right") and (sentence.own or sentence.has("request") or alone):
        return True
    if not sentence.any(*_THINGS):
        return False
    mine, asked = sentence.any("my", "about_me"), sentence.any("want", "polite")
    headline = len(sentence.words) <= _SHORT // 2 and not sentence.has("your")
    corrects = sentence.has("rectify") and (headline or (asked and sentence.has("wrong")))
    instead = sentence.has("rectify", "my", "not") and sentence.any("identity", "field") and asked
    mended = sentence.near(("rectify",), ("my",), _NEAR) and (sentence.has("polite") or not sentence.asks)
    known = sentence.has("rectify") or not sentence.any("erase", "have", "contact")
    changed = sentence.near(("new",), _THINGS, 3) and known
    return (
        corrects
        or mended
        or (instead and not sentence.any("erase", "thing"))
        or (mine and (changed or (sentence.has("wrong") and not _wrong_elsewhere(sentence))))
    )


def _wrong_elsewhere(sentence: Sentence) -> bool:
    """Whether what is wrong, or old, is to be sent or deleted, or is of something else: my data still shows the old prices."""
    if sentence.has("send") or sentence.has("erase", "thing"):
        return True
    after = [end for _, end in sentence.of("wrong") if end < len(sentence.words) and sentence.words[end].isalpha()]
    things = [end for end in after if not sentence.known(end, end + 1)]
    return sentence.language == "en" and bool(things) and len(things) == len(sentence.of("wrong"))


def _restriction(sentence: Sentence, _: bool) -> bool:
    if sentence.has("restriction"):
        return sentence.own or sentence.any("want", "request", "polite")
    return sentence.near(("restrict",), ("processing", "data"), _NEAR) and sentence.any("my", "about_me", "want")


def _objection(sentence: Sentence, alone: bool) -> bool:
    """I object; I forbid you to use my data; unsubscribe me; stop calling; do not sell my data."""
    against = sentence.any("processing", "marketing", "data", "art_objection", "contact")
    if sentence.after(("object",), ("thing", "order"), 4) and not against:
        return False  # to an invoice
    if (
        sentence.has("object")
        and (sentence.own or sentence.has("art_objection") or alone)
        and (against or len(sentence.words) <= _SHORT)
    ):
        return True
    if sentence.has("forbid") and sentence.own and against:
        return True
    if sentence.has("unsubscribe") and not sentence.any("your", "order"):
        return alone or (sentence.any("me", "me_first", "my", "want", "polite") and len(sentence.words) <= _LONG)
    if sentence.has("stop") and alone and len(sentence.words) < _FEW:
        return True
    return sentence.has("leave") or _off_the_list(sentence) or _to_stop(sentence)


def _off_the_list(sentence: Sentence) -> bool:
    """Take me off your mailing list."""
    away = sentence.any("erase", "erase_me", "off", "take", "stop", "not")
    of_what = [end + 1 for _, end in sentence.of("list") if sentence.within("about", end, end + 1)]
    others = any(at < len(sentence.words) and not sentence.known(at, at + 1) for at in of_what)  # of who is present
    return away and sentence.own and sentence.after(("from",), ("list",), 3) and not others


def _to_stop(sentence: Sentence) -> bool:
    """Whether contact, marketing, selling or sharing is to end."""
    if sentence.asks and not sentence.any("polite", "stop"):
        return False
    if sentence.any("not_contact", "not_process"):
        return True
    mine = sentence.any("me", "me_first", "my", "about_me")
    known = any(sentence.within("have", end, end + 3) for _, end in sentence.of("not"))  # I do not know how you have it
    against = ("stop",) if known else ("stop", "not")
    if sentence.after(against, ("contact", "processing"), 5) and (mine or sentence.has("marketing")):
        return not sentence.any("erase", "told") or sentence.has("stop") or not told(sentence)
    if sentence.after(("stop", "not"), ("marketing",), 4) and (sentence.own or len(sentence.words) <= _SHORT - 4):
        return True
    if sentence.language in _NOT_AFTER and sentence.after(("contact", "share"), ("not",), 6) and mine:
        return True
    return sentence.after(("stop", "not"), ("share",), 5) and sentence.any("my", "about_me") and sentence.any(*_THINGS)


_NOT_AFTER = frozenset(["de", "nl", "da", "sv", "fr"])


def _withdrawn(sentence: Sentence, _: bool) -> bool:
    if (sentence.asks and not sentence.has("polite")) or not sentence.own:
        return False
    return sentence.near(("withdraw",), ("consent",), 2 * _NEAR) or (
        sentence.has("withdraw") and sentence.after(("not",), ("consent",), 3)
    )


def _portability(sentence: Sentence, _: bool) -> bool:
    return sentence.has("portable") and (sentence.own or sentence.any("want", "request", "polite"))


def _automated(sentence: Sentence, _: bool) -> bool:
    """I want no decision of a machine; a human is to look at it."""
    decided = sentence.near(("automated",), ("decision",), 4)
    against = sentence.any("human", "object", "not", "stop") and sentence.any("me", "my", "i", "want", "me_first")
    return (decided and against) or (
        sentence.has("human") and sentence.any("want", "polite") and sentence.any("decision")
    )


def _refused(sentence: Sentence, *concepts: str) -> bool:
    """Whether just that is what the writer does not want."""
    nots = [(at, end) for at, end in sentence.of("not") if "," not in sentence.words[end : end + 3]]
    refused = any(sentence.within(each, end, end + 3) for _, end in nots for each in concepts)
    return refused and not sentence.asks


_ARTICLES: Mapping[RightKind, str] = {
    RightKind.ACCESS: "art_access",
    RightKind.RECTIFICATION: "art_rectification",
    RightKind.RESTRICTION: "art_restriction",
    RightKind.PORTABILITY: "art_portability",
    RightKind.OBJECTION: "art_objection",
}
_RULES: Mapping[RightKind, Callable[[Sentence, bool], bool]] = {
    RightKind.ACCESS: lambda sentence, _: access(sentence),
    RightKind.SOURCE: lambda sentence, _: source(sentence),
    RightKind.RECTIFICATION: _rectification,
    RightKind.RESTRICTION: _restriction,
    RightKind.OBJECTION: _objection,
    RightKind.CONSENT_WITHDRAWN: _withdrawn,
    RightKind.PORTABILITY: _portability,
    RightKind.AUTOMATED_DECISIONS: _automated,
}
