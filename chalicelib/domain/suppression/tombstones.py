"""The tombstones: set at an erasure, asked before every write, lifted on the person's own wish. With them is asked who wants its
data restricted: the rows of both stand in one table.

Platform-wide they hold verified addresses only. What was found on erased records (other addresses, profile URLs, source
ids) is tombstoned within that tenant, so that nobody can erase a stranger; an address that another record there holds too
is not. A phone neither deletes nor blocks, and a name does not either.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from chalicelib.core.identifiers import EmailAddress
from chalicelib.core.ids import SortKey, TenantId
from chalicelib.domain.suppression.model import Mark
from chalicelib.domain.suppression.records import SK, TombstoneRecord, Wish, WishPayload, WishRecord
from chalicelib.store import batch, rows
from chalicelib.store.pointers import Pointer, Role
from chalicelib.vault import tags
from chalicelib.vault.tags import Identifier

Key = tuple[str, str]  # partition and sort key
_DELETED_AT_ONCE = 1000
_BLOCKING = {  # a mark's kind -> the kind its tombstone was made of
    Identifier.EMAIL: Identifier.EMAIL,
    Identifier.EMAIL_BASE: Identifier.EMAIL,  # a tombstone of an address stops its plus-aliases too
    Identifier.URL: Identifier.URL,
    Identifier.SOURCE: Identifier.SOURCE,
}


def blocked(tenant: TenantId, groups: Sequence[Sequence[Mark]]) -> list[bool]:
    """Return for each group of one person's marks whether a tombstone forbids this tenant to store it.

    Reads consistently, 100 keys a call, and never from a cache: call it in the invocation that writes, before writing.
    """
    keys = [_keys_of(tenant, group) for group in groups]
    standing = set(batch.get_all(TombstoneRecord, sorted(set[Key]().union(*keys))))
    return [bool(group & standing) for group in keys]


@dataclass(frozen=True)
class Said:
    """Of each group of one person's marks, whether it may not be stored, and whether a restriction forbids to share or overwrite
    it; of each mark that texts name, whether it must not stand there."""

    refused: list[bool]
    restricted: list[bool]
    forgotten: list[bool]


def ask(
    tenant: TenantId,
    held: Sequence[Sequence[Mark]],
    named: Sequence[Mark] = (),
    whose: Sequence[Sequence[Mark]] | None = None,
) -> Said:
    """Return what holds for groups of marks, each one person's, and of marks that texts name. `whose`: of each group the marks of
    whose it is, where it has others too, of whom it may mean; a restriction is asked of these alone. Calls as `blocked`."""
    blocking = [_keys_of(tenant, group) for group in held]
    forgetting = [_keys_of(tenant, [mark]) for mark in named]
    restricting = [
        {key for mark in group if mark.kind is Identifier.EMAIL for key in wish_keys(mark.exact)}
        for group in (held if whose is None else whose)
    ]
    every = sorted(set[Key]().union(*blocking, *forgetting, *restricting))
    found = batch.get_all(WishRecord, every)  # of a tombstone nothing is read but that it is there
    standing = set(found)
    return Said(
        refused=[bool(keys & standing) for keys in blocking],
        restricted=[any(_restricts(found[key]) for key in keys & standing) for keys in restricting],
        forgotten=[bool(keys & standing) for keys in forgetting],
    )


def wish_keys(exact: str) -> set[Key]:
    """Return the keys of the rows that may have wishes of whose the address (exact form) is: its own, and its mailbox's."""
    return {wish_key(base, own) for base, exact_tag in wish_tags(exact) for own in (base, exact_tag)}


def wish_key(base: str, exact: str) -> Key:
    """Return the key of the row of wishes with these tags, of an address without plus suffix and as it is."""
    kind = WishRecord.declared.kind
    return f"{kind}#{base}", f"{kind}#{exact}"


def wish_tags(exact: str) -> list[tuple[str, str]]:
    """Return the tags of the address without plus suffix and as it is, by key version, the newest first."""
    own = tags.subject_tags("suppression", Identifier.EMAIL, exact)
    base = EmailAddress.parse(exact, historic=True).base if "+" in exact else exact
    bases = own if base == exact else tags.subject_tags("suppression", Identifier.EMAIL, base)
    return list(zip(bases, own, strict=True))


