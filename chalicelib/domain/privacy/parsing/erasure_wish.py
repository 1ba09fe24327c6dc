"""Whether a sentence wishes that the writer's data goes, that some of it goes, or that another's goes; and what takes that back."""

from dataclasses import dataclass

from chalicelib.domain.privacy.parsing.erasure_limits import limited, listed, negated
from chalicelib.domain.privacy.parsing.objects import MINE_AFTER, Objects, objects
from chalicelib.domain.privacy.parsing.sentences import Sentence, part_of

# How far apart two things may stand that belong together, in words. People put "immediately and without undue delay" between a verb
# and what is to go, and a clause of reasons between what is to go and a verb at the end (German, Dutch); beyond that the two are of
# different wishes. The numbers were set on the letters of tests/data/privacy_letters that may be read for it.
_VERB_TO_THING = 14
_THING_TO_VERB = 10
_VERB_TO_ME = 2  # delete, please, me; further on, "me" belongs to another verb
_ME_TO_VERB = 6  # mich bitte aus Ihrem System löschen
_WITHIN_A_PHRASE = 3  # from your whole database; the removal of all my data
_OUT_OF = 9  # words after "remove me" that say out of what: out of the list and the database that you keep
# How long a sentence or a letter may be for what it leaves unsaid to be plain.
_TEACHES = 30  # words; a longer sentence tells what the law is rather than wishes
_ONE_WISH = 9  # words; a sentence of no more says its wish and nothing else
_A_FEW = 4  # words; a verb and what is to go, without a word of wishing
HEADLINE = 15  # words; a letter of no more is its own headline


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
    return (
        asking
        or teaching
        or due
        or sentence.supposed
        or sentence.any("told", "click")
        or (sentence.has("question") and (sentence.begins("question") or not sentence.has("polite")))
    )


def erasure(sentence: Sentence, mine: bool, short: bool, headline: bool = False) -> Erasure:
    """Return what the sentence wishes to go. `mine`: one before it said that data of the writer's is held; `short`: the letter
    says little else; `headline`: it says hardly more than that."""
    says_mine = _says_mine(sentence)
    narrowed = sentence.any("aged", "elsewhere", "some") or _of_a_page(sentence)
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
    of_whole = _of_whole(sentence, own)
    direct = of_whole or _of_me(sentence) or _by_right(sentence) or _not_there(sentence) or _wants_out(sentence)
    wish = (
        direct
        or _nothing_left(sentence, own)
        or (headline and _by_name(sentence))
        or _of_it(sentence, mine or says_mine, short)
        or _of_data(sentence, short)
    )
    part = not of_whole and _of_part(sentence, own)
    some = wish or part
    return Erasure(
        wish,
        part or (some and (narrowed or limited(sentence))) or _of_a_field(sentence),
        _of_others(sentence, own) or (wish and not direct and _of_a_name(sentence)),
        _of_somebody(sentence),
        mine=says_mine,
        direct=direct,
        named=bool(own.others),
        all=of_whole and sentence.after(("erase", "erasure"), ("all",), 2),
        listed=some and listed(sentence),
        unsaid=wish and not (direct or _nothing_left(sentence, own) or mine or says_mine or sentence.own),
    )


def _of_a_page(sentence: Sentence) -> bool:
    """The public page about me: what is not shown is held all the same."""
    near = sentence.near(("erase", "erasure"), ("public",), _ONE_WISH - 1)
    return near and not sentence.any("all", "art_erasure", "oblige")


def _says_mine(sentence: Sentence) -> bool:
    """Whether it says that something is held of the writer: you have my address."""
    own = objects(sentence)
    there = sentence.any("i", "me", "me_first") and sentence.after(("from",), ("held",), _WITHIN_A_PHRASE)
    return (
        bool(own.whole)
        or (there and not sentence.asks)
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
        0 <= span[0] - noun[1] <= _VERB_TO_THING for noun in nouns for span in own.part
    )


def _of_a_field(sentence: Sentence) -> bool:
    """Remove the photo: a part, and only of what is held of a person."""
    if sentence.any("your", "my") or len(sentence.words) > 2 * _ONE_WISH:
        return False
    return sentence.after(("erase", "erasure"), ("field",), 3) and not sentence.after(
        ("erase",), ("data", "identity"), 1
    )


