"""What a member's connections let us do, and whether they do, as the member sees it."""

from datetime import timedelta

from chalicelib.connectors.port import Provider
from chalicelib.core import clock, settings
from chalicelib.core.actor import Actor
from chalicelib.domain.connections import keeping
from chalicelib.domain.connections.model import ConnectionPayload, ConnectionState

GMAIL = ("send", "headers", "body")  # each permits what the one before does, and more


def lag(payload: ConnectionPayload) -> timedelta:
    """For how long no pass has been complete, since the member consented."""
    consented = payload.consented_at or payload.created_at
    return clock.now() - max(payload.health.last_complete_at or consented, consented)


def stale(payload: ConnectionPayload) -> bool:
    """Whether that is so long that somebody must look after it."""
    return lag(payload) > timedelta(seconds=settings.current().sync.stale)


def gmail(actor: Actor) -> str | None:
    """The highest Gmail tier of the member's Google accounts; None where none has one just now. One call."""
    found = [record.unsealed(ConnectionPayload) for record in keeping.of_member(actor.tenant, actor.code)]
    given = [
        each.tier
        for each in found
        if each.provider is Provider.GOOGLE and each.state is ConnectionState.ACTIVE and each.tier in GMAIL
    ]
    return max(given, key=GMAIL.index, default=None)
