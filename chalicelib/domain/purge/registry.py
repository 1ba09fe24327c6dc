"""How each kind of record ends with its tenant. A kind that is not here fails a test."""

from collections.abc import Sequence
from enum import StrEnum

from chalicelib.store.records import SealedRecord

Registry = Sequence[type[SealedRecord]]


class Ends(StrEnum):
    """PARTITION: with the tenant's partition of its table. TEAM: with the tenant's partition of Accounts. ELSEWHERE: found by
    what the tenant's rows say, see elsewhere.py. OUTLIVES: says nothing of the tenant's people, or must stay."""

    PARTITION = "partition"
    TEAM = "team"
    ELSEWHERE = "elsewhere"
    OUTLIVES = "outlives"


# Platform kinds only: every TenantRecord ends with its partition.
OF_PLATFORM: dict[str, tuple[Ends, str]] = {
    "tenant": (Ends.TEAM, ""),
    "member": (Ends.TEAM, ""),
    "identity": (Ends.ELSEWHERE, "by the digest in its member's row"),
    "subscription": (Ends.TEAM, ""),
    "paypal": (Ends.ELSEWHERE, "by the ids in the subscription's row"),
    "paypal_event": (Ends.ELSEWHERE, "by the ids in the subscription's row"),
    "invitation": (Ends.ELSEWHERE, "the tenant's partition of invitations"),
    "invited": (Ends.ELSEWHERE, "by the address in its invitation"),
    "tombstone": (Ends.ELSEWHERE, "the tenant's own; those of verified addresses hold everywhere and stay"),
    "consent": (Ends.OUTLIVES, "ids and a random verifier, ten minutes"),
    "mailbox": (Ends.ELSEWHERE, "by the address in its connection; else at the next push, which finds no connection"),
    "importing": (Ends.ELSEWHERE, "by the member's owner code"),
    "due": (Ends.ELSEWHERE, "by the job, export or upload that it is about"),
    "lives": (Ends.ELSEWHERE, "by the tenant's id"),
    "leaving": (Ends.ELSEWHERE, "by the member's id; else until that member's rows are gone"),
    "purge": (Ends.ELSEWHERE, "removed at the end of the purge, with its own key"),
    "ledger": (Ends.OUTLIVES, "what regulations require, with its own end"),
    "certificate": (Ends.OUTLIVES, "the statement that the purge was done"),
    "jwks": (Ends.OUTLIVES, "public keys of the platform"),
    "limit": (Ends.OUTLIVES, "keyed hashes of callers, two days"),
    "request": (Ends.OUTLIVES, "a person's own request"),
    "person": (Ends.OUTLIVES, "a person's own request, under its own key"),
    "erasure": (Ends.OUTLIVES, "a person's own request, under its own key"),
}


def ends(record: type[SealedRecord]) -> Ends:
    """How records of that class end with their tenant. KeyError for a platform kind that nobody has thought of."""
    return Ends.PARTITION if record.tenant_scoped else OF_PLATFORM[record.declared.kind][0]
