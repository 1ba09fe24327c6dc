"""How far scores tell what they are to tell: a logistic regression on one number, by Newton's method (Platt, 1999).

Scores are counted in steps of a hundredth, so that ten thousand companies are a few hundred terms.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from math import exp, log

_STEPS = 100
_ROUNDS = 25
_ENOUGH = 1e-9
_CAUTION = 2.0  # of the slope, as if observations had said zero: few clients prove little
_STEEPEST = 4.0  # that a step may go
_OUTERMOST = 30.0  # of a logit: beyond it a probability is 0 or 1


@dataclass(frozen=True, slots=True)
class Calibration:
    """The chance of being a client is 1 / (1 + exp(-(intercept + slope x score))); the slope is 0 where scores tell nothing."""

    intercept: float
    slope: float

    def probability(self, score: float) -> float:
        """Return the chance of a company with that score."""
        return _logistic(self.intercept + self.slope * score)


def calibrated(scored: Iterable[tuple[float, bool]]) -> Calibration:
    """Return the calibration of scores that were made without the one they are of. A slope below 0 is chance, and none above 1 is
    taken: scores are log-odds already."""
    counted = Counter((round(score * _STEPS) / _STEPS, is_client) for score, is_client in scored)
    terms = sorted(counted.items())
    clients = sum(number for (_, is_client), number in terms if is_client)
    base = log(clients / (counted.total() - clients))
    intercept, slope = _fitted(terms, base)
    if slope <= 0.0:
        return Calibration(base, 0.0)
    return Calibration(_intercept(terms, intercept, 1.0), 1.0) if slope > 1.0 else Calibration(intercept, slope)


_Terms = list[tuple[tuple[float, bool], int]]


def _fitted(terms: _Terms, intercept: float) -> tuple[float, float]:
    slope = 0.0
    for _ in range(_ROUNDS):
        first, second, third = _ENOUGH, 0.0, _CAUTION  # the curvature
        up, along = 0.0, -_CAUTION * slope  # the gradient
        for (score, is_client), number in terms:
            chance = _logistic(intercept + slope * score)
            off, spread = number * (is_client - chance), number * chance * (1 - chance)
            up, along = up + off, along + off * score
            first, second, third = first + spread, second + spread * score, third + spread * score * score
        whole = first * third - second * second
        steps = (third * up - second * along) / whole, (first * along - second * up) / whole
        intercept, slope = intercept + _bounded(steps[0]), slope + _bounded(steps[1])
        if max(map(abs, steps)) < _ENOUGH:
            break
    return intercept, slope


def _intercept(terms: _Terms, intercept: float, slope: float) -> float:
    """The intercept that goes with a slope which is set."""
    for _ in range(_ROUNDS):
        up, curve = 0.0, _ENOUGH
        for (score, is_client), number in terms:
            chance = _logistic(intercept + slope * score)
            up, curve = up + number * (is_client - chance), curve + number * chance * (1 - chance)
        intercept += _bounded(up / curve)
        if abs(up / curve) < _ENOUGH:
            break
    return intercept


def _bounded(step: float) -> float:
    return max(-_STEEPEST, min(_STEEPEST, step))


def _logistic(logit: float) -> float:
    return 1 / (1 + exp(-max(-_OUTERMOST, min(_OUTERMOST, logit))))
