"""Cutting an erased person out of the texts of a company."""

from chalicelib.core import clock
from chalicelib.core.ids import SortKey, TenantId
from chalicelib.domain.audit.model import SHORTEST_LIFE_DAYS, Action, By, Cause
from chalicelib.domain.companies import repository
from chalicelib.domain.companies.model import CompanyPayload, stamped
from chalicelib.domain.companies.records import CompanyRecord
from chalicelib.domain.redaction.texts import Cut, with_texts_redacted
from chalicelib.store import rows

_CUT = Cause(Action.COMPANY_UPDATED, By.SYSTEM, SHORTEST_LIFE_DAYS)  # clients hear of it; the log does not show it


def redact_texts(tenant: TenantId, record_sk: SortKey, cut: Cut) -> bool:
    """Write the company with its texts redacted; return whether they changed. VersionConflict where it changes
    meanwhile."""
    row = rows.get(CompanyRecord, tenant, record_sk)
    before = row.unsealed(CompanyPayload) if row else None
    after = with_texts_redacted(before, cut) if before else None
    if row is None or before is None or after is None:
        return False
    repository.rewrite(row, stamped(before, after, clock.rfc3339(clock.now())), _CUT, at_once=True)
    return True
