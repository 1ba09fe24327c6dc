"""A ranked prospect: its score, the parts that it is made of, and the reasons of each.

    score = 0.5 x fit + 0.3 x relationship + 0.2 x signals

each part from 0 to 100. While fewer than five clients teach fit, it is left out, and the others count as much as before.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import exp

from chalicelib.domain.companies.model import CompanyPayload
from chalicelib.domain.visibility.ranges import Seen

FIT, RELATIONSHIP, SIGNALS = "fit", "relationship", "signals"
WEIGHTS: Mapping[str, float] = {FIT: 0.5, RELATIONSHIP: 0.3, SIGNALS: 0.2}
_DIGITS = 4
_HALF_SATURATED = 50.0  # the sum of weights at which signals reach 63 of 100
HIGHEST = 100.0


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a part is as it is. `weight` is in bits for fit, and in points for the others; `text` names the sentence of the
    catalogue that says it, and `values` what stands in it."""

    feature: str
    weight: float
    text: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Part:
    """`score` is None where the part does not count."""

    score: float | None
    reasons: Sequence[Reason] = ()


@dataclass(frozen=True)
class Prospect:
    """A company to approach, with the three parts of its score."""

    company: Seen[CompanyPayload]
    fit: Part
    relationship: Part
    signals: Part

    @property
    def parts(self) -> dict[str, Part]:
        """Return the parts by name."""
        return {FIT: self.fit, RELATIONSHIP: self.relationship, SIGNALS: self.signals}

    @property
    def score(self) -> float:
        """Return the weighted mean of the parts that count."""
        return combined({name: part.score for name, part in self.parts.items()})

    @property
    def order(self) -> tuple[float, str]:
        """Return what sorts prospects, the first to approach first."""
        return -self.score, self.company.id


def combined(scores: Mapping[str, float | None]) -> float:
    """Return the weighted mean of these parts, without those that are None."""
    counting = {name: score for name, score in scores.items() if score is not None}
    whole = sum(WEIGHTS[name] for name in counting)
    return round(sum(WEIGHTS[name] * score for name, score in counting.items()) / whole, _DIGITS) if whole else 0.0


def saturated(weight: float) -> float:
    """Return what signals of that weight together score: more of them count ever less."""
    return HIGHEST * (1 - exp(-weight / _HALF_SATURATED))


def formula(*, with_fit: bool) -> str:
    """Return how a score comes about, in one line."""
    terms = [(name, weight) for name, weight in WEIGHTS.items() if with_fit or name != FIT]
    whole = sum(weight for _, weight in terms)
    return "score = " + " + ".join(f"{weight / whole:.2g} x {name}" for name, weight in terms)
