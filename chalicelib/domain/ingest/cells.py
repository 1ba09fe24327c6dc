"""What addresses a cell of a file, or a field of a connection's record, holds: several of them, labels and remarks around them.

A cell that is none may still be somebody's, spelled so that mail would not arrive. Such a person is `meant`: if erased, the
record is not stored, and else nothing is kept of it.
"""

import re
from collections.abc import Container, Iterable, Iterator
from typing import NamedTuple

from chalicelib.core.codes import CellCode
from chalicelib.core.identifiers import EmailAddress, InvalidIdentifier, visible
from chalicelib.domain.redaction.likeness import also_meant
from chalicelib.domain.redaction.mentions import identifiers_in, may_mention
from chalicelib.domain.redaction.texts import clean, decoded
from chalicelib.domain.suppression.model import Mark, marks_of
from chalicelib.vault.tags import Identifier

_LONGEST, _MAX_ADDRESS = 4000, 320  # beyond them nothing is one, and looking closer would only take time
_MANY = re.compile(r":::|\s+/\s+|[;,\s]+")
_SCHEME = re.compile(r"^(mailto|smtp):/*", re.IGNORECASE)
_ALONE = re.compile(r"[a-z0-9](?:[\w+-]|\.(?!\.))*(?<![_.+-])@[\w.-]+", re.ASCII | re.IGNORECASE)  # nearly every cell
_ANGLES = re.compile(r"<([^<>]*@[^<>]*)>")
_REMARK = re.compile(r"\([^()]*\)")
_BREAK = re.compile("[\t\n\x0b\x0c\r\x1c-\x1f\x85\u2028\u2029]")  # what is white space and a control
_PIECE = re.compile(r"[^\s;,<>()|:]+")
_SLIP = re.compile(r"(?<=\w)(?:,|[.,]{2,4})(?=\w)|(?<=\w)@{2,4}(?=\w)")
_MORE_DOMAIN = re.compile(r"\s?[.,]{1,3}\s?([a-z]{2,20})(?![\w.+@-])", re.IGNORECASE)  # jan@firma.co,uk
_BETWEEN = " \t\n;,:/|"
_WORDS = re.compile(r"(?<!\S)(?:[\w+'-]+\s){1,3}[\w.+'-]+\Z")  # a local part that blanks stand in for dots of
MOST_MEANT = 100  # of one record: who asks for more asks for no person
_BEFORE_URL = re.compile(r"[\s;,<>()\[\]]|\w+:/*")


class Addresses(NamedTuple):
    """`found`: whoever it names, functions' mailboxes left out; `dropped`: why something in it was not taken; `meant`: the exact
    forms of what that may be."""

    found: tuple[EmailAddress, ...]
    dropped: tuple[CellCode, ...] = ()
    meant: tuple[str, ...] = ()


def addresses(cell: str) -> Addresses:
    """Return the addresses in a cell.

    A control that is white space parts two of them, and is within one where neither side of it is an address.
    """
    if _ALONE.fullmatch(cell) and (alone := _parsed(cell)) is not None and not alone.is_role:
        return Addresses((alone,))  # nobody else is meant by such a one
    raw = decoded(cell) if "&" in cell else cell
    text = clean(cell)
    pieces = _pieces(text)
    read = {piece: _parsed(piece) for piece in pieces}
    broken = not raw.isprintable() and _BREAK.search(raw.strip()) is not None
    if broken and not any(read.values()) and (whole := _parsed(raw)) is not None:
        read = {text: whole}
    found = {piece: each for piece, each in read.items() if each is not None and not each.is_role}
    taken = tuple(found.values())
    dropped = [
        CellCode.NOT_AN_ADDRESS if each is None else CellCode.ADDRESS_NOT_STORABLE
        for piece, each in read.items()
        if piece not in found
    ]
    if len(taken) > MOST_MEANT:
        return Addresses(taken, tuple(dict.fromkeys(dropped)))  # of them all nothing is stored
    named = [other for each in taken for other in also_meant(each)]
    if dropped or broken or len(text) != sum(map(len, pieces)):
        named += [each for part in _parts(text, found) for each in meant(part)]
        named += meant(visible(raw)) if broken else ()
    return Addresses(taken, tuple(dict.fromkeys(dropped)), but(named, (each.text for each in taken)))


