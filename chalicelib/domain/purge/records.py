"""The rows of purges and leavings, and the ledger: what regulations make us keep."""

from chalicelib.domain.purge.model import LeavingPayload, LedgerPayload, PurgePayload
from chalicelib.store.declaration import Declaration, Ended, Found, Holds, TenantEnd
from chalicelib.store.handlers import Because, Handler
from chalicelib.store.records import PlatformRecord


class PurgeRecord(PlatformRecord):
    """PK `purge#tenant`, SK `purge`. Sealed under a key of its own, which is shredded when the last mail is sent."""

    table = "Jobs"
    declared = Declaration(
        kind="purge",
        holds=Holds.MEMBER,
        found=Found.NEVER,
        life="until the certificate is mailed",
        ended=Ended.WORK,
        payload=PurgePayload,
        tenant_end=TenantEnd.OUTLIVES,
        leave=Because("whoever owned the workspace at its end is told that it is done"),
        export=Because("stands while the workspace is deleted, and nothing can be exported any more"),
        because="the owners' addresses, to tell them that it is done; it goes at the end of the purge, with its own key",
        replays={"purge": Handler("chalicelib.domain.purge.restore:purge")},
    )

    @property
    def scope(self) -> str:
        """The purge's own key."""
        return f"request#{self.pk}"


class LeavingRecord(PlatformRecord):
    """PK `leaving#tenant.member`, SK `leaving`."""

    table = "Jobs"
    declared = Declaration(
        kind="leaving",
        holds=Holds.NOBODY,
        found=Found.NEVER,
        life="until the member's rows are gone",
        ended=Ended.WORK,
        payload=LeavingPayload,
        tenant_end=TenantEnd.HANDLER,
        purge=Handler("chalicelib.domain.purge.offboarding:forget_tenant"),
        because="ids and times",
        replays={"leaving": Handler("chalicelib.domain.purge.restore:leaving")},
    )


class LedgerRecord(PlatformRecord):
    """PK `ledger#tenant`, SK the kind of the entry (see ledger.KEPT)."""

    table = "Ledger"
    declared = Declaration(
        kind="ledger",
        holds=Holds.NOBODY,
        found=Found.NEVER,
        life="as long as its legal ground says: 4 or 8 years from the end of the year",
        life_days=9 * 366,
        payload=LedgerPayload,
        tenant_end=TenantEnd.OUTLIVES,
        because="ids, versions and times of a contract that ended: what regulations require",
    )
