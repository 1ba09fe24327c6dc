"""Ending signals (P15): with their companies, and after their life."""

from collections.abc import Callable, Iterable, Sequence

from chalicelib.core.actor import Lives
from chalicelib.core.ids import OwnerCode, SortKey, TenantId
from chalicelib.domain.companies import queries as companies
from chalicelib.domain.signals.model import SignalPayload, is_over
from chalicelib.domain.signals.records import SignalRecord
from chalicelib.domain.signals.repository import company_of
from chalicelib.store import batch


def expire(
    tenant: TenantId,
    found: Sequence[SignalRecord],
    _lives: Callable[[OwnerCode], Lives],
    note: Callable[[list[SortKey]], None],
) -> int:
    """Delete those of the signals whose company is gone or whose life is over; return how many. Nobody has been shown them since.
    Safe to repeat."""
    there = companies.rows_by_id(tenant, {company_of(row.sk) for row in found})
    ending = [row.sk for row in found if company_of(row.sk) not in there or _is_over(row)]
    if ending:
        note(ending)
        tidy(tenant, ending)
    return len(ending)


def tidy(tenant: TenantId, sks: Iterable[SortKey]) -> None:
    """Delete these signals: what a killed `expire` left of them. Safe to repeat."""
    batch.delete_all(SignalRecord, [(tenant, sk) for sk in sks])


def _is_over(row: SignalRecord) -> bool:
    payload = row.sound(SignalPayload, "lives_row_unreadable")
    return payload is not None and is_over(payload)
