"""A text as a reader sees it, with the way back: which part of the original each of its characters came from."""

import re
import sys
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Flag, auto
from html import unescape

from chalicelib.core.identifiers import visible

# How an at sign and a dot are written to hide an address from machines, and how a URL carries them.
_AT = re.compile(
    r"%40|&#0{0,5}64(?!\d);?|&#x0{0,5}40(?![\da-f]);?|&commat;"
    r"|\s{0,3}[\[({（［｛【〔]\s?(?:at|ät|a|@|＠)\s?[\])}）］｝】〕]\s{0,3}|(?<=\w) [@＠] (?=\w)|(?<=\w)\"@",
    re.IGNORECASE,
)
_DOT = re.compile(
    r"%2e|&#0{0,5}46(?!\d);?|&#x0{0,5}2e(?![\da-f]);?|&period;|\s?[\[({（［｛【〔]\s?(?:dot|punkt|point|punto|\.)\s?[\])}）］｝】〕]\s?",
    re.IGNORECASE,
)
AT_WORDS = "at|ät|arroba|arobase|chiocciola|klammeraffe|małpa|zavináč|kukac|собака"
_DOT_WORDS = "dot|punkt|point|punto|ponto|kropka|tečka|точка"
_APART = (
    r"(?:\s{1,3}|\s{0,3}[^\w\s.@,;]{1,2}\s{0,3})"  # between such a word and its neighbours: blanks, brackets, hyphens
)
SPELLED_AT = re.compile(
    rf"(?<=[^\W]){_APART}(?:{AT_WORDS}){_APART}(?=[\w-]{{1,63}}(?:\s?[.\u3002\uff61]\s?|{_APART}(?:{_DOT_WORDS}){_APART})\w)",
    re.IGNORECASE,
)
_SPELLED_DOT = re.compile(
    rf"(?<=\w){_APART}(?:{_DOT_WORDS}){_APART}(?=\w)|(?<=\w)\s\.\s(?=\w)|(?<=\w)\s{{1,2}}\.(?=\w)", re.IGNORECASE
)
# A blank on one side of a sign, or the end of a line.
_PARTED_AT = re.compile(r"(?<=\w)\s{1,2}[@＠](?=\w)|(?<=\w)[@＠]\s{1,2}(?=\w)", re.IGNORECASE)
# What RFC 5322 allows beside an address's signs and nobody delivers to: a comment; and what stands for a lost character.
_COMMENT = r"\([^()@\n]{0,60}\)"
_BETWEEN = re.compile(
    rf"(?<=\w)\s?{_COMMENT}\s?(?=[@＠])|(?<=[@＠])\s?{_COMMENT}\s?(?=\w)|(?<=\w){_COMMENT}(?=\.\w)"
    "|[\ufffd\ue000-\uf8ff\U000f0000-\U0010ffff]+"
)
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")  # as Markdown has them: any ASCII punctuation
_CODE = re.compile(  # as JSON, Python and scripts of pages have them
    r"\\+(?:u([0-9a-fA-F]{4})|u\{([0-9a-fA-F]{1,6})\}|U([0-9a-fA-F]{8})|x([0-9a-fA-F]{2})|([nrt]))|%u([0-9a-fA-F]{4})"
)
# What may mean a sign of an address, or nothing at all; or be words.
_SIGNS = ((SPELLED_AT, "@"), (_PARTED_AT, "@"), (_SPELLED_DOT, "."), (_BETWEEN, ""))
_ENTITY = re.compile(r"&(?:amp;){0,3}(?:(#\d{1,7}|#x[0-9a-f]{1,6});?|([a-z][a-z0-9]{1,31});)", re.IGNORECASE)
_ENCODED = re.compile(r"(?:%(?:25)*[0-9a-f]{2})+", re.IGNORECASE)
_PRINTABLE = re.compile(r"(?:=[0-9a-f]{2})+|=\r?\n", re.IGNORECASE)  # RFC 2045 6.7, with its soft ends of lines
_IS_PRINTABLE = re.compile(r"=(?:40|2e|2f|0a|\r?\n)", re.IGNORECASE)
_BYTE = re.compile(r"[%=](?:25)*([0-9a-f]{2})", re.IGNORECASE)
_LONGEST_CHARACTER = 4  # bytes of one in UTF-8
_PLAIN = re.compile(r"[\t\n\r\x20-\x7e]*")


class Reading(Flag):
    """How a text is read. DECODED: what a URL, a page or a program has encoded, however often, is not; PRINTABLE: nor what a
    mail has, beside it. ADDRESS: an address is looked for, whose signs may be hidden from machines; SPELLED: they may even be
    words."""

    AS_WRITTEN = 0
    DECODED = auto()
    SPELLED = auto()
    ADDRESS = auto()
    PRINTABLE = auto()


@dataclass(frozen=True)
class VisibleText:
    """`text` is what a reader sees; `starts[i]` and `ends[i]` bound the part of the original that text[i] came from."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    reading: Reading = Reading.AS_WRITTEN

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of the original that text[start:end] came from; invisible characters within are in it."""
        return self.starts[start], self.ends[end - 1]


