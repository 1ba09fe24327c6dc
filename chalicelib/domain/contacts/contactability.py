"""Whether somebody may be written to: every gate, and what is not known of one. Asked afresh each time, never kept."""

from collections.abc import Callable
from dataclasses import dataclass

from chalicelib.core.actor import Actor
from chalicelib.core.identifiers import EmailAddress, InvalidIdentifier
from chalicelib.domain.contacts import queries
from chalicelib.domain.contacts.gates import Gate, GateReason
from chalicelib.domain.contacts.model import ContactPayload
from chalicelib.domain.sources import links
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
    reason: GateReason | None = None


def gates(actor: Actor, contact_id: str, hiding: Callable[[Actor], frozenset[str]]) -> list[Passed]:
    """Return what every gate says of a contact that the actor is shown. One address of a person speaks for all of them. `hiding`
    returns the actor's connections, as sources of values, that do not show who wants no mail: of the actor's own contacts alone
    it is said that one of these has them. Two calls beside those that read the contact, and `hiding`'s. NotFound."""
    found = queries.get(actor, contact_id)
    payload = found.payload
    addresses = _addresses(payload)
    said = {wish for each in wishes.standing(addresses).values() for wish in each}
    closed = {
        Gate.ADDRESS: not addresses,
        Gate.OPT_OUT: payload.opted_out or bool(opt_outs.standing(actor.tenant, addresses)),
        **{gate: bool(any_of & said) for gate, any_of in _OF_WISHES.items()},
    }
    is_unknown = not closed[Gate.OPT_OUT] and found.mine and _is_hidden(payload, lambda: hiding(actor))
    reasons = {Gate.OPT_OUT: GateReason.OPT_OUT_UNKNOWN} if is_unknown else {}
    return [Passed(gate, not closed[gate], reasons.get(gate)) for gate in Gate]


def _is_hidden(payload: ContactPayload, sources: Callable[[], frozenset[str]]) -> bool:
    return bool(payload.source_ids) and any(links.names_of(source, payload.source_ids) for source in sources())


def _addresses(payload: ContactPayload) -> list[str]:
    found = []
    for kept in payload.emails:
        try:
            found.append(EmailAddress.parse(kept.value, historic=True).exact)
        except InvalidIdentifier:
            continue  # nobody can be written to there, and nobody has proved it
    return found
