"""The forms in which people wish that they be deleted, beside a verb and what is to go."""

from chalicelib.domain.privacy.parsing.distances import (
    A_FEW,
    HEADLINE,
    ME_TO_VERB,
    ONE_WISH,
    OUT_OF,
    VERB_TO_ME,
    VERB_TO_THING,
    WITHIN_A_PHRASE,
)
from chalicelib.domain.privacy.parsing.sentences import Sentence


def of_me(sentence: Sentence) -> bool:
    """Return whether it is: delete me, m'effacer, borrenme, take me off; out of everything, not of a meeting or a mailing list."""
    ends = [end for _, end in sentence.of("erase_me") if not _off_a_thing(sentence, end)]
    for start, end in sentence.of("erase", "erasure"):
        ends += [at + 1 for at, _ in sentence.of("me") if end <= at <= end + VERB_TO_ME and _at_once(sentence, end, at)]
        ends += [end for at, _ in sentence.of("me_first") if at + 1 <= start <= at + VERB_TO_ME]
        ends += [
            at + 1
            for at, past in sentence.of("me_first")
            if past <= start <= past + VERB_TO_THING and sentence.within("from", past, past + WITHIN_A_PHRASE)
        ]
    if sentence.has("i") and sentence.after(("want",), ("vanish",), 1):
        ends += [end for _, end in sentence.of("vanish")]
    if sentence.any("i", "want") and sentence.has("want"):
        ends += [
            end
            for start, end in sentence.of("erase")
            for at, past in sentence.of("be")
            if past <= start <= past + ME_TO_VERB or at == end
        ]
        ends += [end for _, end in sentence.of("me_passive")]
    return any(out_of_everything(sentence, end) for end in ends)


def _at_once(sentence: Sentence, start: int, end: int) -> bool:
    """Whether no other verb begins there: delete one of them and send me the other."""
    return not any(sentence.within(each, start, end) for each in ("and", "send", "contact", "inform"))


def _off_a_thing(sentence: Sentence, end: int) -> bool:
    """Take me off this chain: whatever that is, it is not what we hold."""
    off = sentence.within("off", end - 1, end)
    said = any(sentence.within(each, end, end + A_FEW + 1) for each in ("held", "data", "all", "list"))
    return off and not said and not sentence.known(end, end + A_FEW)


def out_of_everything(sentence: Sentence, end: int) -> bool:
    """Return whether what follows "remove me" names nothing that is less than all of it."""
    held = any(sentence.within(each, end, end + OUT_OF) for each in ("held", "holder", "data", "all"))
    held = held or (sentence.within("from", end, end + 1) and _turn_of_speech(sentence, end + 1))
    if sentence.within("list", end, end + OUT_OF - 2):
        return sentence.within("held", end, end + OUT_OF)
    return held or not sentence.within("from", end, end + WITHIN_A_PHRASE)


def _turn_of_speech(sentence: Sentence, start: int) -> bool:
    """In full; once and for all."""
    place = start
    while sentence.within("aside", place, place + 1):
        place += 1
    ended = place >= len(sentence.words) or sentence.words[place] in (",", ":")
    return place > start and (ended or sentence.within("and", place, place + 1))


def by_right(sentence: Sentence) -> bool:
    """Return whether it claims the right by its name, or the article."""
    if sentence.has("your") or not sentence.near(
        ("want", "request", "i"), ("erase_right", "art_erasure"), ONE_WISH + 3
    ):
        return False
    others = sentence.has("we")  # data subjects may ask for it
    return sentence.own or (sentence.has("request") and not others and len(sentence.words) <= 2 * ONE_WISH)


