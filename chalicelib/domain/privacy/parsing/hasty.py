"""Whether a letter of a line or two wishes all of the writer's data gone, though none of its sentences says the whole of it.

"Not a customer. my data: away with it" parts a wish over what look like sentences, and who types on a telephone puts an object
where no grammar expects it. In so few words a verb of erasing and something of the writer's own belong together, unless a word
says otherwise: a thing of everyday work, somebody else, a part, another right, a question, or a word beside the verb that nobody
here knows, which may be what is really to go.
"""

from collections.abc import Sequence

from chalicelib.domain.privacy.parsing.erasure_limits import limited, negated
from chalicelib.domain.privacy.parsing.erasure_wish import told
from chalicelib.domain.privacy.parsing.objects import objects
from chalicelib.domain.privacy.parsing.sentences import Letter, Sentence

_AT_MOST = 28  # words
_A_NOTE = 80  # words of a letter that closes an account
_STRANGE = 2  # words that nobody here knows, the name below the letter apart
_BESIDE = 2  # words from a verb in which nothing may be strange
_PHRASE = 6  # words that belong together
_SIGNED = 3  # words of a name below a letter
_HEADED = 8  # words of a letter that only names the right
_WHERE_ALL_IS = (
    "held",
    "holder",
    "me",
    "me_first",
    "about_me",
    "all",
    "data",
    "your",
    "want",
    "please",
    "my",
    "nowhere",
)
GOES = ("erase", "erase_me", "erasure", "erase_right", "erase_data", "erase_request")
_WISHED = ("want", "polite", "please", "erase_me", "erasure", "erase_right", "erase_data", "erase_request", "forbid")
_OTHERWISE = (
    "thing",
    "field",
    "he",
    "agent",
    "deceased",
    "told",
    "question",
    "if",
    "only",
    "rest",
    "some",
    "aged",
    "elsewhere",
    "following",
    "remainder",
    "but_not",
    "takes_back",
    "disregard",
    "restore",
    "you_have",
    "reports",
    "asked",
    "not_yet",
    "once",
    "after",
    "unless",
    "stays",
    "copy",
    "rectify",
    "wrong",
    "restrict",
    "automated",
    "portable",
    "complaint",
    "link",
    "click",
    "list",
    "family",
    "his",
    "public",
    "given",
    "without",
    "moved_on",
)


def hasty(letter: Letter) -> bool:
    """Return whether so short a letter can only mean that everything of its writer's is to be erased."""
    said = letter.sentences
    if not letter.known or not said or letter.length > _AT_MOST or any(map(_says_otherwise, said)):
        return False
    if not any(each.any(*GOES) for each in said) or not _wished(said):
        return False
    return _all_known(letter) and (_of_the_writer(said) or _named_alone(letter))


def closes(letter: Letter) -> bool:
    """Return whether an account of the writer's is to be closed, and all that is there to go with it."""
    said = letter.sentences
    if not letter.known or letter.length > _A_NOTE or any(map(_says_otherwise, said)):
        return False
    closed = [each for each in said if each.near(("close",), ("account",), _PHRASE)]
    goes = any(each.near(("erase", "erasure"), ("all", "data", "it", "everything"), _PHRASE) for each in said)
    return goes and bool(closed) and any(map(_asks_for, closed))


def _asks_for(sentence: Sentence) -> bool:
    return sentence.any("want", "polite", "please") or sentence.begins("close", words=2)


def points_above(sentence: Sentence) -> bool:
    """Return whether a sentence only sends the reader to the subject, or greets."""
    return sentence.has("see_subject") or sentence.known(0, len(sentence.words))


def _says_otherwise(sentence: Sentence) -> bool:
    others = {span for each in _OTHERWISE for span in sentence.of(each)} - _of_the_verb(sentence)
    own = objects(sentence)
    consent = sentence.near(("withdraw",), ("consent",), _PHRASE)  # in some languages it is taken away as data is
    return (
        bool(others or own.part or own.others)
        or told(sentence)
        or consent
        or negated(sentence)
        or limited(sentence)
        or _out_of_a_thing(sentence)
        or _something_mine(sentence)
    )


def _out_of_a_thing(sentence: Sentence) -> bool:
    """Whether it says out of what, and that is not where all is held: me, out of the carpool."""
    froms = [end for start, end in sentence.of("from", "out_of") if not sentence.within("about_me", start, end)]
    return sentence.any(*GOES) and any(_leads_to_a_thing(sentence, end) for end in froms)


def _leads_to_a_thing(sentence: Sentence, start: int) -> bool:
    for at in range(start, min(start + _PHRASE, len(sentence.words))):
        if sentence.words[at] in ",:" or any(sentence.within(each, at, at + 1) for each in _WHERE_ALL_IS):
            return False
        if not sentence.known(at, at + 1):
            return True
    return False


def _something_mine(sentence: Sentence) -> bool:
    """Whether what is the writer's is something else than data: my company, my former job."""
    return any(
        sentence.within("holder", end, end + 1) or not sentence.known(end, end + _BESIDE)
        for _, end in sentence.of("my")
        if end < len(sentence.words) and sentence.words[end].isalpha()
    )


def _of_the_verb(sentence: Sentence) -> set[tuple[int, int]]:
    """The words that say a verb of erasing, whatever else they say; and what the writer says that he is: I am no customer."""
    verbs = set(sentence.of(*GOES))
    himself = {
        span
        for span in sentence.of("customer")
        if sentence.any("i_am") and span not in objects(sentence).others and sentence.within("family", *span)
    }
    return verbs | himself


def _wished(said: Sequence[Sentence]) -> bool:
    """Whether it asks for something: a word of wishing, or a verb that begins a clause."""
    return any(each.any(*_WISHED) or any(_begins(each, at) for at, _ in each.of("erase")) for each in said)


def _begins(sentence: Sentence, at: int) -> bool:
    return at <= 1 or any(word in ",:" for word in sentence.words[at - 2 : at])


def _all_known(letter: Letter) -> bool:
    """Whether hardly a word is strange, and none beside a verb of erasing: what that is may be what is to go."""
    strange = 0
    for number, sentence in enumerate(letter.sentences):
        verbs = sentence.of("erase", "erasure")
        last = number == len(letter.sentences) - 1
        for at, word in enumerate(sentence.words):
            if not word.isalpha() or sentence.known(at, at + 1):
                continue
            if any(start - _BESIDE <= at < end + _BESIDE for start, end in verbs):
                return False
            strange += not (last and at >= len(sentence.words) - _SIGNED)
    return strange <= _STRANGE


def _of_the_writer(said: Sequence[Sentence]) -> bool:
    """Whether something of the writer's own is named beside the verb, or all that there is of him."""
    if any(objects(each).whole or each.any("about_me", "erase_me") for each in said):
        return True
    goes = any(each.any("erase", "erasure") and each.any("me", "me_first") for each in said)
    held = any(each.any("erase", "erasure") and each.any("all", "data", "account") for each in said)
    return goes or (held and any(each.any("i", "me", "me_first", "my") for each in said))


def _named_alone(letter: Letter) -> bool:
    """Whether the right is named, and the rest only points to that."""
    if letter.length > _HEADED:
        return False
    named = [each for each in letter.sentences if each.any("erase_right", "erase_data", "erase_request")]
    rest = [each for each in letter.sentences if each not in named]
    return bool(named) and all(map(points_above, [*named, *rest])) and any(each.has("see_subject") for each in rest)
