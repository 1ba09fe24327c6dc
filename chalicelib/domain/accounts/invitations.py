"""Invitations that wait: found, opened by their link, withdrawn. One address has one invitation a tenant.

An invitation holds the address of somebody who may be a stranger: sealed, for 7 days at most, and found by that address
alone, so that an erasure of the person reaches it. The row that finds it is written before it and deleted with it.
"""

import contextlib
import hmac
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.core import clock, ids
from chalicelib.core.codes import Code
from chalicelib.core.errors import Conflict, NotFound, VersionConflict
from chalicelib.core.identifiers import EmailAddress, InvalidIdentifier
from chalicelib.core.ids import TenantId
from chalicelib.domain.accounts.model import InvitationPayload
from chalicelib.domain.accounts.records import InvitationRow, InvitedRow
from chalicelib.domain.certificates import replay_log
from chalicelib.store import batch, rows
from chalicelib.vault import signing, tags

PREFIX = "inv"
_ID_LENGTH = 26
_GIVEN_UP = timedelta(seconds=60)  # longer than any request runs (29 s): that acceptance was killed


@dataclass(frozen=True)
class Opened:
    """An invitation reached by its true link."""

    tenant: TenantId
    row: InvitationRow
    payload: InvitationPayload


def id_for(tenant: TenantId, exact: str) -> str:
    """Return the id of the address' invitation in the tenant: always the same, so two at once cannot make two."""
    return f"{PREFIX}_" + tags.platform_digest("invitation", f"{tenant}\0{exact}")[:_ID_LENGTH]


def public_id(row: InvitationRow) -> str:
    """Return the invitation's id in the API."""
    return str(row.sk).removeprefix("invitation#")


def build(tenant: TenantId, ident: str, payload: InvitationPayload) -> InvitationRow:
    """Return a row for a new invitation; nothing is written yet."""
    return InvitationRow.build(f"invitations#{tenant}", f"invitation#{ident}", payload, ends=payload.expires_at)


def find(tenant: TenantId, ident: str) -> InvitationRow | None:
    """Return the invitation, or None where none of this id waits."""
    if not ids.is_id(ident, PREFIX):
        return None
    return rows.get(InvitationRow, f"invitations#{tenant}", f"invitation#{ident}")


def get(tenant: TenantId, ident: str) -> InvitationRow:
    """Return the invitation. NotFound where none of this id waits."""
    row = find(tenant, ident)
    if row is None:
        raise NotFound
    return row


def pending(tenant: TenantId) -> list[InvitationRow]:
    """Return all invitations of the tenant that wait, by id."""
    return list(rows.every(InvitationRow, f"invitations#{tenant}", "invitation#"))


def token(tenant: TenantId, ident: str, secret: str) -> str:
    """Return the token that the link and the app carry."""
    return f"{tenant}.{ident}.{secret}"


def tenant_of(token: str) -> str:
    """Return the tenant that a token names, true or not."""
    return token.partition(".")[0]


def opened(token: str) -> Opened:
    """Return the invitation of a link. NotFound where it was used, withdrawn, sent anew or has expired, or never
    was."""
    named, _, rest = token.partition(".")
    tenant = TenantId(named)
    ident, _, secret = rest.partition(".")
    row = find(tenant, ident) if ids.is_id(tenant, "ten") and secret else None
    if row is not None:
        payload = row.unsealed(InvitationPayload)
        if hmac.compare_digest(payload.secret_hash, signing.hash_secret(secret)):
            return Opened(tenant, row, payload.model_copy(deep=True))
    raise unusable()


def unusable() -> NotFound:
    """Return the error for every link that is not, or no longer, good, whatever the reason."""
    return NotFound(
        "This invitation is not valid, or no longer valid. Ask for a new one.", code=Code.INVITATION_NOT_FOUND
    )


def make_findable(tenant: TenantId, ident: str, exact: str, until: datetime) -> None:
    """Write what finds the invitation by its address; before the invitation itself."""
    batch.put_all([InvitedRow.build(place_of(exact), f"{tenant}.{ident}", ends=until)])


