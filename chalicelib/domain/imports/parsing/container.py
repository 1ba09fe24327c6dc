"""The contact file within what was sent: files of other kinds are refused, a zip with one contact file is opened."""

import contextlib
import io
import struct
import tempfile
from typing import IO, TYPE_CHECKING

from chalicelib.domain.imports.parsing import stream
from chalicelib.domain.imports.parsing.errors import FileRefused

if TYPE_CHECKING:
    import zipfile

MAX_UNPACKED_BYTES = 25 * 1024 * 1024
_MAX_DIRECTORY_BYTES = 1024 * 1024
_END_OF_DIRECTORY = b"PK\x05\x06"
_END_SIZE, _MAX_COMMENT = 22, 0xFFFF
_HEAD = 512
_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0"
# PDF, PNG, JPEG, GIF, gzip, 7z, RAR, bzip2, SQLite
_OTHERS = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"BZh", b"SQLite format")
_MARKUP = (b"<!doctype", b"<html", b"<?xml", b"{", b"[{")  # JSON and RTF, too
_PREFERRED = ("connections.csv", "contacts.csv", "all contacts.vcf")


def unpack(file: IO[bytes]) -> IO[bytes]:
    """The contact file itself: `file`, or what it holds, in a file that the caller closes. FileRefused where it is empty,
    of another kind, or an archive without exactly one contact file of at most MAX_UNPACKED_BYTES."""
    head = stream.head(file, _HEAD)
    _checked(file, head)
    if not head.startswith(_ZIP):
        return file
    with contextlib.ExitStack() as opened:
        content = opened.enter_context(tempfile.TemporaryFile())
        _unzip(file, content)
        head = stream.head(content, _HEAD)
        if head.startswith(_ZIP):
            raise FileRefused("archive")
        _checked(content, head)
        opened.pop_all()
    return content


def _checked(file: IO[bytes], head: bytes) -> None:
    head = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if not head and not any(chunk.strip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n") for chunk in stream.chunks(file)):
        raise FileRefused("empty_file")
    if head.startswith(_OLE):
        raise FileRefused("spreadsheet")
    if head.startswith(_OTHERS) or head.lower().startswith(_MARKUP):
        raise FileRefused("not_a_table")


def _unzip(file: IO[bytes], into: IO[bytes]) -> None:
    import zipfile  # few imports are archives, and cold starts count  # noqa: PLC0415
    import zlib  # noqa: PLC0415

    if _directory_bytes(file) > _MAX_DIRECTORY_BYTES:
        raise FileRefused("archive")
    size = 0
    try:
        with zipfile.ZipFile(file) as archive:
            entry = _chosen(archive.infolist())
            # Deflate alone: other methods let the archive choose how much memory they take.
            if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) or entry.flag_bits & 1:
                raise FileRefused("archive")
            with archive.open(entry) as packed:
                while piece := packed.read(stream.CHUNK):
                    size += len(piece)
                    if size > MAX_UNPACKED_BYTES:
                        raise FileRefused("archive")
                    into.write(piece)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, zlib.error) as error:
        raise FileRefused("archive") from error


def _directory_bytes(file: IO[bytes]) -> int:
    """The size that the archive states for its list of entries: what reading that list will cost."""
    end = file.seek(0, io.SEEK_END)
    file.seek(max(0, end - _END_SIZE - _MAX_COMMENT))
    tail = file.read()
    at = tail.rfind(_END_OF_DIRECTORY)
    if at < 0 or at + _END_SIZE > len(tail):
        raise FileRefused("archive")
    (size,) = struct.unpack_from("<I", tail, at + 12)
    return int(size)


def _chosen(entries: "list[zipfile.ZipInfo]") -> "zipfile.ZipInfo":
    names = {entry.filename for entry in entries}
    if "[Content_Types].xml" in names or "mimetype" in names:
        raise FileRefused("spreadsheet")
    files = [e for e in entries if not e.is_dir() and not e.filename.startswith("__MACOSX/")]
    contacts = [e for e in files if e.filename.lower().endswith((".csv", ".vcf"))]
    preferred = [e for e in contacts if e.filename.lower().rpartition("/")[2] in _PREFERRED]
    for choice in (preferred, contacts):
        if len(choice) == 1:
            return choice[0]
    raise FileRefused("archive")
