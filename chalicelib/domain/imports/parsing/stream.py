"""A file is read in pieces, so that how large it is costs no memory; several readers of one file keep their own places."""

import io
from collections.abc import Iterator
from typing import IO, Any, TextIO

CHUNK = 1 << 16
LONGEST_LINE = 1 << 21  # characters; many times what any program writes


class _Place(io.RawIOBase):
    """A place in a seekable file, at first its beginning. Closing it leaves the file open."""

    def __init__(self, file: IO[bytes]) -> None:
        super().__init__()
        self._file, self._at = file, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:  # the standard library's own type of it has no name
        self._file.seek(self._at)
        found = self._file.read(len(buffer))
        buffer[: len(found)] = found
        self._at += len(found)
        return len(found)


def text(file: IO[bytes], encoding: str, errors: str) -> io.TextIOWrapper:
    """Return the file's characters from its beginning. Line ends of any kind end lines and stay as they are."""
    return io.TextIOWrapper(io.BufferedReader(_Place(file), CHUNK), encoding=encoding, errors=errors, newline="")


def lines(characters: TextIO) -> Iterator[str]:
    """Yield the lines with their ends.

    Of a line longer than LONGEST_LINE only the beginning is given, without an end.
    """
    while line := characters.readline(LONGEST_LINE):
        yield line
        while len(line) == LONGEST_LINE and not line.endswith(("\n", "\r")):
            line = characters.readline(LONGEST_LINE)


def head(file: IO[bytes], size: int) -> bytes:
    """Return the first `size` bytes of the file."""
    file.seek(0)
    return file.read(size)


def chunks(file: IO[bytes]) -> Iterator[bytes]:
    """Yield the whole file, CHUNK bytes at a time."""
    at = 0
    while True:
        file.seek(at)
        chunk = file.read(CHUNK)
        if not chunk:
            return
        yield chunk
        at += len(chunk)
