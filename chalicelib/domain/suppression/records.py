"""Tombstones: a keyed hash of one identifier and nothing else, the row's being there is all it says. And opt-outs."""

from chalicelib.core.models import Model
from chalicelib.store.declaration import Declaration, Ended, Found, Holds, TenantEnd
from chalicelib.store.handlers import Because, Handler
from chalicelib.store.records import PlatformRecord, TenantRecord

SK = "tombstone"


class OptOutPayload(Model):
    """`source` is who said so (`salesforce:cxn_…`, `member`), `at` since when we know it (RFC 3339)."""

    source: str = ""
    at: str = ""


class TombstoneRecord(PlatformRecord):
    """Everywhere: PK `tombstone#tag`, SK `tombstone`. In one tenant: PK `tombstone#tenant`, SK `tombstone#tag`, so that
    a purge finds them all in one partition."""

    table = "Privacy"
    declared = Declaration(
        kind="tombstone",
        holds=Holds.PERSON,
        found=Found.NEVER,
        life="until the person lifts it",
        ended=Ended.VERB,
        tenant_end=TenantEnd.HANDLER,
        purge=Handler("chalicelib.domain.suppression.tombstones:remove_tenant"),
        export=Because("keyed hashes of erased persons, which no member is shown"),
        because="it is what keeps the erased person out; used for blocking only",
    )


class OptOutRecord(TenantRecord):
    """SK `opt_out#0000000000#suppression tag of the address`: that person wants no mail of this workspace. The owner code is
    nobody's, so that the row stays when a member leaves."""

    declared = Declaration(
        kind="opt_out",
        holds=Holds.PERSON,
        found=Found.POINTER,
        subject=Handler("chalicelib.domain.suppression.opt_outs:subject_of"),
        erase=Handler("chalicelib.domain.suppression.opt_outs:erase"),
        redact=Because("it has no text"),
        life="until the workspace ends or the person is erased; it outlives contact, connection and member",
        ended=Ended.VERB,
        payload=OptOutPayload,
        export=Because("keyed hashes of addresses that want no mail"),
        replays={"declined": Handler("chalicelib.domain.suppression.opt_outs:replay")},
    )