def _nothing_left(sentence: Sentence, own: Objects) -> bool:
    """Keep nothing about me; I want nothing of me to remain."""
    asked = sentence.any("want", "polite", "i", "keep")
    if asked and sentence.near(("nothing",), ("remain",), _ONE_WISH):
        return True
    if not asked or not (own.whole or sentence.any("me", "me_first")):
        return False
    none = sentence.near(("nothing",), ("keep", "have"), _ONE_WISH)
    return none or (bool(own.whole) and sentence.after(("not",), ("keep", "remain"), 1))


def _of_others(sentence: Sentence, own: Objects) -> bool:
    return bool(own.others) and sentence.any("erase", "erasure", "erase_right")


def _of_a_name(sentence: Sentence) -> bool:
    """Everything about John Smith."""
    ends = [end for _, end in sentence.of("about") if end < len(sentence.words)]
    return not sentence.own and any(not sentence.known(end, end + 1) for end in ends)


def _of_somebody(sentence: Sentence) -> bool:
    """Whether somebody's data is wished away, or an account is to be closed."""
    if len(sentence.words) > _TEACHES or sentence.has("your"):
        return False
    goes = sentence.near(("erase", "erasure"), ("data", "identity"), _ONE_WISH) and sentence.any("want", "polite")
    return (
        goes
        or (sentence.has("erase_right") and sentence.own)
        or (sentence.has("my") and sentence.near(("close",), ("account",), 6))
    )


def _goes(sentence: Sentence, verb: tuple[int, int], thing: tuple[int, int]) -> bool:
    """Whether that thing is what the verb is about: after it, with no other wish begun between; or before it, in one breath."""
    if verb[1] <= thing[0] <= verb[1] + _VERB_TO_THING:
        joined = [at for at, _ in sentence.of("and") if verb[1] <= at < thing[0]]
        return not any(
            sentence.within(other, at + 1, at + 3) for at in joined for other in ("contact", "send", "stop", "not")
        )
    if thing[1] <= verb[0] <= thing[1] + _THING_TO_VERB:
        between = sentence.words[thing[1] : verb[0]]
        near = len(between) <= _ONE_WISH - 4 and not sentence.within("not", thing[1], verb[0])
        return "," not in between or sentence.within("have", thing[1], verb[0]) or near
    return False


def _of_whole(sentence: Sentence, own: Objects) -> bool:
    if any(_goes(sentence, verb, thing) for verb in sentence.of("erase") for thing in own.whole):
        return True
    for _, end in sentence.of("take"):
        if any(end <= thing[0] and sentence.within("off", thing[1], thing[1] + 2) for thing in own.whole):
            return True
    if own.whole and sentence.any("take", "off") and sentence.after(("from",), ("held",), 3):
        return True
    claimed = sentence.any("want", "request", "polite") or len(sentence.words) < _ONE_WISH - 1
    mine = sentence.of("my") if claimed else []
    for start, end in sentence.of("erasure"):  # my deletion
        if any(
            past == start or (at == end and sentence.language in MINE_AFTER) for at, past in mine
        ) and _out_of_everything(sentence, max(end, start + 2)):
            return True
    for start, end in sentence.of("erasure", "erase_right") if claimed else ():
        if any(0 <= thing[0] - end <= _VERB_TO_THING or 0 <= start - thing[1] <= _ONE_WISH - 4 for thing in own.whole):
            return True
    return False


def _of_me(sentence: Sentence) -> bool:
    """Delete me, m'effacer, borrenme, take me off: out of everything, not of a meeting or a mailing list."""
    ends = [end for _, end in sentence.of("erase_me")]
    for start, end in sentence.of("erase", "erasure"):
        ends += [at + 1 for at, _ in sentence.of("me") if end <= at <= end + 2]
        ends += [end for at, _ in sentence.of("me_first") if at + 1 <= start <= at + 2]
        ends += [
            at + 1
            for at, past in sentence.of("me_first")
            if past <= start <= past + _VERB_TO_THING and sentence.within("from", past, past + _WITHIN_A_PHRASE)
        ]
    if sentence.any("i", "want") and sentence.has("want"):
        ends += [
            end
            for start, end in sentence.of("erase")
            for at, past in sentence.of("be")
            if past <= start <= past + 6 or at == end
        ]
        ends += [end for _, end in sentence.of("me_passive")]
    return any(_out_of_everything(sentence, end) for end in ends)


