"""vCard 3.0 (RFC 2426), 4.0 (RFC 6350) and, as phones still write it, 2.1: the few properties that an import takes.

Lines that do not concern us (photos, notes, addresses) are passed over without being put together. A card that
cannot be read is refused alone; those behind it are read.
"""

import contextlib
import re
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import IO

from chalicelib.core.codes import CellCode, RowCode
from chalicelib.domain.imports.parsing import encoding, stream
from chalicelib.domain.imports.parsing.columns import Field
from chalicelib.domain.imports.parsing.layouts import told_name
from chalicelib.domain.imports.parsing.names import clean
from chalicelib.domain.imports.parsing.row import Draft
from chalicelib.domain.imports.parsing.values import Cell
from chalicelib.domain.imports.parsing.vcard_property import Property, taken_apart
from chalicelib.domain.imports.parsing.wordlists import words
from chalicelib.domain.ingest import identity

_BEGINS = re.compile("[\\s\ufeff\u00ef\u00bb\u00bf]*+begin\\s*:\\s*vcard\\s*?(?:[\r\n]|$)", re.IGNORECASE)
_FOLD = re.compile(rb"(?:\r\n|\r|\n)[ \t]")
_BEGIN = re.compile(r"^\s*begin\s*:\s*vcard\s*$", re.IGNORECASE)
_END = re.compile(r"^\s*end\s*:\s*vcard\b", re.IGNORECASE)  # whatever a broken program writes behind it
# group "." name *(";" param) ":" value, RFC 6350 3.3; a colon within a quoted parameter is none.
_LINE = re.compile(r"^(?:[\w-]+\.)?([\w-]+)((?:;[^\":;]*(?:\"[^\"]*\"[^\":;]*)*)*):(.*)$", re.DOTALL)
_TAKEN = words(
    "N FN ORG TITLE EMAIL TEL URL X-SOCIALPROFILE SOCIALPROFILE IMPP UID KIND X-ADDRESSBOOKSERVER-KIND X-ABSHOWAS"
)
_USED = {
    "N": Field.NAME,
    "FN": Field.FULL,
    "ORG": Field.COMPANY,
    "TITLE": Field.TITLE,
    "EMAIL": Field.EMAIL,
    "TEL": Field.PHONE,
    "UID": Field.SOURCE_ID,
    **dict.fromkeys(("URL", "X-SOCIALPROFILE", "SOCIALPROFILE", "IMPP"), Field.WEBSITE),
}
_STRUCTURE = frozenset({"BEGIN", "END", "VERSION"})
_UNITS, _TITLES = "ORG (units)", "N (prefix, suffix)"  # parts of a property that give nothing
_MOST_NAMES = 100  # of properties that are told
_NO_TELEPHONE = frozenset({"FAX", "PAGER", "MODEM", "TEXTPHONE", "BBS", "VIDEO"})
_NO_PERSON = frozenset({"group", "org", "location", "application", "device"})
_MAX_LINE = 1 << 16
_BINARY = re.compile(r"(?i);(?:encoding=)?(?:b|base64)(?=;|$)")


@dataclass(slots=True)
class _Card:
    """One card while it is read."""

    draft: Draft = field(default_factory=Draft)
    full: str = ""
    company_card: bool = False
    binary: bool = False  # the last property's value may go on, at the left edge

    def finished(self) -> Draft:
        draft = self.draft
        if self._whole_name_as_last():
            self.full, draft.last = draft.last, ""
        # Where a card is a company's, or says no more than its company, the formatted name is no person's.
        named = bool(draft.first.strip() or draft.last.strip())
        if not named and not self.company_card and clean(self.full) != clean(draft.company):
            draft.full, draft.of["full"] = self.full, "FN"
        elif (
            named
            and self.full
            and not identity.agree([_name(self.full)], [_name(draft.first, draft.middle, draft.last)])
        ):
            draft.drop("FN", CellCode.ALREADY_GIVEN)
        if self.company_card and not named:
            draft.refusal = draft.refusal or RowCode.NOT_A_PERSON
        return draft

    def unended(self) -> Draft:
        """The card as far as it is there; refused where that names nobody and nothing to reach somebody by."""
        draft = self.finished()
        said = draft.first or draft.last or draft.full or draft.emails or draft.phones or draft.websites
        return draft if said else Draft(refusal=RowCode.ROW_INCOMPLETE)

    def _whole_name_as_last(self) -> bool:
        """Whether a program has put the whole name in the place of the last: N:John Smith;;;; without an FN that says more."""
        last, full = clean(self.draft.last), clean(self.full)
        parts = last.split()
        alone = not self.draft.first.strip() and full in ("", last) and not self.company_card
        return alone and len(parts) > 1 and not parts[0].islower()