def not_there(sentence: Sentence) -> bool:
    """Return whether it is: I do not want to be in your database any more."""
    his = sentence.after(("his",), ("data", "identity"), 1)  # not "to be", which is the same word in German
    if (
        not sentence.any("i", "me", "me_first", "my", "about_me", "erase_me", "want", "polite")
        or his
        or sentence.any("field", "family", "he")
    ):
        return False  # my number, or my wife, is not to be there
    if sentence.any("automated", "share"):
        return False  # no machine is to decide about me; my data is not to be handed on from there
    if sentence.near(("not_there",), ("held",), ONE_WISH) and not sentence.any("list", *_OTHER_USES):
        return True
    for start, end in sentence.of("not"):
        held = [
            at
            for at, _ in sentence.of("held")
            if end <= at <= end + VERB_TO_THING + 3 and not sentence.words[at].startswith(_OF_ANYBODY)
        ]
        if held and (_used_otherwise(sentence, end, held[0]) or _strange(sentence, end, held[0])):
            continue
        listed = any(sentence.within("list", at - 2, at + 2) for at in held)
        wished = sentence.within("stay", end, end + 7) or sentence.within("me", start - 3, start)
        if held and wished and not listed:
            return True
    return False


def nowhere(sentence: Sentence) -> bool:
    """Return whether it is: I would rather not exist for you; I do not want to be anywhere."""
    mine = sentence.any("i", "me", "me_first") and sentence.any("want", "polite")
    if not mine or sentence.any("thing", "family", "he", "list", *_OTHER_USES):
        return False
    return sentence.has("not_exist") or sentence.near(("nowhere",), ("stay",), A_FEW)


def with_everything(sentence: Sentence) -> bool:
    """Return whether all is to go, of which some is named: my name, my number, everything; all that bears my name."""
    if sentence.any("thing", "family", "his", "he") or not (sentence.own or len(sentence.words) <= HEADLINE):
        return False
    for start, end in sentence.of("everything"):
        goes = sentence.within("out", end, end + WITHIN_A_PHRASE) or sentence.any("erase", "erasure")
        listed = any(sentence.within(each, max(0, start - ONE_WISH), start) for each in ("identity", "field"))
        after = [(at, past) for at, past in sentence.of("identity") if end < at <= end + ONE_WISH]
        bears = any(sentence.within("my", at - 2, past + 1) for at, past in after)
        if goes and (listed or bears):
            return True
    return False


def _strange(sentence: Sentence, start: int, held: int) -> bool:
    """Whether a word stands between that nobody here knows, and that may be what is not wanted: that you search for it there."""
    return any(
        word.isalpha() and not sentence.known(at, at + 1) for at, word in enumerate(sentence.words[start:held], start)
    )


_OTHER_USES = ("contact", "marketing", "share", "see", "wrong", "automated", "decision")


def _used_otherwise(sentence: Sentence, start: int, held: int) -> bool:
    """Whether it is not the being there that is not wanted: mails from your system, or that it decides about me."""
    mine = {span for what in ("data", "identity", "field", "list") for span in sentence.of(what)}
    inside = [span for span in sentence.of("from") if span not in sentence.of("your")]
    if not any(held - A_FEW <= at < held for at, _ in inside):
        return True  # that your system decides about me
    return any(
        start <= at < held and not ((at, end) in mine and sentence.within("my", at - WITHIN_A_PHRASE, end + 2))
        for at, end in sentence.of(*_OTHER_USES)
    )


def wants_out(sentence: Sentence) -> bool:
    """Return whether it is: I want out of your database."""
    out = sentence.has("i") and sentence.after(("want",), ("off",), 0)
    return out and sentence.after(("off",), ("held",), A_FEW) and not sentence.has("list")


def by_name(sentence: Sentence) -> bool:
    """Return whether it is: Löschantrag; request for erasure under Article 17. Each of its words is one of those, so that no title of a text is one."""
    if sentence.asks or sentence.any(*_NOT_A_NAME) or not sentence.known(0, len(sentence.words)):
        return False
    named = sentence.any("erasure", "erase_right", "erase_data")
    return sentence.has("erase_request") or (named and sentence.any("art_erasure", "request"))


# My data is not to be on American servers: that says where, and not whether.
_OF_ANYBODY = ("cloud", "serv", "machin", "maschin")
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


