"""How well somebody knows somebody, by what they wrote to each other: a number, a band, and what they rest on.

The root of what was sent times what was received, each message weighted by 1 / (1 + age in days) and divided by its recipients:
nobody is known to whom only one of the two writes. A connection of a social network, which both have confirmed, is a little; a
card in an address book is no knowledge at all, since its owner alone made it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chalicelib.core import clock
from chalicelib.domain.network.flows import Exchanged

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
