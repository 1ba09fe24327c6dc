"""One partition a tenant: its row and its members' rows, so that one query answers who is who and who shares what.

Invitations stand in a partition of their own, which no other request reads.
"""

from chalicelib.core.ids import MemberId
from chalicelib.domain.accounts.model import IdentityPayload, InvitationPayload, MemberPayload, TenantPayload
from chalicelib.store.declaration import Declaration, Ended, Exported, Found, Holds, TenantEnd
from chalicelib.store.handlers import Because, Handler
from chalicelib.store.records import PlatformRecord

_KEPT = "an account lives as long as its owner's contract; it ends by leaving or by purge, not by a privacy mail"
_WITH_MEMBERSHIP = Because("removed with the membership, before what the member brought")


class TenantRow(PlatformRecord):
    """PK `tenant#id`, SK `tenant`."""

    table = "Accounts"
    declared = Declaration(
        kind="tenant",
        holds=Holds.MEMBER,
        found=Found.NEVER,
        life="until the purge",
        ended=Ended.PURGE,
        payload=TenantPayload,
        tenant_end=TenantEnd.TEAM,
        purge=Handler("chalicelib.domain.accounts.choices:forget_tenant"),
        leave=Because("names its owners by id, without those who have left"),
        export=Exported(
            "workspace", "WorkspacePrivacyOut", about="the workspace: its terms, its settings, how long what is kept"
        ),
        because=_KEPT,
        replays={"charter": Handler("chalicelib.domain.accounts.restore:charter")},
    )


class MemberRow(PlatformRecord):
    """PK `tenant#id`, SK `member#member id`."""

    table = "Accounts"
    declared = Declaration(
        kind="member",
        holds=Holds.MEMBER,
        found=Found.NEVER,
        life="until leaving or purge",
        ended=Ended.PURGE,
        payload=MemberPayload,
        tenant_end=TenantEnd.TEAM,
        purge=Handler("chalicelib.domain.accounts.sharing:forget_tenant"),
        leave=Handler("chalicelib.domain.accounts.sharing:forget_member"),
        export=Exported("members", "MembersOut", about="who is in the workspace; without invitations that wait"),
        because=_KEPT,
        replays={"choice": Handler("chalicelib.domain.accounts.restore:choice")},
    )

    @property
    def is_member(self) -> bool:
        """Whether it is a member's row: one query over the team gives the tenant's other rows as this class too."""
        return str(self.sk).startswith("member#")

    @property
    def member(self) -> MemberId:
        """The id of the member whose row it is."""
        return MemberId(str(self.sk).removeprefix("member#"))


class IdentityRow(PlatformRecord):
    """PK `identity#digest`, SK `identity`: which member an identity is."""

    table = "Accounts"
    declared = Declaration(
        kind="identity",
        holds=Holds.MEMBER,
        found=Found.NEVER,
        life="as long as the member",
        ended=Ended.PURGE,
        payload=IdentityPayload,
        tenant_end=TenantEnd.HANDLER,
        purge=Handler("chalicelib.domain.accounts.team:forget_identities"),
        leave=_WITH_MEMBERSHIP,
        export=Because("a keyed hash of a sign-in, which leads to the member that is exported itself"),
        because=_KEPT,
    )


class AccountAddressRow(PlatformRecord):
    """PK `account#keyed hash of the address`, SK `tenant id.member id`: leads from an address to the account that has it."""

    table = "Accounts"
    declared = Declaration(
        kind="account_address",
        holds=Holds.MEMBER,
        found=Found.NEVER,
        life="as long as the member has the address",
        ended=Ended.PURGE,
        told_at=Handler("chalicelib.domain.accounts.told:accounts"),
        tenant_end=TenantEnd.HANDLER,
        purge=Handler("chalicelib.domain.accounts.account_index:forget_tenant"),
        leave=_WITH_MEMBERSHIP,
        export=Because("a keyed hash of an address, which leads to the member that is exported itself"),
        because=_KEPT,
    )


class InvitationRow(PlatformRecord):
    """PK `invitations#tenant id`, SK `invitation#invitation id`."""

    table = "Accounts"
    declared = Declaration(
        kind="invitation",
        holds=Holds.PERSON,
        found=Found.KEY,
        life="7 days, or until it is accepted or withdrawn; an erasure of the person deletes it",
        life_days=7,
        payload=InvitationPayload,
        place=Handler("chalicelib.domain.accounts.invitations:place_of"),
        erase_at=Handler("chalicelib.domain.accounts.invitations:erase_at"),
        told_at=Handler("chalicelib.domain.accounts.told:invitations"),
        tenant_end=TenantEnd.HANDLER,
        purge=Handler("chalicelib.domain.accounts.invitations:withdraw_all"),
        export=Because(
            "about somebody who has not joined, for a week; whom a member invited, its audit log says by id"
        ),
        replays={"invitation": Handler("chalicelib.domain.accounts.restore:invitation")},
    )


class InvitedRow(PlatformRecord):
    """PK `invited#keyed hash of the address without plus suffix`, SK `tenant id.invitation id`: finds a person's invitations."""

    table = "Accounts"
    declared = Declaration(
        kind="invited",
        holds=Holds.PERSON,
        found=Found.WITH_PARENT,
        parent="invitation",
        life="as long as the invitation",
        life_days=7,
        export=Because("a keyed hash that leads to an invitation"),
        tenant_end=TenantEnd.PARENT,
    )
