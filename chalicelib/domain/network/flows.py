"""What two wrote to each other, as it is kept: counts, the time of the last message, and sums that fade."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import sqrt

from chalicelib.core import clock
from chalicelib.domain.contacts.correspondence import Flow
from chalicelib.domain.network import decay

_MAY_COME = 0.003  # one message of a year ago


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
    def order(self) -> float:
        """Return what sorts relations, also those of which only one side wrote: a little more each way, which may still be
        answered."""
        return sqrt((self.outward + _MAY_COME) * (self.inward + _MAY_COME)) - _MAY_COME


def counted(flow: Flow, at: str, *, outgoing: bool, recipients: int) -> Flow:
    """Return the flow with one more message, of that time (RFC 3339). One to many says less of each of them."""
    last = max(flow.last_at, at)
    since = _days(flow.last_at or last, last)
    outward, inward = decay.faded(flow.outward, since), decay.faded(flow.inward, since)
    weight, age = 1 / max(1, recipients), _days(at, last)
    if outgoing:
        update = {"sent": flow.sent + 1, "outward": decay.added(outward, weight, age), "inward": inward}
    else:
        update = {"received": flow.received + 1, "outward": outward, "inward": decay.added(inward, weight, age)}
    return flow.model_copy(update={**update, "last_at": last})


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


def _days(since: str, until: str) -> float:
    return clock.days_between(clock.parse_rfc3339(since), clock.parse_rfc3339(until))
