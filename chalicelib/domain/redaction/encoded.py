"""What stands in a link in Base64 or hexadecimal, as senders of mail and trackers put addresses there."""

import binascii
import re
from base64 import b64decode
from collections.abc import Iterator

_SHORTEST = 8  # signs of Base64 for the shortest address
_RUN = re.compile(rf"[A-Za-z0-9+/_-]{{{_SHORTEST},}}={{0,2}}")
_PARTS_WITHIN = re.compile("[/_-]")  # signs of Base64 that also part a link
_MOST_PARTS = 20
_STANDARD = str.maketrans("-_", "+/")


def texts_in(link: str) -> Iterator[tuple[int, int, str]]:
    """Yield (start, end, text) of each part of the link that a text was encoded to; only of plain characters."""
    for run in _RUN.finditer(link):
        for start, end in dict.fromkeys(_parts(run)):
            text = _text(link[start:end])
            if text:
                yield start, end, text


def _parts(run: re.Match[str]) -> Iterator[tuple[int, int]]:
    """The whole of it, each part between two slashes, and what follows a sign that may part it from a label."""
    yield run.span()
    begin = run.start()
    for number, sign in enumerate(_PARTS_WITHIN.finditer(run.string, *run.span())):
        if number == _MOST_PARTS:
            return
        if sign.group() == "/":
            yield begin, sign.start()
            begin = sign.end()
        yield sign.end(), run.end()


def _text(part: str) -> str:
    digits = part.rstrip("=").translate(_STANDARD)
    if len(digits) < _SHORTEST:
        return ""
    for read in (bytes.fromhex, _from_base64):
        try:
            text = read(digits).decode()
        except ValueError:  # UnicodeDecodeError and binascii.Error are such
            continue
        if "".join(text.split()).isprintable():
            return text
    return ""


def _from_base64(digits: str) -> bytes:
    if len(digits) % 4 == 1:
        raise binascii.Error("a sign too many or too few")
    return b64decode(digits + "=" * (-len(digits) % 4), validate=True)
