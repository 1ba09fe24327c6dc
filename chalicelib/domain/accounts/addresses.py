"""The address of an identity: whether its issuer has verified it, and following it where it has changed there."""

import contextlib

from chalicelib.core import clock
from chalicelib.core.actor import Identity
from chalicelib.core.errors import VersionConflict
from chalicelib.core.identifiers import EmailAddress, InvalidIdentifier
from chalicelib.core.ids import TenantId
from chalicelib.domain.accounts import account_index
from chalicelib.domain.accounts.model import MemberPayload
from chalicelib.domain.accounts.records import MemberRow
from chalicelib.store import rows


def verified(identity: Identity) -> EmailAddress | None:
    """Return the identity's address; None where it has none, or its issuer has not verified it."""
    return _parsed(identity.email) if identity.email_verified else None


def follow(row: MemberRow, identity: Identity) -> None:
    """Give the member the address that its identity has now, if it is verified and the token is newer than the one that the
    present address is from. The row is changed as it is stored, and in the same call what leads from the old address to it goes.
    Two calls where the address is another, else none."""
    address = verified(identity)
    if address is None or _same(row, address):
        return

    tenant = TenantId(str(row.pk).removeprefix("tenant#"))

    def change(found: MemberRow) -> rows.Put | None:
        payload, now = found.unsealed(MemberPayload), clock.now()
        if identity.issued_at <= payload.address_at or _same(found, address):
            return None
        told = {"email": address.text, "address_at": identity.issued_at, "updated_at": now, "shown_at": now}
        found.reseal(payload.model_copy(update=told))
        return rows.Put(account_index.moved(tenant, found.member, payload.email, address.text))

    with contextlib.suppress(VersionConflict):  # the next request sees to it
        rows.update(row, change)


def _same(row: MemberRow, address: EmailAddress) -> bool:
    kept = _parsed(row.unsealed(MemberPayload).email)
    return kept is not None and kept.exact == address.exact


def _parsed(text: str) -> EmailAddress | None:
    try:
        return EmailAddress.parse(text)
    except InvalidIdentifier:
        return None