def visible_text(original: str, reading: Reading = Reading.AS_WRITTEN) -> VisibleText:
    """Return the text without what nobody sees and in NFKC, character by character; white space stays."""
    encoded: dict[int, tuple[str, int]] = {}
    if Reading.DECODED in reading:
        # Blanks of addresses only, for a URL ends at one.
        hides = Reading.ADDRESS in reading
        found = [*_decoded(original), *(_printed(original) if Reading.PRINTABLE in reading else ())]
        encoded = {start: (char, end) for start, char, end in found if hides or not char.isspace()}
    if not encoded and _PLAIN.fullmatch(original):
        plain = tuple(range(len(original) + 1))
        seen = VisibleText(original, plain[:-1], plain[1:], reading)
    else:
        seen = _joined(list(_pieces(original, encoded)), reading)
    return _with_signs(seen) if Reading.ADDRESS in reading else seen


def readings(original: str, reading: Reading = Reading.AS_WRITTEN) -> Iterator[VisibleText]:
    """Yield the text as it stands, and in each other way in which it may be read."""
    several = [reading, reading | Reading.DECODED] if any(sign in original for sign in "%&\\") else [reading]
    several += (
        [reading | Reading.DECODED | Reading.PRINTABLE] if "=" in original and _IS_PRINTABLE.search(original) else []
    )
    for each in several:
        seen = visible_text(original, each)
        yield seen
        if Reading.ADDRESS in reading and any(sign.search(seen.text) for sign, _ in _SIGNS):
            yield visible_text(original, each | Reading.SPELLED)


def _joined(pieces: Sequence[tuple[str, int, int]], reading: Reading) -> VisibleText:
    return VisibleText(
        "".join(piece for piece, _, _ in pieces),
        tuple(start for piece, start, _ in pieces for _ in piece),
        tuple(end for piece, _, end in pieces for _ in piece),
        reading,
    )


def _with_signs(seen: VisibleText) -> VisibleText:
    """The same with the signs of an address where something stands for them."""
    signs = _SIGNS if Reading.SPELLED in seen.reading else ()
    found = [
        (m.start(), m.end(), sign) for of, sign in (*signs, (_AT, "@"), (_DOT, ".")) for m in of.finditer(seen.text)
    ]
    pieces, at = [], 0
    for start, end, sign in sorted(found):
        if start >= at:
            pieces += [*_apart(seen, at, start), (sign, *seen.original(start, end))]
            at = end
    return _joined([*pieces, *_apart(seen, at, len(seen.text))], seen.reading) if found else seen


def _apart(seen: VisibleText, start: int, end: int) -> Iterator[tuple[str, int, int]]:
    return zip(seen.text[start:end], seen.starts[start:end], seen.ends[start:end], strict=True)


def _decoded(original: str) -> Iterator[tuple[int, str, int]]:
    """The characters that are percent-encoded or entities: (start, character, end)."""
    for entity in _ENTITY.finditer(original):
        if len(char := unescape(f"&{entity[1] or entity[2]};")) == 1:
            yield entity.start(), char, entity.end()
    for escaped in _ESCAPED.finditer(original):
        yield escaped.start(), escaped[1], escaped.end()
    for run in _ENCODED.finditer(original):
        yield from _characters(run)
    for code in _CODE.finditer(original):
        number = int(next(filter(None, (*code.groups()[:4], code[6])), "20"), 16)  # an end of line is a blank
        if number <= sys.maxunicode:
            yield code.start(), chr(number), code.end()


def _printed(original: str) -> Iterator[tuple[int, str, int]]:
    """The characters that are quoted-printable: (start, character, end); none in place of a soft end of line."""
    for run in _PRINTABLE.finditer(original):
        if run.group().endswith("\n"):
            yield run.start(), "", run.end()
        else:
            yield from _characters(run)


def _characters(run: re.Match[str]) -> Iterator[tuple[int, str, int]]:
    """The characters of a run of percent-encoded bytes that are UTF-8: (start, character, end)."""
    encoded, start = b"", run.start()
    for each in _BYTE.finditer(run.string, run.start(), run.end()):
        encoded += bytes.fromhex(each[1])
        try:
            char = encoded.decode()
        except UnicodeDecodeError:
            if len(encoded) < _LONGEST_CHARACTER:
                continue
        else:
            yield start, char, each.end()
        encoded, start = b"", each.end()


def _pieces(original: str, written: Mapping[int, tuple[str, int]]) -> Iterator[tuple[str, int, int]]:
    """What each part of the original is read as: (read as, start, end)."""
    at = 0
    while at < len(original):
        read, end = written.get(at, ("", 0))
        if not end:
            end = at + 1
            while end < len(original) and unicodedata.combining(original[end]):
                end += 1
            read = original[at:end]
        read = _read(read)
        if read:
            yield read, at, end
        at = end


def _read(part: str) -> str:
    if part.isspace():
        return part
    return visible(part)
