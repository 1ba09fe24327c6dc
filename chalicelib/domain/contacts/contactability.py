"""Whether somebody may be written to: every gate, and why one is closed. Asked afresh each time, never kept."""

from dataclasses import dataclass

from chalicelib.core.actor import Actor
from chalicelib.core.identifiers import EmailAddress, InvalidIdentifier
from chalicelib.domain.contacts import queries
from chalicelib.domain.contacts.gates import Gate
from chalicelib.domain.contacts.model import ContactPayload
from chalicelib.domain.suppression import opt_outs, wishes
from chalicelib.domain.suppression.records import Wish

_OF_WISHES = {
    Gate.OBJECTION: {Wish.OBJECTION, Wish.CONSENT_WITHDRAWN},  # a workspace is not told which
    Gate.RESTRICTION: {Wish.RESTRICTION},
}


@dataclass(frozen=True)
class Passed:
    """What a gate says."""

    gate: Gate
    passed: bool


def gates(actor: Actor, contact_id: str) -> list[Passed]:
    """Return what every gate says of a contact that the actor is shown. One address of a person speaks for all of them. Two calls
    beside those that read the contact. NotFound."""
    payload = queries.get(actor, contact_id).payload
    addresses = _addresses(payload)
    said = {wish for each in wishes.standing(addresses).values() for wish in each}
    closed = {
        Gate.ADDRESS: not addresses,
        Gate.OPT_OUT: payload.opted_out or bool(opt_outs.standing(actor.tenant, addresses)),
        **{gate: bool(any_of & said) for gate, any_of in _OF_WISHES.items()},
    }
    return [Passed(gate, not closed[gate]) for gate in Gate]


def _addresses(payload: ContactPayload) -> list[str]:
    found = []
    for kept in payload.emails:
        try:
            found.append(EmailAddress.parse(kept.value, historic=True).exact)
        except InvalidIdentifier:
            continue  # nobody can be written to there, and nobody has proved it
    return found
