"""From an address to the accounts that have it, by a keyed hash: whoever asks for a copy of their data is shown their account.

A row is written before a new account bears the address, and goes after the account: what it leads to may not be there, so whoever
follows it looks. Where the account takes another address, both rows change in the same call."""

import contextlib
from collections.abc import Iterator

from chalicelib.core import ids
from chalicelib.core.errors import VersionConflict
from chalicelib.core.identifiers import EmailAddress, InvalidIdentifier
from chalicelib.core.ids import MemberId, TenantId
from chalicelib.domain.accounts.model import MemberPayload
from chalicelib.domain.accounts.records import AccountAddressRow, MemberRow
from chalicelib.store import batch, rows
from chalicelib.store.transactions import DeleteIfUnchanged
from chalicelib.vault import tags

_BETWEEN = "."


def add(tenant: TenantId, member: MemberId, email: str) -> None:
    """Let the address lead to the member. Nothing for a text that is no address. Safe to repeat."""
    key = _key(tenant, member, email)
    if key is not None:
        with contextlib.suppress(VersionConflict):  # it stands
            rows.put_new(AccountAddressRow.build(*key))


def remove(tenant: TenantId, member: MemberId, email: str) -> None:
    """Let the address lead to the member no more. Safe to repeat."""
    key = _key(tenant, member, email)
    batch.delete_all(AccountAddressRow, [key] if key is not None else [])


def moved(tenant: TenantId, member: MemberId, before: str, now: str) -> rows.TransactItems:
    """Return the writes that let the one address lead to the member in place of the other, for the call that gives it the
    address. One call, which reads."""
    old, new = _key(tenant, member, before), _key(tenant, member, now)
    if old == new:
        return []
    there = rows.get(AccountAddressRow, *old) if old is not None else None
    gone = [DeleteIfUnchanged(there)] if there is not None else []
    return [*([AccountAddressRow.build(*new)] if new is not None else []), *gone]


def forget_tenant(tenant: TenantId) -> int:
    """Delete the rows that lead to members of a tenant that ends. Return 0: the members' own rows are counted. Safe to repeat
    while these stand."""
    members = rows.every(MemberRow, f"tenant#{tenant}", "member#")
    keys = (_key(tenant, row.member, row.unsealed(MemberPayload).email) for row in members)
    batch.delete_all(AccountAddressRow, [key for key in keys if key is not None])
    return 0


def members_of(exact: str) -> Iterator[MemberRow]:
    """Yield the rows of the members whose address (exact form) that is."""
    for row in rows.every(AccountAddressRow, _pk(exact), ""):
        tenant, _, member = str(row.sk).partition(_BETWEEN)
        found = rows.get(MemberRow, f"tenant#{tenant}", f"member#{member}") if ids.is_id(member, "mem") else None
        if found is not None and _exact(found.unsealed(MemberPayload).email) == exact:
            yield found


def _key(tenant: TenantId, member: MemberId, email: str) -> tuple[str, str] | None:
    exact = _exact(email)
    return (_pk(exact), f"{tenant}{_BETWEEN}{member}") if exact else None


def _exact(email: str) -> str | None:
    try:
        return EmailAddress.parse(email).exact
    except InvalidIdentifier:
        return None


def _pk(exact: str) -> str:
    return "account#" + tags.platform_digest("account", exact)
