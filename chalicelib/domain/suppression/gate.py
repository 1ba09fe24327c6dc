"""What the suppression says of records that are about to be written: who must not be stored, and whose data are restricted. One
question, since the rows of both stand in one table."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from chalicelib.core.ids import TenantId
from chalicelib.domain.suppression import tombstones, wishes
from chalicelib.domain.suppression.model import Mark
from chalicelib.domain.suppression.records import WishRecord
from chalicelib.domain.suppression.tombstones import Key
from chalicelib.domain.suppression.wishes import Use
from chalicelib.store import batch
from chalicelib.vault.tags import Identifier


@dataclass(frozen=True)
class Said:
    """Of each group of one person's marks, whether it may not be stored, and whether it may be neither shared nor overwritten; of
    each mark that texts name, whether it must not stand there."""

    refused: list[bool]
    restricted: list[bool]
    forgotten: list[bool]


def ask(tenant: TenantId, held: Sequence[Sequence[Mark]], named: Sequence[Mark] = ()) -> Said:
    """Return what holds for groups of marks, each one person's, and of marks that texts name. One call for 100 keys.

    Reads consistently, and never from a cache: call it in the invocation that writes, before writing.
    """
    blocking = [tombstones.keys_of(tenant, group) for group in held]
    forgetting = [tombstones.keys_of(tenant, [mark]) for mark in named]
    restricting = [_of_wishes(group) for group in held]
    every = sorted(set[Key]().union(*blocking, *forgetting, *restricting))
    found = batch.get_all(WishRecord, every)  # of a tombstone nothing is read but that it is there
    standing = set(found)
    return Said(
        refused=[bool(keys & standing) for keys in blocking],
        restricted=[any(wishes.forbids(Use.SHARING, found[key]) for key in keys & standing) for keys in restricting],
        forgotten=[bool(keys & standing) for keys in forgetting],
    )


def _of_wishes(marks: Iterable[Mark]) -> set[Key]:
    emails = (mark.exact for mark in marks if mark.kind is Identifier.EMAIL)
    return {key for exact in emails for key in wishes.keys_of(exact)}
