"""How like a company is to the clients: naive Bayes over a few features, shrunken until it holds for clients not seen.

Of each value of a feature the weight is the log-odds of its share among the clients against its share among the other
companies, both smoothed towards its share among all (PRIOR companies of it). Three things keep it from telling what is chance:

- A value that fewer than FEWEST_OF_VALUE companies have says nothing.
- A feature counts as far as its values part clients and others by more than chance would: 1 - E / X2, where X2 is Pearson's
  statistic, and E what it exceeds by chance in about one case of twenty (its mean and BEYOND standard deviations, df + BEYOND
  sqrt(2 df)): Stein's estimate of an effect among noise, its positive part, on the side of caution.
- All of it is multiplied with the slope of a logistic regression of being a client on the scores that each company has with
  itself left out (Platt's calibration on leave-one-out scores), between 0 and 1.

The same companies give the same weights, in whatever order.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log, log2, sqrt

from chalicelib.domain.ranking.calibration import calibrated
from chalicelib.domain.ranking.features import Feature, Firm

FEWEST_CLIENTS = 5
FEWEST_OF_VALUE = 3
PRIOR = 4.0
BEYOND = 1.65
_LEAST = 0.05  # bits: what weighs less is no reason


@dataclass
class _Counts:
    """How many of the clients, and of the others, have a value or know a feature."""

    clients: float = 0.0
    others: float = 0.0

    def add(self, share: float, *, is_client: bool) -> None:
        if is_client:
            self.clients += share
        else:
            self.others += share

    @property
    def all(self) -> float:
        return self.clients + self.others


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one value of a feature adds to fit, in bits, and the clients that taught it, the most alike first."""

    feature: Feature
    value: str
    weight: float
    taught_by: tuple[Firm, ...]


class Fit:
    """What the clients have taught. `clients`, `others`: of how many companies."""

    def __init__(self, firms: Sequence[Firm]) -> None:
        self._clients = sorted(
            (each for each in firms if each.is_client), key=lambda firm: (not firm.mine, firm.name, firm.id)
        )
        self.clients, self.others = len(self._clients), len(firms) - len(self._clients)
        self._known, self._values = _counted(firms)
        self._trust = {name: _trust(self._known[name], values) for name, values in self._values.items()}
        self._taught = _by_value(self._clients)
        self.calibration = calibrated((self._raw(each), each.is_client) for each in firms)

    def contributions(self, firm: Firm) -> list[Contribution]:
        """Return what each value of the company adds, itself left out, the weightiest first."""
        found = []
        for feature, value, weight in self._weights(firm):
            bits = self.calibration.slope * weight / log(2)
            if abs(bits) >= _LEAST:
                found.append(Contribution(feature, value, bits, self._teachers(firm, feature, value)))
        return sorted(found, key=lambda each: (-abs(each.weight), each.feature, each.value))

    def bits(self, firm: Firm) -> float:
        """Return the sum of what its values add: log2 of how much likelier a client is to be such a company than another is."""
        return self.calibration.slope * self._raw(firm) / log(2)

    def probability(self, firm: Firm) -> float:
        """Return how likely a company like this one is a client, among such as there are."""
        return self.calibration.probability(self._raw(firm))

    def best_value(self, feature: Feature) -> tuple[str, float] | None:
        """Return the value of the feature that would add most to a company which does not say it, and how many bits."""
        trust, known = self._trust.get(feature, 0.0), self._known.get(feature)
        found = [
            (self.calibration.slope * trust * _log_odds(each, known) / log(2), value)
            for value, each in self._values.get(feature, {}).items()
            if known is not None and each.all >= FEWEST_OF_VALUE
        ]
        bits, value = max(found, default=(0.0, ""))
        return (value, bits) if bits >= _LEAST else None

    def _raw(self, firm: Firm) -> float:
        return sum(weight for _, _, weight in self._weights(firm))

    def _weights(self, firm: Firm) -> Iterable[tuple[Feature, str, float]]:
        for feature, shares in firm.profile.items():
            trust = self._trust.get(feature, 0.0)
            if trust == 0.0:
                continue
            known, values = self._known[feature], self._values[feature]
            for value, share in shares.items():
                counted = values.get(value)
                if counted is not None and counted.all >= FEWEST_OF_VALUE:
                    yield feature, value, trust * share * _log_odds(counted, known, firm, share)

    def _teachers(self, firm: Firm, feature: Feature, value: str) -> tuple[Firm, ...]:
        like = [each for each in self._taught.get((feature, value), ()) if each.id != firm.id]
        return tuple(sorted(like, key=lambda each: -_in_common(each, firm)))


