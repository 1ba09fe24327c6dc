"""Rows of connections, of their credentials, of consents under way, and of the mailboxes that Gmail tells us of."""

from pynamodb.attributes import BinaryAttribute, UnicodeAttribute

from chalicelib.domain.connections.model import (
    DISCONNECT_DUE,
    KIND,
    NOTICE_DUE,
    PREFIX,
    SYNC_DUE,
    ConnectionPayload,
    ConsentPayload,
)
from chalicelib.store.declaration import Declaration, Ended, Exported, Found, Grants, Holds, OwnedWork, TenantEnd
from chalicelib.store.handlers import Because, Handler
from chalicelib.store.records import PlatformRecord, TenantRecord

CONSENT_DAYS = 1


class ConnectionRecord(TenantRecord):
    """SK `connection#owner code#id`."""

    declared = Declaration(
        kind=KIND,
        holds=Holds.MEMBER,
        found=Found.NEVER,
        life="until its member disconnects or leaves, or the workspace ends",
        ended=Ended.VERB,
        payload=ConnectionPayload,
        because="the member's own account at a provider, which it disconnects itself",
        export=Exported(
            "connections", "ConnectionsOut", about="your accounts elsewhere that are connected, without their keys"
        ),
        work=(OwnedWork(PREFIX, (SYNC_DUE, DISCONNECT_DUE, NOTICE_DUE)),),
        grants=Grants(
            "connections",
            Handler("chalicelib.domain.connections.revocation:of_tenant"),
            Handler("chalicelib.domain.connections.revocation:of_member"),
        ),
        replays={
            "disconnection": Handler("chalicelib.domain.connections.disconnect:replay"),
            "narrowing": Handler("chalicelib.domain.connections.narrowing:replay"),
        },
    )


class CredentialRecord(TenantRecord):
    """SK `credential#owner code#id of the connection`. `tokens` are sealed with the credentials key by vault.credentials, not
    with the tenant's key: the HTTP function can seal and never open. `refreshing` names the worker that asks for fresh
    tokens, until `refreshing_until`."""

    table = "Credentials"
    declared = Declaration(
        kind="credential",
        holds=Holds.MEMBER,
        found=Found.NEVER,
        life="as long as its connection",
        ended=Ended.RECORD,
        because="tokens of the member's own account; they go with the connection",
        export=Because("keys to the member's accounts elsewhere, which nobody should have in a file"),
    )
    tokens = BinaryAttribute(null=True, legacy_encoding=False)
    refreshing = UnicodeAttribute(null=True)
    refreshing_until = UnicodeAttribute(null=True)


class ConsentRow(PlatformRecord):
    """PK `consent#digest of the state`, SK `consent`: used once, then deleted."""

    table = "Accounts"
    declared = Declaration(
        kind="consent",
        holds=Holds.MEMBER,
        found=Found.NEVER,
        life="ten minutes, or until it was given",
        life_days=CONSENT_DAYS,
        payload=ConsentPayload,
        tenant_end=TenantEnd.OUTLIVES,
        leave=Because("it ends in ten minutes, and whoever has left cannot give it"),
        export=Because("a consent under way, for ten minutes: ids, and a secret that nobody should have in a file"),
        because="ids of the member who began it, and a random verifier, for ten minutes",
    )


class MailboxRow(PlatformRecord):
    """PK `mailbox#digest of the address`, SK `tenant.connection id`: whom to wake when Gmail says that it has news."""

    table = "Accounts"
    declared = Declaration(
        kind="mailbox",
        holds=Holds.MEMBER,
        found=Found.NEVER,
        life="as long as its connection",
        ended=Ended.RECORD,
        tenant_end=TenantEnd.PARENT,
        parent=KIND,
        leave=Because(
            "goes when the grant of its connection is ended; else at Gmail's next word, which finds no connection"
        ),
        export=Because("a keyed hash of the address of a connection, which is exported itself"),
        because="a keyed hash of the member's own address, and ids",
    )
