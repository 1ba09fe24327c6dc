"""What a request and each of its rights may become: pure, and the only place that says so.

Whose request it is (its intake) is asked once; how far each right is, apart from that and from the others.
"""

from collections.abc import Mapping
from enum import StrEnum


class RightKind(StrEnum):
    """Rights of the GDPR, articles 7 and 15 to 22."""

    ACCESS = "access"
    SOURCE = "source"  # from where we have it, asked by itself (article 15(1)(g))
    RECTIFICATION = "rectification"
    ERASURE = "erasure"
    OBJECTION = "objection"
    RESTRICTION = "restriction"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    PORTABILITY = "portability"
    AUTOMATED_DECISIONS = "automated_decisions"


class Intake(StrEnum):
    """Whether we know that a request is its person's."""

    RECEIVED = "received"  # a person of ours reads it
    AWAITING_CONFIRMATION = "awaiting_confirmation"  # of the address, by the link of our mail
    VERIFIED = "verified"
    LAPSED = "lapsed"


class RightState(StrEnum):
    """How far one right of a request is."""

    FOR_OFFICER = "for_officer"
    AWAITING_CONFIRMATION = "awaiting_confirmation"  # of the request
    CONFIRMED = "confirmed"  # its steps begin, or begin anew
    ERASING = "erasing"
    SECOND_PASS = "second_pass"  # noqa: S105 - a state
    CLOSED = "closed"
    LAPSED = "lapsed"
    SUPERSEDED = "superseded"  # by the erasure: nothing is left that it could be about

    @property
    def final(self) -> bool:
        """Whether nothing follows."""
        return self in (RightState.CLOSED, RightState.LAPSED, RightState.SUPERSEDED)


class IllegalMove(ValueError):
    """Nothing may go from the one state to the other."""


Moves = Mapping[RightState, frozenset[RightState]]
INTAKE_MOVES: Mapping[Intake, frozenset[Intake]] = {
    Intake.RECEIVED: frozenset({Intake.AWAITING_CONFIRMATION}),
    Intake.AWAITING_CONFIRMATION: frozenset({Intake.VERIFIED, Intake.LAPSED}),
    Intake.VERIFIED: frozenset(),
    Intake.LAPSED: frozenset(),
}
# A right without steps of its own is answered by our officer, and ends with the request.
_OFFICER_MOVES: Moves = {RightState.FOR_OFFICER: frozenset({RightState.LAPSED, RightState.SUPERSEDED})}
_ERASURE_MOVES: Moves = {
    RightState.FOR_OFFICER: frozenset({RightState.AWAITING_CONFIRMATION}),
    RightState.AWAITING_CONFIRMATION: frozenset({RightState.CONFIRMED, RightState.LAPSED}),
    # Begun anew where another address joins, or where a restored backup brought back what was erased.
    RightState.CONFIRMED: frozenset({RightState.CONFIRMED, RightState.ERASING}),
    RightState.ERASING: frozenset({RightState.CONFIRMED, RightState.SECOND_PASS}),
    RightState.SECOND_PASS: frozenset({RightState.CONFIRMED, RightState.SECOND_PASS, RightState.CLOSED}),
}
RIGHT_MOVES: Mapping[RightKind, Moves] = {
    kind: _ERASURE_MOVES if kind is RightKind.ERASURE else _OFFICER_MOVES for kind in RightKind
}


def next_intake(now: Intake, to: Intake) -> Intake:
    """Return `to`, where an intake may go there. IllegalMove."""
    if to not in INTAKE_MOVES[now]:
        raise IllegalMove(f"intake: {now} -> {to}")
    return to


def next_state(kind: RightKind, now: RightState, to: RightState) -> RightState:
    """Return `to`, where a right of that kind may go there. IllegalMove."""
    if not may_move(kind, now, to):
        raise IllegalMove(f"{kind}: {now} -> {to}")
    return to


def may_move(kind: RightKind, now: RightState, to: RightState) -> bool:
    """Return whether a right of that kind may go there in one move."""
    return to in RIGHT_MOVES[kind].get(now, frozenset())


def leads_to(kind: RightKind, now: RightState, to: RightState) -> bool:
    """Return whether a right of that kind may come there, in however many moves."""
    reached, fresh = set[RightState](), {now}
    while fresh:
        reached |= fresh
        fresh = {after for each in fresh for after in RIGHT_MOVES[kind].get(each, frozenset())} - reached
    return to in reached