def revoke(tenant: TenantId, ident: str) -> None:
    """Withdraw an invitation that waits. NotFound where none of this id waits, Conflict(invitation_accepted) while
    somebody accepts it: then there is a member to remove; Unavailable while it cannot be noted."""
    row = get(tenant, ident)
    payload = row.unsealed(InvitationPayload)
    if payload.claim is not None and clock.now() - payload.claim.at < _GIVEN_UP:
        raise Conflict("Someone is accepting this invitation right now.", code=Code.INVITATION_ACCEPTED)
    replay_log.note_withdrawal(tenant, ident, payload.updated_at)
    try:
        rows.delete_if_unchanged(row)
    except VersionConflict as error:
        _stay(row)
        raise Conflict(
            "This invitation is being accepted or sent again right now.", code=Code.INVITATION_ACCEPTED
        ) from error
    withdraw(tenant, ident, payload.exact)


def _stay(row: InvitationRow) -> None:
    """Let what could not be withdrawn be of now, where it is still there: as it was, a replay after a restore withdraws it."""

    def touch(standing: InvitationRow) -> rows.Put:
        payload = standing.unsealed(InvitationPayload)
        standing.reseal(payload.model_copy(update={"updated_at": clock.now()}))
        return rows.Put()

    with contextlib.suppress(VersionConflict):  # written over and over meanwhile: whoever asked is told the same
        rows.update(rows.Key(InvitationRow, row.hash_value, row.sk), touch)


def withdrawn_again(tenant: TenantId, ident: str, at: datetime) -> int:
    """Withdraw an invitation that restored tables brought back, as it was at `at` or before; 1 where it was there. One that was
    sent later stays."""
    row = find(tenant, ident)
    payload = row.unsealed(InvitationPayload) if row else None
    if payload is None or payload.updated_at > at:
        return 0
    withdraw(tenant, ident, payload.exact)
    return 1


def withdraw(tenant: TenantId, ident: str, exact: str) -> None:
    """Delete the invitation and what finds it. Harmless where it has gone."""
    batch.delete_all(InvitationRow, [(f"invitations#{tenant}", f"invitation#{ident}")])
    batch.delete_all(InvitedRow, [(place_of(exact), f"{tenant}.{ident}")])


def id_of_address(tenant: TenantId, email: str) -> str:
    """Return the id that an invitation to the address has. Empty for what is no usable address: it was never invited."""
    try:
        return id_for(tenant, EmailAddress.parse(email).exact)
    except InvalidIdentifier:
        return ""


def withdraw_address(tenant: TenantId, email: str) -> None:
    """Delete the invitation of the address in the tenant, where it has one."""
    ident = id_of_address(tenant, email)
    row = find(tenant, ident)
    if row is not None:
        withdraw(tenant, ident, row.unsealed(InvitationPayload).exact)


def withdraw_all(tenant: TenantId) -> int:
    """Delete every invitation of a tenant that ends, expired ones too; return how many. Safe to repeat."""
    gone = 0
    for row in rows.every(InvitationRow, f"invitations#{tenant}", "invitation#", expired=True):
        withdraw(tenant, public_id(row), row.unsealed(InvitationPayload).exact)
        gone += 1
    return gone


def found_under(place: str) -> Iterator[Opened]:
    """Yield the invitations, in every tenant, of addresses that are the same without their plus suffix; see
    `place_of`."""
    for found in rows.every(InvitedRow, place, ""):
        named, _, ident = str(found.sk).partition(".")
        tenant = TenantId(named)
        row = find(tenant, ident)
        if row is not None:
            yield Opened(tenant, row, row.unsealed(InvitationPayload))


def erase_at(place: str, is_theirs: Callable[[str], bool]) -> Iterator[tuple[TenantId, str]]:
    """Withdraw the invitations under the place whose address (exact form) `is_theirs` takes for the person's: yield the
    tenant and id of each, then delete it. Memberships stay: an account ends by leaving. Safe to repeat, and to leave
    off anywhere."""
    for found in found_under(place):
        if is_theirs(found.payload.exact):
            ident = public_id(found.row)
            yield found.tenant, ident
            withdraw(found.tenant, ident, found.payload.exact)


def place_of(exact: str) -> str:
    """Return the keyed hash under which the invitations of the address are found."""
    return "invited#" + tags.platform_digest("invited", EmailAddress.parse(exact, historic=True).base)
