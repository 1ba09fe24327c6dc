"""One partition a tenant: its row and its members' rows, so that one query answers who is who and who shares what.

Invitations stand in a partition of their own, which no other request reads.
"""

from chalicelib.domain.accounts.model import IdentityPayload, InvitationPayload, MemberPayload, TenantPayload
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

    @property
    def is_member(self) -> bool:
        """Whether it is a member's row: one query over the team gives the tenant's other rows as this class too."""
        return str(self.sk).startswith("member#")

    @property
    def member(self) -> str:
        """The id of the member whose row it is."""
        return str(self.sk).removeprefix("member#")


class IdentityRow(PlatformRecord):
    """PK `identity#digest`, SK `identity`: which member an identity is."""

    table = "Accounts"
    declared = Declaration("identity", Holds.MEMBER, Found.NEVER, "as long as the member", None, IdentityPayload, _KEPT)


class InvitationRow(PlatformRecord):
    """PK `invitations#tenant id`, SK `invitation#invitation id`."""

    table = "Accounts"
    declared = Declaration(
        "invitation",
        Holds.PERSON,
        Found.KEY,
        "7 days, or until it is accepted or withdrawn; an erasure of the person deletes it",
        7,
        InvitationPayload,
    )


class InvitedRow(PlatformRecord):
    """PK `invited#keyed hash of the address without plus suffix`, SK `tenant id.invitation id`: finds a person's invitations."""

    table = "Accounts"
    declared = Declaration("invited", Holds.PERSON, Found.KEY, "as long as the invitation", 7)
