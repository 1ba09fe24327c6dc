"""In which language a person writes, by the letters, parts of words and common words of it: a name, or that it is not plain.

Scripts that one language uses tell it by themselves. For the others `languages.txt` has weights (infra/language_profiles makes
it, and says of what). It is read when the first mail needs it, in about 20 ms, and kept.
"""

import functools
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import NamedTuple

_READ_AT_MOST = 6_000  # characters
_SENTENCES_AT_MOST = 80
_SAYS_AT_MOST = 6.0  # what one sentence may say against a language, however long it is
_SURE = 0.6  # by how much the likeliest language must be ahead
_LAW = 0.1  # what the wording of a law or of a mail program counts: nobody's own words
_ENGLISH = 0.6  # what an English sentence counts beside others: English is what people paste, and what programs add
_PLAINLY = 3.0  # by how much a sentence is another language's
_OF_A_NAME = 0.4
_FIRST_SENTENCES = 3
_FIRST = 1.5  # what comes first counts more: the person's words stand before what they copied
_OTHER_SCRIPT = 0.2  # what a letter says against the languages that are not written with it
# Languages that differ from one that is answered by a few words only, and how plainly they have to be told from it.
_NEIGHBOURS = {"no": "da", "sk": "cs", "ca": "es", "gl": "pt", "sl": "hr"}
_NEIGHBOURS_SAY = 2.0
_WORD_AT_MOST = 24  # letters
_LANE = 3  # bytes of a sum
_PROFILES = Path(__file__).with_name("languages.txt")

_WORD = re.compile(r"[^\W\d_]+")
# Addresses, what is quoted, and the law's name, which many languages have taken over.
_NO_WORDS = re.compile(
    r"https?:\S+|www\.\S+|\S+@\S+|\"[^\"\n]{1,300}\"|[«„“][^«»“”„\n]{1,300}[»”“]|\bgdpr\b", re.IGNORECASE
)
_SENTENCE = re.compile(r"[^.!?;:\n。！？]+")
_NOT_OWN = re.compile(
    r"data subject|(?:the|such) (?:controller|processor)\b|personal data (?:shall|are no longer necessary)|right to obtain from"
    r"|grounds applies|regulation \(eu\)|sent from my |intended recipient|this e-?mail (?:and|is|may|contains)|get outlook for"
    r"|^(?:from|to|sent|subject|date|cc): ",
    re.IGNORECASE,
)
_NAME = re.compile(r"(?:[A-ZÀ-ÖØ-Þ][^\W\d_A-Z]*[ ,]*){1,4}")
_SCRIPTS = (
    ("Latn", "A-Za-zªºÀ-ɏḀ-ỿ"),
    ("Cyrl", "Ѐ-ԯ"),
    ("Arab", "؀-ۿݐ-ݿ"),
    ("el", "Ͱ-Ͽἀ-῿"),
    ("he", "֐-׿"),
    ("ja", "぀-ヿ"),
    ("zh", "㐀-鿿"),
    ("ko", "ᄀ-ᇿ가-힣"),
    ("th", "฀-๿"),
    ("hi", "ऀ-ॿ"),
    ("hy", "԰-֏"),
    ("ka", "Ⴀ-ჿ"),
    ("bn", "ঀ-৿"),
    ("ta", "஀-௿"),
    ("te", "ఀ-౿"),
    ("gu", "઀-૿"),
    ("pa", "਀-੿"),
    ("kn", "ಀ-೿"),
    ("ml", "ഀ-ൿ"),
    ("si", "඀-෿"),
    ("km", "ក-៿"),
    ("lo", "຀-໿"),
    ("my", "က-႟"),
    ("am", "ሀ-፿"),
)
_LETTERS = {name: re.compile(f"[{ranges}]") for name, ranges in _SCRIPTS}
_FULL = {"zh": 3, "ja": 3, "ko": 2}  # letters of others that one of these says as much as


@dataclass(frozen=True)
class Told:
    """The likeliest language (ISO 639-1), empty where none is plain, and how far it is ahead of the next (in nats)."""

    language: str
    margin: float


@dataclass(frozen=True)
class Group:
    """The languages of a script, what speaks for each before a word is read, and the worth of one step of the weights. `rows`:
    by part of a word the weights for all of them as one number, a lane of bytes each, so that one addition adds them all."""

    languages: tuple[str, ...]
    before: tuple[float, ...]
    step: float
    rows: dict[str, int]


class _Say(NamedTuple):
    """What a sentence says of each language of its script, 0 for the likeliest and less for others, empty where it says nothing;
    and what it says of the languages of other scripts."""

    script: str
    told: dict[str, float]
    otherwise: float