def blocked_tags(tenant: TenantId, found: Iterable[str]) -> set[str]:
    """Return those of these suppression tags that have a tombstone, in this tenant or everywhere."""
    keys = {tag: {_key(tag, tenant), _key(tag, None)} for tag in found}
    standing = set(batch.get_all(TombstoneRecord, sorted(set[Key]().union(*keys.values()))))
    return {tag for tag, own in keys.items() if own & standing}


def blocked_everywhere(found: Iterable[str]) -> set[str]:
    """Return those of these suppression tags that have a tombstone everywhere."""
    standing = batch.get_all(TombstoneRecord, [_key(tag, None) for tag in dict.fromkeys(found)])
    return {pk.removeprefix(f"{SK}#") for pk, _ in standing}


def entomb(marks: Iterable[Mark], tenant: TenantId | None) -> None:
    """Set tombstones, everywhere (`tenant` None: addresses only, ValueError otherwise) or in one tenant.

    Setting one twice changes nothing. Phones and plus-less forms set none.
    """
    entomb_tags(tags_of(marks, tenant), tenant)


def tags_of(marks: Iterable[Mark], tenant: TenantId | None) -> list[str]:
    """Return the suppression tags that `entomb` sets for these marks, each once. ValueError as there."""
    return list(dict.fromkeys(_stored(marks, tenant)))


def entomb_tags(found: Iterable[str], tenant: TenantId | None) -> None:
    """Set the tombstones of these suppression tags, everywhere or in one tenant; see `tags_of`."""
    batch.put_all([TombstoneRecord.build(*_key(tag, tenant)) for tag in dict.fromkeys(found)])


def lift(marks: Iterable[Mark], tenant: TenantId | None) -> None:
    """Take tombstones away, in every version they may have been set under; absent ones are no error."""
    found = dict.fromkeys(_stored(marks, tenant, every_version=True))
    batch.delete_all(TombstoneRecord, [_key(tag, tenant) for tag in found])


def of_tenant(tenant: TenantId) -> Iterator[Key]:
    """Yield the keys of every tombstone that holds in this tenant only, in key order."""
    for row in rows.every(TombstoneRecord, _pk(tenant), f"{SK}#"):
        yield row.pk, row.sk


def remove_tenant(tenant: TenantId) -> int:
    """Delete every tombstone that holds in this tenant only; how many there were. Safe to repeat."""
    count = 0
    for keys in batch.chunks(of_tenant(tenant), _DELETED_AT_ONCE):
        batch.delete_all(TombstoneRecord, keys)
        count += len(keys)
    return count


def index_pointers(
    tenant: TenantId,
    record_sk: SortKey,
    holds: Iterable[Mark],
    mentions: Iterable[Mark] = (),
    *,
    every_version: bool = False,
) -> list[Pointer]:
    """Return the pointers of a record, each once.

    They are under the newest key version, which is the one to write, or under every version, to delete them all.
    """
    return list(
        dict.fromkeys(
            Pointer(tenant, tag, role, record_sk)
            for role, marks in ((Role.HOLDS, holds), (Role.MENTIONS, mentions))
            for mark in marks
            for tag in tags.subject_tags("index", mark.kind, mark.exact)[: None if every_version else 1]
        )
    )


def _keys_of(tenant: TenantId, marks: Iterable[Mark]) -> set[Key]:
    return {key for mark in marks for key in _asked(tenant, mark)}


def _restricts(row: WishRecord) -> bool:
    return Wish.RESTRICTION in row.unsealed(WishPayload).said


def _asked(tenant: TenantId, mark: Mark) -> Iterator[Key]:
    kind = _BLOCKING.get(mark.kind)
    if kind is None:
        return
    for tag in tags.subject_tags("suppression", kind, mark.exact):
        yield _key(tag, tenant)
        if kind is Identifier.EMAIL:
            yield _key(tag, None)


def _stored(marks: Iterable[Mark], tenant: TenantId | None, *, every_version: bool = False) -> Iterator[str]:
    for mark in marks:
        if mark.kind in (Identifier.PHONE, Identifier.EMAIL_BASE):
            continue
        if tenant is None and mark.kind is not Identifier.EMAIL:
            raise ValueError("only addresses are tombstoned everywhere")
        yield from tags.subject_tags("suppression", mark.kind, mark.exact)[: None if every_version else 1]


def _key(tag: str, tenant: TenantId | None) -> Key:
    return (_pk(tenant), f"{SK}#{tag}") if tenant else (_pk(tag), SK)


def _pk(of: str) -> str:
    return f"tombstone#{of}"
