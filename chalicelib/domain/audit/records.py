"""The rows of the journal."""

from chalicelib.domain.audit.model import KIND, LIFE_DAYS, JournalPayload
from chalicelib.store.declaration import Declaration, Exported, Found, Holds
from chalicelib.store.records import TenantRecord


class JournalRecord(TenantRecord):
    """SK `audit#owner code#ulid`, newest last; the workspace's own under the owner code TEAM. Written once, never changed."""

    declared = Declaration(
        kind=KIND,
        holds=Holds.NOBODY,
        found=Found.NEVER,
        life="365 days, or fewer by the workspace's setting",
        life_days=LIFE_DAYS,
        life_setting="audit_days",
        payload=JournalPayload,
        because="ids, actions and times only, so that it outlives what it tells of",
        export=Exported("audit", "LogOut"),
    )
