"""The rows of the directory: profiles, found by keyed hashes of their person's address, and of the words of its name."""

from chalicelib.domain.directory.model import FEED_LIFE, FeedPayload, ListingPayload, ProfilePayload
from chalicelib.store.declaration import Declaration, Ended, Exported, Found, Holds, TenantEnd
from chalicelib.store.handlers import Because, Handler
from chalicelib.store.records import PlatformRecord

FEED_SK = "feed"
_WITH_THE_PROFILE = Because("keyed hashes that lead to a profile")


class ProfileRecord(PlatformRecord):
    """PK `profile#keyed hash of the address without plus suffix`, SK `profile#listed|public#keyed hash of the address`."""

    table = "Directory"
    declared = Declaration(
        kind="profile",
        holds=Holds.PERSON,
        found=Found.KEY,
        place=Handler("chalicelib.domain.directory.repository:place_of"),
        erase_at=Handler("chalicelib.domain.directory.repository:erase_at"),
        told_at=Handler("chalicelib.domain.directory.told:told"),
        correct_at=Handler("chalicelib.domain.directory.told:correct"),
        life="a member's own: until the member takes it out or leaves; of a public source: 24 months after the source's date",
        life_days=730,
        ended=Ended.TTL,
        payload=ProfilePayload,
        tenant_end=TenantEnd.HANDLER,
        purge=Handler("chalicelib.domain.directory.own:forget_tenant"),
        export=Exported("directory_profile", "OwnProfileOut", about="your own profile in the directory"),
    )


class ProfileTokenRecord(PlatformRecord):
    """PK `profile_token#keyed hash of a word of the name`, SK the profile's PK and SK."""

    table = "Directory"
    declared = Declaration(
        kind="profile_token",
        holds=Holds.PERSON,
        found=Found.WITH_PARENT,
        parent="profile",
        life="as long as the profile",
        life_days=730,
        ended=Ended.TTL,
        tenant_end=TenantEnd.PARENT,
        export=_WITH_THE_PROFILE,
    )


class ListingRecord(PlatformRecord):
    """PK `listing#tenant`, SK `listing#owner code`: where the member's own profile stands."""

    table = "Directory"
    declared = Declaration(
        kind="listing",
        holds=Holds.MEMBER,
        found=Found.WITH_PARENT,
        parent="profile",
        life="as long as the member's own profile",
        ended=Ended.VERB,
        payload=ListingPayload,
        tenant_end=TenantEnd.PARENT,
        leave=Handler("chalicelib.domain.directory.own:forget_member"),
        export=_WITH_THE_PROFILE,
    )


class FeedRecord(PlatformRecord):
    """PK `feed#keyed hash of the file's key`, SK `feed`: only while a file is not read to its end."""

    table = "Jobs"
    declared = Declaration(
        kind="feed",
        holds=Holds.NOBODY,
        found=Found.NEVER,
        life="until the file is read, 2 days at most",
        life_days=FEED_LIFE.days,
        ended=Ended.TTL,
        payload=FeedPayload,
        tenant_end=TenantEnd.OUTLIVES,
        because="how far a file is read, and counts of its lines",
    )
