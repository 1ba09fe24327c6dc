"""What a member's connections let us do, as the member sees it."""

from chalicelib.connectors.port import Provider
from chalicelib.core.actor import Actor
from chalicelib.domain.connections import keeping
from chalicelib.domain.connections.model import ConnectionPayload, ConnectionState

GMAIL = ("send", "headers", "body")  # each permits what the one before does, and more


def gmail(actor: Actor) -> str | None:
    """The highest Gmail tier of the member's Google accounts; None where none has one just now. One call."""
    found = [record.unsealed(ConnectionPayload) for record in keeping.of_member(actor.tenant, actor.code)]
    given = [
        each.tier
        for each in found
        if each.provider is Provider.GOOGLE and each.state is ConnectionState.ACTIVE and each.tier in GMAIL
    ]
    return max(given, key=GMAIL.index, default=None)
