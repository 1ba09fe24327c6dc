"""What an erasure does with pairs: merged contacts are parted first, so that only those go that hold the person's identifier."""

from collections.abc import Sequence

from chalicelib.core.ids import SortKey, TenantId
from chalicelib.domain.audit.model import SHORTEST_LIFE_DAYS, Action, By, Cause
from chalicelib.domain.matching import undo, withdraw
from chalicelib.domain.matching.proposal import MatchPayload
from chalicelib.domain.matching.records import MatchRecord
from chalicelib.domain.redaction.texts import Cut, with_texts_redacted
from chalicelib.domain.suppression.model import Mark, Subject
from chalicelib.store import rows

_PARTED = Cause(
    Action.CONTACT_UPDATED, By.SYSTEM, SHORTEST_LIFE_DAYS
)  # clients must hear of it, the log never shows it


def dissolve(tenant: TenantId, record_sk: SortKey) -> None:
    """Part what was merged by this pair, and whatever was merged with it since. Safe to repeat."""
    undo.dissolve(tenant, record_sk, _PARTED)


def subject_of(tenant: TenantId, record_sk: SortKey, _: str | None = None) -> Subject | None:
    """Return since when the pair is there, None where it is not: whom it is about its records say."""
    row = rows.get(MatchRecord, tenant, record_sk)
    return Subject(row.unsealed(MatchPayload).created_at) if row else None


def erase(tenant: TenantId, record_sk: SortKey, _: str | None = None) -> bool:
    """Delete the pair, with all that was decided of it. False where it is gone."""
    row = rows.get(MatchRecord, tenant, record_sk)
    if row is None:
        return False
    withdraw.pairs(tenant, [row])
    return True


def redact(tenant: TenantId, record_sk: SortKey, cut: Cut) -> bool:
    """Cut a person out of the texts that undo a merge; return whether they changed. VersionConflict where the pair changes
    meanwhile."""
    row = rows.get(MatchRecord, tenant, record_sk)
    before = row.unsealed(MatchPayload).kept if row else None
    if row is None or before is None:
        return False
    contacts = [with_texts_redacted(each, cut) or each for each in before.contacts]
    after = before.model_copy(update={"contacts": contacts})
    if after == before:
        return False
    row.reseal(row.unsealed(MatchPayload).model_copy(update={"kept": after}))
    rows.put_if_unchanged(row)
    return True


def erase_children(tenant: TenantId, _: Sequence[Mark], gone: Sequence[SortKey]) -> None:
    """Take erased records out of the index, with every pair that they were in. Safe to repeat."""
    withdraw.gone(tenant, [sk for sk in gone if sk.startswith(("contact#", "company#"))], erased=True)
