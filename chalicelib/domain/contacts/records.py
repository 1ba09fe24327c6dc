"""The rows of a contact, of the mail between member and contact, and of who writes many contacts right now."""

from pynamodb.attributes import UnicodeAttribute

from chalicelib.domain.accounts.model import LONGEST_DAYS
from chalicelib.domain.contacts.correspondence import ExchangePayload
from chalicelib.domain.contacts.model import KIND, ContactPayload
from chalicelib.store.declaration import Declaration, Ended, Exported, Found, Holds, Share, TenantEnd
from chalicelib.store.handlers import Because, Handler
from chalicelib.store.records import PlatformRecord, SharedRecord, TenantRecord

_COLUMNS = (
    "id",
    "first_name",
    "last_name",
    "title",
    "company_name",
    "company_id",
    "emails",
    "phones",
    "profile_urls",
    "notes",
    "opted_out",
    "restricted",
    "sources",
    "created_at",
    "updated_at",
)


class ContactRecord(SharedRecord):
    """SK `contact#owner code#id`."""

    declared = Declaration(
        kind=KIND,
        holds=Holds.PERSON,
        found=Found.POINTER,
        subject=Handler("chalicelib.domain.contacts.erase:subject_of"),
        erase=Handler("chalicelib.domain.contacts.erase:erase_contact"),
        redact=Handler("chalicelib.domain.contacts.erase:redact_texts"),
        told=Handler("chalicelib.domain.contacts.told:told"),
        correct=Handler("chalicelib.domain.contacts.told:correct"),
        restrict=Handler("chalicelib.domain.contacts.restriction:follow"),
        life="36 months after the person's last message, or else after it came in, while its company is no client; less "
        "where the workspace or its member says so; what no connection has shown for 30 days goes before, unless "
        "its member annotated it",
        life_days=LONGEST_DAYS,
        life_setting="contact_life_days",
        ended=Ended.PASS,
        expire=Handler("chalicelib.domain.contacts.expire:expire"),
        tidy=Handler("chalicelib.domain.contacts.expire:tidy"),
        payload=ContactPayload,
        export=Exported("contacts", "ContactsOut", _COLUMNS, about="your contacts"),
        shared_by=(Share.CONTACTS,),
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
        ended=Ended.WORK,
        tenant_end=TenantEnd.HANDLER,
        purge=Handler("chalicelib.domain.contacts.writer_lock:forget_tenant"),
        leave=Handler("chalicelib.domain.contacts.writer_lock:forget_member"),
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
        parent=KIND,
        life="as long as its contact, and as the mailbox is read",
        ended=Ended.RECORD,
        payload=ExchangePayload,
        export=Because("counts of messages with contacts, made from the member's own mailbox"),
    )
