"""What is kept of the wishes of somebody who asks for a copy."""

from collections.abc import Iterator

from chalicelib.core import clock
from chalicelib.core.told import Ground, Said, SourceKind, Told
from chalicelib.domain.suppression import wishes
from chalicelib.domain.suppression.records import WishPayload, WishRecord
from chalicelib.store import rows

_KIND = WishRecord.declared.kind


def told(exact: str) -> Iterator[Told]:
    """Yield what the owner of the address (exact form) said of the use of its data, and since when it counts."""
    for place in wishes.place_of(exact).split():
        base, _, own = place.partition(".")
        row = rows.get(WishRecord, f"{_KIND}#{base}", f"{_KIND}#{own}")
        for wish, said in row.unsealed(WishPayload).said.items() if row else ():
            at = clock.rfc3339(said.since)
            source = Said(source=SourceKind.PERSON, at=at, ground=Ground.LEGAL_OBLIGATION, notice_at=at)
            yield Told(kind=_KIND, field="right", value=str(wish), sources=[source])
