"""The rows of purges and leavings, and the ledger: what regulations make us keep."""

from chalicelib.domain.purge.model import LeavingPayload, LedgerPayload, PurgePayload
from chalicelib.store.declaration import Declaration, Found, Holds
from chalicelib.store.records import PlatformRecord


class PurgeRecord(PlatformRecord):
    """PK `purge#tenant`, SK `purge`. Sealed under a key of its own, which is shredded when the last mail is sent."""

    table = "Jobs"
    declared = Declaration(
        "purge",
        Holds.MEMBER,
        Found.NEVER,
        "until the certificate is mailed",
        None,
        PurgePayload,
        "the owners' addresses, to tell them that it is done",
    )

    @property
    def scope(self) -> str:
        """The purge's own key."""
        return f"request#{self.pk}"


class LeavingRecord(PlatformRecord):
    """PK `leaving#tenant.member`, SK `leaving`."""

    table = "Jobs"
    declared = Declaration(
        "leaving", Holds.NOBODY, Found.NEVER, "until the member's rows are gone", None, LeavingPayload, "ids and times"
    )


class LedgerRecord(PlatformRecord):
    """PK `ledger#tenant`, SK the kind of the entry (see ledger.KEPT)."""

    table = "Ledger"
    declared = Declaration(
        "ledger",
        Holds.NOBODY,
        Found.NEVER,
        "as long as its legal ground says: 4 or 8 years from the end of the year",
        9 * 366,
        LedgerPayload,
        "ids, versions and times of a contract that ended",
    )
