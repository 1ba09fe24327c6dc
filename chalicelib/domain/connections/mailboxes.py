"""Which connections read a mailbox: so that Gmail's word of new mail, which names an address only, finds them.

The address is in the key as a keyed hash. A row whose connection has gone is dropped by whoever meets it.
"""

from dataclasses import dataclass

from chalicelib.core.identifiers import EmailAddress, InvalidIdentifier
from chalicelib.core.ids import TenantId
from chalicelib.domain.connections.records import MailboxRow
from chalicelib.store import batch, rows
from chalicelib.vault import tags


@dataclass(frozen=True)
class Reader:
    """A connection that reads the mailbox."""

    tenant: TenantId
    connection: str  # its id


def remember(address: str, tenant: TenantId, connection_id: str) -> None:
    """Remember that the connection reads this mailbox. Safe to repeat. InvalidIdentifier for what is no address."""
    batch.put_all([MailboxRow.build(_pk(address), f"{tenant}.{connection_id}")])


def forget(address: str, tenant: TenantId, connection_id: str) -> None:
    """Forget that the connection reads this mailbox. Safe to repeat, and for what is no address."""
    try:
        batch.delete_all(MailboxRow, [(_pk(address), f"{tenant}.{connection_id}")])
    except InvalidIdentifier:
        return  # nothing can have been remembered of it


def find(address: str) -> list[Reader]:
    """Return the connections that read the mailbox; none for what is no address. One call."""
    try:
        found = rows.every(MailboxRow, _pk(address), "")
    except InvalidIdentifier:
        return []
    return [Reader(TenantId(tenant), ident) for row in found for tenant, _, ident in [row.sk.partition(".")]]


def _pk(address: str) -> str:
    return f"mailbox#{tags.platform_digest('mailbox', EmailAddress.parse(address).exact)}"
