"""Whether a sentence wishes that the writer's data goes, that some of it goes, or that another's goes; and what takes that back."""

from dataclasses import dataclass

from chalicelib.domain.privacy.parsing.erasure_limits import limited, listed, negated
from chalicelib.domain.privacy.parsing.objects import MINE_AFTER, Objects, objects
from chalicelib.domain.privacy.parsing.sentences import Sentence, part_of

_AFTER = 14  # words between the verb and what is to go
_BEFORE = 10  # words between what is to go and the verb
_LONG = 30  # words; a longer sentence teaches rather than wishes
_SHORT = 9  # words; of a sentence that says no more than its wish
_FEW = 4  # words


@dataclass(frozen=True)
class Erasure:
    """`wish`: the writer's own data is to go. `part`, `others`: some of it, or another's. `loose`: data is to go, and whose is
    not said. `kept`: that something goes is taken back or forbidden. `mine`: it says that data of the writer's is held.
    `direct`: the wish itself names the writer; `named`: somebody else is named. `all`: the wish says that it is for all of it;
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


def told(sentence: Sentence) -> bool:
    """Return whether a sentence only tells, asks, supposes or teaches of what it names."""
    asking = sentence.asks and not sentence.any("polite")
    teaching = sentence.begins("we", words=2) and not sentence.begins("i", "my", words=2)
    due = sentence.conditional and sentence.has("oblige")
    return (
        asking
        or teaching
        or due
        or sentence.supposed
        or sentence.any("told", "click")
        or (sentence.has("question") and (sentence.begins("question") or not sentence.has("polite")))
    )


def erasure(sentence: Sentence, mine: bool, short: bool) -> Erasure:
    """Return what the sentence wishes to go. `mine`: one before it said that data of the writer's is held; `short`: the letter
    says little else."""
    says_mine = _says_mine(sentence)
    narrowed = sentence.any("aged", "elsewhere", "some")
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
    direct = of_whole or _of_me(sentence) or _by_right(sentence) or _not_there(sentence)
    wish = (
        direct
        or _nothing_left(sentence, own)
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
    )


def _says_mine(sentence: Sentence) -> bool:
    """Whether it says that something is held of the writer: you have my address."""
    own = objects(sentence)
    return bool(own.whole) or (bool(own.part) and sentence.has("have", "identity") and not sentence.has("field"))


def _before_if(sentence: Sentence) -> Sentence:
    """What is wished, without the case in which it is."""
    ifs = [start for start, _ in sentence.of("if") if start > 1 and not sentence.within("grateful", 0, start)]
    at = min(ifs, default=None)
    return sentence if at is None else part_of(sentence, 0, at)


def _of_part(sentence: Sentence, own: Objects) -> bool:
    verbs, nouns = sentence.of("erase"), sentence.of("erasure")
    return any(_goes(sentence, verb, span) for verb in verbs for span in own.part) or any(
        0 <= span[0] - noun[1] <= _AFTER for noun in nouns for span in own.part
    )


def _of_a_field(sentence: Sentence) -> bool:
    """Remove the photo: a part, and only of what is held of a person."""
    if sentence.any("your", "my") or len(sentence.words) > 2 * _SHORT:
        return False
    return sentence.after(("erase", "erasure"), ("field",), 3) and not sentence.after(
        ("erase",), ("data", "identity"), 1
    )


def _nothing_left(sentence: Sentence, own: Objects) -> bool:
    """Keep nothing about me; I want nothing of me to remain."""
    asked = sentence.any("want", "polite", "i", "keep")
    if asked and sentence.near(("nothing",), ("remain",), _SHORT):
        return True
    if not asked or not (own.whole or sentence.any("me", "me_first")):
        return False
    none = sentence.near(("nothing",), ("keep", "have"), _SHORT)
    return none or (bool(own.whole) and sentence.after(("not",), ("keep", "remain"), 1))


def _of_others(sentence: Sentence, own: Objects) -> bool:
    return bool(own.others) and sentence.any("erase", "erasure", "erase_right")


def _of_a_name(sentence: Sentence) -> bool:
    """Everything about John Smith."""
    ends = [end for _, end in sentence.of("about") if end < len(sentence.words)]
    return not sentence.own and any(not sentence.known(end, end + 1) for end in ends)


def _of_somebody(sentence: Sentence) -> bool:
    """Whether somebody's data is wished away, or an account is to be closed."""
    if len(sentence.words) > _LONG or sentence.has("your"):
        return False
    goes = sentence.near(("erase", "erasure"), ("data", "identity"), _SHORT) and sentence.any("want", "polite")
    return (
        goes
        or (sentence.has("erase_right") and sentence.own)
        or (sentence.has("my") and sentence.near(("close",), ("account",), 6))
    )


