"""Cells that hold addresses, numbers and URLs: several in one cell, labels around them, each in its accepted form."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from chalicelib.core.codes import CellCode
from chalicelib.core.identifiers import (
    EmailAddress,
    InvalidIdentifier,
    is_network,
    is_person_page,
    phone_digits,
    profile_url,
    without_wrapping,
)
from chalicelib.domain.imports.parsing.names import clean, decoded, without_addresses
from chalicelib.domain.redaction.mentions import holds_another, holds_identifier

MAX_VALUES = 20  # of a kind: a contact has room for no more
_MAX_ADDRESS, _MAX_URL = 320, 2000  # beyond them nothing is one, and looking closer would only take time
_JOINED = ":::"  # how Google Contacts joins values within one cell
_MANY = re.compile(r":::|\s+/\s+|[;,\s]+")
_SCHEME = re.compile(r"^(mailto|smtp):", re.IGNORECASE)
_ANGLES = re.compile(r"<([^<>]*@[^<>]*)>")
_NUMBERS = re.compile(r":::|[;\n\r]")
_MORE_NUMBERS = re.compile(r"[,/|&]|\s{2,}|\s(?:or|oder|ou|und|and)\s")
_URLS = re.compile(r":::|(?<![,;\s])[,;\s]++(?=https?://|www\.)")  # each run is looked at once
_NO_DIGIT = re.compile(r"[^0-9+]")
_WHOLE_DIGITS = 7  # of a number that may stand beside another in one cell; less continues the number before


class Cell(NamedTuple):
    """What stands in one column of a row, and the column's name in the file."""

    text: str
    column: str = ""


class Dropped(NamedTuple):
    """A value that was not taken while its row was: where it stood, and why."""

    column: str
    code: CellCode


def addresses(cells: Iterable[Cell]) -> tuple[tuple[str, ...], list[Dropped]]:
    """Return the addresses as written, each exact form once, and what is none or a function's mailbox."""
    found: dict[str, str] = {}
    dropped: list[Dropped] = []
    for cell in cells:
        for text in _pieces(cell.text):
            try:
                address = EmailAddress.parse(text if len(text) <= _MAX_ADDRESS else "")
            except InvalidIdentifier:
                dropped.append(Dropped(cell.column, CellCode.NOT_AN_ADDRESS))
                continue
            if address.is_role:
                dropped.append(Dropped(cell.column, CellCode.ADDRESS_NOT_STORABLE))
            else:
                _keep(found, address.exact, address.text, cell.column, dropped)
    return tuple(found.values()), list(dict.fromkeys(dropped))


def _pieces(cell: str) -> Iterable[str]:
    text = clean(cell)
    if not text or text.casefold().startswith("/o="):  # a routing name within an Exchange server, no address
        return (text,) if text else ()
    if "<" in text and (inside := _ANGLES.findall(text)):
        return inside
    if "(" in text:
        remarked = re.sub(r"\([^()]*\)", " ", text)
        text = remarked if "@" in remarked else text
    if "|" in text and all("@" in part for part in text.split("|")):
        text = text.replace("|", " ")
    return [_SCHEME.sub("", piece) for piece in _MANY.split(text) if piece]


def numbers(cells: Iterable[Cell]) -> tuple[tuple[str, ...], list[Dropped]]:
    """Return the phone numbers as written, each once, and the cells that hold none."""
    found: dict[str, str] = {}
    dropped: list[Dropped] = []
    for cell in cells:
        for text in _each_number(cell.text):
            shown = without_addresses(text)[0]
            try:
                phone_digits("" if holds_identifier(shown) else shown)
            except InvalidIdentifier:
                if clean(text):
                    dropped.append(Dropped(cell.column, CellCode.NOT_A_NUMBER))
                continue
            shown = clean(without_wrapping(shown))
            _keep(found, _NO_DIGIT.sub("", shown), shown, cell.column, dropped)
    return tuple(found.values()), list(dict.fromkeys(dropped))


def _each_number(cell: str) -> Iterator[str]:
    for piece in _NUMBERS.split(decoded(cell) if "&" in cell else cell):
        parts = _MORE_NUMBERS.split(piece)
        yield from parts if all(_digits(part) >= _WHOLE_DIGITS for part in parts) else (piece,)


def profiles(named: Iterable[Cell], websites: Iterable[Cell]) -> tuple[tuple[str, ...], list[Dropped]]:
    """Return profile URLs in their one form, each once, and the cells that hold none.

    A website counts where its network and path are those of a person; a column that is named for profiles may also point
    elsewhere.
    """
    found: dict[str, str] = {}
    dropped: list[Dropped] = []
    for cells, elsewhere in ((named, True), (websites, False)):
        for cell in cells:
            for text in _URLS.split(cell.text):
                url = _profile(text, elsewhere=elsewhere)
                if url:
                    _keep(found, url, url, cell.column, dropped)
                elif clean(text):
                    dropped.append(Dropped(cell.column, CellCode.NO_PERSONS_PAGE))
    return tuple(found), list(dict.fromkeys(dropped))


def _profile(text: str, *, elsewhere: bool) -> str:
    if not text or len(text) > _MAX_URL:
        return ""
    try:
        url = profile_url(clean(text))
    except InvalidIdentifier:
        return ""
    if holds_another(url):
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


def _keep(found: dict[str, str], exact: str, text: str, column: str, dropped: list[Dropped]) -> None:
    """Add a value, each exact form once, while there is room."""
    if exact in found or len(found) < MAX_VALUES:
        found.setdefault(exact, text)
    else:
        dropped.append(Dropped(column, CellCode.TOO_MANY_VALUES))