def of_it(sentence: Sentence, mine: bool, short: bool) -> bool:
    """Return whether it is: delete it; where what that is was said, or is all there is."""
    if mine and _bare(sentence):
        return True
    shown = mine or sentence.has("consent") or (short and _clause(sentence) <= ONE_WISH and sentence.any("all"))
    if (
        short
        and sentence.after(("erase",), ("what", "everything"), 2)
        and sentence.after(("what", "everything"), ("have",), 2)
    ):
        return not sentence.any("his", "family", "field")  # whatever you have
    goes = sentence.near(("erase",), ("it",), 2) or sentence.near(("erasure",), ("it",), 1)
    goes = goes or (
        sentence.after(("take",), ("it",), 1) and sentence.after(("it",), ("off",), 1) and sentence.has("held")
    )
    return shown and goes and not sentence.has("field") and not _all_of_a_kind(sentence)


def _clause(sentence: Sentence) -> int:
    """How many words its wish has: delete everything, I do not want to hear from you."""
    verbs = sentence.of("erase", "erasure")
    after = [at for at, word in enumerate(sentence.words) if word == "," and verbs and at >= verbs[-1][1]]
    return after[0] if after and verbs[0][0] <= WITHIN_A_PHRASE else len(sentence.words)


def _all_of_a_kind(sentence: Sentence) -> bool:
    """Whether "all" only counts what is named after it, and that is none of our words: all my meetings, tous les rendez-vous; or
    is whose a company's is."""
    counting = [end for start, end in sentence.of("all") if not sentence.within("everything", start, end)]
    if sentence.has("we") and any(sentence.within("data", end, end + 2) for end in counting):
        return True
    return any(_names_another(sentence, end) for end in counting)


def _names_another(sentence: Sentence, at: int) -> bool:
    small = sentence.of("common", "my", "from", "all")
    for place in range(at, min(at + WITHIN_A_PHRASE + 1, len(sentence.words))):
        if sentence.within("order", place, place + 1) or not sentence.known(place, place + 1):
            return sentence.words[place] not in (",", ":")
        if not any(start <= place < end for start, end in small):
            return False
    return False


def _bare(sentence: Sentence) -> bool:
    """I ask for complete deletion: of what stands in the sentence before."""
    asked = sentence.any("want", "request", "polite") and sentence.has("erasure")
    asked = asked or (sentence.has("erase") and len(sentence.words) < A_FEW and sentence.known(0, A_FEW))
    return asked and len(sentence.words) <= ONE_WISH and not sentence.any(*_NOT_A_NAME, "identity", "account")


def of_data(sentence: Sentence, short: bool) -> bool:
    """Return whether it is: please delete the personal data; whose else, in a letter of a line."""
    named = len(sentence.words) <= A_FEW + 2 and sentence.has("erasure") and sentence.known(0, len(sentence.words))
    asked = sentence.any("want", "polite") or len(sentence.words) < A_FEW or named
    if short and asked and sentence.has("erase_data"):
        return True
    if not short or not asked or sentence.any("your", "his", "family", "field", "we"):
        return False
    for start, end in sentence.of("erase", "erasure"):
        for first, past in sentence.of("data"):
            near = 0 <= first - end < A_FEW and sentence.known(end, past)
            near = near or (len(sentence.words) < A_FEW and past == start)
            others = sentence.within("about", past, past + 1) or sentence.within("my", past, past + VERB_TO_ME)
            if near and not others and out_of_everything(sentence, past) and sentence.known(past, past + VERB_TO_ME):
                return True
    return False


def of_something_else(sentence: Sentence, start: int, end: int) -> bool:
    """Return whether a word that nobody here knows is what the verb is about: wipe the whiteboards, my data is there too."""
    words = [at for at in range(start, min(end, start + WITHIN_A_PHRASE)) if not sentence.within("common", at, at + 1)]
    strange = bool(words) and sentence.words[words[0]].isalpha() and not sentence.known(words[0], words[0] + 1)
    between = range(words[0] + 1, end) if strange else ()
    return any(sentence.words[at] == "," or sentence.within("with", at, at + 1) for at in between)