def learned(firms: Sequence[Firm]) -> Fit | None:
    """Return what the clients among these teach; None where they are fewer than FEWEST_CLIENTS, or there is nothing else."""
    clients = sum(each.is_client for each in firms)
    return Fit(firms) if clients >= FEWEST_CLIENTS and len(firms) > clients else None


def score_of(bits: float) -> float:
    """Return fit from 0 to 100: 50 is a company that is as much like the others as like the clients."""
    return 100 / (1 + 2 ** -max(-60.0, min(60.0, bits)))


def bits_of(score: float) -> float:
    """Return the inverse of `score_of`."""
    return log2(score / (100 - score))


def _counted(firms: Iterable[Firm]) -> tuple[dict[Feature, _Counts], dict[Feature, dict[str, _Counts]]]:
    known: dict[Feature, _Counts] = {}
    values: dict[Feature, dict[str, _Counts]] = {}
    for firm in firms:
        for feature, shares in firm.profile.items():
            known.setdefault(feature, _Counts()).add(1.0, is_client=firm.is_client)
            for value, share in shares.items():
                counted = values.setdefault(feature, {}).setdefault(value, _Counts())
                counted.add(share, is_client=firm.is_client)
    return known, values


def _log_odds(value: _Counts, known: _Counts, without: Firm | None = None, share: float = 0.0) -> float:
    """The weight of a value; `without` a company that has that share of it, else it would speak for itself."""
    base = value.all / known.all
    clients, others, of_clients, of_others = value.clients, value.others, known.clients, known.others
    if without is not None and without.is_client:
        clients, of_clients = max(0.0, clients - share), of_clients - 1
    elif without is not None:
        others, of_others = max(0.0, others - share), of_others - 1
    among_clients = (clients + PRIOR * base) / (of_clients + PRIOR)
    return log(among_clients / ((others + PRIOR * base) / (of_others + PRIOR)))


def _trust(known: _Counts, values: Mapping[str, _Counts]) -> float:
    """How far a feature parts clients and others by more than chance would; rare values count as one."""
    rare, cells = _Counts(), []
    for each in values.values():
        if each.all >= FEWEST_OF_VALUE:
            cells.append(each)
        else:
            rare.clients, rare.others = rare.clients + each.clients, rare.others + each.others
    cells += [rare] if rare.all else []
    freedom = len(cells) - 1
    if freedom < 1 or not known.clients or not known.others:
        return 0.0
    statistic = sum(_off(each.clients, each.all * known.clients / known.all) for each in cells)
    statistic += sum(_off(each.others, each.all * known.others / known.all) for each in cells)
    by_chance = freedom + BEYOND * sqrt(2 * freedom)
    return max(0.0, 1 - by_chance / statistic) if statistic else 0.0


def _off(seen: float, expected: float) -> float:
    return (seen - expected) ** 2 / expected


def _by_value(clients: Iterable[Firm]) -> dict[tuple[Feature, str], list[Firm]]:
    found: dict[tuple[Feature, str], list[Firm]] = {}
    for firm in clients:
        for feature, shares in firm.profile.items():
            for value in shares:
                found.setdefault((feature, value), []).append(firm)
    return found


def _in_common(one: Firm, other: Firm) -> int:
    return sum(not shares.keys().isdisjoint(other.profile.get(name, {})) for name, shares in one.profile.items())
