"""The rows of a contact, of the mail between member and contact, and of who writes many contacts right now."""

from pynamodb.attributes import UnicodeAttribute

from chalicelib.domain.accounts.model import LONGEST_DAYS
from chalicelib.domain.contacts.correspondence import ExchangePayload
from chalicelib.domain.contacts.model import KIND, ContactPayload
from chalicelib.store.declaration import Declaration, Found, Holds
from chalicelib.store.records import PlatformRecord, TenantRecord


class ContactRecord(TenantRecord):
    """SK `contact#owner code#id`."""

    declared = Declaration(
        kind=KIND,
        holds=Holds.PERSON,
        found=Found.POINTER,
        life="36 months after the person's last message, or else after it came in, while its company is no client; less "
        "where the workspace or its member says so; what no connection has shown for 30 days goes before",
        life_days=LONGEST_DAYS,
        payload=ContactPayload,
    )


class WriterLockRecord(PlatformRecord):
    """PK `importing#tenant.owner code`, SK `turn`: the one import or sync that may write many contacts of
    that member, until a time.

    Two at once would each miss what the other has just made.
    """

    table = "Jobs"
    declared = Declaration(
        kind="importing",
        holds=Holds.NOBODY,
        found=Found.NEVER,
        life="while the import or sync runs; what a killed worker left, until the member's next one",
        because="ids and a time",
    )

    job = UnicodeAttribute()
    until = UnicodeAttribute()


class ExchangeRecord(TenantRecord):
    """SK `exchange#owner code#local id of the contact`: one for each contact that mail went to or came from. Written by
    network; it stands here because it goes in the same call as its contact."""

    declared = Declaration(
        kind="exchange",
        holds=Holds.PERSON,
        found=Found.WITH_PARENT,
        life="as long as its contact, and as the mailbox is read",
        payload=ExchangePayload,
    )
