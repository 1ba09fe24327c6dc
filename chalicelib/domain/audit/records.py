"""The rows of the journal."""

from chalicelib.domain.audit.model import (
    KIND,
    LIFE_DAYS,
    SHORTEST_LIFE_DAYS,
    SHOWN_KIND,
    JournalPayload,
    RestoredPayload,
    ShownPayload,
)
from chalicelib.store.declaration import Declaration, Ended, Exported, Found, Holds, TenantEnd
from chalicelib.store.handlers import Because, Handler
from chalicelib.store.records import PlatformRecord, TenantRecord


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
        export=Exported(
            "audit",
            "LogOut",
            about="what you did, and as an owner what was done in the workspace; oldest first",
            ranges=Handler("chalicelib.domain.audit.log:ranges"),
        ),
    )


class ShownRecord(TenantRecord):
    """SK `shown#owner code#view#ulid`: what a row of the journal, of the same ULID, tells colleagues in that view. A range of its
    own, so that following it costs and takes nothing for what is not shown. Written with the row, never changed.

    Under SWITCHES in the place of a view: what a change of the view itself tells, by no row of the journal."""

    declared = Declaration(
        kind=SHOWN_KIND,
        holds=Holds.NOBODY,
        found=Found.NEVER,
        life=f"{SHORTEST_LIFE_DAYS} days",
        life_days=SHORTEST_LIFE_DAYS,
        payload=ShownPayload,
        because="ids and effects only, so that clients of colleagues drop what is gone",
        export=Because("what others were told of changes; the changes themselves are in the audit log"),
    )


class RestoredRecord(PlatformRecord):
    """PK `restored`, SK `last`: when a replay came to its end last. One row for all tenants."""

    table = "Accounts"
    declared = Declaration(
        kind="restored",
        holds=Holds.NOBODY,
        found=Found.NEVER,
        life="until the next restore",
        ended=Ended.NEVER,
        payload=RestoredPayload,
        tenant_end=TenantEnd.OUTLIVES,
        because="a time, of the whole platform",
    )
