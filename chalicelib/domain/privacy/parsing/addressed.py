"""Whether a letter asks something of us at all: a person's words, or a newsletter's, or everyday work that came to the wrong address."""

from collections.abc import Sequence

from chalicelib.domain.privacy.parsing.erasure_wish import Erasure
from chalicelib.domain.privacy.parsing.sentences import Letter, Sentence

_SHORT = 40  # words of a letter that says little beside its wish
_A_LINE = 12  # words
_A_FEW = 4  # words
_A_PAGE = 1_500  # characters; a newsletter is longer than what a person asks
_OF_PERSONS = ("privacy", "law", "erase_right", "about_me", "consent", "public")


def impersonal(letter: Letter) -> bool:
    """Return whether a text speaks of nobody who writes it, and teaches or offers something: a newsletter, on whatever subject."""
    asked = any(each.any("erase", "erasure") and each.any("want", "polite", "please") for each in letter.sentences)
    agent = asked and any(sentence.has("agent") for sentence in letter.sentences)
    told_of = any(sentence.any("teach") for sentence in letter.sentences)
    if told_of and not any(each.own or each.any("polite", "please") for each in letter.sentences):
        return True
    if letter.length <= 2 * _A_LINE or agent or any(sentence.own for sentence in letter.sentences):
        return False
    return any(sentence.any("thing", "link", "click", "unsubscribe") for sentence in letter.sentences)


def speaks_to_us(letter: Letter, text: str) -> bool:
    """Return whether a letter without a wish may be a person's all the same: the writer speaks of privacy, or asks who we are."""
    if len(text) > _A_PAGE or any(sentence.any("link", "click") for sentence in letter.sentences):
        return False
    return any(_of_privacy(sentence, letter.length) for sentence in letter.sentences)


def of_everyday(letter: Letter, found: Sequence[Erasure]) -> bool:
    """Return whether all that is to go stands in a thing of everyday work, and nothing else is said: my photos, from the shared folder."""
    if letter.length > _SHORT or any(each.any(*_OF_PERSONS) for each in letter.sentences):
        return False
    wished = [at for at, each in enumerate(found) if each.wish or each.part or each.loose or each.others]
    return (
        bool(wished)
        and any(each.has("thing") for each in letter.sentences)
        and not any(
            found[at].named
            or (letter.sentences[at].any("data", "account", "held", "list") and not letter.sentences[at].has("thing"))
            for at in wished
        )
    )


def _of_privacy(sentence: Sentence, length: int) -> bool:
    """Who are you? GDPR. What happens to my data? Not: I agree that you keep my data."""
    subject = sentence.any("privacy", "law", "erase_right", "access_right", "complaint")
    if sentence.has("restore") or (sentence.has("question") and not sentence.any("my", "me", "about_me")):
        return False  # you deleted my data, bring it back; how do I delete a row?
    if sentence.any("erase", "erasure", "close") and not (sentence.any("my", "me", "about_me") or subject):
        return False  # how do I delete a column?
    if sentence.asks and length <= _A_LINE:
        briefly = length <= _A_LINE // 2 and sentence.any("where", "source")
        return subject or briefly or sentence.any("about_me", "data", "identity")
    agrees = sentence.has("consent") and not sentence.any("withdraw", "not", "stop")
    return subject and (length < _A_FEW or (sentence.own and not agrees))
