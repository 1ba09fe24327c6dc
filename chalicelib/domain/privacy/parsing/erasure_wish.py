"""Whether a sentence wishes that the writer's data goes, that some of it goes, or that another's goes; and what takes that back."""

from dataclasses import dataclass, replace

from chalicelib.domain.privacy.parsing.distances import ONE_WISH, TEACHES, THING_TO_VERB, VERB_TO_THING, WITHIN_A_PHRASE
from chalicelib.domain.privacy.parsing.erasure_forms import (
    by_name,
    by_right,
    not_there,
    nowhere,
    of_data,
    of_it,
    of_me,
    of_something_else,
    out_of_everything,
    wants_out,
    with_everything,
)
from chalicelib.domain.privacy.parsing.erasure_limits import limited, listed, negated
from chalicelib.domain.privacy.parsing.objects import MINE_AFTER, Objects, objects
from chalicelib.domain.privacy.parsing.sentences import Sentence, part_of
from chalicelib.domain.privacy.parsing.things import of_a_kind, of_a_thing


@dataclass(frozen=True)
class Erasure:
    """`wish`: the writer's own data is to go. `part`, `others`: some of it, or another's. `loose`: data is to go, and whose is
    not said. `kept`: that something goes is taken back or forbidden. `mine`: it says that data of the writer's is held.
    `direct`: the wish itself names the writer; `unsaid`: it names nobody; `named`: somebody else is named. `all`: the wish says that it is for all of it;
    `listed`: that it is for what is listed."""

    wish: bool = False
    part: bool = False
    others: bool = False
    loose: bool = False
    kept: bool = False
    mine: bool = False
    direct: bool = False
    named: bool = False
    all: bool = False
    listed: bool = False
    unsaid: bool = False


def told(sentence: Sentence) -> bool:
    """Return whether a sentence only tells, asks, supposes or teaches of what it names."""
    asking = sentence.asks and not sentence.any("polite")
    begging = sentence.asks and sentence.has("polite")
    teaching = sentence.begins("we", words=2) and not (begging or sentence.begins("i", "my", words=2))
    due = sentence.conditional and sentence.has("oblige")
    if sentence.language == "fr" and sentence.near(("erase",), ("everything",), 1):
        teaching = teaching and sentence.any("your", "law", "link", "click")  # vous pouvez tout effacer
    return (
        asking
        or teaching
        or due
        or sentence.supposed
        or sentence.has("click")
        or _tells(sentence)
        or (_questions(sentence) and (sentence.begins("question") or not sentence.has("polite")))
    )


def _of_the_writer(sentence: Sentence) -> bool:
    """Whether the writer himself is to be gone, or claims the right."""
    return any(form(sentence) for form in (of_me, by_right, not_there, nowhere, wants_out))


def _questions(sentence: Sentence) -> bool:
    """Whether it asks how, or whether; not where it wants to be told, or asks for it: let me know when it is done; est-ce que vous
    pourriez."""
    told, begged = sentence.of("inform"), sentence.of("polite")
    return any(
        not (any(at < start < past for at, past in told) or any(at <= start and end <= past for at, past in begged))
        for start, end in sentence.of("question")
    )


def _tells(sentence: Sentence) -> bool:
    """Whether it tells of what happened; not where it wishes first: delete my account, I made two by accident."""
    begins = sentence.begins("erase", words=1) and not sentence.any("restore", "gone")
    wished = [end for _, end in sentence.of("erase", "erasure")]
    return any(
        not (begins or any(end <= start and "," in sentence.words[end:start] for end in wished))
        for start, _ in sentence.of("told")
    )


