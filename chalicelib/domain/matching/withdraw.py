"""Taking pairs back, and records that are no more out of the index, with all that hangs on them."""

from collections.abc import Iterable, Sequence

from chalicelib.core import ids
from chalicelib.core.ids import SortKey, TenantId
from chalicelib.domain.matching import blocks, marks
from chalicelib.domain.matching.proposal import MatchPayload, State, holder, record_sk
from chalicelib.domain.matching.records import ApartRecord, IndexPayload, IndexRecord, MatchRecord
from chalicelib.store import batch, pointers


def pairs(tenant: TenantId, found: Sequence[MatchRecord]) -> None:
    """Delete these pairs: first by what they are known again, then they, then their pointers. Safe to repeat."""
    apart = [sk for row in found for sk in marks.apart_sks(ids.owner_of(row.sk), row.unsealed(MatchPayload).apart)]
    batch.delete_all(ApartRecord, [(tenant, sk) for sk in apart])
    batch.delete_all(MatchRecord, [(tenant, row.sk) for row in found])
    pointers.delete([each for row in found for each in marks.pointers_of(tenant, row.sk, row.unsealed(MatchPayload))])


def of_records(tenant: TenantId, index: dict[SortKey, IndexRecord]) -> dict[SortKey, list[MatchRecord]]:
    """Return the pairs that are there of each of these records."""
    wanted = {sk: _pair_sks(sk, row) for sk, row in index.items()}
    found = batch.get_all(MatchRecord, [(tenant, pair) for own in wanted.values() for pair in own])
    return {sk: [found[tenant, pair] for pair in own if (tenant, pair) in found] for sk, own in wanted.items()}


def gone(tenant: TenantId, record_sks: Iterable[SortKey], *, erased: bool = False) -> int:
    """Take records that are no more out of the index, with their pairs; return how many were in it. What a member said of pairs
    stays, for the same may be brought in anew, unless they were `erased`; what undoes a merge goes where nobody holds both any
    more. Safe to repeat."""
    index = blocks.indexed(tenant, record_sks)
    for sk, found in of_records(tenant, index).items():
        going = found if erased else [row for row in found if not _stays(sk, row.unsealed(MatchPayload))]
        pairs(tenant, going)
    blocks.drop(tenant, index)
    return len(index)


def _stays(gone_sk: SortKey, match: MatchPayload) -> bool:
    """Whether the pair outlives this one of its records: a decision, or a merge that another record has in it."""
    return match.state is State.DIFFERENT or (match.state is State.MERGED and holder(match) != gone_sk)


def _pair_sks(sk: SortKey, row: IndexRecord) -> list[SortKey]:
    return [record_sk(ids.owner_of(sk), local) for local in row.unsealed(IndexPayload).pairs]