def _out_of_everything(sentence: Sentence, end: int) -> bool:
    """Whether what follows "remove me" names nothing that is less than all of it."""
    held = any(sentence.within(each, end, end + _OUT_OF) for each in ("held", "data", "all"))
    if sentence.within("list", end, end + _OUT_OF - 2):
        return sentence.within("held", end, end + _OUT_OF)
    return held or not sentence.within("from", end, end + _WITHIN_A_PHRASE)


def _by_right(sentence: Sentence) -> bool:
    if sentence.has("your") or not sentence.near(
        ("want", "request", "i"), ("erase_right", "art_erasure"), _ONE_WISH + 3
    ):
        return False
    others = sentence.has("we")  # data subjects may ask for it
    return sentence.own or (sentence.has("request") and not others and len(sentence.words) <= 2 * _ONE_WISH)


def _not_there(sentence: Sentence) -> bool:
    """I do not want to be in your database any more."""
    if not sentence.own and not sentence.has("want"):
        return False
    for start, end in sentence.of("not"):
        held = [at for at, _ in sentence.of("held") if end <= at <= end + _VERB_TO_THING + 3]
        listed = any(sentence.within("list", at - 2, at + 2) for at in held)
        wished = sentence.within("stay", end, end + 7) or sentence.within("me", start - 3, start)
        if held and wished and not listed:
            return True
    return False


def _wants_out(sentence: Sentence) -> bool:
    """I want out of your database."""
    out = sentence.has("i") and sentence.after(("want",), ("off",), 0)
    return out and sentence.after(("off",), ("held",), _A_FEW) and not sentence.has("list")


def _by_name(sentence: Sentence) -> bool:
    """Löschantrag; request for erasure under Article 17: each of its words is one of those, so that no title of a text is one."""
    if sentence.asks or sentence.any(*_NOT_A_NAME) or not sentence.known(0, len(sentence.words)):
        return False
    named = sentence.any("erasure", "erase_right", "erase_data")
    return sentence.has("erase_request") or (named and sentence.any("art_erasure", "request"))


_NOT_A_NAME = (
    "we",
    "your",
    "his",
    "family",
    "field",
    "list",
    "question",
    "somebody",
    "reports",
    "only",
    "not",
    "and",
    "told",
)


def _of_it(sentence: Sentence, mine: bool, short: bool) -> bool:
    """You have my address. Delete it."""
    if mine and _bare(sentence):
        return True
    shown = mine or sentence.has("consent") or (short and len(sentence.words) <= _ONE_WISH and sentence.any("all"))
    goes = sentence.near(("erase",), ("it",), 2) or sentence.near(("erasure",), ("it",), 1)
    return shown and goes and not sentence.has("field")


def _bare(sentence: Sentence) -> bool:
    """I ask for complete deletion: of what stands in the sentence before."""
    asked = sentence.any("want", "request", "polite") and sentence.has("erasure")
    return asked and len(sentence.words) <= _ONE_WISH and not sentence.any(*_NOT_A_NAME, "identity", "account")


def _of_data(sentence: Sentence, short: bool) -> bool:
    """Please delete the personal data: whose else, in a letter of a line."""
    asked = sentence.any("want", "polite") or len(sentence.words) < _A_FEW
    if short and asked and sentence.has("erase_data"):
        return True
    if not short or not asked or sentence.any("your", "his", "family", "field", "we"):
        return False
    for start, end in sentence.of("erase", "erasure"):
        for first, past in sentence.of("data"):
            near = 0 <= first - end < _A_FEW and sentence.known(end, past)
            near = near or (len(sentence.words) < _A_FEW and past == start)
            if near and _out_of_everything(sentence, past) and sentence.known(past, past + _VERB_TO_ME):
                return True
    return False