def with_whole_characters(file: IO[bytes]) -> IO[bytes]:
    """Return the cards in a file that folds no line within a UTF-8 character.

    Programs that count octets fold there; such cards are unfolded into another file, which the caller closes. A file
    that is no UTF-8 even then is returned as it is.
    """
    if encoding.fits(file, "utf-8"):
        return file
    with contextlib.ExitStack() as opened:
        joined = opened.enter_context(tempfile.TemporaryFile())
        held = b""
        for chunk in stream.chunks(file):
            whole = held + chunk
            # An end of line waits for what stands behind it.
            ends = next((end for end in (b"\r\n", b"\n", b"\r") if whole.endswith(end)), b"")
            joined.write(_FOLD.sub(b"", whole.removesuffix(ends)))
            held = ends
        joined.write(held)
        if encoding.fits(joined, "utf-8"):
            opened.pop_all()
            return joined
    return file


def begins(text: str) -> bool:
    """Return whether the text begins as a vCard, blank lines and a byte order mark before it aside."""
    return _BEGINS.match(text) is not None


def drafts(lines: Iterable[str], names: dict[str, str | None]) -> Iterator[Draft]:
    """Yield one draft a card, in the order of the file.

    A card that lacks its end is read as far as it is there, but for a last line that the file ends within: what that was to say,
    nobody knows. Where nothing is left, it has the refusal `row_incomplete`. `names` gathers the properties of the cards, each
    with the field it gives, None where it is not read.
    """
    ended = _Ended()
    card: _Card | None = None
    nested = 0
    agent = False
    for line in _logical(ended.watching(lines)):
        if _BEGIN.match(line):
            if card and agent:  # vCard 2.1 puts the card of an agent into the card
                nested += 1
                continue
            if card:
                yield card.unended()
            card, nested = _Card(), 0  # an agent's card that never ends takes no other with it
        elif _END.match(line):
            if nested:
                nested -= 1
            elif card:
                yield card.finished()
                card = None
        elif card and not nested and not ended.within:
            _read(card, line, names)
        head, _, value = line.partition(":")
        agent = _name_of(head) == "AGENT" and not value.strip()
    if card:
        yield card.unended()


class _Ended:
    """`within`: the file has ended, within a line."""

    def __init__(self) -> None:
        self.within = False

    def watching(self, lines: Iterable[str]) -> Iterator[str]:
        last = "\n"
        for last in lines:
            yield last
        self.within = not last.endswith(("\n", "\r"))


def _logical(lines: Iterable[str]) -> Iterator[str]:
    """Unfolded lines (RFC 6350 3.2) and those that quoted-printable breaks. Of a property that is not taken, or a
    line longer than any value that is, the beginning alone."""
    whole, keep, soft = "", False, False
    for physical in lines:
        line = physical.rstrip("\r\n")
        folded = line[:1] in (" ", "\t") and bool(line)
        if (folded or soft) and whole:
            if keep and len(whole) < _MAX_LINE:
                whole = (whole[:-1] if soft else whole) + (line if soft else line[1:])
            soft = soft and line.endswith("=")
            continue
        if whole:
            yield whole
        keep = _name_of(line[:80]) in _TAKEN
        soft = line.endswith("=") and "QUOTED-PRINTABLE" in line.partition(":")[0].upper()
        whole = line if len(line) < _MAX_LINE else line[:_MAX_LINE]
    if whole:
        yield whole


