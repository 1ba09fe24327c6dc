"""The gates that a message to somebody has to pass."""

from enum import StrEnum


class Gate(StrEnum):
    """What outreach has to pass. What closes OPT_OUT, OBJECTION (which consent withdrawn is, too) and RESTRICTION holds for the
    whole workspace, or everywhere, whoever learnt of it and when."""

    ADDRESS = "address"  # there is one to write to
    OPT_OUT = "opt_out"
    OBJECTION = "objection"
    RESTRICTION = "restriction"


class GateReason(StrEnum):
    """What is to be known of a gate beside its being passed."""

    OPT_OUT_UNKNOWN = "opt_out_unknown"  # a connection that has the contact does not show whether it wants no mail
