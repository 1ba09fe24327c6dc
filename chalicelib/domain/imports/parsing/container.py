"""The contact file within what was sent: files of other kinds are refused, a zip of one contact file, or of vCards, is opened."""

import codecs
import contextlib
import hashlib
import io
import re
import struct
import tempfile
from collections.abc import Callable, Iterator
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
_OURS = re.compile(rb'\{\s*"(?:items|next_cursor)"')  # the JSON of our own exports
_OF_EXPORT = ("companies.json", "contacts.json")  # companies first: contacts belong to them
MAX_EXPORT_BYTES = 128 * 1024 * 1024  # of these two; they are read from the disk, an item at a time
_METHODS = (0, 8)  # stored and deflated, as zipfile numbers them
_MAX_FILES = 50_000  # cards that stand each in a file of its own
_PREFERRED = ("connections.csv", "contacts.csv", "all contacts.vcf")


def unpack(file: IO[bytes]) -> tuple[IO[bytes], list[str]]:
    """Return the contact file itself: `file`, or the one it contains, in a file that the caller closes; and the names of an
    archive's other files, which are not read.

    FileRefused where it is empty or of another kind, or an archive that has no contact file of at most
    MAX_UNPACKED_BYTES or several CSV files.
    """
    head = stream.head(file, _HEAD)
    _checked(file, head)
    if not head.startswith(_ZIP):
        return file, []
    with contextlib.ExitStack() as opened:
        content = opened.enter_context(tempfile.TemporaryFile())
        passed_over = _unzip(file, content)
        head = stream.head(content, _HEAD)
        if head.startswith(_ZIP):
            raise FileRefused("archive")
        _checked(content, head)
        opened.pop_all()
    return content, passed_over


def _checked(file: IO[bytes], head: bytes) -> None:
    head = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if not head and not any(chunk.strip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n") for chunk in stream.chunks(file)):
        raise FileRefused("empty_file")
    if head.startswith(_OLE):
        raise FileRefused("spreadsheet")
    if head.startswith(_OTHERS) or (head.lower().startswith(_MARKUP) and not _OURS.match(head)):
        raise FileRefused("not_a_table")


def _unzip(file: IO[bytes], into: IO[bytes]) -> list[str]:
    import zipfile  # few imports are archives, and cold starts count  # noqa: PLC0415
    import zlib  # noqa: PLC0415

    if _directory_bytes(file) > _MAX_DIRECTORY_BYTES:
        raise FileRefused("archive")
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
            if chosen := _of_export(entries):
                _take(archive, chosen, into, MAX_EXPORT_BYTES, _pieces)
            else:
                chosen = _chosen(entries)
                _take(archive, chosen, into, MAX_UNPACKED_BYTES, _cards if len(chosen) > 1 else _pieces)
            read = {entry.filename for entry in chosen}
            return [entry.filename for entry in _files(entries) if entry.filename not in read]
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


def _take(
    archive: "zipfile.ZipFile",
    entries: "list[zipfile.ZipInfo]",
    into: IO[bytes],
    at_most: int,
    parted: "Callable[[zipfile.ZipFile, zipfile.ZipInfo], Iterator[bytes]]",
) -> None:
    """Write the files one after the other, or their cards, each card once: programs put one into every folder that shows it."""
    if any(entry.compress_type not in _METHODS or entry.flag_bits & 1 for entry in entries):
        raise FileRefused("archive")  # other methods let the archive choose how much memory they take
    if sum(entry.file_size for entry in entries) > at_most:
        raise FileRefused("archive")  # no more than this is unpacked of each, blank lines between cards included
    known: set[bytes] = set()
    size = 0
    for entry in entries:
        for piece in parted(archive, entry):
            size += len(piece)
            if size > at_most:
                raise FileRefused("archive")
            digest = hashlib.sha256(piece).digest() if parted is _cards else b""
            if not digest or digest not in known:
                into.write(piece)
                known.add(digest)


def _pieces(archive: "zipfile.ZipFile", entry: "zipfile.ZipInfo") -> Iterator[bytes]:
    with archive.open(entry) as packed:
        while piece := packed.read(stream.CHUNK):
            yield piece


def _lines(archive: "zipfile.ZipFile", entry: "zipfile.ZipInfo") -> Iterator[bytes]:
    """The lines of a file with their ends, of any kind; without its byte order mark, and in UTF-8 where that says UTF-16."""
    with archive.open(entry) as packed:
        mark = packed.read(len(codecs.BOM_UTF8))
    wide = mark.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    read, written = ("utf-16", "utf-8") if wide else ("latin-1", "latin-1")
    with archive.open(entry) as packed, io.TextIOWrapper(packed, read, "replace", newline="") as text:
        if mark == codecs.BOM_UTF8:
            text.read(len(mark))
        while line := text.readline(stream.CHUNK):
            yield line.encode(written)


def _cards(archive: "zipfile.ZipFile", entry: "zipfile.ZipInfo") -> Iterator[bytes]:
    """The cards of a vCard file, each with the lines up to the next one's beginning. An end within a card, of an agent's card or
    in a note, is none."""
    card, ended = bytearray(), False
    for line in _lines(archive, entry):
        bare = line.strip().upper()
        if ended and bare.startswith(b"BEGIN:VCARD"):
            yield bytes(card).rstrip() + b"\r\n"
            card.clear()
        card += line
        if len(card) > MAX_UNPACKED_BYTES:
            raise FileRefused("archive")
        ended = bare.startswith(b"END:VCARD") if bare else ended
    if card.strip():
        yield bytes(card).rstrip() + b"\r\n"


def _of_export(entries: "list[zipfile.ZipInfo]") -> "list[zipfile.ZipInfo]":
    """Companies and contacts of one of our own exports, also where it was unpacked and its folder packed again; nothing where
    the archive is none."""
    named = {entry.filename: entry for entry in entries}
    for schema in sorted(name for name in named if name.rpartition("/")[2] == "schema.json"):
        folder = schema.removesuffix("schema.json")
        if own := [named[folder + name] for name in _OF_EXPORT if folder + name in named]:
            return own if len(own) == len(_OF_EXPORT) else []
    return []


def _files(entries: "list[zipfile.ZipInfo]") -> "list[zipfile.ZipInfo]":
    return [entry for entry in entries if not entry.is_dir() and not entry.filename.startswith("__MACOSX/")]


def _chosen(entries: "list[zipfile.ZipInfo]") -> "list[zipfile.ZipInfo]":
    """The one contact file, or every vCard file where there are several and no CSV."""
    names = {entry.filename for entry in entries}
    if "[Content_Types].xml" in names or "mimetype" in names:
        raise FileRefused("spreadsheet")
    contacts = [e for e in _files(entries) if e.filename.lower().endswith((".csv", ".vcf"))]
    preferred = [e for e in contacts if e.filename.lower().rpartition("/")[2] in _PREFERRED]
    for choice in (preferred, contacts):
        if len(choice) == 1:
            return choice
    cards = sorted((e for e in contacts if e.filename.lower().endswith(".vcf")), key=lambda e: -e.file_size)
    if not cards or len(cards) < len(contacts) or len(cards) > _MAX_FILES:
        raise FileRefused("archive")
    return cards
