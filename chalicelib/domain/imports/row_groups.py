"""Which rows of a file mean one contact: those that share an address or a profile URL, through others too."""

import hashlib
import os
from array import array
from collections.abc import Iterable, Iterator, Sequence

from chalicelib.core.identifiers import EmailAddress
from chalicelib.domain.imports.model import Group
from chalicelib.domain.imports.parsing.row import ReadRow

_SHARES = 32  # keys are compared a share at a time, so that one share alone is in a dictionary
_DIGEST = 16  # bytes: among a file's keys no two are the same by chance


class Links:
    """Joins numbered entries that have a key in common. It holds a hash of each key, under a key of its own, and a few
    bytes an entry; never a key itself."""

    def __init__(self) -> None:
        self._secret = os.urandom(_DIGEST)
        self._parent = array("I")
        self._shares = [(bytearray(), array("I")) for _ in range(_SHARES)]

    def add(self, keys: Iterable[str]) -> None:
        """The next entry, with its keys; without any it stays alone."""
        entry = len(self._parent)
        self._parent.append(entry)
        for key in keys:
            digest = hashlib.blake2b(key.encode(), digest_size=_DIGEST, key=self._secret).digest()
            digests, entries = self._shares[digest[0] % _SHARES]
            digests += digest
            entries.append(entry)

    def groups(self) -> Iterator[list[int]]:
        """The entries that belong together, each group and all of them in the order of adding. Ends the adding."""
        while self._shares:
            digests, entries = self._shares.pop()
            first: dict[bytes, int] = {}
            for at, entry in enumerate(entries):
                self._join(first.setdefault(bytes(digests[at * _DIGEST : (at + 1) * _DIGEST]), entry), entry)
        following = array("I", [0]) * len(self._parent)  # 0: nobody, since entry 0 follows none
        last = array("I", range(len(self._parent)))
        for entry in range(len(self._parent)):
            root = self._root(entry)
            if root != entry:
                following[last[root]] = entry
                last[root] = entry
        for entry, parent in enumerate(self._parent):
            if parent == entry:
                group = [entry]
                while following[group[-1]]:
                    group.append(following[group[-1]])
                yield group

    def _join(self, one: int, other: int) -> None:
        # The earlier root stays, so that a group stands where its first entry does.
        one, other = sorted((self._root(one), self._root(other)))
        self._parent[other] = one

    def _root(self, entry: int) -> int:
        while self._parent[entry] != entry:
            self._parent[entry] = self._parent[self._parent[entry]]
            entry = self._parent[entry]
        return entry


def grouped(rows: Sequence[ReadRow]) -> list[Group]:
    """The rows by contact: what shares an address or a profile URL, through others too, or is the same row without
    either. Groups and the rows in them keep the order of `rows`."""
    links = Links()
    for row in rows:
        links.add(keys_of(row))
    return [[rows[entry] for entry in group] for group in links.groups()]


def keys_of(row: ReadRow) -> list[str]:
    """What makes another row the same contact: each address and profile URL, else the hash of the row."""
    keys = [f"email:{EmailAddress.parse(email).exact}" for email in row.emails]
    keys += [f"url:{url}" for url in row.profile_urls]
    return keys or [row.natural_key()]


def natural_key(group: Group) -> str:
    """The key of a group's contact: its first address, else its first profile URL, else the hash of its first row."""
    ranked = sorted((row.natural_key() for row in group), key=lambda key: ("email:", "url:", "row:").index(_kind(key)))
    return ranked[0]


def _kind(key: str) -> str:
    return key[: key.index(":") + 1]
