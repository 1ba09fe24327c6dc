"""Which rights of the GDPR a letter exercises, of whose data, and whether the machine can act on it.

Erasure needs a click on a link before anything happens, so a doubtful reading costs the person one mail, while a missed
one costs a month. `certain` is given when a sentence says plainly that the writer wishes to be deleted with all that is held,
and nothing in the letter takes that back, narrows it, speaks of somebody else, or asks for something that must come first.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from chalicelib.domain.privacy.parsing.addressed import impersonal, of_everyday, speaks_to_us
from chalicelib.domain.privacy.parsing.claims import claims, together
from chalicelib.domain.privacy.parsing.distances import HEADLINE
from chalicelib.domain.privacy.parsing.doubts import doubted, of_another, without_speech
from chalicelib.domain.privacy.parsing.erasure_limits import negated
from chalicelib.domain.privacy.parsing.erasure_wish import Erasure, erasure, told
from chalicelib.domain.privacy.parsing.folding import plain
from chalicelib.domain.privacy.parsing.foreign import rights as rights_in
from chalicelib.domain.privacy.parsing.hasty import GOES, closes, hasty
from chalicelib.domain.privacy.parsing.lexicon import LANGUAGES
from chalicelib.domain.privacy.parsing.marks import Mark
from chalicelib.domain.privacy.parsing.names import is_called, named, names_in
from chalicelib.domain.privacy.parsing.objects import MINE_AFTER
from chalicelib.domain.privacy.parsing.sentences import Letter, Sentence, read_letter
from chalicelib.domain.privacy.states import RightKind

_READ_AT_MOST = 20_000  # characters
_SHORT = 40  # words of a letter that says little beside its wish
_A_NOTE = 80  # words of a letter that is about one thing
_A_FEW_LINES = 60  # words of a letter in which what is not said is plain
_A_FEW = 4  # words
_GREETING = 5  # words of what only greets
_A_PAGE = 1_500  # characters; a newsletter is longer than what a person asks
_FIRST = (
    RightKind.ACCESS,
    RightKind.SOURCE,
    RightKind.PORTABILITY,
    RightKind.RECTIFICATION,
)  # what an erasure would leave unanswered


_OF_AN_ERASURE = frozenset([Mark.THIRD_PERSON, Mark.PARTIAL, Mark.ANOTHER_FIRST])  # they say nothing of another right


@dataclass(frozen=True)
class Wish:
    """The rights read, in the order of _ORDER; `certain` when the erasure can be acted on without a person reading the letter.
    `addressed`: the letter may ask something of us: it names a right, or its own writer beside the law; or nobody can tell.
    `spoken`: the language of ours whose words all its sentences are understood by, empty where there are several."""

    rights: tuple[RightKind, ...]
    certain: bool
    marks: frozenset[Mark] = field(default_factory=frozenset)
    addressed: bool = False
    spoken: str = ""


@dataclass(frozen=True)
class Writer:
    """From whom a letter comes: the address, and the name beside it."""

    address: str = ""
    name: str = ""


NOBODY = Writer()


def read_wish(subject: str, body: str, writer: Writer = NOBODY, own_words: bool = True, language: str = "") -> Wish:
    """Return the rights that subject and body exercise. Only the first 20,000 characters are read. `own_words`: it is no mere
    quotation of another; `language`: as it was told, empty where it was not."""
    text = plain(f"{subject[:500]}\n\n{body[:_READ_AT_MOST]}")[: 2 * _READ_AT_MOST]  # some signs become many
    letter = read_letter(text)
    found = _of_names(letter, _erasures(letter), names_in(f"{subject}\n{body}"), writer)
    others = _without_what_only_tells(letter, found, _claimed(letter))
    marks = frozenset(_marks(letter, found, others))
    wished = any(each.wish for each in found) and not impersonal(letter)
    kept = any(each.kept for each in found)
    erasing = wished or any(each.part or each.others or each.loose for each in found) or _erasing(letter, marks)
    erasing = erasing and not impersonal(letter)
    if not erasing:
        marks -= _OF_AN_ERASURE
    certain = wished and not kept and not marks and letter.known and own_words
    certain = certain and not _in_doubt(letter, found, text, plain(writer.address))
    erased = (RightKind.ERASURE,) if erasing else ()
    complains = Mark.COMPLAINT in marks and any(
        sentence.any("privacy", "law", "request") for sentence in letter.sentences
    )
    complains = complains and any(sentence.own for sentence in letter.sentences)
    read = (*erased, *others) if certain else (*others, *erased)
    foreign = rights_in(text, language) if language not in ("", *LANGUAGES) else ()
    strange = foreign is None or (not language and not letter.known and letter.length >= _A_FEW)
    # A newsletter offers a link; who is not understood sends none as a rule.
    guessed = bool(foreign) or (strange and len(text) <= _A_PAGE // 3)
    guessed = guessed and not any(sentence.has("link") for sentence in letter.sentences)
    everyday = not (certain or others or complains) and of_everyday(letter, found)
    asked = (bool(read) and not everyday) or kept
    addressed = asked or complains or guessed or speaks_to_us(letter, text)
    rights = tuple(dict.fromkeys((*read, *(foreign or ()))))
    return Wish(rights, certain, marks, addressed, _spoken(letter))


def _spoken(letter: Letter) -> str:
    languages = {sentence.language for sentence in letter.sentences if len(sentence.spans) > 1}
    return languages.pop() if letter.known and len(languages) == 1 else ""


def _in_doubt(letter: Letter, found: Sequence[Erasure], text: str, sender: str) -> bool:
    """Whether a wish that was read is one that a person has to look at (doubts.py)."""
    wishes = [at for at, each in enumerate(found) if each.wish]
    if any(doubted(letter.sentences, at) or of_another(letter.sentences[at], text, sender) for at in wishes):
        return True
    if wishes and all(found[at].unsaid for at in wishes) and any(map(_of_somebody, letter.sentences)):
        return True
    said = without_speech(text)
    return said != text and not any(each.wish for each in _erasures(read_letter(said)))


def _of_somebody(sentence: Sentence) -> bool:
    """Whether it tells of somebody who is not named by a word of ours: Jane left our company. What is done to the writer by us,
    or by somebody who has it from us, tells of the writer."""
    known = [sentence.known(at, at + 1) for at, word in enumerate(sentence.words) if word != ","]
    while known and not known[-1]:
        known.pop()  # the name below a greeting
    greets = all(known) and len(known) <= _GREETING
    tells = not (greets or sentence.asks or sentence.any("erase", "erasure", "close"))
    if sentence.language in MINE_AFTER:  # whose verb says "I" with its ending, which no list of words holds
        tells = tells and sentence.any("he", "his", "family", "somebody", "we")
    return (
        tells and not sentence.own and not sentence.any("you_have", "your", "contact", "have", "consent", "law", "link")
    )


def _erasures(letter: Letter) -> list[Erasure]:
    """What each sentence wishes to go; "it" is what one of the two before it named, or the "if" that it follows."""
    found: list[Erasure] = []
    never = letter.length <= _A_FEW_LINES and _never_agreed(letter)
    for sentence in letter.sentences:
        before = found[-1:] if sentence.conditional else found[-2:]
        mine = any(each.mine for each in before) or (never and sentence.any("all"))
        found.append(erasure(sentence, mine, letter.length <= _A_FEW_LINES, headline=letter.length <= HEADLINE))
    if any(each.wish or each.part or each.others or each.kept for each in found):
        return found
    if not (hasty(letter) or closes(letter)):
        return found
    at = next(at for at, sentence in enumerate(letter.sentences) if sentence.any(*GOES))
    return [*found[:at], replace(found[at], wish=True, direct=True, unsaid=False), *found[at + 1 :]]


def _never_agreed(letter: Letter) -> bool:
    """Whether the writer says that nobody was allowed to have this: then "all of it" is what is held."""
    if any(sentence.any("thing", "order", "link", "click") for sentence in letter.sentences):
        return False
    return any(
        sentence.near(("not",), ("consent", "signed"), 4) and sentence.any("i", "me", "me_first", "i_am")
        for sentence in letter.sentences
    )


def _of_names(letter: Letter, found: Sequence[Erasure], names: frozenset[str], writer: Writer) -> list[Erasure]:
    """The erasures, those of somebody who is named among them: another, or the writer where that is the name he writes under."""
    if letter.length > _A_NOTE or any(sentence.any("link", "click") for sentence in letter.sentences):
        return list(found)  # who is named in a newsletter or an essay is nobody's wish
    return [_of_a_name(*each, names, writer) for each in zip(letter.sentences, found, strict=True)]


def _of_a_name(sentence: Sentence, found: Erasure, names: frozenset[str], writer: Writer) -> Erasure:
    who = [] if found.direct or told(sentence) or negated(sentence) else named(sentence, names)
    if not who:
        return found
    mine = is_called(who, f"{writer.name} {writer.address.partition('@')[0]}")
    return replace(found, wish=mine, direct=mine, others=not mine)


def _claimed(letter: Letter) -> list[RightKind]:
    rights: dict[RightKind, None] = {}
    for sentence in letter.sentences:
        rights |= dict.fromkeys(claims(sentence, letter.length <= _SHORT // 4))
    rights |= dict.fromkeys(together(letter))
    return list(rights)


def _without_what_only_tells(
    letter: Letter, found: Sequence[Erasure], claimed: Sequence[RightKind]
) -> Sequence[RightKind]:
    """The rights claimed, where all is to go without a correction that nothing but "I have changed jobs" speaks of."""
    corrects = any(
        sentence.any("rectify", "rectify_right", "wrong") and not sentence.has("moved_on")
        for sentence in letter.sentences
    )
    if corrects or not any(each.wish for each in found):
        return claimed
    return [right for right in claimed if right is not RightKind.RECTIFICATION]


def _marks(letter: Letter, found: Sequence[Erasure], others: Sequence[RightKind]) -> set[Mark]:
    marks = set[Mark]()
    called = any(map(_tells_of_a_call, letter.sentences))
    telling = [called and _tells_of_a_caller(each) for each in letter.sentences]
    named_others = any(each.named and not tells for each, tells in zip(found, telling, strict=True))
    somebody = named_others and not any(each.direct for each in found)
    if somebody or any(each.others for each in found):
        marks.add(Mark.THIRD_PERSON)
    listed = any(each.listed for each in found) and not any(each.all for each in found)
    if listed or any(each.part for each in found) or any(map(_leaves_some, letter.sentences)):
        marks.add(Mark.PARTIAL)
    if any(each.wish for each in found) and any(sentence.has("elsewhere") for sentence in letter.sentences):
        marks.add(Mark.PARTIAL)  # the account on a test system is none of ours, as far as anybody can tell
    if any(sentence.any("agent", "deceased") for sentence in letter.sentences):
        marks.add(Mark.AGENT)
    if any(map(_complains, letter.sentences)):
        marks.add(Mark.COMPLAINT)
    held = RightKind.RESTRICTION in others and RightKind.OBJECTION not in others
    if held or any(right in _FIRST for right in others):
        marks.add(Mark.ANOTHER_FIRST)
    return marks


def _tells_of_a_call(sentence: Sentence) -> bool:
    return sentence.has("contact") and sentence.any("me", "me_first") and not sentence.any("family", "agent", "erase")


def _tells_of_a_caller(sentence: Sentence) -> bool:
    """Whether "he" is only who called, and has it from us."""
    return not sentence.any("family", "agent", "erase", "erasure", "erase_right", "want", "polite")


def _erasing(letter: Letter, marks: frozenset[Mark]) -> bool:
    """Whether a letter for somebody, or of a part, speaks of deleting."""
    some = not marks.isdisjoint((Mark.AGENT, Mark.PARTIAL))
    return some and any(each.any("erase", "erasure") and not each.asks for each in letter.sentences)


def _leaves_some(sentence: Sentence) -> bool:
    """The rest may stay."""
    if told(sentence) or len(sentence.words) > _SHORT // 2:
        return False
    return sentence.has("remainder") and not sentence.after(("all",), ("remainder",), 1)


def _complains(sentence: Sentence) -> bool:
    """Whether a complaint is made, and not only kept in reserve for the case that nobody answers."""
    if not sentence.any("complaint", "art_complaint") or sentence.supposed or sentence.begins("we"):
        return False
    if sentence.has("made") and not sentence.any("if", "otherwise"):
        return True
    at = sentence.of("complaint", "art_complaint")[0][0]
    unanswered = any("," in sentence.words[no:at] for no, _ in sentence.of("not"))
    return not (sentence.conditional or unanswered or sentence.any("if", "otherwise"))
