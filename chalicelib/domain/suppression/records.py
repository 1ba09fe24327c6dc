"""Tombstones: a keyed hash of one identifier and nothing else, the row's being there is all it says. Opt-outs. And what persons
have said of the use of their data."""

from datetime import datetime
from enum import StrEnum

from chalicelib.core.models import Model
from chalicelib.store.declaration import Declaration, Ended, Found, Holds, TenantEnd
from chalicelib.store.handlers import Because, Handler
from chalicelib.store.records import PlatformRecord, TenantRecord

SK = "tombstone"


class Wish(StrEnum):
    """What a person has said of the use of their data: articles 21, 18 and 7(3) of the GDPR; and by the link of our notice, that
    the directory is to leave them out."""

    OBJECTION = "objection"
    RESTRICTION = "restriction"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    UNLISTED = "unlisted"


class Said(Model):
    """Since when a wish stands, and by which request, or which notice, we know it."""

    since: datetime
    by: str


class Unsettled(Model):
    """Since when records of the person may not say yet what the wishes say; how often all of them were looked at since, and up to
    where this time."""

    since: datetime
    looked: int = 0
    after: str = ""


class WishPayload(Model):
    """The wishes that stand. `sought`: of a restriction, also of one that was lifted, the index tags by which records of the
    person are found; they are `unsettled` for a while after each change of it."""

    said: dict[Wish, Said] = {}
    sought: list[str] = []
    unsettled: Unsettled | None = None


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
        told=Because(
            "a keyed hash that keeps mail away, and is nobody's of the team; the contact tells that mail is unwanted"
        ),
        life="until the workspace ends or the person is erased; it outlives contact, connection and member",
        ended=Ended.VERB,
        payload=OptOutPayload,
        export=Because("keyed hashes of addresses that want no mail"),
        replays={"declined": Handler("chalicelib.domain.suppression.opt_outs:replay")},
    )


class WishRecord(PlatformRecord):
    """PK `wish#suppression tag of the address without plus suffix`, SK `wish#suppression tag of the address`."""

    table = "Privacy"
    declared = Declaration(
        kind="wish",
        holds=Holds.PERSON,
        found=Found.KEY,
        place=Handler("chalicelib.domain.suppression.wishes:place_of"),
        erase_at=Handler("chalicelib.domain.suppression.wishes:erase_at"),
        told_at=Handler("chalicelib.domain.suppression.told:told"),
        life="until the person lifts it or is erased, whose tombstone then forbids more; of a restriction, until records say so",
        ended=Ended.VERB,
        payload=WishPayload,
        tenant_end=TenantEnd.OUTLIVES,
        export=Because("a person's own wish, which no member is shown"),
        because="what a person said of its own data to us, which no workspace's end takes back",
        replays={"wished": Handler("chalicelib.domain.suppression.wishes:replay")},
    )
