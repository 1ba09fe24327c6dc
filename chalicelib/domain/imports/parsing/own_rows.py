"""What an item of an export of ours says, checked field by field and otherwise taken to the letter."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from chalicelib.core import ids
from chalicelib.core.codes import CellCode, RowCode
from chalicelib.core.identifiers import EmailAddress, InvalidIdentifier, phone_digits, profile_url
from chalicelib.core.written import LONGEST_NOTES, usable
from chalicelib.domain.companies import model as companies
from chalicelib.domain.companies.model import COUNTRIES, LONGEST_SIZE, MOST_PEOPLE, Tag, bare_host
from chalicelib.domain.contacts import model as contacts
from chalicelib.domain.imports.parsing.errors import RowRefused
from chalicelib.domain.imports.parsing.row import MAX_NAME, MAX_TEXT, ROLE, CompanyRow, ReadRow, Rejected
from chalicelib.domain.imports.parsing.values import MAX_VALUES
from chalicelib.domain.ingest import cells
from chalicelib.domain.redaction.likeness import also_meant
from chalicelib.domain.redaction.links import holds_another
from chalicelib.domain.redaction.mentions import holds_identifier

_BREAKS = re.compile("[\n\r\x0b\x0c\x85\u2028\u2029]+")
_LONGEST_ID, _LONGEST_INDUSTRY, _LONGEST_PHONE = 80, 200, 60

Row = ReadRow | CompanyRow | Rejected
Item = Mapping[str, Any]


def row(number: int, item: object) -> Row:
    """Return the contact or company that an item is, or why it is not taken. An item with `emails` is a contact, one with
    `domain` a company; the other files of an export hold neither."""
    if not isinstance(item, dict):
        return Rejected(number, RowCode.ROW_INCOMPLETE)
    try:
        if "emails" in item:
            return _contact(number, _Said(item))
        return _company(number, _Said(item)) if "domain" in item else Rejected(number, RowCode.NO_IDENTITY)
    except RowRefused as refused:
        return Rejected(number, refused.code)


class _Said:
    """An item whose values are checked as they are asked for; `dropped` is what was not taken, as (column, code), `meant` whom
    that may mean."""

    def __init__(self, item: Item) -> None:
        self._item = item
        self.dropped: list[tuple[str, str]] = []
        self.meant: list[str] = []

    def drop(self, name: str, code: CellCode, identifier: str = "") -> None:
        if (name, code) not in self.dropped:
            self.dropped.append((name, code))
        self.meant += cells.meant(identifier, in_urls=name != "profile_urls")

    def text(self, name: str, longest: int, *, lines: bool = False) -> str:
        """The text, empty where it is none or too long; `lines`: it may have several."""
        value = self._item.get(name)
        if value is not None and not isinstance(value, str):
            self.drop(name, CellCode.NOT_A_TEXT)
        text = usable(value) if isinstance(value, str) else ""
        text = text if lines else _BREAKS.sub(" ", text).strip()
        if len(text) > longest:
            self.drop(name, CellCode.TOO_LONG)
            return ""
        return text

    def checked(self, name: str, longest: int, code: CellCode, check: Callable[[str], str]) -> str:
        """The text as `check` gives it; dropped with that code where it raises ValueError."""
        text = self.text(name, longest)
        try:
            return check(text) if text else ""
        except ValueError:
            self.drop(name, code)
            return ""

    def ident(self, name: str, prefix: str) -> str:
        """The id, empty where it is none of ours: what is no id may be somebody's address, and would be kept unseen."""
        return self.checked(name, _LONGEST_ID, CellCode.NOT_AN_ID, lambda text: str(_parsed(text, prefix)))

    def value(self, name: str) -> Any:
        return self._item.get(name)

    def each(self, name: str) -> list[str]:
        """The texts of a list; a line break may stand within an address."""
        value = self._item.get(name)
        told = value if isinstance(value, list) else [] if value is None else [value]
        texts = [each if name == "emails" else _BREAKS.sub(" ", each) for each in told if isinstance(each, str)]
        if len(texts) < len(told):
            self.drop(name, CellCode.NOT_A_TEXT)
        if len(texts) > MAX_VALUES:
            raise RowRefused(RowCode.TOO_MANY_VALUES)
        return [text for text in (usable(each).strip() for each in texts) if text]


