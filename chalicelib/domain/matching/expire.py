"""The daily pass over pairs and the index: what is left of contacts and companies that are no more goes."""

from collections.abc import Callable, Iterable, Sequence

from chalicelib.core import ids
from chalicelib.core.actor import Lives
from chalicelib.core.ids import OwnerCode, SortKey, TenantId
from chalicelib.domain.companies.model import KIND as COMPANY
from chalicelib.domain.companies.records import CompanyRecord
from chalicelib.domain.contacts.model import KIND as CONTACT
from chalicelib.domain.contacts.records import ContactRecord
from chalicelib.domain.matching import blocks, withdraw
from chalicelib.domain.matching.proposal import MatchPayload, State, holder
from chalicelib.domain.matching.records import IndexRecord, MatchRecord
from chalicelib.store import batch

_Lives = Callable[[OwnerCode], Lives]
_Note = Callable[[list[SortKey]], None]


def expire(tenant: TenantId, found: Sequence[MatchRecord], _: _Lives, note: _Note) -> int:
    """End pairs that wait for a decision on what is no more, and what would undo the merge of it; return how many."""
    told = {row.sk: row.unsealed(MatchPayload) for row in found}
    needed = {sk: _needed(match) for sk, match in told.items()}
    there = standing(tenant, {sk for each in needed.values() for sk in each})
    going = [row for row in found if not needed[row.sk] <= there]
    if going:
        note([row.sk for row in going])
        withdraw.pairs(tenant, going)
    return len(going)


def expire_index(tenant: TenantId, found: Sequence[IndexRecord], _: _Lives, note: _Note) -> int:
    """Take records that are no more out of the index; return how many."""
    of = [blocks.record_of(row.sk) for row in found]
    there = standing(tenant, of)
    if not (gone := [sk for sk in of if sk not in there]):
        return 0
    note([blocks.index_sk(sk) for sk in gone])
    return withdraw.gone(tenant, gone)


def standing(tenant: TenantId, sks: Iterable[SortKey]) -> set[SortKey]:
    """Return those of the contacts and companies that are there. One call for 100 of a kind."""
    wanted = sorted(set(sks))
    contacts = [(tenant, sk) for sk in wanted if ids.kind_of(sk) == CONTACT]
    companies = [(tenant, sk) for sk in wanted if ids.kind_of(sk) == COMPANY]
    found = {sk for _, sk in batch.get_all(ContactRecord, contacts)} if contacts else set[str]()
    found |= {sk for _, sk in batch.get_all(CompanyRecord, companies)} if companies else set()
    return {SortKey(sk) for sk in found}


def _needed(match: MatchPayload) -> set[SortKey]:
    if match.state is State.PROPOSED:
        return {match.first, match.second}
    return {holder(match)} if match.state is State.MERGED else set()
