"""Which characters the bytes of an export stand for.

Order: a byte order mark; the charset that the sender declared, where the bytes fit it; UTF-16 without a mark, by its
zero bytes; UTF-8; the code page in which its words are words. A file cut within a character, or with a few stray bytes,
stays UTF-8.
"""

import codecs
import io
import re
from dataclasses import dataclass
from typing import IO

from chalicelib.domain.imports.parsing import stream
from chalicelib.domain.imports.parsing.code_pages import told_by_words
from chalicelib.domain.imports.parsing.errors import FileRefused
from chalicelib.domain.imports.parsing.wordlists import words

_PROBE = 256
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_UTF32_MARKS = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
# Only plain character sets: Python also has codecs that unpack or escape.
_DECLARABLE = words(
    "utf-8 utf-16 utf-16-le utf-16-be cp1250 cp1251 cp1252 cp1253 cp1254 cp1255 cp1256 cp1257 cp1258 "
    "iso8859-1 iso8859-2 iso8859-5 iso8859-7 iso8859-8 iso8859-9 iso8859-13 iso8859-15 iso8859-16 "
    "mac-roman cp437 cp850 cp852 cp866 koi8-r koi8-u shift_jis cp932 euc_jp euc_kr cp949 gbk gb18030 big5"
)
_SEQUENCE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_LONGEST_SEQUENCE = 4
_FALLBACK = "iko-windows-1252"


def _as_windows_1252(error: UnicodeError) -> tuple[str, int]:
    """Decode what is no UTF-8 byte by byte as Windows-1252, so that a few stray bytes do not spoil the others."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    stray = error.object[error.start : error.end]
    return stray.decode("cp1252", "replace"), error.end


codecs.register_error(_FALLBACK, _as_windows_1252)


@dataclass(frozen=True)
class Encoding:
    """A codec and what it does with bytes that do not fit."""

    name: str
    errors: str = "strict"

    def text(self, file: IO[bytes]) -> io.TextIOWrapper:
        """Return the file's characters as a stream. Line ends of any kind end lines and stay as they are."""
        return stream.text(file, self.name, self.errors)


def charset_of(content_type: str) -> str:
    """Return the charset parameter of a media type, or an empty text."""
    match = re.search(r";\s*charset\s*=\s*\"?([A-Za-z0-9_.:-]+)", content_type)
    return match.group(1) if match else ""


def detect(file: IO[bytes], declared: str = "") -> Encoding:
    """Return the file's encoding. FileRefused(unreadable_encoding) where none of those above fits."""
    probe = stream.head(file, _PROBE)
    if probe.startswith(_UTF32_MARKS):
        raise FileRefused("unreadable_encoding")
    for mark, name in _MARKS:
        if probe.startswith(mark):
            return _marked(file, name)
    for name in (declarable(declared), _zero_bytes(probe)):
        if name and fits(file, name):
            return Encoding(name, "replace")
    if fits(file, "utf-8"):
        return Encoding("utf-8", "replace")
    if _mostly_utf8(file):
        return Encoding("utf-8", _FALLBACK)
    told = told_by_words(file)
    if told and fits(file, told):
        return Encoding(told)
    raise FileRefused("unreadable_encoding")


def fits(file: IO[bytes], name: str) -> bool:
    """Return whether every byte fits the codec, except for a character that the file's end cuts."""
    decoder = codecs.getincrementaldecoder(name)()
    try:
        for chunk in stream.chunks(file):
            decoder.decode(chunk)
    except UnicodeError:
        return False
    return True


def _marked(file: IO[bytes], name: str) -> Encoding:
    if name == "utf-8-sig":
        return Encoding(name, _FALLBACK)
    if not fits(file, name):
        raise FileRefused("unreadable_encoding")
    return Encoding(name, "replace")


def declarable(declared: str) -> str:
    """Return Python's name of a plain character set; empty where the text names none."""
    try:
        name = codecs.lookup(declared).name if declared else ""
    except (LookupError, ValueError):  # ValueError: a NUL in it
        return ""
    return name if name in _DECLARABLE else ""


def _zero_bytes(probe: bytes) -> str:
    """UTF-16 whose mark is missing: column names are mostly ASCII, so every second byte of them is zero."""
    even, odd = probe[::2].count(0), probe[1::2].count(0)
    half = len(probe) // 2
    if half and odd * 2 > half and not even:
        return "utf-16-le"
    if half and even * 2 > half and not odd:
        return "utf-16-be"
    return ""


def _mostly_utf8(file: IO[bytes]) -> bool:
    """Whether the bytes above ASCII are UTF-8 but for a few."""
    high = sequences = 0
    cut = b""  # what may be the beginning of a sequence that the next chunk ends
    for chunk in stream.chunks(file):
        high += len(chunk) - len(chunk.decode("ascii", "ignore"))
        joined, end = cut + chunk, 0
        for match in _SEQUENCE.finditer(joined):
            sequences, end = sequences + len(match.group()), match.end()
        cut = joined[max(end, len(joined) - _LONGEST_SEQUENCE + 1) :]
    return sequences * 10 >= high * 9