def erasure(sentence: Sentence, mine: bool, short: bool, headline: bool = False) -> Erasure:
    """Return what the sentence wishes to go. `mine`: one before it said that data of the writer's is held; `short`: the letter
    says little else; `headline`: it says hardly more than that."""
    sentence = _without_withdrawals(sentence)
    says_mine = _says_mine(sentence)
    narrowed = sentence.any("aged", "elsewhere", "some", "told") or _of_a_page(sentence)
    sentence = _before_if(sentence)
    own = objects(sentence)
    taken_back = negated(sentence)
    kept = taken_back and (bool(own.whole or own.part) or sentence.any("me", "me_first", "it", "all", "data"))
    if told(sentence) or taken_back:
        return Erasure(
            kept=kept and not sentence.supposed,
            named=bool(own.others),
            mine=says_mine and (sentence.supposed or sentence.asks or not told(sentence)),
        )
    of_whole = _of_whole(sentence, own) or with_everything(sentence)
    direct = of_whole or _of_the_writer(sentence)
    wish = (
        direct
        or _nothing_left(sentence, own)
        or (headline and by_name(sentence))
        or of_it(sentence, mine or says_mine, short)
        or of_data(sentence, short)
    )
    wish = wish and (direct or not of_a_kind(sentence, own.whole))
    part = not of_whole and _of_part(sentence, own)
    some = wish or part
    return Erasure(
        wish,
        part or (some and (narrowed or limited(sentence) or of_a_thing(sentence, own.whole))) or _of_a_field(sentence),
        _of_others(sentence, own) or (wish and not direct and _of_a_name(sentence)),
        _of_somebody(sentence),
        mine=says_mine,
        direct=direct,
        named=bool(own.others),
        all=of_whole and sentence.after(("erase", "erasure"), ("all",), 2),
        listed=some and listed(sentence),
        unsaid=wish and not (direct or _nothing_left(sentence, own) or mine or says_mine or sentence.own),
    )


def _without_withdrawals(sentence: Sentence) -> Sentence:
    """The sentence without the verbs that take a consent back: in some languages data is taken away by the same ones."""
    verbs = sentence.of("erase")
    left = [
        (start, end)
        for start, end in verbs
        if not (
            sentence.within("withdraw", start, start + 1) and sentence.within("consent", end, end + WITHIN_A_PHRASE)
        )
    ]
    if len(left) == len(verbs):
        return sentence
    others = {concept: spans for concept, spans in sentence.spans.items() if concept != "erase"}
    return replace(sentence, spans={**others, "erase": left} if left else others)


def _of_a_page(sentence: Sentence) -> bool:
    """The public page about me: what is not shown is held all the same."""
    near = sentence.near(("erase", "erasure"), ("public",), ONE_WISH - 1)
    return near and not sentence.any("all", "art_erasure", "oblige")


def _says_mine(sentence: Sentence) -> bool:
    """Whether it says that something is held of the writer: you have my address."""
    own = objects(sentence)
    there = sentence.any("i", "me", "me_first") and sentence.after(("from",), ("held",), WITHIN_A_PHRASE)
    return (
        bool(own.whole)
        or there
        or (
            sentence.has("account")
            and sentence.any("i", "me", "me_first")
            and not (sentence.asks or sentence.has("family"))
        )
        or (bool(own.part) and sentence.has("have", "identity") and not sentence.has("field"))
    )


def _before_if(sentence: Sentence) -> Sentence:
    """What is wished, without the case in which it is."""
    ifs = [start for start, _ in sentence.of("if") if start > 1 and not sentence.within("grateful", 0, start)]
    at = min(ifs, default=None)
    return sentence if at is None else part_of(sentence, 0, at)


def _of_part(sentence: Sentence, own: Objects) -> bool:
    verbs, nouns = sentence.of("erase"), sentence.of("erasure")
    return any(_goes(sentence, verb, span) for verb in verbs for span in own.part) or any(
        0 <= span[0] - noun[1] <= VERB_TO_THING for noun in nouns for span in own.part
    )


def _of_a_field(sentence: Sentence) -> bool:
    """Remove the photo: a part, and only of what is held of a person."""
    if sentence.any("your", "my") or len(sentence.words) > 2 * ONE_WISH:
        return False
    return sentence.after(("erase", "erasure"), ("field",), 3) and not sentence.after(
        ("erase",), ("data", "identity"), 1
    )


def _nothing_left(sentence: Sentence, own: Objects) -> bool:
    """Keep nothing about me; I want nothing of me to remain."""
    asked = sentence.any("want", "polite", "i", "keep", "grateful")
    if sentence.any("public", "field", "family"):
        return False
    if asked and sentence.near(("nothing",), ("remain",), ONE_WISH):
        return True
    if not asked or not (own.whole or sentence.any("me", "me_first")):
        return False
    none = sentence.near(("nothing",), ("keep", "have"), ONE_WISH) or _not_to_be_kept(sentence)
    none = none or (bool(own.whole) and sentence.after(("stop",), ("keep", "have"), 2))
    return none or (bool(own.whole) and sentence.after(("not",), ("keep", "remain"), 1))


