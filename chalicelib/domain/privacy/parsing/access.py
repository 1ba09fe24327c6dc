"""Whether a sentence asks to see what is held of the writer, or where it comes from."""

from chalicelib.domain.privacy.parsing.objects import objects
from chalicelib.domain.privacy.parsing.sentences import Sentence, part_of

_NEAR = 7  # words
_SHORT = 10  # words of a sentence that says little else
_LONG = 25  # words of one that says more
_THINGS = ("data", "identity", "field")


def access(sentence: Sentence) -> bool:
    """Return whether it asks for a copy, for what is held, or for access; also where another wish goes before or follows."""
    return _what_you_have(sentence) or any(_asks_to_see(clause) for clause in _around_erasure(sentence))


def source(sentence: Sentence) -> bool:
    """Return whether it asks where something of the writer's was got: my number, my address."""
    named = sentence.asks or sentence.begins("where", words=1)
    this = named and len(sentence.words) <= _SHORT + 2 and sentence.after(("it",), ("identity", "field"), 0)
    mine = sentence.any("about_me") or this or (sentence.has("my") and sentence.any(*_THINGS))
    if not mine:
        return False
    asked = sentence.asks or this or sentence.any("want", "polite", "send", "inform")
    got = sentence.after(("where",), ("get",), _NEAR) and (named or not sentence.after(("not",), ("where",), 3))
    named = sentence.near(("source",), (*_THINGS, "about_me"), _NEAR)
    return (got and (asked or sentence.has("question") or sentence.begins("where", words=3))) or (named and asked)


def _around_erasure(sentence: Sentence) -> list[Sentence]:
    """What stands before the words that wish something to be deleted, and after them; the whole sentence where there are none."""
    verbs = sentence.of("erase", "erasure")
    if not verbs:
        return [sentence]
    parts = [at for at, word in enumerate(sentence.words) if word == "," or sentence.within("and", at, at + 1)]
    before = max((at for at in parts if at < verbs[0][0]), default=0)
    after = min((at for at in parts if at >= verbs[-1][1]), default=len(sentence.words))
    return [part_of(sentence, 0, before), part_of(sentence, after, len(sentence.words))]


def _asks_to_see(sentence: Sentence) -> bool:
    if any(sentence.after(("not",), (what,), 2) for what in ("copy", "send", "see", "access")) and not sentence.asks:
        return False
    about_me = bool(objects(sentence).whole)
    if sentence.has("copy", "send") and sentence.any("me", "me_first") and len(sentence.words) <= _SHORT:
        return True
    first = (
        sentence.has("first")
        and sentence.any("see", "send", "copy")
        and (sentence.own or sentence.any("want", "polite"))
    )
    return first or _by_name(sentence) or _copy(sentence, about_me) or _show(sentence, about_me)


def _by_name(sentence: Sentence) -> bool:
    """A subject access request; access to my data; Auskunft."""
    if sentence.has("access_right"):
        asked = sentence.any("want", "request") and len(sentence.words) <= _LONG - 5 and not sentence.has("we")
        return sentence.own or asked or sentence.has("polite") or len(sentence.words) <= _SHORT
    asked = sentence.near(("access",), ("want", "request", "my", "polite"), _NEAR - 2)
    return asked and sentence.any("data", "about_me", "law", "art_access")


def _copy(sentence: Sentence, about_me: bool) -> bool:
    asked = about_me or (sentence.any("want", "polite") and len(sentence.words) <= _LONG)
    everything = sentence.any("me", "my") and sentence.after(("copy",), ("all",), 1)
    return everything or (asked and sentence.near(("copy",), ("data", "about_me"), _NEAR))


def _what_you_have(sentence: Sentence) -> bool:
    """What do you have about me?"""
    asked = sentence.asks or sentence.any("want", "send", "see", "inform", "polite") or sentence.begins("what", words=3)
    allowed = sentence.after(("consent",), ("what",), 2)
    if not asked or allowed or sentence.any("erase", "erasure", "not") or not (sentence.own or objects(sentence).whole):
        return False
    return sentence.after(("what", "where"), ("have",), _NEAR) and sentence.any("data", "about_me")


def _show(sentence: Sentence, about_me: bool) -> bool:
    """Send me my data; please confirm whether you hold data about me."""
    if not about_me or sentence.any(*_OTHER_WISHES) or sentence.after(("from",), ("held",), 3):
        return False
    asked = sentence.any("want", "polite") or sentence.begins("send", "see", words=3)
    if sentence.has("nothing", "remain"):
        return False  # see to it that nothing about me is left
    told = sentence.has("data") and sentence.near(("inform",), ("have", "processing"), _NEAR)
    return told or (asked and sentence.after(("see", "send"), ("data", "about_me"), _NEAR))


_OTHER_WISHES = (
    "erase",
    "erasure",
    "rectify",
    "restrict",
    "withdraw",
    "consent",
    "unsubscribe",
    "share",
    "oblige",
    "not",
    "told",
    "close",
)
