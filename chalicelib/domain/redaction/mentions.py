"""The identifiers that stand in a free text: addresses, profile URLs and phone numbers, each with its place.

Finding too much does no harm (a pointer that no look-up asks for); finding too little leaves a person behind. Where it is not
clear where an identifier begins or ends, as in scripts without blanks, each possible one is a mention of its own.
"""

import contextlib
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from urllib.parse import unquote

from chalicelib.core.codes import FieldCode
from chalicelib.core.errors import FieldError
from chalicelib.core.identifiers import (
    EmailAddress,
    InvalidIdentifier,
    is_chat_link,
    is_person_page,
    phone,
    profile_url,
    visible,
)
from chalicelib.domain.redaction import encoded
from chalicelib.domain.redaction.visible_text import AT_WORDS, SPELLED_AT, Reading, VisibleText, readings, visible_text
from chalicelib.domain.suppression.model import Mark, marks_of
from chalicelib.vault.tags import Identifier

_BLANK = r" \t\u00a0\u2009\u202f"
_LONGEST_LOCAL, _LONGEST_DOMAIN = 80, 260  # characters looked at on each side of an at sign
_MOST_BOUNDS = 4  # places next to it at which an identifier may end: of more, each with each, would cost seconds a note
_NO_LOCAL = re.compile(r"[\s@<>()\[\],;:\"\\]")
_BEFORE_LOCAL = "'*_`~#!$^{}|/=?&%+-.·•"
# Without any of these signs, or characters that hide one, nobody is named by an identifier: most texts have none.
_SIGN = re.compile(
    rf"[@＠﹫%％﹪&＆﹠/／⁄\[［﹝({{（｛﹙﹛<＜﹤【〔\d\uff21-\uff5a\u00ad\u034f\u200b-\u200f\u2060-\u206f\ufe00-\ufe0f\ufeff]|\b(?:{AT_WORDS})\b",
    re.IGNORECASE,
)
# In NFKC: signs without which there is neither address nor page; and those of a number.
_MAY_IDENTIFY = re.compile(
    rf"@|%[0-9a-f]{{2}}|%u00|\\[ux]|=(?:40|2f)|&(?:#|\w{{1,31}};)|[\[({{【〔<]\s?(?:{AT_WORDS}|a)\s?[\])}}】〕>]|\w[.\u3002\uff61][\w-]{{2,63}}\.?(?::\d{{1,5}})?\\*[/⁄?#]|{SPELLED_AT.pattern}",
    re.IGNORECASE,
)
_MAY_MENTION = re.compile(rf"{_MAY_IDENTIFY.pattern}|(?:\d\D{{0,4}}){{5}}\d", re.IGNORECASE)
_URL_SEPARATORS = "/=?&|"
_QUOTED = re.compile(r"\"(?:[^\"\\\n]|\\[^\n]){1,64}\"@[\w-]+(?:\.[\w-]+)+")
_HYPHEN = r"\-\u2010-\u2013\u2212"
_DOMAIN = re.compile(rf"[\w{_HYPHEN}]+(?:[.\u3002\uff61][\w{_HYPHEN}]+)+")
_GROUP = re.compile(r"[{\[(]([^{}\[\]()@\n]{3,200})[)\]}]@([\w-]+(?:\.[\w-]+)+)")  # {ann, bo}@firma.example
_AND_WORDS = "und|and|et|y|e|og|och|oraz|és|и|oder|or|ou"
# ann/bo@firma.example: the last one's address is whole, the others' are meant. In a cell for addresses they may stand apart, too;
# in prose it is a name that does: "Leonie, ann@firma.example".
_LISTED, _LISTED_IN_CELL = (
    re.compile(rf"(?:[\w.+-]{{1,64}}{parted}){{1,9}}(?P<last>[\w.+-]{{1,64}})\Z", re.IGNORECASE)
    for parted in ("[/|&,;]", rf"(?:\s?[/|&,;]\s?|\s(?:{_AND_WORDS})\s)")
)
_MAILBOX, _LONGEST_LIST = re.compile(r"[\w.+-]+"), 200
_DASH = re.compile(r"[\u2010-\u2015\u2212]")  # a hyphen of the address, or a dash beside it
_NEW_SENTENCE = re.compile(r"\.[A-ZÀ-ÖØ-Þ][^.A-Z]*\Z")
_TO_THE_END = r"[^\s<>\"'()\[\]{}|«»“”「」『』【】〈〉《》〔〕]+"
_URL = re.compile(
    r"(?<![\w-])(?:https?://)?(?:[\w-]{1,63}\.){1,8}[\w-]{2,63}(?::\d{1,5})?[/?#]" + _TO_THE_END, re.IGNORECASE
)
_BEHIND_PAGE = ".,;:!?*`'’…"
_BEHIND = _BEHIND_PAGE + "_"  # in which names of accounts may end
_ASKED = re.compile(r"[^?#&]*")  # a link up to what is asked of its page
_PAGE = re.compile(
    r"(?<![a-z0-9-])(?:https?://)?(?:[a-z0-9-]{1,63}[.\u3002\uff61]){0,4}"
    r"(?:(?:linkedin|xing|x|twitter|facebook|fb|instagram|github|viadeo)[.\u3002\uff61]com|linkedin[.\u3002\uff61]cn"
    r"|bsky[.\u3002\uff61]app)\.?(?::\d{1,5})?/" + _TO_THE_END,
    re.IGNORECASE,
)
_PHONE = re.compile(
    rf"(?<![A-Za-zÀ-ɏ0-9_+])(?:\+[{_BLANK}]?)?\(?\d(?:[{_BLANK}().\-/‐‑–]{{0,4}}\d){{5,17}}(?!(?!x\d)[a-zA-Z0-9_])"
)


