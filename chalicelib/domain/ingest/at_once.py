"""Two requests at the same moment that type in the same: the one that writes later looks again.

Whoever makes a record writes a row for each of its identifiers beside it, on the condition that none was written since it looked
whether the record is there. At first it takes for granted that there are none; where that is wrong, it reads them and looks anew.
"""

from collections.abc import Iterable
from datetime import timedelta

from chalicelib.core import clock, ids
from chalicelib.core.actor import Actor
from chalicelib.domain.ingest.records import TypedRecord
from chalicelib.store import batch, rows
from chalicelib.vault import tags

_LIFE = timedelta(minutes=10)  # longer than any request runs
_MOST = 20  # names of one record: equal requests have the same first ones


def conditions(actor: Actor, names: Iterable[str], *, tried: int) -> list[rows.PutIf]:
    """Return what is to be written with a new record of the actor that goes by these names; VersionConflict, then, where
    another record by one of them was written since this call.

    `tried`: how often that came about."""
    tenant, ends = actor.tenant, clock.now() + _LIFE
    keys = [
        (tenant, ids.sort_key(TypedRecord.declared.kind, actor.code, tags.natural_key(tenant, f"typed\0{name}")))
        for name in sorted(names)[:_MOST]
    ]
    there = batch.get_all(TypedRecord, keys) if keys and tried else {}
    found = []
    for key in keys:
        row = there.get(key)
        if row is not None:
            row.expires_at = ends
        found.append(rows.PutIf(row or TypedRecord.build(*key, ends=ends), new=row is None))
    return found
