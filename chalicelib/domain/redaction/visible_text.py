"""A text as a reader sees it, with the way back: which part of the original each of its characters came from."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from chalicelib.core.identifiers import visible

# How an at sign and a dot are written to hide an address from machines, and how a URL carries them.
_AT = re.compile(
    r"%40|&#0{0,5}64;|&#x0{0,5}40;|&commat;|\s{0,3}[\[({]\s?(?:at|ät|@)\s?[\])}]\s{0,3}|(?<=\w) [@＠] (?=\w)|(?<=\w)\"@",
    re.IGNORECASE,
)
_DOT = re.compile(
    r"%2e|&#0{0,5}46;|&#x0{0,5}2e;|&period;|\s?[\[({]\s?(?:dot|punkt|point|punto|\.)\s?[\])}]\s?", re.IGNORECASE
)
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


def visible_text(original: str, *, addresses: bool = False) -> VisibleText:
    """Return the text without what nobody sees and in NFKC, character by character; white space stays.

    `addresses`: at signs and dots that are written otherwise are written as such.
    """
    if _PLAIN.fullmatch(original) and not (addresses and (_AT.search(original) or _DOT.search(original))):
        plain = tuple(range(len(original) + 1))
        return VisibleText(original, plain[:-1], plain[1:])
    pieces = list(_pieces(original, addresses=addresses))
    return VisibleText(
        "".join(piece for piece, _, _ in pieces),
        tuple(start for piece, start, _ in pieces for _ in piece),
        tuple(end for piece, _, end in pieces for _ in piece),
    )


def _pieces(original: str, *, addresses: bool) -> Iterator[tuple[str, int, int]]:
    """What each part of the original is read as: (read as, start, end)."""
    written = {}
    if addresses:
        written = {m.start(): ("@", m.end()) for m in _AT.finditer(original)}
        written |= {m.start(): (".", m.end()) for m in _DOT.finditer(original)}
    at = 0
    while at < len(original):
        read, end = written.get(at, ("", 0))
        if not read:
            end = at + 1
            while end < len(original) and unicodedata.combining(original[end]):
                end += 1
            read = _read(original[at:end])
        if read:
            yield read, at, end
        at = end


def _read(part: str) -> str:
    if part.isspace():
        return part
    return visible(part)
