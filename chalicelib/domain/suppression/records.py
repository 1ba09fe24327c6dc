"""Tombstones: a keyed hash of one identifier and nothing else. The row's being there is all it says."""

from chalicelib.store.declaration import Declaration, Found, Holds
from chalicelib.store.records import PlatformRecord

SK = "tombstone"


class TombstoneRecord(PlatformRecord):
    """Everywhere: PK `tombstone#tag`, SK `tombstone`. In one tenant: PK `tombstone#tenant`, SK `tombstone#tag`, so that
    a purge finds them all in one partition."""

    table = "Privacy"
    declared = Declaration(
        kind="tombstone",
        holds=Holds.PERSON,
        found=Found.NEVER,
        life="until the person lifts it",
        because="it is what keeps the erased person out; used for blocking only",
    )
