"""Which contacts of a member an e-mail address belongs to, by the contacts' own pointers: no contact is opened for it."""

from collections.abc import Collection, Iterator

from chalicelib.domain.contacts.model import KIND
from chalicelib.store import pointers, rows
from chalicelib.store.pointers import PointerRecord, Role
from chalicelib.vault import tags
from chalicelib.vault.tags import Identifier

_SINGLY = 10  # addresses that are asked for one by one; for more, the member's pointers are read through once


class Addresses:
    """One member's, as they were when first asked for: what a run makes itself need not be among them. `owner` is its owner
    code."""

    def __init__(self, tenant: str, owner: str) -> None:
        self._tenant, self._prefix = tenant, f"subject#{owner}#"
        self._known: dict[str, frozenset[str]] = {}
        self._all: dict[str, list[str]] | None = None

    def of(self, addresses: Collection[str]) -> dict[str, frozenset[str]]:
        """The sort keys of the contacts that have each address, which is in its exact form. A pointer alone is no proof that
        its contact is there, or still has the address."""
        wanted = [each for each in dict.fromkeys(addresses) if each not in self._known]
        if len(wanted) > _SINGLY and self._all is None:
            self._all = self._read_through()
        for address in wanted:
            found = [sk for tag in tags.subject_tags("index", Identifier.EMAIL, address) for sk in self._at(tag)]
            self._known[address] = frozenset(found)
        return {address: self._known[address] for address in addresses}

    def _at(self, tag: str) -> list[str]:
        if self._all is not None:
            return self._all.get(tag, [])
        return [sk for _, sk in self._pointers(f"{tag}#{Role.HOLDS}#{KIND}#")]

    def _read_through(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for tag, sk in self._pointers(""):
            found.setdefault(tag, []).append(sk)
        return found

    def _pointers(self, begin: str) -> Iterator[tuple[str, str]]:
        """Tag and contact of the pointers whose key begins so."""
        for page in rows.keys(PointerRecord, self._tenant, self._prefix + begin):
            for sk in page:
                pointer = pointers.parse(self._tenant, sk)
                if pointer.role is Role.HOLDS and pointer.record.startswith(f"{KIND}#"):
                    yield pointer.tag, pointer.record