def _not_to_be_kept(sentence: Sentence) -> bool:
    """I do not want you to keep anything about me."""
    used = sentence.any("contact", "share", "processing", "automated", "only", "send", "rest")
    return (
        not used
        and sentence.has("want", "about_me")
        and sentence.after(("want", "not"), ("keep", "have", "remain"), ONE_WISH)
        and sentence.any("not", "forbid")
    )


def _of_others(sentence: Sentence, own: Objects) -> bool:
    return bool(own.others) and sentence.any("erase", "erasure", "erase_right")


def _of_a_name(sentence: Sentence) -> bool:
    """Everything about John Smith."""
    ends = [end for _, end in sentence.of("about") if end < len(sentence.words)]
    return not sentence.own and any(not sentence.known(end, end + 1) for end in ends)


def _of_somebody(sentence: Sentence) -> bool:
    """Whether somebody's data is wished away, or an account is to be closed."""
    if len(sentence.words) > TEACHES or sentence.has("your"):
        return False
    goes = sentence.near(("erase", "erasure"), ("data", "identity"), ONE_WISH) and sentence.any("want", "polite")
    return (
        goes
        or (sentence.has("erase_right") and sentence.own)
        or (sentence.has("my") and sentence.near(("close",), ("account",), 6))
    )


def _goes(sentence: Sentence, verb: tuple[int, int], thing: tuple[int, int]) -> bool:
    """Whether that thing is what the verb is about: after it, with no other wish begun between; or before it, in one breath."""
    if verb[1] <= thing[0] <= verb[1] + VERB_TO_THING:
        if of_something_else(sentence, verb[1], thing[0]):
            return False
        commas = [at for at in range(verb[1], thing[0] - 2) if sentence.words[at] == ","]
        if any(sentence.within("it", at + 1, at + 2) and not sentence.within("all", at + 1, at + 2) for at in commas):
            return False  # the slide, it shows my data
        joined = [at for at, _ in sentence.of("and") if verb[1] <= at < thing[0]]
        return not any(
            sentence.within(other, at + 1, at + 3) for at in joined for other in ("contact", "send", "stop", "not")
        )
    if thing[1] <= verb[0] <= thing[1] + THING_TO_VERB:
        between = sentence.words[thing[1] : verb[0]]
        near = len(between) <= ONE_WISH - 4 and not sentence.within("not", thing[1], verb[0])
        return "," not in between or sentence.within("have", thing[1], verb[0]) or near
    return False


def _demanded_after(sentence: Sentence, thing: int, noun: int) -> bool:
    """My data was got without my leave, I demand its deletion."""
    near = thing < noun <= thing + VERB_TO_THING and sentence.language != "en"
    return (
        near and any(sentence.within(each, thing, noun) for each in ("want", "i")) and "," in sentence.words[thing:noun]
    )


def _of_whole(sentence: Sentence, own: Objects) -> bool:
    if any(_goes(sentence, verb, thing) for verb in sentence.of("erase") for thing in own.whole):
        return True
    for _, end in sentence.of("take"):
        gone = any(end <= thing[0] and sentence.within("off", thing[1], thing[1] + 2) for thing in own.whole)
        if gone and not sentence.has("public"):
            return True
    if (
        own.whole
        and not sentence.has("not")
        and sentence.any("take", "off")
        and sentence.after(("from",), ("held",), 3)
    ):
        return True
    claimed = sentence.any("want", "request", "polite") or len(sentence.words) < ONE_WISH - 1
    mine = sentence.of("my") if claimed else []
    for start, end in sentence.of("erasure"):  # my deletion
        if any(
            past == start or (at == end and sentence.language in MINE_AFTER) for at, past in mine
        ) and out_of_everything(sentence, max(end, start + 2)):
            return True
    nouns = sentence.of("erasure", "erase_right") if claimed else []
    return any(_claims(sentence, noun, thing) for noun in nouns for thing in own.whole)


def _claims(sentence: Sentence, noun: tuple[int, int], thing: tuple[int, int]) -> bool:
    """The erasure of my data; my data, and its erasure."""
    follows, precedes = thing[0] - noun[1], noun[0] - thing[1]
    near = 0 <= follows <= VERB_TO_THING or 0 <= precedes <= ONE_WISH - 4
    return near or _demanded_after(sentence, thing[1], noun[0])
