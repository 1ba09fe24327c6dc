"""Look-alike: of a member's clients a fifth is hidden among its other companies; how many of them come back at the top?

The population is made here, with a structure that is known: each company has an industry, size, country, domain and the titles of
its people, drawn as firms are spread (Zipf-like), and is a client with log-odds that a few of these move. On a population without
any structure fit must say nothing. Peers: by chance, the share of clients in the same industry, and the ten nearest companies by
how many features they have in common; and, as what nobody can beat for long, the true effects.
"""

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from math import exp

from chalicelib.domain.ranking import fit
from chalicelib.domain.ranking.features import BANDS, Feature, Firm

COMPANIES, CLIENTS, HIDDEN, TOP, ROUNDS = 800, 80, 0.2, 20, 15
_SILENT, _PARTS = 0.05, 5  # bits; parts of the companies, of which calibration is told
_INDUSTRIES = tuple(f"industry {number}" for number in range(14))
_COUNTRIES = ("DE", "FR", "GB", "US", "NL", "AT", "CH", "IT", "ES", "PL")
_ENDINGS = ("com", "io", "org", "eu", "net")
_FUNCTIONS = ("management", "finance", "sales", "marketing", "technology", "people", "purchasing", "operations")
# What makes a company a client, in log-odds; what is not named moves nothing.
EFFECTS = {
    (Feature.INDUSTRY, "industry 2"): 2.0,
    (Feature.INDUSTRY, "industry 5"): 2.0,
    (Feature.SIZE, "51-200"): 1.5,
    (Feature.SIZE, "201-1000"): 1.5,
    (Feature.COUNTRY, "FR"): 1.2,
    (Feature.COUNTRY, "NL"): 1.2,
    (Feature.TITLES, "technology"): 1.5,
}
_NEAREST = 10
Score = Callable[[Firm], float]


