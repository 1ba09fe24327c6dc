"""Cells that hold addresses, numbers and URLs: several in one cell, labels around them, each in its accepted form."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from chalicelib.core.codes import CellCode
from chalicelib.core.identifiers import (
    InvalidIdentifier,
    is_chat_link,
    is_network,
    is_person_page,
    phone_digits,
    profile_url,
    without_wrapping,
)
from chalicelib.domain.imports.parsing.names import clean, decoded, without_addresses
from chalicelib.domain.ingest import cells
from chalicelib.domain.redaction.links import holds_another
from chalicelib.domain.redaction.mentions import holds_identifier

MAX_VALUES = 20  # of a kind: a contact has room for no more
_MAX_URL = 2000  # beyond it nothing is one, and looking closer would only take time
_JOINED = ":::"  # how Google Contacts joins values within one cell
_NUMBERS = re.compile(r":::|[;\n\r]")
_MORE_NUMBERS = re.compile(r"[,/|&]|\s{2,}|\s(?:or|oder|ou|und|and)\s")
_URLS = re.compile(  # each run of separators is looked at once
    r":::|(?<![,;|\s])[,;|\s]++(?=https?://|www\.|[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,4}/)", re.ASCII | re.IGNORECASE
)
_NO_DIGIT = re.compile(r"[^0-9+]")
_AT = re.compile(r"@|＠|﹫|[(（\[{]\s*a[t@]?\s*[)）\]}]|\\u0040|\\x40|%u0040|&#64|[=%](?:25)?40|\bat\b", re.IGNORECASE)
_NUMBER = re.compile(r"[+0-9(][0-9\s().,/+–-]*")
_WHOLE_DIGITS = 7  # of a number that may stand beside another in one cell; less continues the number before


class Cell(NamedTuple):
    """What stands in one column of a row, and the column's name in the file."""

    text: str
    column: str = ""


class Dropped(NamedTuple):
    """A value that was not taken while its row was: where it stood, and why."""

    column: str
    code: CellCode


class Read(NamedTuple):
    """The values of a kind, as they are kept; what was dropped; and the exact forms of whom that may mean (ingest.cells)."""

    values: tuple[str, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    meant: tuple[str, ...] = ()


_NOTHING = Read()


def addresses(written: Sequence[Cell]) -> Read:
    """Return the addresses as written, each exact form once, and what is none or a function's mailbox."""
    found: dict[str, str] = {}
    dropped: list[Dropped] = []
    meant: list[str] = []
    for cell in written:
        read = cells.addresses(cell.text)
        meant += read.meant
        dropped += [Dropped(cell.column, code) for code in read.dropped]
        for address in read.found:
            if not _keep(found, address.exact, address.text, cell.column, dropped):
                meant.append(address.exact)
    return _read(found.values(), dropped, meant)


def numbers(written: Sequence[Cell]) -> Read:
    """Return the phone numbers as written, each once, and the cells that hold none."""
    if not written:
        return _NOTHING
    found: dict[str, str] = {}
    dropped: list[Dropped] = []
    meant: list[str] = []
    for cell in written:
        whole = decoded(cell.text) if "&" in cell.text else cell.text
        odd = names_somebody = _AT.search(whole) is not None
        for text in _each_number(whole):
            shown, addresses_there = without_addresses(text)
            if names_somebody:  # no part of an address stays beside the number, however it was torn
                shown = alone[0].rstrip(" (,/.–-+") if (alone := _NUMBER.search(shown)) else ""
            odd = odd or bool(addresses_there)
            try:
                phone_digits("" if holds_identifier(shown) else shown)
            except InvalidIdentifier:
                odd = True
                if clean(text):
                    dropped.append(Dropped(cell.column, CellCode.NOT_A_NUMBER))
                continue
            shown = clean(without_wrapping(shown))
            _keep(found, _NO_DIGIT.sub("", shown), shown, cell.column, dropped)
        meant += cells.meant(cell.text) if odd else ()
    return _read(found.values(), dropped, meant)


def _each_number(cell: str) -> Iterator[str]:
    for piece in _NUMBERS.split(cell):
        parts = _MORE_NUMBERS.split(piece)
        yield from parts if all(_digits(part) >= _WHOLE_DIGITS for part in parts) else (piece,)


def chats(links: Iterable[Cell]) -> Iterator[Cell]:
    """Yield the links that are numbers: they lead to a chat with one."""
    for cell in links:
        yield from (Cell(text, cell.column) for text in _URLS.split(cell.text) if is_chat_link(clean(text)))


def profiles(named: Sequence[Cell], websites: Sequence[Cell]) -> Read:
    """Return profile URLs in their one form, each once, and the cells that hold none.

    A website counts where its network and path are those of a person; a column that is named for profiles may also point
    elsewhere.
    """
    if not named and not websites:
        return _NOTHING
    found: dict[str, str] = {}
    dropped: list[Dropped] = []
    meant: list[str] = []
    for cell, elsewhere in (*((cell, True) for cell in named), *((cell, False) for cell in websites)):
        for text in _URLS.split(cell.text):
            if is_chat_link(clean(text)):
                continue  # a number
            url = _profile(text, elsewhere=elsewhere)
            if url and not _keep(found, url, url, cell.column, dropped):
                meant += [url] if is_person_page(url) else []
            elif not url and clean(text):
                dropped.append(Dropped(cell.column, CellCode.NO_PERSONS_PAGE))
                meant += cells.meant(text, in_urls=False)
    return _read(found, dropped, meant)


def _profile(text: str, *, elsewhere: bool) -> str:
    if not text or len(text) > _MAX_URL:
        return ""
    try:
        url = profile_url(written := clean(text))
    except InvalidIdentifier:
        return ""
    if holds_another(written):
        return ""
    if is_person_page(url):
        return url
    return url if elsewhere and not is_network(url) and " " not in url else ""


def first_of(cell: str, also: str | None = None) -> str:
    """Return the first of several values that Google Contacts, or another separator, joined within one cell."""
    first = cell.partition(_JOINED)[0]
    return first.partition(also)[0] if also else first


def _digits(text: str) -> int:
    return sum(map(text.count, "0123456789"))


def _keep(found: dict[str, str], exact: str, text: str, column: str, dropped: list[Dropped]) -> bool:
    """Add a value, each exact form once, while there is room; whether there was."""
    if exact not in found and len(found) >= MAX_VALUES:
        dropped.append(Dropped(column, CellCode.TOO_MANY_VALUES))
        return False
    found.setdefault(exact, text)
    return True


def _read(values: Iterable[str], dropped: list[Dropped], meant: list[str]) -> Read:
    return Read(tuple(values), tuple(dict.fromkeys(dropped)), tuple(dict.fromkeys(meant)))
