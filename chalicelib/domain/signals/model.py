"""A business event at a company, and how long it counts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from chalicelib.core import clock
from chalicelib.core.models import Model

KIND, PREFIX = "signal", "sig"
STRONGEST = 100.0
LIFE_DAYS = 730  # after it was told: of the slowest to fade, funding, a sixteenth counts then
AHEAD = timedelta(days=1)  # by which a client's clock may be fast


class SignalType(StrEnum):
    """What kind of event."""

    JOB_CHANGE = "job_change"
    NEW_RELATION = "new_relation"
    FUNDING = "funding"
    HIRING = "hiring"
    VISIT = "visit"
    OTHER = "other"


HALF_LIFE_DAYS: Mapping[SignalType, int] = {
    SignalType.JOB_CHANGE: 90,
    SignalType.NEW_RELATION: 60,
    SignalType.FUNDING: 180,
    SignalType.HIRING: 90,
    SignalType.VISIT: 30,
    SignalType.OTHER: 90,
}


class SignalPayload(Model):
    """Times are RFC 3339. `strength` is 0 to STRONGEST; `source` is where the member has it from, no address and no person's
    page."""

    type: SignalType
    strength: float
    occurred_at: str
    source: str
    created_at: str


@dataclass(frozen=True, slots=True)
class Signal:
    """An event as it is shown and weighed. `told_at` is since when we know it; `contact` is the id of the contact that a derived
    one follows from, empty for one that the member told."""

    id: str
    type: SignalType
    strength: float
    occurred_at: datetime
    source: str
    told_at: datetime
    contact: str = ""

    def weight(self, now: datetime) -> float:
        """Return its strength at that time: half of it after each half-life of its type. What is still to come counts whole."""
        days = max(0.0, (now - self.occurred_at).total_seconds() / 86_400)
        return float(self.strength * 0.5 ** (days / HALF_LIFE_DAYS[self.type]))


def is_over(payload: SignalPayload) -> bool:
    """Return whether the event's life has ended."""
    return clock.parse_rfc3339(payload.created_at) + timedelta(days=LIFE_DAYS) <= clock.now()
