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
    UNCLEAR = "unclear"  # no right that a machine could read: a person of ours says what it is


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
    READY = "ready"  # our own part is done; members who hold records were asked for theirs
    GIVEN = "given"  # all that there is can be read on the person's page, for some days
    NEEDS_MORE = "needs_more"  # of the person, whom our officer asked; its clock stands meanwhile
    CLOSED = "closed"
    ANSWERED = "answered"  # by our officer, in words
    REFUSED = "refused"  # by our officer, with the reason
    LAPSED = "lapsed"  # the person did not answer
    NO_REQUEST = "no_request"  # our officer read it, and nothing is asked of us: spam, or for somebody else
    SUPERSEDED = "superseded"  # by the erasure, after which nothing is left of it; by another request of the person

    @property
    def final(self) -> bool:
        """Whether nothing follows."""
        return self in _FINAL

    @property
    def owed(self) -> bool:
        """Whether it is our turn: neither over, nor with the person."""
        theirs = (RightState.AWAITING_CONFIRMATION, RightState.NEEDS_MORE, RightState.GIVEN)
        return not self.final and self not in theirs


_FINAL = frozenset(
    {
        RightState.CLOSED,
        RightState.ANSWERED,
        RightState.REFUSED,
        RightState.LAPSED,
        RightState.NO_REQUEST,
        RightState.SUPERSEDED,
    }
)
# What has no object left once everything is erased. Every other right is answered before the erasure begins.
_ENDS_WITH_ERASURE = frozenset({"rectification", "objection", "restriction", "consent_withdrawn"})


class Waiting(StrEnum):
    """Whom a request waits for."""

    OFFICER = "officer"
    PERSON = "person"
    MACHINE = "machine"


class IllegalMove(ValueError):
    """Nothing may go from the one state to the other."""


Moves = Mapping[RightState, frozenset[RightState]]
INTAKE_MOVES: Mapping[Intake, frozenset[Intake]] = {
    Intake.RECEIVED: frozenset({Intake.AWAITING_CONFIRMATION, Intake.VERIFIED}),
    # Back to a person of ours where nobody confirmed and something else was asked for, too.
    Intake.AWAITING_CONFIRMATION: frozenset({Intake.VERIFIED, Intake.LAPSED, Intake.RECEIVED}),
    Intake.VERIFIED: frozenset(),
    Intake.LAPSED: frozenset(),
}
# What our officer decides of every right; a machine neither answers nor refuses one.
_DECIDED = frozenset({RightState.ANSWERED, RightState.REFUSED, RightState.SUPERSEDED})
_READ = _DECIDED | {RightState.NO_REQUEST}
_OFFICER_MOVES: Moves = {
    RightState.FOR_OFFICER: _READ | {RightState.NEEDS_MORE},
    RightState.NEEDS_MORE: _DECIDED | {RightState.FOR_OFFICER, RightState.LAPSED},
}
_ERASURE_MOVES: Moves = {
    RightState.FOR_OFFICER: _READ | {RightState.NEEDS_MORE, RightState.AWAITING_CONFIRMATION, RightState.CONFIRMED},
    RightState.NEEDS_MORE: _DECIDED
    | {RightState.FOR_OFFICER, RightState.LAPSED, RightState.AWAITING_CONFIRMATION, RightState.CONFIRMED},
    RightState.AWAITING_CONFIRMATION: frozenset({RightState.CONFIRMED, RightState.LAPSED}),
    # Begun anew where another address joins, or where a restored backup brought back what was erased.
    RightState.CONFIRMED: frozenset({RightState.CONFIRMED, RightState.ERASING}),
    RightState.ERASING: frozenset({RightState.CONFIRMED, RightState.SECOND_PASS}),
    RightState.SECOND_PASS: frozenset({RightState.CONFIRMED, RightState.SECOND_PASS, RightState.CLOSED}),
}
WISHES = (RightKind.OBJECTION, RightKind.RESTRICTION, RightKind.CONSENT_WITHDRAWN)  # kept in suppression.wishes
_WISH_MOVES: Moves = {
    RightState.FOR_OFFICER: _READ
    | {RightState.NEEDS_MORE, RightState.AWAITING_CONFIRMATION, RightState.CONFIRMED, RightState.CLOSED},
    RightState.NEEDS_MORE: _DECIDED | {RightState.FOR_OFFICER, RightState.LAPSED, RightState.CONFIRMED},
    RightState.AWAITING_CONFIRMATION: frozenset({RightState.CONFIRMED, RightState.LAPSED}),
    RightState.CONFIRMED: frozenset({RightState.READY, RightState.SUPERSEDED}),
    RightState.READY: frozenset({RightState.CLOSED, RightState.FOR_OFFICER, RightState.SUPERSEDED}),
}
COPIES = (RightKind.ACCESS, RightKind.SOURCE, RightKind.PORTABILITY)  # one copy answers all of them
# What we do ourselves and then ask members for. Whom they leave without an answer our officer answers.
_ASKING_MOVES: Moves = {
    RightState.FOR_OFFICER: _READ
    | {
        RightState.NEEDS_MORE,
        RightState.AWAITING_CONFIRMATION,
        RightState.CONFIRMED,
        RightState.GIVEN,
        RightState.CLOSED,
    },
    RightState.NEEDS_MORE: _DECIDED
    | {RightState.FOR_OFFICER, RightState.LAPSED, RightState.AWAITING_CONFIRMATION, RightState.CONFIRMED},
    RightState.AWAITING_CONFIRMATION: frozenset({RightState.CONFIRMED, RightState.LAPSED, RightState.SUPERSEDED}),
    RightState.CONFIRMED: frozenset({RightState.READY, RightState.SUPERSEDED}),
    RightState.READY: frozenset({RightState.GIVEN, RightState.CLOSED, RightState.FOR_OFFICER, RightState.SUPERSEDED}),
    RightState.GIVEN: frozenset({RightState.CLOSED, RightState.SUPERSEDED}),
}
RIGHT_MOVES: Mapping[RightKind, Moves] = {
    **dict.fromkeys(RightKind, _OFFICER_MOVES),
    **dict.fromkeys(WISHES, _WISH_MOVES),
    **dict.fromkeys((*COPIES, RightKind.RECTIFICATION), _ASKING_MOVES),
    RightKind.ERASURE: _ERASURE_MOVES,
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


def waits_for(kind: RightKind, other: RightKind) -> bool:
    """Return whether a right of that kind is not begun before the other one is answered: nothing is changed or erased before the
    copy of it was made. Rights that end with the erasure hold it not back."""
    if kind is RightKind.RECTIFICATION:
        return other in COPIES
    return kind is RightKind.ERASURE and other is not RightKind.ERASURE and other.value not in _ENDS_WITH_ERASURE
