"""Which characters the bytes of an export stand for.

Order: a byte order mark; the charset that the sender declared, where the bytes fit it; UTF-16 without a mark, by its
zero bytes; UTF-8; Windows-1252. A file cut within a character, or with a few stray bytes, stays UTF-8.
"""

import codecs
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

from chalicelib.domain.imports.reading.refusals import FileRefused
from chalicelib.domain.imports.reading.wordlists import words

_CHUNK = 1 << 16
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

    def text(self, body: bytes) -> io.TextIOWrapper:
        """The characters of `body` as a stream; line ends of any kind end lines and stay as they are."""
        return io.TextIOWrapper(io.BytesIO(body), encoding=self.name, errors=self.errors, newline="")


def charset_of(content_type: str) -> str:
    """The charset parameter of a media type, or an empty text."""
    match = re.search(r";\s*charset\s*=\s*\"?([A-Za-z0-9_.:-]+)", content_type)
    return match.group(1) if match else ""


def detect(body: bytes, declared: str = "") -> Encoding:
    """The encoding of `body`; FileRefused(unreadable_encoding) where none of those above fits."""
    if body.startswith(_UTF32_MARKS):
        raise FileRefused("unreadable_encoding")
    for mark, name in _MARKS:
        if body.startswith(mark):
            return _marked(body, name)
    for name in (_declarable(declared), _zero_bytes(body)):
        if name and fits(body, name):
            return Encoding(name, "replace")
    if fits(body, "utf-8"):
        return Encoding("utf-8", "replace")
    if _mostly_utf8(body):
        return Encoding("utf-8", _FALLBACK)
    if fits(body, "cp1252"):
        return Encoding("cp1252")
    raise FileRefused("unreadable_encoding")


def fits(body: bytes, name: str) -> bool:
    """Whether every byte fits the codec, leaving aside a character that the end of the file cuts."""
    decoder = codecs.getincrementaldecoder(name)()
    try:
        for chunk in _chunks(body):
            decoder.decode(chunk)
    except UnicodeError:
        return False
    return True


def _marked(body: bytes, name: str) -> Encoding:
    if name == "utf-8-sig":
        return Encoding(name, _FALLBACK)
    if not fits(body, name):
        raise FileRefused("unreadable_encoding")
    return Encoding(name, "replace")


def _declarable(declared: str) -> str:
    try:
        name = codecs.lookup(declared).name if declared else ""
    except LookupError:
        return ""
    return name if name in _DECLARABLE else ""


def _zero_bytes(body: bytes) -> str:
    """UTF-16 whose mark is missing: column names are mostly ASCII, so every second byte of them is zero."""
    probe = body[:_PROBE]
    even, odd = probe[::2].count(0), probe[1::2].count(0)
    half = len(probe) // 2
    if half and odd * 2 > half and not even:
        return "utf-16-le"
    if half and even * 2 > half and not odd:
        return "utf-16-be"
    return ""


def _mostly_utf8(body: bytes) -> bool:
    """Whether the bytes above ASCII are UTF-8 but for a few."""
    high = sum(len(chunk) - len(chunk.decode("ascii", "ignore")) for chunk in _chunks(body))
    sequences = sum(len(match.group()) for match in _SEQUENCE.finditer(body))
    return sequences * 10 >= high * 9


def _chunks(body: bytes) -> Iterator[bytes]:
    view = memoryview(body)
    return (bytes(view[start : start + _CHUNK]) for start in range(0, len(body), _CHUNK))
