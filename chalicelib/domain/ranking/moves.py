"""What would move a prospect up: for each part the one thing that adds most, and by how many points of the score."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from chalicelib.domain.ranking.features import Feature
from chalicelib.domain.ranking.fit import score_of
from chalicelib.domain.ranking.model import FIT, HIGHEST, RELATIONSHIP, SIGNALS, Prospect, combined, saturated
from chalicelib.domain.ranking.prospects import Ranking

_FIRST_EXCHANGE = 50.0  # the strength that one message each way makes (network.strength)
_LEAST = 0.05  # points of the score: what moves less is not told


@dataclass(frozen=True, slots=True)
class Move:
    """Something to do. `gain`: points of the score; None where they are not known before."""

    part: str
    gain: float | None
    text: str
    values: dict[str, str] = field(default_factory=dict)


def moves(found: Ranking, prospect: Prospect) -> list[Move]:
    """Return what would move the prospect up, what adds most first; what nobody can tell before stands last."""
    every = [*_fit(found, prospect), *_relationship(prospect), *_signals(prospect)]
    return sorted(every, key=lambda move: (-(move.gain or 0.0), move.part))


def above(found: Ranking, prospect: Prospect) -> Prospect | None:
    """Return the prospect that stands before this one; None before the first."""
    place = found.places[prospect.company.id]
    return found.prospects[place - 1] if place else None


def _fit(found: Ranking, prospect: Prospect) -> Iterator[Move]:
    if found.fit is None:
        if found.lacking:
            yield Move(FIT, None, "move_clients", {"n": str(found.lacking)})
        return
    firm = found.firms[prospect.company.id]
    bits = found.fit.bits(firm)
    for feature in Feature:
        best = found.fit.best_value(feature) if feature not in firm.profile else None
        if best is not None and (gain := _gain(prospect, FIT, score_of(bits + best[1]))) >= _LEAST:
            yield Move(FIT, gain, "move_fit", {"feature": feature, "value": best[0]})


def _relationship(prospect: Prospect) -> Iterator[Move]:
    gain = _gain(prospect, RELATIONSHIP, _FIRST_EXCHANGE)
    if gain >= _LEAST:
        by_colleague = any(reason.text == "path_someone" for reason in prospect.relationship.reasons)
        yield Move(RELATIONSHIP, gain, "move_introduction" if by_colleague else "move_contact")


def _signals(prospect: Prospect) -> Iterator[Move]:
    now = sum(reason.weight for reason in prospect.signals.reasons)
    gain = _gain(prospect, SIGNALS, saturated(now + HIGHEST))
    if gain >= _LEAST:
        yield Move(SIGNALS, gain, "move_signal")


def _gain(prospect: Prospect, name: str, score: float) -> float:
    """How many points the score would gain, were a part of that score."""
    scores = {each: part.score for each, part in prospect.parts.items()}
    return round(combined({**scores, name: score}) - prospect.score, 2)
