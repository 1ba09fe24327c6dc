"""The rows of what became of each record that a connection has."""

from chalicelib.domain.sources.model import SourceLinkPayload
from chalicelib.store.declaration import Declaration, Ended, Found, Holds
from chalicelib.store.handlers import Because, Handler
from chalicelib.store.records import TenantRecord


class SourceLinkRecord(TenantRecord):
    """SK `copy#owner code#connection's local id#contact or company#key of the external id`: what became of one record of a
    connection.

    It ends with the contact at an erasure; else with the record at its provider, or with the connection.
    """

    declared = Declaration(
        kind="copy",
        holds=Holds.PERSON,
        found=Found.WITH_PARENT,
        parent="contact",
        erase_children=Handler("chalicelib.domain.sources.links:erase_children"),
        life="as long as its connection shows the record",
        ended=Ended.RECORD,
        payload=SourceLinkPayload,
        export=Because("which contact came from which record at a provider, by keyed hashes"),
    )
