"""How well somebody knows somebody, by what they wrote to each other: a number, a band, and what they rest on.

The root of what was sent times what was received, each message weighted by 1 / (1 + age in days) and divided by its recipients:
nobody is known to whom only one of the two writes. A connection of a social network, which both have confirmed, is a little; a
card in an address book is no knowledge at all, since its owner alone made it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from math import sqrt

from chalicelib.core import clock
from chalicelib.domain.contacts.correspondence import Flow
from chalicelib.domain.network import decay

STRONGEST = 100
RECENT_DAYS = 30
# Where half of the scale is reached: one message each way, of yesterday. One a week each way makes 76, one a day 92.
_HALF = 0.5
_CONNECTED = 10
_FAIR_FROM, _STRONG_FROM = 20, 50


class Band(StrEnum):
    """What others are told of a strength. UNKNOWN: nothing went both ways, as far as is known."""

    UNKNOWN = "unknown"
    WEAK = "weak"
    FAIR = "fair"
    STRONG = "strong"


class Evidence(StrEnum):
    """What a relation rests on."""

    MAIL = "mail"
    SOCIAL = "social"
    ADDRESS_BOOK = "address_book"
    RECORD = "record"  # of a file, a CRM or the member's own hand: nothing is said of knowing each other


@dataclass(frozen=True)
class Exchanged:
    """What two wrote to each other: how many messages, when the last one was, and their weights now."""

    sent: int = 0
    received: int = 0
    last: datetime | None = None
    outward: float = 0.0
    inward: float = 0.0

    @property
    def weight(self) -> float:
        """Return how much went both ways."""
        return sqrt(self.outward * self.inward)

    @property
    def order(self) -> tuple[float, float]:
        """Return what sorts relations: by what went both ways, and those of which only one wrote, behind, by how much."""
        return self.weight, self.outward + self.inward


@dataclass(frozen=True)
class Strength:
    """`score`: 1 to 100, None where it is unknown; `last_days`: since the last message, None without any."""

    score: int | None
    evidence: tuple[Evidence, ...]
    sent: int = 0
    received: int = 0
    last_days: int | None = None

    @property
    def band(self) -> Band:
        """Return the band in which the score lies."""
        if self.score is None:
            return Band.UNKNOWN
        if self.score < _FAIR_FROM:
            return Band.WEAK
        return Band.FAIR if self.score < _STRONG_FROM else Band.STRONG

    @property
    def recent(self) -> bool:
        """Return whether one of the two wrote lately."""
        return self.last_days is not None and self.last_days <= RECENT_DAYS


def exchanged(flows: Iterable[Flow], now: datetime) -> Exchanged:
    """Return what these messages come to now."""
    found: Sequence[tuple[Flow, datetime]] = [(flow, clock.parse_rfc3339(flow.last_at)) for flow in flows]
    ages = [(flow, clock.days_between(min(at, now), now)) for flow, at in found]
    return Exchanged(
        sum(flow.sent for flow, _ in found),
        sum(flow.received for flow, _ in found),
        max((at for _, at in found), default=None),
        sum(decay.total(flow.outward, age) for flow, age in ages),
        sum(decay.total(flow.inward, age) for flow, age in ages),
    )


def strength(mail: Exchanged, evidence: Iterable[Evidence], now: datetime) -> Strength:
    """Return how well the two know each other."""
    said = tuple(evidence)
    score = scaled(mail.weight)
    if Evidence.SOCIAL in said:
        score = max(score, _CONNECTED)
    days = int(clock.days_between(min(mail.last, now), now)) if mail.last else None
    return Strength(score or None, said, mail.sent, mail.received, days)


def scaled(weight: float) -> int:
    """Return the weight of what went both ways on the scale of 0 to 100: at least 1 where there is any."""
    if weight <= 0:
        return 0
    return max(1, round(STRONGEST * weight / (weight + _HALF)))