def _goes(sentence: Sentence, verb: tuple[int, int], thing: tuple[int, int]) -> bool:
    """Whether that thing is what the verb is about: after it, with no other wish begun between; or before it, in one breath."""
    if verb[1] <= thing[0] <= verb[1] + _AFTER:
        joined = [at for at, _ in sentence.of("and") if verb[1] <= at < thing[0]]
        return not any(
            sentence.within(other, at + 1, at + 3) for at in joined for other in ("contact", "send", "stop", "not")
        )
    if thing[1] <= verb[0] <= thing[1] + _BEFORE:
        between = sentence.words[thing[1] : verb[0]]
        near = len(between) <= _SHORT - 4 and not sentence.within("not", thing[1], verb[0])
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
    claimed = sentence.any("want", "request", "polite") or len(sentence.words) < _SHORT - 1
    mine = sentence.of("my") if claimed else []
    for start, end in sentence.of("erasure"):  # my deletion
        if any(
            past == start or (at == end and sentence.language in MINE_AFTER) for at, past in mine
        ) and _out_of_everything(sentence, max(end, start + 2)):
            return True
    for start, end in sentence.of("erasure", "erase_right") if claimed else ():
        if any(0 <= thing[0] - end <= _AFTER or 0 <= start - thing[1] <= _SHORT - 4 for thing in own.whole):
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
            if past <= start <= past + _AFTER and sentence.within("from", past, past + 1)
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
    if sentence.within("list", end, end + 7):
        return False
    if not sentence.within("from", end, end + 3):
        return True
    return any(sentence.within(held, end, end + 9) for held in ("held", "data", "all"))


def _by_right(sentence: Sentence) -> bool:
    if sentence.has("your") or not sentence.near(("want", "request", "i"), ("erase_right", "art_erasure"), _SHORT + 3):
        return False
    return sentence.own or (sentence.has("request") and len(sentence.words) <= 2 * _SHORT)


def _not_there(sentence: Sentence) -> bool:
    """I do not want to be in your database any more."""
    if not sentence.own and not sentence.has("want"):
        return False
    for start, end in sentence.of("not"):
        held = [at for at, _ in sentence.of("held") if end <= at <= end + _AFTER + 3]
        listed = any(sentence.within("list", at - 2, at + 2) for at in held)
        wished = sentence.within("stay", end, end + 7) or sentence.within("me", start - 3, start)
        if held and wished and not listed:
            return True
    return False


def _of_it(sentence: Sentence, mine: bool, short: bool) -> bool:
    """You have my address. Delete it."""
    shown = mine or sentence.has("consent") or (short and len(sentence.words) <= _SHORT and sentence.any("all"))
    goes = sentence.near(("erase",), ("it",), 2) or sentence.near(("erasure",), ("it",), 1)
    return shown and goes and not sentence.has("field")


def _of_data(sentence: Sentence, short: bool) -> bool:
    """Please delete the personal data: whose else, in a letter of a line."""
    asked = sentence.any("want", "polite") or len(sentence.words) < _FEW
    if short and asked and sentence.has("erase_data"):
        return True
    if not short or not asked or sentence.any("your", "his", "family", "field"):
        return False
    for start, end in sentence.of("erase", "erasure"):
        for first, past in sentence.of("data"):
            near = 0 <= first - end < _FEW and sentence.known(end, past)
            near = near or (len(sentence.words) < _FEW and past == start)
            if near and _out_of_everything(sentence, past):
                return True
    return False
