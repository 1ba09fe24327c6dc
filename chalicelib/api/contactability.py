"""Whether a contact may be written to, as a dry run."""

from chalice import Blueprint

from chalicelib.api.http import Call, Reply, route
from chalicelib.core.models import Model
from chalicelib.domain.contacts.gates import Gate

bp = Blueprint(__name__)


class GateOut(Model):
    """`objection` (or consent withdrawn) and `restriction`: what the person asked of us; it holds in every workspace. Nobody
    is told when, or where it was said. Do not write to a contact of which a gate is not passed."""

    gate: Gate
    passed: bool


class ContactabilityOut(Model):
    """`contactable`: every gate is passed."""

    contactable: bool
    gates: list[GateOut]


@route(bp, "GET", "/v1/contacts/{id}/contactability", answer=ContactabilityOut)
def read_contactability(call: Call) -> Reply:
    """Show whether the contact may be written to, gate by gate."""
    from chalicelib.domain.contacts import contactability  # noqa: PLC0415 - cold start

    found = contactability.gates(call.actor, call.path["id"])
    out = [GateOut(gate=each.gate, passed=each.passed) for each in found]
    return Reply(ContactabilityOut(contactable=all(each.passed for each in found), gates=out))
