"""Sums that fade with time as 1 / (1 + age in days), kept without what was summed.

1 / (1 + t) is the integral of e^(-u (1 + t)) over all rates u > 0: so a handful of sums, each of which fades exponentially at a
rate of its own, give it at any later time (a trapezoid over ln u, as in Beylkin and Monzon, "On approximation of functions by
exponential sums", 2005). With these rates it is right to a fiftieth of itself for two years, and to a twentieth for three.
"""

from collections.abc import Sequence
from math import exp

_STEP, _FASTEST, _SLOWEST = 1.3, 2.0, -9.7  # of ln u, a day
_NODES = round((_FASTEST - _SLOWEST) / _STEP) + 1
_RATES = tuple(exp(_FASTEST - _STEP * node) for node in range(_NODES))
_SHARES = tuple(_STEP * rate * exp(-rate) for rate in _RATES)
_DIGITS = 9  # of a sum: the order in which messages come leaves no trace that counts


def faded(sums: Sequence[float], days: float) -> list[float]:
    """Return the sums as they are so many days later. Of nothing, sums of nothing."""
    return [round(each * exp(-rate * days), _DIGITS) for each, rate in zip(_whole(sums), _RATES, strict=True)]


def added(sums: Sequence[float], weight: float, age: float) -> list[float]:
    """Return the sums with something of that weight, which was so many days before their time."""
    return [round(each + weight * exp(-rate * age), _DIGITS) for each, rate in zip(_whole(sums), _RATES, strict=True)]


def total(sums: Sequence[float], days: float) -> float:
    """Return the sum of weight / (1 + age in days), so many days after their time."""
    terms = zip(_whole(sums), _RATES, _SHARES, strict=True)
    return sum(each * share * exp(-rate * days) for each, rate, share in terms)


def _whole(sums: Sequence[float]) -> Sequence[float]:
    return sums or (0.0,) * _NODES
