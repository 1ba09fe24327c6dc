"""The index of blocking keys: which of a member's contacts, or companies, are near enough to be compared.

Keys are HMACs under the tenant's index key. What a contact or company stands under is written down beside it, so that it can be
taken out again when there is nothing left to make the keys of.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import partial

from chalicelib.core import ids
from chalicelib.core.ids import OwnerCode, SortKey, TenantId
from chalicelib.domain.matching.records import BlockRecord, IndexPayload, IndexRecord
from chalicelib.store import batch, rows
from chalicelib.vault import tags

MOST_IN_BLOCK = 50  # of what more have in common, nothing follows
_SINGLY = 50  # blocks that are asked for one by one; for more, the whole index of the member is read once


def hashed(tenant: TenantId, kind: str, keys: Iterable[str]) -> list[str]:
    """Return the blocking keys as they stand in the index, sorted."""
    return sorted({tags.natural_key(tenant, f"{BlockRecord.declared.kind}\0{kind}\0{key}") for key in keys})


def index_sk(record_sk: SortKey) -> SortKey:
    """Return the sort key of what is in the index for this record."""
    kind, owner, local = record_sk.split("#")
    return ids.sort_key(IndexRecord.declared.kind, OwnerCode(owner), kind, local)


def record_of(index: SortKey) -> SortKey:
    """Return the sort key of the record that a row of the index is for."""
    _, owner, kind, local = index.split("#")
    return ids.sort_key(kind, OwnerCode(owner), local)


def indexed(tenant: TenantId, record_sks: Iterable[SortKey]) -> dict[SortKey, IndexRecord]:
    """Return what is in the index, by the records' sort keys. One call for 100."""
    wanted: dict[tuple[str, str], SortKey] = {(tenant, index_sk(sk)): sk for sk in record_sks}
    return {wanted[key]: row for key, row in batch.get_all(IndexRecord, list(wanted)).items()}


def enter(tenant: TenantId, changes: Sequence[tuple[SortKey, IndexPayload, Sequence[str]]]) -> None:
    """Let these records stand under these blocks too, each as it was in the index: what names the blocks first, so that a kill
    leaves none that nobody finds. Safe to repeat."""
    fresh = [(sk, there, [each for each in hashes if each not in there.blocks]) for sk, there, hashes in changes]
    fresh = [each for each in fresh if each[2]]
    unsaid = ((sk, there, {"digest": "", "blocks": [*there.blocks, *more]}) for sk, there, more in fresh)
    save(tenant, [(sk, there, there.model_copy(update=update)) for sk, there, update in unsaid])
    batch.put_all([BlockRecord.build(tenant, _block(sk, hash_)) for sk, _, more in fresh for hash_ in more])


def save(tenant: TenantId, changes: Iterable[tuple[SortKey, IndexPayload, IndexPayload]]) -> None:
    """Write what is in the index for records, each as it was and as it is to be. Their pairs grow: a member may have decided one
    meanwhile."""
    changed = [(sk, before, after) for sk, before, after in changes if after != before]
    known = indexed(tenant, [sk for sk, before, _ in changed if before.pairs])
    batch.put_all([IndexRecord.build(tenant, index_sk(sk), after) for sk, _, after in changed if sk not in known])
    for sk, _, after in changed:
        if sk in known:
            rows.update(known[sk], partial(_grown, after))


def _grown(after: IndexPayload, found: IndexRecord) -> rows.Put:
    pairs = dict.fromkeys([*found.unsealed(IndexPayload).pairs, *after.pairs])
    found.reseal(after.model_copy(update={"pairs": list(pairs)}))
    return rows.Put()


def leave(tenant: TenantId, left: Iterable[tuple[SortKey, Iterable[str]]]) -> None:
    """Let each of these records stand under its blocks no more."""
    batch.delete_all(BlockRecord, [(tenant, _block(sk, each)) for sk, hashes in left for each in hashes])


def drop(tenant: TenantId, found: dict[SortKey, IndexRecord]) -> None:
    """Take these records out of the index: their blocks first, so that a kill leaves what names them. Safe to repeat."""
    blocks = [(tenant, _block(sk, hash_)) for sk, row in found.items() for hash_ in row.unsealed(IndexPayload).blocks]
    batch.delete_all(BlockRecord, blocks)
    batch.delete_all(IndexRecord, [(tenant, index_sk(sk)) for sk in found])


class Blocks:
    """The member's index as one run reads it."""

    def __init__(self, tenant: TenantId, owner: OwnerCode) -> None:
        self._tenant, self._owner = tenant, owner
        self._whole: dict[str, list[SortKey]] | None = None
        self._asked = 0

    def expect(self, hashes: int) -> None:
        """Make ready for so many blocks that are asked for next, and read the whole index if all come to many."""
        self._asked += hashes
        if self._whole is None and self._asked > _SINGLY:
            self._read_through()

    def near(self, kind: str, hashes: Sequence[str]) -> list[SortKey]:
        """Return the records of the kind that stand under one of these, those under most of them first; not those of blocks that
        hold too many."""
        shared = Counter(sk for hash_ in hashes for sk in self._of(hash_) if ids.kind_of(sk) == kind)
        return sorted(shared, key=lambda sk: (-shared[sk], sk))

    def learn(self, record_sk: SortKey, hashes: Iterable[str]) -> None:
        """Take these into account, which were written just now."""
        if self._whole is not None:
            for hash_ in hashes:
                there = self._whole.setdefault(hash_, [])
                if record_sk not in there:
                    there.append(record_sk)

    def _of(self, hash_: str) -> list[SortKey]:
        if self._whole is None:
            prefix = ids.key_range(BlockRecord.declared.kind, self._owner, hash_)
            page = rows.page(BlockRecord, self._tenant, prefix, limit=MOST_IN_BLOCK + 1)
            found = [_record_of(row.sk) for row in page.records]
        else:
            found = self._whole.get(hash_, [])
        return found if len(found) <= MOST_IN_BLOCK else []

    def _read_through(self) -> None:
        self._whole = {}
        for page in rows.keys(BlockRecord, self._tenant, ids.key_range(BlockRecord.declared.kind, self._owner)):
            for sk in page:
                self._whole.setdefault(sk.split("#")[2], []).append(_record_of(sk))


def _block(record_sk: SortKey, hash_: str) -> SortKey:
    kind, owner, local = record_sk.split("#")
    return ids.sort_key(BlockRecord.declared.kind, OwnerCode(owner), hash_, kind, local)


def _record_of(block: SortKey) -> SortKey:
    _, owner, _, kind, local = block.split("#")
    return ids.sort_key(kind, OwnerCode(owner), local)