@dataclass(frozen=True)
class Recalled:
    """Of the hidden clients the share among the first TOP, by way of ranking; of each other company the chance of being one
    of them that fit gives it, and whether it was; and of each population the greatest weight of a company, in bits."""

    shares: dict[str, float]
    chances: list[tuple[float, bool]]
    bits: list[float]

    def lines(self) -> Iterator[str]:
        """Yield what is printed."""
        for name, share in self.shares.items():
            yield f"  recall of hidden clients at {TOP}, by {name:16} {share:6.1%}"
        silent = sum(each < _SILENT for each in self.bits) / len(self.bits)
        yield f"  populations of which fit says nothing {silent:12.1%}, most said {max(self.bits):.2f} bits"
        for expected, found, number in self.calibration():
            yield f"  chance told {expected:6.2%}, hidden clients found {found:6.2%} of {number}"

    def told(self) -> dict[str, object]:
        """Return what the JSON has."""
        return {"recall": self.shares, "bits": self.bits, "calibration": self.calibration()}

    def calibration(self) -> list[tuple[float, float, int]]:
        """Return for each fifth of the companies, by the chance that fit told: its mean, what was found, and of how many."""
        ordered = sorted(self.chances, key=lambda each: each[0])
        size = -(-len(ordered) // _PARTS)
        parts = [ordered[at : at + size] for at in range(0, len(ordered), size)]
        return [(_mean(p for p, _ in part), _mean(found for _, found in part), len(part)) for part in parts]


def population(seed: int, effects: Mapping[tuple[Feature, str], float]) -> list[Firm]:
    """Return companies, CLIENTS of them clients by chance and by these effects."""
    draw = _draw(seed)
    firms = [_firm(draw, number) for number in range(COMPANIES)]
    odds = [exp(_effect(each, effects)) for each in firms]
    order = sorted(range(COMPANIES), key=lambda at: draw.random() ** (1 / odds[at]), reverse=True)
    clients = frozenset(order[:CLIENTS])
    return [replace(firm, is_client=at in clients) for at, firm in enumerate(firms)]


def measured(effects: Mapping[tuple[Feature, str], float], rounds: int = ROUNDS, *, peers: bool = True) -> Recalled:
    """Return what each way of ranking finds again, over so many populations."""
    found: dict[str, float] = defaultdict(float)
    chances: list[tuple[float, bool]] = []
    bits = []
    for seed in range(rounds):
        firms = population(seed, effects)
        hidden = frozenset(_draw(seed).sample([each.id for each in firms if each.is_client], round(HIDDEN * CLIENTS)))
        known = [replace(each, is_client=each.is_client and each.id not in hidden) for each in firms]
        others = [each for each in known if not each.is_client]
        model = fit.learned(known)
        assert model is not None
        for name, score in _ways(model, known, seed).items() if peers else ():
            top = sorted(others, key=score, reverse=True)[:TOP]
            found[name] += sum(each.id in hidden for each in top) / len(hidden)
        chances += [(_of_hidden(model, each, len(hidden)), each.id in hidden) for each in others]
        bits.append(max(abs(model.bits(each)) for each in others))
    return Recalled({name: total / rounds for name, total in found.items()}, chances, bits)


def _effect(firm: Firm, effects: Mapping[tuple[Feature, str], float]) -> float:
    every = ((name, value, share) for name, shares in firm.profile.items() for value, share in shares.items())
    return sum(effects.get((name, value), 0.0) * share for name, value, share in every)


def _of_hidden(model: fit.Fit, firm: Firm, hidden: int) -> float:
    """The chance that a company is a hidden client: fit tells that of being one of the known clients, who are more."""
    chance = model.probability(firm)
    odds = chance / (1 - chance) * hidden / model.clients
    return odds / (1 + odds)


def _mean(values: Iterable[float]) -> float:
    every = list(values)
    return sum(every) / len(every)


def _ways(model: fit.Fit, firms: Sequence[Firm], seed: int) -> dict[str, Score]:
    """The ways of ranking; which of several equals comes first is chance."""
    draw = _draw(f"order {seed}")
    in_industry: dict[str, list[bool]] = defaultdict(list)
    for each in firms:
        in_industry[_industry(each)].append(each.is_client)

    def nearest(firm: Firm) -> float:
        near = sorted(
            (each for each in firms if each.id != firm.id), key=lambda each: _alike(each, firm) + draw.random() / 1e6
        )
        return sum(each.is_client for each in near[-_NEAREST:])

    ways: dict[str, Score] = {
        "fit": model.bits,
        "the true effects": lambda firm: _effect(firm, EFFECTS),
        "chance": lambda _: 0.0,
        "same industry": lambda firm: sum(in_industry[_industry(firm)]) / len(in_industry[_industry(firm)]),
        f"{_NEAREST} nearest": nearest,
    }
    return {name: partial(_drawn, way, draw) for name, way in ways.items()}


def _drawn(way: Score, draw: random.Random, firm: Firm) -> float:
    return way(firm) + draw.random() / 1e6


def _industry(firm: Firm) -> str:
    return next(iter(firm.profile[Feature.INDUSTRY]))


def _alike(one: Firm, other: Firm) -> float:
    return sum(
        sum(min(share, other.profile.get(name, {}).get(value, 0.0)) for value, share in shares.items())
        for name, shares in one.profile.items()
    )


def _firm(draw: random.Random, number: int) -> Firm:
    def zipf(values: Sequence[str]) -> str:
        return draw.choices(values, [1 / (rank + 1.5) for rank in range(len(values))])[0]

    people = [zipf(_FUNCTIONS) for _ in range(draw.choice((0, 0, 1, 2, 4)))]
    shares = {name: count / len(people) for name, count in Counter(people).items()}
    profile = {
        Feature.INDUSTRY: {zipf(_INDUSTRIES): 1.0},
        Feature.SIZE: {zipf(BANDS): 1.0},
        Feature.COUNTRY: {zipf(_COUNTRIES): 1.0},
        Feature.DOMAIN: {zipf(_ENDINGS): 1.0},
        **({Feature.TITLES: shares} if shares else {}),
    }
    return Firm(f"com_{number:04}", f"Company {number}", True, False, profile)


def _draw(seed: int | str) -> random.Random:
    return random.Random(seed)  # noqa: S311 - the same populations each time; no secret
