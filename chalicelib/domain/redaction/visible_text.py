"""A text as a reader sees it, with the way back: which part of the original each of its characters came from."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from chalicelib.core.identifiers import visible

# How an at sign and a dot are written to hide an address from machines, and how a URL carries them.
_AT = re.compile(
    r"%40|&#0{0,5}64;|&#x0{0,5}40;|&commat;"
    r"|\s{0,3}[\[({（［｛【〔]\s?(?:at|ät|@|＠)\s?[\])}）］｝】〕]\s{0,3}|(?<=\w) [@＠] (?=\w)|(?<=\w)\"@",
    re.IGNORECASE,
)
_DOT = re.compile(
    r"%2e|&#0{0,5}46;|&#x0{0,5}2e;|&period;|\s?[\[({（［｛【〔]\s?(?:dot|punkt|point|punto|\.)\s?[\])}）］｝】〕]\s?",
    re.IGNORECASE,
)
_ENCODED = re.compile(r"(?:%(?:25)*[0-9a-f]{2})+", re.IGNORECASE)
_BYTE = re.compile(r"%(?:25)*([0-9a-f]{2})", re.IGNORECASE)
_LONGEST_CHARACTER = 4  # bytes of one in UTF-8
_PLAIN = re.compile(r"[\t\n\r\x20-\x7e]*")


@dataclass(frozen=True)
class VisibleText:
    """`text` is what a reader sees; `starts[i]` and `ends[i]` bound the part of the original that text[i] came from."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of the original that text[start:end] came from; invisible characters within are in it."""
        return self.starts[start], self.ends[end - 1]


def visible_text(original: str, *, addresses: bool = False, decoded: bool = False) -> VisibleText:
    """Return the text without what nobody sees and in NFKC, character by character; white space stays.

    `addresses`: at signs and dots that are written otherwise are written as such. `decoded`: what is percent-encoded is decoded,
    however often it was encoded; blanks only in `addresses`, for a URL ends at one.
    """
    written = _written(original, addresses=addresses, decoded=decoded)
    if not written and _PLAIN.fullmatch(original):
        plain = tuple(range(len(original) + 1))
        return VisibleText(original, plain[:-1], plain[1:])
    pieces = list(_pieces(original, written))
    return VisibleText(
        "".join(piece for piece, _, _ in pieces),
        tuple(start for piece, start, _ in pieces for _ in piece),
        tuple(end for piece, _, end in pieces for _ in piece),
    )


def _written(original: str, *, addresses: bool, decoded: bool) -> dict[int, tuple[str, int]]:
    """What is written otherwise than it is read: where it begins -> what it is read as, and where it ends."""
    written: dict[int, tuple[str, int]] = {}
    if decoded:
        for run in _ENCODED.finditer(original):
            written |= {start: (char, end) for start, char, end in _decoded(run) if addresses or not char.isspace()}
    if addresses:
        written |= {m.start(): ("@", m.end()) for m in _AT.finditer(original)}
        written |= {m.start(): (".", m.end()) for m in _DOT.finditer(original)}
    return written


def _decoded(run: re.Match[str]) -> Iterator[tuple[int, str, int]]:
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
        if not read:
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
