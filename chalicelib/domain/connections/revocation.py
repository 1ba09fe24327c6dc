"""Ending grants at their providers: of one connection, of a member that leaves, of a workspace that is purged.

A provider that does not answer holds nothing up: what could not be revoked is said, and a provider that was down once is not
asked again in the same go. Where there are many connections it takes several goes, each of one connection at least.
"""

from collections.abc import Iterable

from chalicelib.connectors import vendors
from chalicelib.connectors.http import ProviderRefused
from chalicelib.connectors.port import GrantEnded, Provider
from chalicelib.core import log
from chalicelib.core.errors import KeyShredded, SealBroken, Unavailable
from chalicelib.core.ids import OwnerCode, TenantId
from chalicelib.domain.connections import mailboxes, registrations, repository
from chalicelib.domain.connections.model import ConnectionPayload
from chalicelib.domain.connections.records import ConnectionRecord
from chalicelib.domain.connections.tokens import ConnectionTokens
from chalicelib.store.steps import HasTime


def revoke(record: ConnectionRecord) -> None:
    """End the grant at the provider. Returns where it had ended before, or there are no tokens. ProviderRefused, Unavailable."""
    provider = record.unsealed(ConnectionPayload).provider
    try:
        grant = ConnectionTokens(record.tenant, repository.public_id(record)).whole_grant()
    except GrantEnded:
        return
    vendors.of(provider).revoke(registrations.app(provider), grant)


def of_tenant(tenant: TenantId, after: str, has_time: HasTime) -> tuple[bool, str | None]:
    """Revoke the grants of a workspace, and let no mailbox lead to it any more, from after the sort key `after` as far
    as `has_time` lets it. Return whether all of these are known to have ended, and the key to go on after: None where
    none is left."""
    return _all(repository.of_tenant(tenant), after, has_time)


def of_member(tenant: TenantId, owner_code: OwnerCode, after: str, has_time: HasTime) -> tuple[bool, str | None]:
    """Revoke the grants of one member, otherwise as `of_tenant`."""
    return _all(repository.of_member(tenant, owner_code), after, has_time)


def _all(records: Iterable[ConnectionRecord], after: str, has_time: HasTime) -> tuple[bool, str | None]:
    down: set[Provider] = set()
    confirmed, last = True, ""
    try:
        for record in records:
            if record.sk <= after:
                continue
            if last and not has_time():
                return confirmed, last
            payload = record.unsealed(ConnectionPayload)
            mailboxes.forget(payload.address, record.tenant, repository.public_id(record))
            confirmed &= payload.provider not in down and _known_to_end(record, payload.provider, down)
            last = record.sk
    except KeyShredded:
        return confirmed, None  # a former pass came further: nothing can be read any more, tokens neither
    return confirmed, None


def _known_to_end(record: ConnectionRecord, provider: Provider, down: set[Provider]) -> bool:
    try:
        revoke(record)
    except (ProviderRefused, SealBroken, registrations.NotRegistered) as error:
        log.failure("revocation_refused", error, tenant=record.tenant, provider=str(provider))
        return False
    except Unavailable as error:
        log.failure("revocation_unanswered", error, tenant=record.tenant, provider=str(provider))
        down.add(provider)
        return False
    return True
