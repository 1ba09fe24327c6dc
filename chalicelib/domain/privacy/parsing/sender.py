"""Who wrote a mail, by its From (RFC 5322 3.4 and 3.6.2, RFC 6532, RFC 6854): one address as it stands there, or none.

A reply goes to what is read here, so whatever could be read in two ways is refused: nobody is answered for another.
"""

import re
import unicodedata
from dataclasses import dataclass, field

from chalicelib.core.identifiers import EmailAddress, InvalidIdentifier
from chalicelib.core.identifiers.characters import visible

_SPACE = " \t\n"
_SEPARATORS = ",;:"  # of mailboxes; of a group its end and its name's
_UNREADABLE = "\N{REPLACEMENT CHARACTER}"
_AROUND = re.compile(r"[ \t\n]*([.@])[ \t\n]*")  # white space may stand around the dots and the sign (RFC 5322 4.4)


class Several(ValueError):
    """More than one address stands in a From."""


class Unreadable(ValueError):
    """A From holds no address that can be read in one way only."""


@dataclass
class _Mailbox:
    """What stands between two separators: `words` outside of brackets, `angles` within them; `ended`: words follow these."""

    words: str = ""
    angles: list[str] = field(default_factory=list)
    ended: bool = False


def sender(value: str) -> EmailAddress:
    """Return the address of a From field. Several, Unreadable."""
    found = [address for address in map(_address, _mailboxes(value)) if address is not None]
    if len({each.exact for each in found}) > 1:
        raise Several
    if not found:
        raise Unreadable
    return found[0]


def _mailboxes(value: str) -> list[_Mailbox]:
    """The field taken apart in one pass. Unreadable where a bracket, quotation or comment has no end."""
    made, at = [_Mailbox()], 0
    while at < len(value):
        sign, now = value[at], made[-1]
        if sign in _SEPARATORS:
            made.append(_Mailbox())
            at += 1
        elif sign == "(":
            at = _after_comment(value, at)
            now.words += "" if now.angles else " "
        elif sign == "<":
            ends = _after(value, at, ">")
            now.angles.append(value[at + 1 : ends - 1])
            at = ends
        elif sign == '"':
            ends = _after_quotation(value, at)
            now.words, now.ended = now.words + value[at:ends], bool(now.angles)
            at = ends
        else:
            now.words, now.ended = now.words + sign, now.ended or (bool(now.angles) and sign not in _SPACE)
            at += 1
    return made


def _after_comment(value: str, at: int) -> int:
    depth = 0
    while at < len(value):
        sign = value[at]
        at += 2 if sign == "\\" else 1
        depth += (sign == "(") - (sign == ")")
        if not depth:
            return at
    raise Unreadable


def _after_quotation(value: str, at: int) -> int:
    at += 1
    while at < len(value):
        if value[at] == '"':
            return at + 1
        at += 2 if value[at] == "\\" else 1
    raise Unreadable


def _after(value: str, at: int, sign: str) -> int:
    ends = value.find(sign, at)
    if ends < 0:
        raise Unreadable
    return ends + 1


def _address(mailbox: _Mailbox) -> EmailAddress | None:
    """The address of a mailbox; None of mere words, such as a name that a comma splits. Several, Unreadable."""
    if not mailbox.angles:
        return _bare(mailbox.words)
    if len(mailbox.angles) > 1:
        raise Several
    if mailbox.ended:
        raise Unreadable
    named = re.sub(
        r'"(?:[^"\\]|\\.)*+"', " ", mailbox.words
    )  # within quotation marks a name may hold whatever it likes
    address = _parsed(mailbox.angles[0].strip())
    for word in named.split():
        if "@" in word and not _same(word.strip("'"), address):
            raise Several
    return address


def _same(word: str, address: EmailAddress) -> bool:
    try:
        return EmailAddress.parse(word).exact == address.exact
    except InvalidIdentifier:
        return False


def _bare(words: str) -> EmailAddress | None:
    text = words.strip()
    if "@" not in re.sub(r'"(?:[^"\\]|\\.)*+"', "", text):
        return None
    return _parsed(text)


def _parsed(text: str) -> EmailAddress:
    """The address, only where nothing has to be left out, translated or guessed to read it."""
    joined = _AROUND.sub(r"\1", text)
    local = joined.rpartition("@")[0]
    if _UNREADABLE in joined or "=?" in joined or not _as_it_is(joined):
        raise Unreadable
    if unicodedata.normalize("NFKC", local) != unicodedata.normalize("NFC", local):
        raise Unreadable  # another mailbox at most servers
    try:
        return EmailAddress.parse(joined, historic=True)
    except InvalidIdentifier as error:
        raise Unreadable from error


def _as_it_is(text: str) -> bool:
    """Whether nothing stands in the text that nobody sees."""
    return visible(text) == unicodedata.normalize("NFKC", text)
