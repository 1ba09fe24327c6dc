"""What a letter says is right about its writer: the form of a rectification is filled with it, and nothing else is done with it, so
that a value read wrongly costs the writer one correction. Where it is not plain, the field stays empty."""

import re
from collections.abc import Iterator, Mapping
from functools import cache

from chalicelib.core import written
from chalicelib.core.identifiers import EmailAddress
from chalicelib.domain.privacy.parsing.new_value_words import NEW, NO_TITLE, OLD, WORDS
from chalicelib.domain.redaction.mentions import Mention, holds_identifier, mentions_in
from chalicelib.vault.tags import Identifier

_READ_AT_MOST = 5_000  # characters
_BEFORE = 40  # characters between a word of NEW and what it is about
_MOST_WORDS = {"name": 4, "last_name": 3, "title": 7, "company_name": 6}
_FIELDS = {Identifier.EMAIL: "emails", Identifier.PHONE: "phones", Identifier.URL: "profile_urls"}
_LOWER = "a-zß-öø-ÿāăąćčďđēęěğįıłńňőœřśşšţťūůűźżžșțά-ώ"
# A value goes as far as its sentence does; a point within it, or before a small letter, ends an abbreviation.
_END = rf"(?-i:(?:[^.,;:!?()\n\"“”„«»]|\.(?=[^\s.,;)])|\.(?=\s[{_LOWER}]))*)"
_ADDRESS = re.compile(r"\S*(?:@|://|www\.)\S*")
_LITTLE = frozenset(
    (
        "de",
        "da",
        "do",
        "dos",
        "von",
        "van",
        "der",
        "den",
        "la",
        "le",
        "di",
        "del",
        "of",
        "the",
        "and",
        "und",
        "et",
        "y",
        "e",
        "i",
        "&",
    )
)
_TIMES = re.compile(  # what tells since when, in the languages of WORDS
    r"\s(?:since|from|seit|ab|depuis|desde|da|dal|sinds|od|sedan|siden|din|από|now|jetzt|and|und|et|y|e|en|i|a|och|og|și|και)\s.*",
    re.IGNORECASE | re.DOTALL,
)


def new_values(text: str, language: str, sender: EmailAddress) -> dict[str, str]:
    """Return what is right, by field of a contact: what the letter says in its language, and the one address, number or page
    that it names, or calls the new one."""
    text = text[:_READ_AT_MOST]
    found = {field: value for field, value in _said(text, language) if not written.fault(value)}
    return {field: value for field, value in found.items() if not holds_identifier(value)} | dict(_named(text, sender))


def _said(text: str, language: str) -> Iterator[tuple[str, str]]:
    for field, after in _patterns(language).items():
        said = after.search(text)
        value = said[1].strip(" '-–") if said else ""
        if field == "name":
            yield from _parted(_capital(value, _MOST_WORDS[field]))
        elif field == "title" and value:
            title, company = _apart(value, language, is_called=said is not None and _is_called(said, language))
            yield from ((name, each) for name, each in (("title", title), ("company_name", company)) if each)
        elif value := _capital(value, _MOST_WORDS[field]):
            yield field, value


def _parted(name: str) -> Iterator[tuple[str, str]]:
    """First and last name, where there are both."""
    first, _, last = name.partition(" ")
    if last:
        yield from (("first_name", first), ("last_name", last))


def _is_called(said: re.Match[str], language: str) -> bool:
    """Whether the words before a title call it one: "my title is", not "I am now"."""
    return re.match(WORDS[language]["title"][-1], said[0], re.IGNORECASE) is None


def _apart(value: str, language: str, *, is_called: bool) -> tuple[str, str]:
    """A title, and the company that follows it. After "I am now" a title is what is written as a name is, or has its company."""
    between = "|".join(WORDS[language]["at"])
    title, *rest = re.split(rf"\s(?:{between})\s", value, maxsplit=1, flags=re.IGNORECASE)
    title = _TIMES.sub("", f" {title}").strip()
    company = _capital(rest[0], _MOST_WORDS["company_name"]) if rest else ""
    is_none = NO_TITLE.match(title) or OLD.match(title) or not (is_called or company or title[:1].isupper())
    return ("", "") if is_none or len(title.split()) > _MOST_WORDS["title"] else (title, company)


def _capital(value: str, most: int) -> str:
    """The words at the beginning that are written as names are; none where there are too many to be one."""
    words: list[str] = []
    for word in value.split():
        if not (word[0].isupper() or word[0].isdigit() or word.lower() in _LITTLE):
            break
        words.append(word)
    while words and words[-1].lower() in _LITTLE:
        words.pop()
    return " ".join(words) if len(words) <= most and words and words[0][0].isupper() else ""


@cache
def _patterns(language: str) -> Mapping[str, re.Pattern[str]]:
    """By field, in the order in which they count: what says a last name says no whole one."""
    fields = {"name": "name", "last_name": "last_name", "title": "title", "company": "company_name"}
    said = WORDS.get(language, {})
    return {
        name: re.compile(rf"\b(?:{'|'.join(said[field])})[\s:]+({_END})", re.IGNORECASE)
        for field, name in fields.items()
        if field in said
    }


def _named(text: str, sender: EmailAddress) -> Iterator[tuple[str, str]]:
    """The identifiers that are plainly meant, as they are written."""
    by_field: dict[str, list[Mention]] = {}
    for mention in mentions_in(text):
        mark = mention.marks[0]
        if mention.guessed or mark.kind not in _FIELDS or mark.exact in (sender.exact, sender.base):
            continue
        by_field.setdefault(_FIELDS[mark.kind], []).append(mention)
    for field, mentions in by_field.items():
        only = len(mentions) == 1 and not _is_old(text, mentions[0])
        meant = mentions if only else [each for each in mentions if _is_new(text, each, mentions)]
        if len(meant) == 1:
            yield field, text[meant[0].start : meant[0].end]


def _is_new(text: str, mention: Mention, others: list[Mention]) -> bool:
    """Whether it is called the new one, by words that do not stand before another."""
    before = _before(text, mention, max((each.end for each in others if each.end <= mention.start), default=0))
    return bool(NEW.search(before)) and not OLD.search(before)


def _is_old(text: str, mention: Mention) -> bool:
    return bool(OLD.search(_before(text, mention, 0)))


def _before(text: str, mention: Mention, begins: int) -> str:
    """The words just before it, without other addresses and pages, whose own words say nothing of it."""
    return _ADDRESS.sub(" ", text[max(begins, mention.start - _BEFORE) : mention.start])
