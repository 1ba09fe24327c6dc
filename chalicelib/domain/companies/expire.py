"""Ending companies (P15): what only connections brought that have not shown it for too long."""

from collections.abc import Callable, Sequence

from chalicelib.core import clock, ids, log
from chalicelib.core.actor import Lives
from chalicelib.core.errors import SealBroken, VersionConflict
from chalicelib.core.ids import OwnerCode, SortKey, TenantId
from chalicelib.domain.audit.model import SHORTEST_LIFE_DAYS, Action, By, Cause
from chalicelib.domain.companies import repository, retention_rules
from chalicelib.domain.companies.model import KIND, CompanyPayload, stamped
from chalicelib.domain.companies.records import CompanyRecord
from chalicelib.domain.sources import links

_DELETED, _UPDATED = (
    Cause(action, By.SYSTEM, SHORTEST_LIFE_DAYS) for action in (Action.COMPANY_DELETED, Action.COMPANY_UPDATED)
)


def expire(
    _tenant: TenantId,
    found: Sequence[CompanyRecord],
    lives: Callable[[OwnerCode], Lives],
    _note: Callable[[list[SortKey]], None],
) -> int:
    """Delete or cut those of the companies that are past their life, on the version that was read; return how many.
    `lives` is by owner code. A company that changes meanwhile is left to the next pass. Safe to repeat. Nothing is
    noted: a company has no pointers but those of its texts, and what a kill leaves of these leads nowhere."""
    count = 0
    for row in found:
        try:
            count += _end(row, lives(ids.owner_of(row.sk)))
        except VersionConflict:
            continue
        except SealBroken as error:  # one row that cannot be read must not keep the others for ever
            log.failure("lives_row_unreadable", error, tenant=row.tenant, kind="company")
    return count


def _end(row: CompanyRecord, kept: Lives) -> bool:
    """Whether anything of it went. What its connections show again is as new: their copies go before, or in the same call."""
    payload = row.unsealed(CompanyPayload)
    left = retention_rules.without_unseen(payload, kept)
    if left is payload:
        return False
    if left is None:
        repository.remove(row, _DELETED, links.going(row.tenant, KIND, payload.source_ids))
        return True
    links.drop(row.tenant, KIND, [name for name in payload.source_ids if name not in left.source_ids])
    repository.rewrite(row, stamped(payload, left, clock.rfc3339(clock.now())), _UPDATED)
    return True