def _name_of(line: str) -> str:
    """The name of the line's property, without its group."""
    return re.split("[;:]", line, maxsplit=1)[0].rpartition(".")[2].strip().upper()


def _name(*parts: str) -> identity.Name:
    return identity.name_of(" ".join(parts), "")


def _told(names: dict[str, str | None], name: str, gives: str | None = None) -> None:
    if name not in names and len(names) < _MOST_NAMES:
        names[name] = gives


def _read(card: _Card, line: str, names: dict[str, str | None]) -> None:
    match = _LINE.match(line)
    if match is None:
        if not card.binary:
            card.draft.drop("", CellCode.NOT_A_PROPERTY)
        return
    card.binary = bool(_BINARY.search(match.group(2)))
    name = match.group(1).upper()
    if name not in _STRUCTURE:
        _told(names, told_name(name), _USED.get(name))
    if name in _TAKEN:
        _take(card, taken_apart(match), names)


def _take(card: _Card, parsed: Property, names: dict[str, str | None]) -> None:
    draft, text = card.draft, parsed.text.strip()
    match parsed.name:
        case "N":
            _take_name(draft, parsed.components, names)
        case "FN":
            _once(draft, "FN", card.full, text)
            card.full = card.full or text
        case "ORG":
            if any(part.strip() for part in parsed.components[1:]):
                _told(names, _UNITS)
            _give(draft, "company", "ORG", parsed.components[0])
        case "TITLE":
            _give(draft, "title", "TITLE", text)
        case "UID":
            _give(draft, "source_id", "UID", text)
        case "EMAIL":
            draft.emails.append(Cell(text, parsed.name))
        case "TEL" if not parsed.types & _NO_TELEPHONE or parsed.types & {"VOICE", "CELL"}:
            draft.phones.append(Cell(re.sub(r"(?i)^tel:", "", text).partition(";")[0], parsed.name))
        case "TEL":
            draft.drop("TEL", CellCode.NO_TELEPHONE)
        case "URL" | "X-SOCIALPROFILE" | "SOCIALPROFILE" | "IMPP":
            draft.websites.append(Cell(text, parsed.name))
        case _:
            _read_kind(card, parsed.name, text.casefold())


def _take_name(draft: Draft, components: list[str], names: dict[str, str | None]) -> None:
    parts = [part.strip() for part in (components + [""] * 5)[:5]]
    last, first, middle = parts[:3]
    if any(parts[3:]):
        _told(names, _TITLES)
    before = (draft.first, draft.middle, draft.last)
    if bool(last) + bool(first) > bool(draft.last) + bool(draft.first):  # a second one may say less
        draft.last, draft.first, draft.middle = last, first, middle
        draft.of |= dict.fromkeys(("first", "middle", "last"), "N")
    if any(before) and not identity.agree([_name(*before)], [_name(first, middle, last)]):
        draft.drop("N", CellCode.ALREADY_GIVEN)


def _give(draft: Draft, part: str, name: str, text: str) -> None:
    """Set that text of the draft, unless a line above has."""
    _once(draft, name, getattr(draft, part), text)
    if not getattr(draft, part):
        setattr(draft, part, text)
        draft.of[part] = name


def _once(draft: Draft, name: str, before: str, text: str) -> None:
    if before and text.strip() and clean(text) != clean(before):
        draft.drop(name, CellCode.ALREADY_GIVEN)


def _read_kind(card: _Card, name: str, value: str) -> None:
    if name in ("KIND", "X-ADDRESSBOOKSERVER-KIND") and value in _NO_PERSON:
        card.draft.refusal = RowCode.NOT_A_PERSON
    elif name == "X-ABSHOWAS" and value == "company":
        card.company_card = True
