"""Cells that hold addresses, numbers and URLs: several in one cell, labels around them, each in its accepted form."""

import re
from collections.abc import Iterable

from chalicelib.core.identifiers import EmailAddress, InvalidIdentifier, is_network, is_person_page, profile_url
from chalicelib.domain.imports.parsing.errors import RowRefused
from chalicelib.domain.imports.parsing.names import clean, without_addresses

MAX_VALUES = 50
_MAX_ADDRESS, _MAX_URL = 320, 2000  # beyond them nothing is one, and looking closer would only take time
_JOINED = ":::"  # how Google Contacts joins values within one cell
_MANY = re.compile(r":::|[;,\s]+")
_SCHEME = re.compile(r"^(mailto|smtp):", re.IGNORECASE)
_ANGLES = re.compile(r"<([^<>]*@[^<>]*)>")
_NUMBERS = re.compile(r":::|[;\n\r]")
_MORE_NUMBERS = re.compile(r"[,/|]|\s{2,}")
_NO_DIGIT = re.compile(r"[^0-9+]")
_MIN_DIGITS, _MAX_DIGITS = 5, 20


def addresses(cells: Iterable[str]) -> tuple[str, ...]:
    """The addresses as written, each exact form once. RowRefused(address_not_storable) where one is invalid or a
    function's mailbox, which is the answer for an erased person's address too."""
    found: dict[str, str] = {}
    for cell in cells:
        for text in _pieces(cell):
            if len(text) > _MAX_ADDRESS:
                raise RowRefused("address_not_storable")
            try:
                address = EmailAddress.parse(text)
            except InvalidIdentifier as error:
                raise RowRefused("address_not_storable") from error
            if address.is_role:
                raise RowRefused("address_not_storable")
            found.setdefault(address.exact, address.text)
    return _bounded(found.values())


def _pieces(cell: str) -> Iterable[str]:
    text = clean(cell)
    if not text or text.casefold().startswith("/o="):  # a routing name within an Exchange server, no address
        return ()
    if "<" in text and (inside := _ANGLES.findall(text)):
        return inside
    if "(" in text:
        text = re.sub(r"\([^()]*\)", " ", text)
    return [_SCHEME.sub("", piece) for piece in _MANY.split(text) if piece]


def numbers(cells: Iterable[str]) -> tuple[str, ...]:
    """The phone numbers as written, each once. What has fewer digits than a number needs is left out."""
    found: dict[str, str] = {}
    for cell in cells:
        for piece in _NUMBERS.split(cell):
            for text in (piece,) if _digits(piece) <= _MAX_DIGITS else _MORE_NUMBERS.split(piece):
                shown = without_addresses(text)[0]
                if _MIN_DIGITS <= _digits(shown) <= _MAX_DIGITS:
                    found.setdefault(_NO_DIGIT.sub("", shown), shown)
    return _bounded(found.values())


def profiles(named: Iterable[str], websites: Iterable[str]) -> tuple[str, ...]:
    """Profile URLs in their one form, each once. A website counts where its network and path are those of a person;
    a column that is named for profiles may also point elsewhere. What is no profile is left out."""
    found: dict[str, None] = {}
    for cells, elsewhere in ((named, True), (websites, False)):
        for cell in cells:
            for text in cell.split(_JOINED):
                url = _profile(text, elsewhere=elsewhere)
                if url:
                    found[url] = None
    return _bounded(found)


def _profile(text: str, *, elsewhere: bool) -> str:
    if not text or len(text) > _MAX_URL:
        return ""
    try:
        url = profile_url(clean(text))
    except InvalidIdentifier:
        return ""
    if is_person_page(url):
        return url
    return url if elsewhere and not is_network(url) and " " not in url else ""


def first_of(cell: str, also: str | None = None) -> str:
    """The first of several values that Google Contacts, or another separator, joined within one cell."""
    first = cell.partition(_JOINED)[0]
    return first.partition(also)[0] if also else first


def _digits(text: str) -> int:
    return sum(map(text.count, "0123456789"))


def _bounded(values: Iterable[str]) -> tuple[str, ...]:
    result = tuple(values)
    if len(result) > MAX_VALUES:
        raise RowRefused("too_many_values")
    return result
