"""A job's row, in its member's range."""

from chalicelib.domain.work.model import ID_PREFIX, LIFE_DAYS, JobPayload
from chalicelib.store.declaration import Declaration, Exported, Found, Holds, OwnedWork
from chalicelib.store.records import TenantRecord


class JobRecord(TenantRecord):
    """SK `job#owner code#id`, newest last."""

    declared = Declaration(
        kind="job",
        holds=Holds.NOBODY,
        found=Found.NEVER,
        life="30 days, or until its member deletes it",
        life_days=LIFE_DAYS,
        payload=JobPayload,
        because="counts, row numbers and codes only",
        export=Exported(
            "jobs", "JobsOut", about="your imports, exports and syncs of the last 30 days, and what came of each row"
        ),
        work=(OwnedWork(ID_PREFIX, ("import",), objects=True),),
    )