@dataclass(frozen=True)
class Mention:
    """One identifier in a text: text[start:end], and the marks it gives. `guessed`: its signs are written as words, which may
    mean something else ("CTO at example.com")."""

    start: int
    end: int
    marks: tuple[Mark, ...]
    guessed: bool = False


def mentions_in(text: str, *, in_cell: bool = False) -> tuple[Mention, ...]:
    """Return every identifier in the text, in order. A number within another one is part of that. `in_cell`: it is a cell for
    addresses, no prose."""
    if not _signed(_MAY_MENTION, text):
        return ()
    listed = _listed(text, _LISTED_IN_CELL if in_cell else _LISTED)
    taken = [*_emails(text), *listed, *_urls(text)]
    taken += [m for m in list(_phones(text)) if not any(m.start < t.end and t.start < m.end for t in taken)]
    return tuple(sorted(taken, key=lambda mention: (mention.start, mention.end)))


def marks_in(text: str | None) -> tuple[Mark, ...]:
    """Return the marks of every identifier in the text, each once."""
    return tuple(dict.fromkeys(mark for mention in mentions_in(text or "") for mark in mention.marks))


def holds_identifier(text: str) -> bool:
    """Return whether an e-mail address or a person's page stands in the text."""
    return bool(identifiers_in(text))


def held(field: str, text: str | None) -> list[FieldError]:
    """Return what is wrong with a field that needs no free text where somebody's address or page stands in it, erased or not."""
    sentence = "E-mail addresses and profile pages are not allowed here."
    return [FieldError(field, FieldCode.HOLDS_ADDRESS, sentence)] if text and holds_identifier(text) else []


def identifiers_in(text: str, *, in_cell: bool = False) -> tuple[Mention, ...]:
    """Return the addresses and persons' pages in the text, in order; `in_cell` as in `mentions_in`."""
    if is_one_plain_word(text) or not _signed(_MAY_IDENTIFY, text):
        return ()
    found = mentions_in(text, in_cell=in_cell)
    return tuple(m for m in found if any(mark.kind is not Identifier.PHONE for mark in m.marks))


