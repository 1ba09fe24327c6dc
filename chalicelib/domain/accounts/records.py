"""One partition a tenant: its row and its members' rows, so that one query answers who is who and who shares what."""

from chalicelib.domain.accounts.model import IdentityPayload, MemberPayload, TenantPayload
from chalicelib.store.declaration import Declaration, Found, Holds
from chalicelib.store.records import PlatformRecord

_KEPT = "an account lives as long as its owner's contract; it ends by leaving or by purge, not by a privacy mail"


class TenantRow(PlatformRecord):
    """PK `tenant#id`, SK `tenant`."""

    table = "Accounts"
    declared = Declaration("tenant", Holds.MEMBER, Found.NEVER, "until the purge", None, TenantPayload, _KEPT)


class MemberRow(PlatformRecord):
    """PK `tenant#id`, SK `member#member id`."""

    table = "Accounts"
    declared = Declaration("member", Holds.MEMBER, Found.NEVER, "until leaving or purge", None, MemberPayload, _KEPT)


class IdentityRow(PlatformRecord):
    """PK `identity#digest`, SK `identity`: which member an identity is."""

    table = "Accounts"
    declared = Declaration("identity", Holds.MEMBER, Found.NEVER, "as long as the member", None, IdentityPayload, _KEPT)