def detect(subject: str, body: str) -> Told:
    """Return the language of most of what the person wrote. Only the first 6,000 characters are read.

    Each sentence has a say, and a long one not much more than a short one: an article of a law that somebody copied, or a
    mail program's own words, do not outweigh a person's two lines.
    """
    said = [(_weight(number, sentence), _say(sentence)) for number, sentence in enumerate(_sentences(subject, body))]
    said = [each for each in said if each[1].told]
    if not said:
        return Told("", 0.0)
    scores = _before(Counter(say.script for _, say in said).most_common(1)[0][0])
    english = _ENGLISH if sum(map(_plainly_another, (say for _, say in said))) > 1 else 1.0
    heaviest = min(1.0, max(weight for weight, _ in said))  # where there is nothing but names, they tell
    for weight, say in said:
        counts = weight / heaviest * (english if say.told.get("en") == 0.0 else 1.0)
        for name in scores:
            scores[name] += counts * say.told.get(name, say.otherwise)
    best, second = sorted(scores, key=lambda name: scores[name], reverse=True)[:2]
    margin = scores[best] - scores[second]
    if margin < _NEIGHBOURS_SAY and _NEIGHBOURS.get(best) == second:
        best = second
    return Told(best if margin >= _SURE else "", margin)


def _sentences(subject: str, body: str) -> Iterator[str]:
    text = _NO_WORDS.sub(" ", f"{subject[:500]}\n{body}"[:_READ_AT_MOST])
    found = (match[0].strip() for match in _SENTENCE.finditer(text))
    return islice((sentence for sentence in found if sentence), _SENTENCES_AT_MOST)


def _weight(number: int, sentence: str) -> float:
    if _NOT_OWN.search(sentence):
        return _LAW
    if _NAME.fullmatch(sentence):
        return _OF_A_NAME
    return _FIRST if number < _FIRST_SENTENCES else 1.0


def _plainly_another(say: _Say) -> bool:
    """Whether a sentence is plainly in another language than English."""
    return say.told.get("en", say.otherwise) <= -_PLAINLY


def _say(sentence: str) -> _Say:
    letters = {name: len(found.findall(sentence)) * _FULL.get(name, 1) for name, found in _LETTERS.items()}
    if letters["ja"]:
        letters["ja"] += letters.pop("zh")
    script = max(letters, key=lambda name: letters[name])
    otherwise = -min(_SAYS_AT_MOST, _OTHER_SCRIPT * letters[script])
    group = _groups().get(script)
    told = _weighed(group, sentence) if group else {script: 0.0}
    return _Say(script, told if letters[script] else {}, otherwise)


def _weighed(group: Group, sentence: str) -> dict[str, float]:
    rows = group.rows
    known = [rows[part] for part in parts(sentence) if part in rows]
    if not known:
        return {}
    sums = sum(known).to_bytes(_LANE * len(group.languages), "big")
    steps = [int.from_bytes(sums[at : at + _LANE], "big") for at in range(0, len(sums), _LANE)]
    most = max(steps)
    return {
        name: max(-_SAYS_AT_MOST, (each - most) * group.step) for name, each in zip(group.languages, steps, strict=True)
    }


def parts(text: str) -> Iterator[str]:
    """Yield what the weights are of: each run of up to four signs of each word, its ends marked, and each common word whole."""
    for word in _WORD.findall(text.lower()):
        marked = f"_{word[:_WORD_AT_MOST]}_"
        length = len(marked)
        for size in (1, 2, 3, 4):
            for at in range(length - size + 1):
                yield marked[at : at + size]
        if length > 4:  # noqa: PLR2004 - shorter words are runs
            yield marked


@functools.cache
def _groups() -> dict[str, Group]:
    """By script, what `languages.txt` says: a line for the languages, one for the step and what speaks for each before, and
    one for each part of a word, with a sign for its weight in each language."""
    groups: dict[str, Group] = {}
    rows: dict[str, int] = {}
    with _PROFILES.open(encoding="utf-8") as lines:
        for line in lines:
            part, _, rest = line.rstrip("\n").partition(" ")
            if part == "#":
                continue
            if part == "=":
                script, step, *named = rest.split(" ")
                names = tuple(each.partition(":")[0] for each in named)
                before = tuple(float(each.partition(":")[2] or 0) for each in named)
                rows = {}
                groups[script] = Group(names, before, float(step), rows)
            else:
                lanes = bytearray(_LANE * len(rest))
                lanes[_LANE - 1 :: _LANE] = rest.encode("ascii")
                rows[part] = int.from_bytes(lanes, "big")
    return groups


def _before(script: str) -> dict[str, float]:
    """What speaks for each language before a word is read: between neighbours, the one that more people write in."""
    names = [name for name, _ in _SCRIPTS if name not in _groups()]
    names += [name for group in _groups().values() for name in group.languages]
    group = _groups().get(script)
    return dict.fromkeys(names, 0.0) | (dict(zip(group.languages, group.before, strict=True)) if group else {})
