"""Which contacts of a member hold an address: asked address by address while they are few, else read once for the run."""

from collections.abc import Iterable, Iterator

from chalicelib.core.identifiers import EmailAddress
from chalicelib.store import pointers, rows
from chalicelib.store.pointers import Pointer, PointerRecord, Role
from chalicelib.vault import tags
from chalicelib.vault.tags import Identifier

_FEW = 10  # queries that a page may cost; a member's pointers are read at some thousands a query


class KnownAddresses:
    """Of one member, as of the first question. What a run makes itself need not be in it: two records of one connection
    never share a contact."""

    def __init__(self, tenant: str, owner: str) -> None:
        self._tenant, self._owner = tenant, owner
        self._all: dict[str, tuple[str, ...]] | None = None
        self._asked: dict[str, tuple[str, ...]] = {}

    def contacts_with(self, addresses: Iterable[Iterable[EmailAddress]]) -> list[list[str]]:
        """For each group of addresses the sort keys of the contacts that have a pointer for one of them, in order."""
        groups = [[tag for address in group for tag in _tags(address)] for group in addresses]
        wanted = {tag for group in groups for tag in group}
        if self._all is None and len(wanted - self._asked.keys()) > _FEW:
            self._all = self._every()
        if self._all is None:
            for tag in wanted - self._asked.keys():
                self._asked[tag] = self._ask(tag)
        found = self._asked if self._all is None else self._all
        return [sorted({sk for tag in group for sk in found.get(tag, ())}) for group in groups]

    def _every(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        for pointer in self._read(f"subject#{self._owner}#"):
            found[pointer.tag] = (*found.get(pointer.tag, ()), pointer.record)
        return found

    def _ask(self, tag: str) -> tuple[str, ...]:
        return tuple(pointer.record for pointer in self._read(f"subject#{self._owner}#{tag}#"))

    def _read(self, prefix: str) -> Iterator[Pointer]:
        for page in rows.keys(PointerRecord, self._tenant, prefix):
            for sk in page:
                pointer = pointers.parse(self._tenant, sk)
                if pointer.role is Role.HOLDS and pointer.record.startswith("contact#"):
                    yield pointer


def _tags(address: EmailAddress) -> tuple[str, ...]:
    return tags.subject_tags("index", Identifier.EMAIL, address.exact)
