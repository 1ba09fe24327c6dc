"""The contact file within what was sent: files of other kinds are refused, a zip with one contact file is opened."""

import io
import struct
from typing import TYPE_CHECKING

from chalicelib.domain.imports.reading.refusals import FileRefused

if TYPE_CHECKING:
    import zipfile

MAX_UNPACKED_BYTES = 25 * 1024 * 1024
_MAX_DIRECTORY_BYTES = 1024 * 1024
_END_OF_DIRECTORY = b"PK\x05\x06"
_END_SIZE, _MAX_COMMENT = 22, 0xFFFF
_OLE = b"\xd0\xcf\x11\xe0"
# PDF, PNG, JPEG, GIF, gzip, 7z, RAR, bzip2, SQLite
_OTHERS = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"BZh", b"SQLite format")
_MARKUP = (b"<!doctype", b"<html", b"<?xml", b"{", b"[{")  # JSON and RTF, too
_PREFERRED = ("connections.csv", "contacts.csv", "all contacts.vcf")


def unpack(body: bytes) -> bytes:
    """The contact file itself. FileRefused where `body` is empty, of another kind, or an archive without exactly one
    contact file of at most MAX_UNPACKED_BYTES."""
    head = body[:512].lstrip(b"\xef\xbb\xbf \t\r\n")
    if not head and not body.strip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"):
        raise FileRefused("empty_file")
    if head.startswith(_OLE):
        raise FileRefused("spreadsheet")
    if head.startswith(_OTHERS) or head.lower().startswith(_MARKUP):
        raise FileRefused("not_a_table")
    return _unzip(body) if body.startswith(b"PK\x03\x04") else body


def _unzip(body: bytes) -> bytes:
    import zipfile  # few imports are archives, and cold starts count  # noqa: PLC0415
    import zlib  # noqa: PLC0415

    if _directory_bytes(body) > _MAX_DIRECTORY_BYTES:
        raise FileRefused("archive")
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            entry = _chosen(archive.infolist())
            # Deflate alone: other methods let the archive choose how much memory they take.
            if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) or entry.flag_bits & 1:
                raise FileRefused("archive")
            with archive.open(entry) as file:
                content = file.read(MAX_UNPACKED_BYTES + 1)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, zlib.error) as error:
        raise FileRefused("archive") from error
    if len(content) > MAX_UNPACKED_BYTES:
        raise FileRefused("archive")
    if content.startswith(b"PK\x03\x04"):
        raise FileRefused("archive")
    return unpack(content)


def _directory_bytes(body: bytes) -> int:
    """The size that the archive states for its list of entries: what reading that list will cost."""
    at = body.rfind(_END_OF_DIRECTORY, max(0, len(body) - _END_SIZE - _MAX_COMMENT))
    if at < 0 or at + _END_SIZE > len(body):
        raise FileRefused("archive")
    (size,) = struct.unpack_from("<I", body, at + 12)
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
