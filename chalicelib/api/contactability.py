"""Whether a contact may be written to, as a dry run."""

from chalice import Blueprint

from chalicelib.api.http import Call, Reply, route
from chalicelib.core.models import Model
from chalicelib.domain.contacts.gates import Gate, GateReason

bp = Blueprint(__name__)


class GateOut(Model):
    """`objection` (or consent withdrawn) and `restriction`: what the person asked of us; it holds in every workspace. Nobody
    is told when, or where it was said. Do not write to a contact of which a gate is not passed. `reason` `opt_out_unknown`: a
    connection of yours that has the contact hides who wants no mail there, so that the gate says only what is known otherwise."""

    gate: Gate
    passed: bool
    reason: GateReason | None = None


class ContactabilityOut(Model):
    """`contactable`: every gate is passed."""

    contactable: bool
    gates: list[GateOut]


@route(bp, "GET", "/v1/contacts/{id}/contactability", answer=ContactabilityOut)
def read_contactability(call: Call) -> Reply:
    """Show whether the contact may be written to, gate by gate."""
    from chalicelib.domain.connections.hidden_opt_outs import hiding  # noqa: PLC0415 - cold start
    from chalicelib.domain.contacts import contactability  # noqa: PLC0415

    found = contactability.gates(call.actor, call.path["id"], hiding)
    out = [GateOut(gate=each.gate, passed=each.passed, reason=each.reason) for each in found]
    return Reply(ContactabilityOut(contactable=all(each.passed for each in found), gates=out))
