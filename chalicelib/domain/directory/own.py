"""A member's own profile: written and taken out by the member, and gone with the membership or the workspace."""

from collections.abc import Mapping

from chalicelib.core import clock, ids
from chalicelib.core.actor import Actor
from chalicelib.core.errors import AddressNotStorable, NotFound
from chalicelib.core.identifiers import EmailAddress
from chalicelib.core.ids import OwnerCode, TenantId
from chalicelib.core.versions import Versions, require
from chalicelib.domain.directory import repository
from chalicelib.domain.directory.model import ListingPayload, ProfilePayload, Side, Values
from chalicelib.domain.directory.records import ListingRecord, ProfileRecord
from chalicelib.domain.suppression.model import marks_of
from chalicelib.domain.suppression.tombstones import blocked
from chalicelib.store import batch, rows

_EVERYWHERE = TenantId("")


def find(actor: Actor) -> ProfileRecord | None:
    """Return the member's own profile; None where it has none. Two calls at most."""
    return _found(actor.tenant, actor.code)


def change(actor: Actor, email: str, fields: Mapping[str, object], if_match: Versions | None = None) -> ProfileRecord:
    """Set these fields of the member's own profile, which is made where there is none, and return it.

    AddressNotStorable where the member's address may not be held; PreconditionFailed where `if_match` is another version.
    """
    address = EmailAddress.parse(email)
    if blocked(_EVERYWHERE, [marks_of([address])])[0]:
        raise AddressNotStorable

    def attempt() -> ProfileRecord:
        now, row = clock.now(), _found(actor.tenant, actor.code)
        if row is not None:
            require(if_match, int(row.version))
        elif if_match is not None:
            raise NotFound
        before = row.unsealed(ProfilePayload) if row else None
        values = Values(**{**(before.shown(now) if before else Values()).model_dump(), **fields})
        payload = ProfilePayload(
            address=address.text,
            exact=address.exact,
            tenant=actor.tenant,
            member=actor.member,
            values=values,
            created_at=before.created_at if before else now,
            updated_at=now,
        )
        if (
            row is not None and before is not None and before.exact != address.exact
        ):  # the member's address is another now
            repository.remove(row)
            row = None
        place = ListingPayload(
            pk=repository.place_of(address.exact), sk=repository.sort_key(Side.LISTED, address.exact)
        )
        batch.put_all([ListingRecord.build(*_key(actor.tenant, actor.code), place)])
        return repository.write(row, Side.LISTED, payload)

    return rows.retry(attempt)


def forget(actor: Actor) -> None:
    """Delete the member's own profile. Safe to repeat."""
    forget_member(actor.tenant, actor.code)


def forget_member(tenant: TenantId, owner: OwnerCode) -> None:
    """Delete the own profile of a member who goes. Safe to repeat."""
    row = _found(tenant, owner)
    if row is not None:
        repository.remove(row)
    batch.delete_all(ListingRecord, [_key(tenant, owner)])


def forget_tenant(tenant: TenantId) -> int:
    """Delete the own profiles of a workspace that ends, and return how many there were. Safe to repeat."""
    owners = [
        OwnerCode(str(row.sk).partition("#")[2]) for row in rows.every(ListingRecord, f"listing#{tenant}", "listing#")
    ]
    for owner in owners:
        forget_member(tenant, owner)
    return len(owners)


def _found(tenant: TenantId, owner: OwnerCode) -> ProfileRecord | None:
    listing = rows.get(ListingRecord, *_key(tenant, owner))
    if listing is None:
        return None
    place = listing.unsealed(ListingPayload)
    row = rows.get(ProfileRecord, place.pk, place.sk)
    theirs = row is not None and ids.owner_code(row.unsealed(ProfilePayload).member) == owner
    return row if theirs else None


def _key(tenant: TenantId, owner: OwnerCode) -> tuple[str, str]:
    return f"listing#{tenant}", f"listing#{owner}"
