"""What a member's connections let us do, and whether they do, as the member sees it."""

from datetime import timedelta

from chalicelib.connectors import vendors
from chalicelib.connectors.port import Provider, Stream, Tier
from chalicelib.core import clock, settings
from chalicelib.core.actor import Actor
from chalicelib.domain.connections import repository
from chalicelib.domain.connections.model import ConnectionPayload, ConnectionState


def of(payload: ConnectionPayload) -> Tier | None:
    """Return the tier that the connection's member chose; None where the provider has it no more."""
    return next((tier for tier in vendors.of(payload.provider).tiers if tier.name == payload.tier), None)


def reads_mail(provider: Provider, tier: str) -> bool:
    """Return whether a connection of that tier reads a mailbox."""
    return any(each.name == tier and Stream.MAIL in each.streams for each in vendors.of(provider).tiers)


def lag(payload: ConnectionPayload) -> timedelta:
    """Return for how long no pass has been complete, since the member consented."""
    consented = payload.consented_at or payload.created_at
    return clock.now() - max(payload.health.last_complete_at or consented, consented)


def stale(payload: ConnectionPayload) -> bool:
    """Return whether the lag is so long that somebody must look after it. Never where there is nothing to read."""
    if lag(payload) <= timedelta(seconds=settings.current().sync.stale):
        return False
    tier = of(payload)
    return tier is None or bool(tier.streams)


def gmail(actor: Actor) -> str | None:
    """Return the highest Gmail tier of the member's Google accounts; None where none has one just now. One call."""
    found = [record.unsealed(ConnectionPayload) for record in repository.of_member(actor.tenant, actor.code)]
    active = [each for each in found if each.provider == Provider.GOOGLE and each.state is ConnectionState.ACTIVE]
    _, *tiers = vendors.offered(Provider.GOOGLE)  # each permits what the one before does, and more
    return next((tier.name for tier in reversed(tiers) if any(_reaches(each, tier) for each in active)), None)


def _reaches(payload: ConnectionPayload, tier: Tier) -> bool:
    """Whether the grant reaches a Gmail tier, up to the one that was asked for: members tick scopes one by one."""
    contacts, *tiers = vendors.offered(Provider.GOOGLE)
    names, given = [each.name for each in tiers], set(payload.scopes)
    if payload.tier not in names[names.index(tier.name) :]:
        return False
    return not given or set(tier.scopes) - set(contacts.scopes) <= given
