"""Ending companies (P15): what only connections brought that have not shown it for too long."""

import functools
from collections.abc import Callable, Iterable, Sequence

from chalicelib.core import clock, ids
from chalicelib.core.actor import Lives
from chalicelib.core.errors import VersionConflict
from chalicelib.core.ids import OwnerCode, SortKey, TenantId
from chalicelib.domain.audit.model import SHORTEST_LIFE_DAYS, Action, By, Cause
from chalicelib.domain.companies import repository, retention_rules
from chalicelib.domain.companies.model import KIND, CompanyPayload, stamped
from chalicelib.domain.companies.records import CompanyRecord
from chalicelib.domain.sources import links
from chalicelib.store import pointers
from chalicelib.store.pointers import Pointer

_DELETED, _UPDATED = (
    Cause(action, By.SYSTEM, SHORTEST_LIFE_DAYS) for action in (Action.COMPANY_DELETED, Action.COMPANY_UPDATED)
)


def expire(
    _tenant: TenantId,
    found: Sequence[CompanyRecord],
    lives: Callable[[OwnerCode], Lives],
    note: Callable[[list[SortKey]], None],
) -> int:
    """Delete or cut those of the companies that are past their life, on the version that was read; return how many.
    `lives` is by owner code, and is asked again before a company ends. A company that changes meanwhile is left to the next
    pass. Safe to repeat. `note` hears their sort keys before the first of them goes: what a kill leaves of their texts'
    pointers, `tidy` finds by these."""
    ending, known = [], functools.cache(lives)
    for row in found:
        payload = row.sound(CompanyPayload, "lives_row_unreadable")
        if payload and retention_rules.without_unseen(payload, known(ids.owner_of(row.sk))) is not payload:
            ending.append(row)
    if ending:
        note([row.sk for row in ending])
    return sum(_end(row, lives(ids.owner_of(row.sk))) for row in ending)


def tidy(tenant: TenantId, sks: Iterable[SortKey]) -> None:
    """Delete the pointers that a killed `expire` of these companies left behind. Safe to repeat."""

    def held(row: CompanyRecord, every_version: bool) -> Iterable[Pointer]:
        return repository.pointers_of(tenant, row.sk, row.unsealed(CompanyPayload), every_version=every_version)

    pointers.tidy(tenant, CompanyRecord, sks, held)


def _end(row: CompanyRecord, kept: Lives) -> bool:
    """End or cut one company; False where its life was prolonged, or another write came between. What its connections show again
    is as new: their copies go before, or in the same call."""
    payload = row.unsealed(CompanyPayload)
    left = retention_rules.without_unseen(payload, kept)
    if left is payload:
        return False
    try:
        _write(row, left)
    except VersionConflict:
        return False
    return True


def _write(row: CompanyRecord, left: CompanyPayload | None) -> None:
    payload = row.unsealed(CompanyPayload)
    if left is None:
        repository.remove(row, _DELETED, links.going(row.tenant, KIND, payload.source_ids))
        return
    links.drop(row.tenant, KIND, [name for name in payload.source_ids if name not in left.source_ids])
    repository.rewrite(row, stamped(payload, left, clock.rfc3339(clock.now())), _UPDATED)