def _parts(text: str, found: Container[str]) -> Iterator[str]:
    """The text in parts that end with one of these pieces each: what stands before an address may belong to it, or be in a list
    with it. Where a word follows it, it may go on there."""
    begin, before = 0, ""
    for piece in (match for match in _PIECE.finditer(text) if match.group() in found):
        if text[begin : piece.start()].strip(_BETWEEN):
            yield from _gone_on(before, text[begin : piece.start()])
            yield text[begin : piece.end()]
        begin, before = piece.end(), piece.group()
    yield from _gone_on(before, text[begin:])
    yield text[begin:]


def _gone_on(address: str, behind: str) -> Iterator[str]:
    if address and (more := _MORE_DOMAIN.match(behind)):
        yield f"{address}.{more[1]}"


def meant(text: str, *, in_urls: bool = True) -> tuple[str, ...]:
    """Return the exact forms of the addresses and persons' pages that a text may be meant to hold, however it is spelled; those
    in URLs of others only with `in_urls`."""
    text = text[:_LONGEST]
    if not may_mention(text):
        return ()
    found: dict[str, None] = {}
    for spelled in dict.fromkeys(_spelled(text)):
        for mention in identifiers_in(spelled, in_cell=True):
            before = "" if in_urls else _BEFORE_URL.split(spelled[: mention.start])[-1]
            for mark in mention.marks:
                is_page = mark.kind is Identifier.URL
                if "/" not in before and (
                    is_page or (mark.kind is Identifier.EMAIL and (in_urls or "/" not in mark.exact))
                ):
                    found |= dict.fromkeys((mark.exact, *([] if is_page else _likened(mark.exact))))
    if "@" in text and len(words := text.split()) > 1 and (stretched := _parsed("".join(words), historic=True)):
        found[stretched.exact] = None
    return tuple(found)


def but(named: Iterable[str], emails: Iterable[str]) -> tuple[str, ...]:
    """Return each of these exact forms once, without those of the addresses."""
    every = dict.fromkeys(named)
    own = {EmailAddress.parse(each).exact for each in emails} if every else ()
    return tuple(each for each in every if each not in own)


def marks_meant(exact: Iterable[str]) -> tuple[Mark, ...]:
    """Return the marks of what `meant` found."""
    every = list(exact)
    urls = [each for each in every if "://" in each]
    emails = [EmailAddress.parse(each, historic=True) for each in every if "://" not in each]
    return marks_of(emails, urls)


def _pieces(text: str) -> list[str]:
    if not text or text.casefold().startswith("/o="):  # a routing name within an Exchange server, no address
        return [text] if text else []
    if "<" in text and (inside := _ANGLES.findall(text)):
        return inside
    if "(" in text:
        remarked = _REMARK.sub(" ", text)
        text = remarked if "@" in remarked else text
    if "|" in text and all("@" in part for part in text.split("|")):
        text = text.replace("|", " ")
    return [_SCHEME.sub("", piece) for piece in _MANY.split(text) if piece]


def _parsed(text: str, *, historic: bool = False) -> EmailAddress | None:
    try:
        return EmailAddress.parse(text if len(text) <= _MAX_ADDRESS else "", historic=historic)
    except InvalidIdentifier:
        return None


def _likened(exact: str) -> tuple[str, ...]:
    return also_meant(EmailAddress.parse(exact, historic=True))


def _spelled(text: str) -> Iterator[str]:
    """The text as it stands; without its controls; and with the slips of whoever typed it mended."""
    yield text
    if _BREAK.search(text):
        yield visible(text)
    if _SLIP.search(text):
        yield _SLIP.sub(lambda match: "@" if "@" in match.group() else ".", text)
    local, at, domain = text.partition("@")
    if at and (words := _WORDS.search(local[-_MAX_ADDRESS:])):
        each = words.group().split()
        yield from (f"{'.'.join(each[-count:])}@{domain}" for count in range(2, len(each) + 1))