def _contact(number: int, said: _Said) -> ReadRow:
    first, last = (said.text(name, MAX_NAME) for name in ("first_name", "last_name"))
    emails = list(_emails(said, said.each("emails")))
    phones = [text for text in said.each("phones") if _is(said, "phones", CellCode.NOT_A_NUMBER, text)]
    urls = [text for text in said.each("profile_urls") if _is(said, "profile_urls", CellCode.NO_PERSONS_PAGE, text)]
    if not (first or last or emails or phones or urls):
        refused = ROLE if ("emails", CellCode.ADDRESS_NOT_STORABLE) in said.dropped else RowCode.NO_IDENTITY
        raise RowRefused(refused)
    if len(meant := cells.but(said.meant, emails)) > cells.MOST_MEANT:
        raise RowRefused(RowCode.TOO_MANY_VALUES)
    ident = said.ident("id", contacts.PREFIX)
    return ReadRow(
        number,
        first,
        last,
        emails=tuple(emails),
        phones=tuple(phones),
        profile_urls=tuple(urls),
        title=said.text("title", MAX_TEXT),
        company_name=said.text("company_name", MAX_TEXT),
        source_id=ident,
        ours=bool(ident),
        company_id=said.ident("company_id", companies.PREFIX),
        notes=said.text("notes", LONGEST_NOTES, lines=True),
        opted_out=said.value("opted_out") is True,
        dropped=tuple(said.dropped),
        meant=meant,
    )


def _company(number: int, said: _Said) -> CompanyRow:
    name = said.text("name", MAX_TEXT)
    if not name:
        raise RowRefused(RowCode.NO_IDENTITY)
    return CompanyRow(
        number,
        name,
        source_id=said.ident("id", companies.PREFIX),
        domain=said.checked("domain", MAX_TEXT, CellCode.NOT_A_DOMAIN, bare_host),
        industry=said.text("industry", _LONGEST_INDUSTRY),
        country=said.checked("country", MAX_TEXT, CellCode.NOT_A_COUNTRY, _country),
        size=_size(said),
        tag=said.checked("tag", MAX_TEXT, CellCode.NOT_A_TAG, lambda text: Tag(text.lower()).value),
        notes=said.text("notes", LONGEST_NOTES, lines=True),
        dropped=tuple(said.dropped),
    )


def _emails(said: _Said, texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        try:
            address = EmailAddress.parse(text)
        except InvalidIdentifier:
            said.drop("emails", CellCode.NOT_AN_ADDRESS, text)
            continue
        if address.is_role:
            said.drop("emails", CellCode.ADDRESS_NOT_STORABLE, address.exact)
        else:
            said.meant += also_meant(address)
            yield address.text


def _is(said: _Said, name: str, code: CellCode, text: str) -> bool:
    """Whether a number or URL is one; it stays as it was written."""
    try:
        phone_digits(text) if name == "phones" else profile_url(text)
    except InvalidIdentifier:
        said.drop(name, code, text)
        return False
    fits = len(text) <= _LONGEST_PHONE and not holds_identifier(text) if name == "phones" else not holds_another(text)
    if not fits:
        said.drop(name, code, text)
    return fits


def _parsed(text: str, prefix: str) -> ids.OwnedId:
    ident = ids.parse_owned(text, prefix)
    if ident is None:
        raise ValueError("no such id")
    return ident


def _country(text: str) -> str:
    if text.upper() not in COUNTRIES:
        raise ValueError("no such country")
    return text.upper()


def _size(said: _Said) -> int | str | None:
    value = said.value("size")
    if isinstance(value, int) and not isinstance(value, bool):
        if 0 <= value <= MOST_PEOPLE:
            return value
        said.drop("size", CellCode.NOT_A_SIZE)
        return None
    text = said.text("size", LONGEST_SIZE)
    if holds_identifier(text):
        said.drop("size", CellCode.NOT_A_SIZE)
        return None
    return text or None
