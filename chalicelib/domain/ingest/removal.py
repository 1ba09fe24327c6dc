"""What a connection has no more goes here too, but for what the member or another source vouches for. Links go last, so that a
killed run finds again what it had begun."""

from collections.abc import Mapping, Sequence

from chalicelib.core import clock
from chalicelib.core.errors import VersionConflict
from chalicelib.domain.audit.model import VIEWS
from chalicelib.domain.ingest.linked import Connected
from chalicelib.domain.ingest.upsert import D, Kind, P, R
from chalicelib.domain.sources import links
from chalicelib.domain.sources.model import Fate, SourceLinkPayload
from chalicelib.domain.sources.records import SourceLinkRecord
from chalicelib.store import batch, pointers, rows

_BESIDE = 1 + len(VIEWS) + 2  # the journal, what each view is told of it, holding, and what says that others follow
_AT_ONCE = (rows.MOST_AT_ONCE - _BESIDE) // 2  # of one transaction, each with what hangs on it


def take_away(kind: Kind[R, P, D], origin: Connected, gone: Mapping[str, SourceLinkPayload]) -> int:
    """Delete what these records brought, by key, and return how many were stored. Values that the member or another source
    vouches for stay, and what the member annotated. Safe to repeat. VersionConflict where another worker has the stream."""
    if not gone:
        return 0
    origin.acquire_writer()
    stored = {link.record: link for link in gone.values() if link.fate is Fate.STORED}
    at = clock.rfc3339(clock.now())

    def named(row: R) -> bool:
        return f"{origin.source}:{stored[row.sk].external_id}" in row.unsealed(kind.payload).source_ids

    def one(found: R) -> None:
        if not named(found):
            return
        payload = found.unsealed(kind.payload)
        left = kind.without(payload, at)
        if left is None:
            # Nothing of it was the others', so the next full pass of theirs brings it as new.
            links.drop(origin.tenant, kind.name, _others(origin, payload.source_ids))
            kind.repository.remove(found, origin.cause(kind.deleted), holding=origin.holding)
        else:
            kind.rewrite(found, left, origin.holding)
            links.outdate(origin.tenant, kind.name, left.source_ids)

    there = {sk: row for sk, row in kind.found(stored).items() if named(row)}
    kind.look_ahead([row.unsealed(kind.payload) for row in there.values()])
    whole = {sk: row for sk, row in there.items() if _alone(kind, origin, row, at)}
    for row in (row for sk, row in there.items() if sk not in whole):
        rows.settle(row, one)
    for chunk in batch.chunks(whole.values(), _AT_ONCE):
        try:
            _remove_all(kind, origin, chunk)
        except VersionConflict:
            for row in chunk:
                rows.settle(row, one)
    # Where a killed run had done it, or had begun to change it, it may have left pointers.
    kind.tidy([sk for sk, link in stored.items() if sk not in there or link.untidy])
    batch.delete_all(SourceLinkRecord, [(origin.tenant, origin.link_sk(kind.name, key)) for key in gone])
    return len(stored)


def _alone(kind: Kind[R, P, D], origin: Connected, row: R, at: str) -> bool:
    """Whether nobody else says or names anything of it."""
    payload = row.unsealed(kind.payload)
    return kind.without(payload, at) is None and not _others(origin, payload.source_ids)


def _remove_all(kind: Kind[R, P, D], origin: Connected, found: Sequence[R]) -> None:
    opened = {row.sk: row.unsealed(kind.payload) for row in found}
    journal = origin.journal(kind.deleted, [kind.repository.entry(sk, payload, None) for sk, payload in opened.items()])
    held = [each for sk, payload in opened.items() for each in kind.pointers_of(sk, payload, every_version=True)]
    hanging = [each for sk in opened for each in kind.hanging(sk)]
    rows.delete_all_if_unchanged(found, [*journal, rows.VersionCheck(origin.holding), *hanging, *kind.follows()])
    pointers.delete(held)


def _others(origin: Connected, source_ids: Sequence[str]) -> list[str]:
    """Return the names at other sources of what goes."""
    return [name for name in source_ids if not name.startswith(f"{origin.source}:")]
