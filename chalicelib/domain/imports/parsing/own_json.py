"""The JSON files of our own exports, read in pieces: however long their lists are, one item at a time is in memory."""

import json
import re
from collections.abc import Iterator
from typing import Any, TextIO

from chalicelib.domain.imports.parsing.errors import FileRefused

_BEGIN = re.compile(r'\s*\{\s*"(?:items|next_cursor)"\s*:')
_CURSOR = r'"next_cursor"\s*:\s*(?:null|"[^"]*")'
_ITEMS = re.compile(rf'\s*\{{\s*(?:{_CURSOR}\s*,\s*)?"items"\s*:\s*\[\s*')
_NO_ITEM = re.compile(r"\]")
_AFTER_ITEM = re.compile(r"\s*([,\]])\s*")
_END = re.compile(rf"\s*(?:,\s*{_CURSOR}\s*)?\}}\s*")
_PIECE, _LONGEST_ITEM = 1 << 16, 1 << 20  # characters


def begins(text: str) -> bool:
    """Return whether a JSON file of ours may begin so."""
    return _BEGIN.match(text) is not None


def items(characters: TextIO) -> Iterator[Any]:
    """Yield the items of each list, one file after the other. FileRefused(not_a_table) where something else stands there."""
    text = _Text(characters)
    while not text.over():
        text.take(_ITEMS)
        more = not text.skip(_NO_ITEM)
        while more:
            yield text.item()
            more = text.take(_AFTER_ITEM) == ","
        text.take(_END)


class _Text:
    """The characters that were read and not taken yet."""

    def __init__(self, characters: TextIO) -> None:
        self._characters, self._left, self._at, self._ended = characters, "", 0, False
        self._decoder = json.JSONDecoder()

    def over(self) -> bool:
        """Return whether nothing but white space is left."""
        while not (left := self._left[self._at :].lstrip()) and not self._ended:
            self._at = len(self._left)  # nothing of it is looked at twice, however much white space there is
            self._more()
        return not left

    def item(self) -> Any:
        """Take the value that stands next."""
        while True:
            try:
                value, end = self._decoder.raw_decode(self._left, self._at)
            except (ValueError, RecursionError) as error:
                if self._ended or len(self._left) - self._at > _LONGEST_ITEM:
                    raise FileRefused("not_a_table") from error
                self._more()
                continue
            self._at = end
            return value

    def take(self, pattern: re.Pattern[str]) -> str:
        """Go behind what stands next, and return its group if it has one."""
        match = pattern.match(self._left, self._at)
        if (match is None or match.end() == len(self._left)) and not self._ended:
            self._more()
            match = pattern.match(self._left, self._at)
        if match is None:
            raise FileRefused("not_a_table")
        self._at = match.end()
        return match.group(1) if pattern.groups else ""

    def skip(self, pattern: re.Pattern[str]) -> bool:
        """Go behind it where it stands next; whether it does."""
        match = pattern.match(self._left, self._at)
        self._at = match.end() if match else self._at
        return match is not None

    def _more(self) -> None:
        piece = self._characters.read(_PIECE)
        self._ended = not piece
        self._left, self._at = self._left[self._at :] + piece, 0
