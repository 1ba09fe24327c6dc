"""Which rows of a file mean one contact: those that share an identifier of a person's own and whose names agree, through others
too (ingest.identity)."""

import functools
import hashlib
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence

from chalicelib.core.identifiers import EmailAddress
from chalicelib.domain.imports.model import Group
from chalicelib.domain.imports.parsing.row import ReadRow
from chalicelib.domain.ingest import identity
from chalicelib.domain.ingest.identity import MOST_SHARING, Name
from chalicelib.vault.tags import Identifier

_SHARES = 32  # keys are compared a share at a time, so that one share alone is in a dictionary
_DIGEST = 16  # bytes: among a file's keys no two are the same by chance
_NAMES = 1024  # that are in memory while entries are joined


class Links:
    """Joins numbered entries that have a key in common and names that agree. It holds a hash of each key and a few bytes an
    entry; never a key itself, and no name: these it asks for, of entries that have a key in common."""

    def __init__(self) -> None:
        self._parent = array("I")
        self._shares = [(bytearray(), array("I")) for _ in range(_SHARES)]
        self._named: dict[int, list[int]] = {}  # by root: further entries of it, one for each other way of its name

    def add(self, keys: Iterable[str]) -> None:
        """Add the next entry, with its keys. Without any it stays alone."""
        entry = len(self._parent)
        self._parent.append(entry)
        for key in keys:
            digest = hashlib.blake2b(key.encode(), digest_size=_DIGEST).digest()
            digests, entries = self._shares[digest[0] % _SHARES]
            digests += digest
            entries.append(entry)

    def groups(self, name_of: Callable[[int], Name]) -> Iterator[list[int]]:
        """Yield the entries that belong together, each group and all of them in the order of adding. Ends the adding."""
        name_of = functools.lru_cache(_NAMES)(name_of)
        while self._shares:
            digests, entries = self._shares.pop()
            first: dict[bytes, int] = {}
            others: dict[bytes, list[int]] = {}  # who shares a key with its first, and is somebody else
            for at, entry in enumerate(entries):
                key = bytes(digests[at * _DIGEST : (at + 1) * _DIGEST])
                if first.setdefault(key, entry) != entry and not self._join(first[key], entry, name_of):
                    rivals = others.setdefault(key, [])
                    if not any(self._join(each, entry, name_of) for each in rivals) and len(rivals) < MOST_SHARING:
                        rivals.append(entry)
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

    def _join(self, one: int, other: int, name_of: Callable[[int], Name]) -> bool:
        """Make one group of theirs, unless their names do not agree; whether they are one now."""
        # The earlier root stays, so that a group stands where its first entry does.
        one, other = sorted((self._root(one), self._root(other)))
        if one == other:
            return True
        ours, theirs = (
            {name_of(entry): entry for entry in (*self._named.get(root, ()), root)} for root in (one, other)
        )
        if len(ours) > MOST_SHARING or not identity.agree(ours, theirs):
            return False
        self._named.pop(other, None)
        if new := [entry for name, entry in theirs.items() if name not in ours]:
            self._named[one] = [*self._named.get(one, ()), *new]
        self._parent[other] = one
        return True

    def _root(self, entry: int) -> int:
        while self._parent[entry] != entry:
            self._parent[entry] = self._parent[self._parent[entry]]
            entry = self._parent[entry]
        return entry


def grouped(rows: Sequence[ReadRow]) -> list[Group]:
    """Return the rows by contact: what shares an identifier of a person's own and has an agreeing name, through others too, or
    is the same row without such an identifier. Groups and the rows in them keep the order of `rows`."""
    links = Links()
    for row in rows:
        links.add(keys_of(row))
    return [[rows[entry] for entry in group] for group in links.groups(lambda entry: name_of(rows[entry]))]


def keys_of(row: ReadRow) -> list[str]:
    """Return the keys by which two rows mean the same contact.

    A row has one for each identifier that is a person's own, or else the hash of the row. One of an export of ours is a
    contact of its own, as it was there: it has its id.
    """
    if row.ours:
        return [f"ours:{row.source_id}"]
    marks = identity.own_marks(map(EmailAddress.parse, row.emails), row.profile_urls)
    kinds = ((mark, "email" if mark.kind is Identifier.EMAIL else "url") for mark in marks)
    return [f"{kind}:{mark.exact}" for mark, kind in kinds] or [row.digest()]


def name_of(row: ReadRow) -> Name:
    """Return the row's name as names are compared."""
    return identity.name_of(row.first_name, row.last_name)


def natural_key(group: Group) -> str:
    """Return the key of a group's contact: the first address of its own with the name beside it, else the first profile so,
    else the hash of its first row. The name is in it because people share mailboxes."""
    keyed = [(key, row) for row in group for key in keys_of(row)[:1]]
    key, row = min(keyed, key=lambda each: ("ours", "email", "url", "row").index(each[0].partition(":")[0]))
    return key if key.startswith(("ours:", "row:")) else f"{key}\0{' '.join(sorted(name_of(row)))}"
