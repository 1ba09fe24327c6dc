"""Which connections do not show who wants no mail: of those whom they know it is not known here either."""

from chalicelib.core.actor import Actor
from chalicelib.core.stream_codes import Absent
from chalicelib.domain.connections import repository
from chalicelib.domain.connections.model import ConnectionPayload, source_of


def hiding(actor: Actor) -> frozenset[str]:
    """Return those of the actor's own connections, as sources of values, whose accounts hide it. One call."""
    found = set()
    for record in repository.of_member(actor.tenant, actor.code):
        payload = record.unsealed(ConnectionPayload)
        hidden = {field.code for stream in payload.health.streams for field in stream.hidden_fields}
        if Absent.OPT_OUT_UNKNOWN in hidden:
            found.add(source_of(payload.provider, repository.public_id(record)))
    return frozenset(found)