def is_one_plain_word(text: str) -> bool:
    """Return whether the text is nothing but ASCII letters and digits: an address or a page has other signs, too."""
    return text.isascii() and text.isalnum()


def may_mention(text: str) -> bool:
    """Return whether an identifier may stand in the text, at first sight: false of most names and titles. A number begins with no
    letter, and goes on from none."""
    if is_one_plain_word(text) and text[0].isalpha():
        return False
    return _SIGN.search(text) is not None


def _signed(sign: re.Pattern[str], text: str) -> bool:
    return may_mention(text) and sign.search(text if text.isascii() else visible(text)) is not None


def _emails(original: str) -> Iterator[Mention]:
    for seen in readings(original, Reading.ADDRESS):
        yield from _emails_seen(seen)
    for match in _QUOTED.finditer(original) if '"@' in original else ():
        with contextlib.suppress(InvalidIdentifier):
            yield Mention(
                match.start(), match.end(), marks_of(emails=[EmailAddress.parse(match.group(), historic=True)])
            )
    yield from _grouped(original)


def _grouped(original: str) -> Iterator[Mention]:
    for group in _GROUP.finditer(original) if "@" in original else ():
        for local in re.finditer(r"[^\s,;|/]+", group[1]):
            with contextlib.suppress(InvalidIdentifier):
                marks = marks_of(emails=[EmailAddress.parse(f"{local[0]}@{group[2]}")])
                yield Mention(group.start(1) + local.start(), group.start(1) + local.end(), marks)


def _listed(original: str, several: re.Pattern[str]) -> Iterator[Mention]:
    """Those whose address ends behind somebody else's: their names as mailboxes."""
    at, behind = original.find("@"), 0
    while at >= 0:
        begin = max(behind, at - _LONGEST_LIST)
        names, domain = several.search(original, begin, at), _DOMAIN.match(original, at + 1, at + 1 + _LONGEST_DOMAIN)
        if names and domain:
            for local in _MAILBOX.finditer(original, names.start(), names.start("last")):
                with contextlib.suppress(InvalidIdentifier):
                    address = EmailAddress.parse(f"{local[0]}@{domain[0]}", historic=True)
                    yield Mention(local.start(), local.end(), marks_of(emails=[address]), guessed=True)
        at, behind = original.find("@", at + 1), at + 1


def _emails_seen(seen: VisibleText) -> Iterator[Mention]:
    at = seen.text.find("@")
    while at >= 0:
        for start in _starts(seen.text, at):
            for end in _ends(seen.text, at):
                yield from _parsed(
                    seen, start, end, lambda found: marks_of(emails=[EmailAddress.parse(found, historic=True)])
                )
        at = seen.text.find("@", at + 1)


def _starts(text: str, at: int) -> list[int]:
    """Where the local part before an at sign may begin: as far back as it can, behind marks before it, and where a script
    without blanks ends."""
    low = at
    while low > max(0, at - _LONGEST_LOCAL) and not _NO_LOCAL.match(text[low - 1]) and not _bracket(text[low - 1]):
        low -= 1
    if low == at:
        return []
    first = at - len(text[low:at].lstrip(_BEFORE_LOCAL))
    dots = len(text[low:first]) - len(text[low:first].rstrip("."))
    found = {first, first - dots}  # dots may belong to the address
    places = [place for place in range(low + 1, at) if _parted(text[place], text[place - 1])]
    found |= set(places[-_MOST_BOUNDS:])
    found |= set([low + dash.end() for dash in _DASH.finditer(text[low:at])][-_MOST_BOUNDS:])
    behind = max(text.rfind(mark, low, at) for mark in _URL_SEPARATORS)
    found |= {behind + 1} if behind >= low else set()
    return sorted(place for place in found if place < at)


