"""Ending grants at their providers: of one connection, of a member that leaves, of a workspace that is purged.

A provider that does not answer holds nothing up: what could not be revoked is said, and a provider that was down once is not
asked again in the same go, else a purge could take longer than its function may.
"""

from collections.abc import Iterable

from chalicelib.connectors import vendors
from chalicelib.connectors.http import ProviderRefused
from chalicelib.connectors.port import GrantEnded, Provider
from chalicelib.core import log
from chalicelib.core.errors import KeyShredded, SealBroken, Unavailable
from chalicelib.domain.connections import keeping, mailboxes, registrations
from chalicelib.domain.connections.model import ConnectionPayload
from chalicelib.domain.connections.records import ConnectionRecord
from chalicelib.domain.connections.tokens import ConnectionTokens


def revoke(record: ConnectionRecord) -> None:
    """End the grant at the provider. Returns where it had ended before, or there are no tokens. ProviderRefused, Unavailable."""
    provider = record.unsealed(ConnectionPayload).provider
    try:
        grant = ConnectionTokens(record.tenant, keeping.public_id(record)).whole_grant()
    except GrantEnded:
        return
    vendors.of(provider).revoke(registrations.app(provider), grant)


def of_tenant(tenant: str) -> bool:
    """Revoke every grant of a workspace, and let no mailbox lead to it any more; whether all are known to have ended."""
    return _all(keeping.of_tenant(tenant))


def of_member(tenant: str, owner_code: str) -> bool:
    """The same for one member."""
    return _all(keeping.of_member(tenant, owner_code))


def _all(records: Iterable[ConnectionRecord]) -> bool:
    down: set[Provider] = set()
    confirmed = True
    try:
        for record in records:
            payload = record.unsealed(ConnectionPayload)
            mailboxes.forget(payload.address, record.tenant, keeping.public_id(record))
            confirmed &= payload.provider not in down and _known_to_end(record, payload.provider, down)
    except KeyShredded:
        return confirmed  # a former pass came further: nothing can be read any more, tokens neither
    return confirmed


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