def _ends(text: str, at: int) -> list[int]:
    """Where the domain behind an at sign may end: as late as it can, and where another script or a new sentence begins."""
    match = _DOMAIN.match(text, at + 1, at + 1 + _LONGEST_DOMAIN)
    if not match:
        return []
    domain = match.group()
    found = {domain} | {domain[:i] for i in _bounds(domain)}
    found |= {domain[: dash.start()] for dash in islice(_DASH.finditer(domain), _MOST_BOUNDS)}
    found |= {_NEW_SENTENCE.sub("", each) for each in found}
    trimmed = {each.rstrip("-_.\u3002\uff61\u2010\u2011\u2012\u2013\u2212") for each in found}
    return sorted(at + 1 + len(each) for each in trimmed if each)


def _urls(original: str) -> Iterator[Mention]:
    for seen in readings(original):
        for match in _URL.finditer(seen.text):
            yield from _parsed(seen, match.start(), match.end(), _page_marks)
            yield from _encoded(seen, match)
        for match in _PAGE.finditer(seen.text):
            found = match.group()
            behind = {len(found.partition(sign)[0]) for sign in "&?"}
            for end in sorted({len(found), len(found.rstrip("-_.")), *behind, *_bounds(found)}):
                yield from _parsed(seen, match.start(), match.start() + end, _page_marks, _BEHIND_PAGE)


def _encoded(seen: VisibleText, link: re.Match[str]) -> Iterator[Mention]:
    for start, end, text in encoded.texts_in(link.group()):
        span = seen.original(link.start() + start, link.start() + end)
        yield from (Mention(*span, each.marks, guessed=True) for each in identifiers_in(text))


def _page_marks(found: str) -> tuple[Mark, ...]:
    if is_chat_link(found):
        return marks_of(phones=[phone(found)])
    if "@" in unquote(_ASKED.sub("", found, count=1)):
        raise InvalidIdentifier("profile_url")  # who stands behind the page is a mention by itself
    url = profile_url(found)
    return marks_of(profile_urls=[url]) if is_person_page(url) else ()


def _phones(original: str) -> Iterator[Mention]:
    seen = visible_text(original)
    for match in _PHONE.finditer(seen.text):
        yield from _parsed(seen, match.start(), match.end(), lambda found: marks_of(phones=[phone(found)]))


def _parsed(
    seen: VisibleText, start: int, end: int, read: Callable[[str], tuple[Mark, ...]], behind: str = _BEHIND
) -> Iterator[Mention]:
    end = start + len(seen.text[start:end].rstrip(behind))
    try:
        yield Mention(*seen.original(start, end), read(seen.text[start:end]), Reading.SPELLED in seen.reading)
    except InvalidIdentifier:
        return


def _bounds(text: str) -> list[int]:
    """The first places where another script begins that an address may end at."""
    places = (i for i in range(1, len(text)) if _parted(text[i - 1], text[i]))
    return list(islice(places, _MOST_BOUNDS))


def _parted(inner: str, outer: str) -> bool:
    """Whether an address may end between two characters of it: the outer one is of a script without blanks, or of another script
    than the letter beside it, as where Latin letters stand in Russian or Arabic text."""
    if inner.isascii() and outer.isascii():
        return False
    return _unspaced(outer) > _unspaced(inner) or "" != _script(inner) != _script(outer) != ""


def _script(character: str) -> str:
    """The first word of a letter's name, such as LATIN; empty for what is no letter."""
    return unicodedata.name(character, "").partition(" ")[0] if character.isalpha() else ""


def _unspaced(character: str) -> bool:
    """Whether the character belongs to a script that writes no blanks, or is a symbol: an address may begin or end at it."""
    return not character.isascii() and unicodedata.category(character) in (
        "Lo",
        "So",
        "Sm",
        "Sk",
        "Sc",
        "Po",
        "Mn",
        "Mc",
        "No",
    )


def _bracket(character: str) -> bool:
    return not character.isascii() and unicodedata.category(character) in ("Ps", "Pe", "Pi", "Pf")
