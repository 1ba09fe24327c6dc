"""Ranking the caller's prospects, from what stands at this very request: nothing of it is kept.

Fit learns from the caller's companies and those that colleagues share, each as the caller is shown it. Of contacts and signals
only the caller's own count; of relations what colleagues show.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from chalicelib.core import clock
from chalicelib.core.actor import Actor
from chalicelib.core.errors import NotFound
from chalicelib.domain.companies import queries as companies
from chalicelib.domain.companies.model import CompanyPayload, Tag
from chalicelib.domain.network import paths
from chalicelib.domain.network.paths import Path
from chalicelib.domain.ranking import reasons
from chalicelib.domain.ranking.features import Firm, profile
from chalicelib.domain.ranking.fit import FEWEST_CLIENTS, Fit, learned, score_of
from chalicelib.domain.ranking.model import Part, Prospect, saturated
from chalicelib.domain.ranking.people import people
from chalicelib.domain.signals import repository as signals
from chalicelib.domain.signals.model import Signal
from chalicelib.domain.visibility.ranges import Seen

Companies = Mapping[str, Seen[CompanyPayload]]


@dataclass(frozen=True)
class Ranking:
    """The caller's prospects, the first to approach first, and what fit was learned from: None where too few clients are known.
    `clients`: how many there are."""

    prospects: Sequence[Prospect]
    fit: Fit | None
    firms: Mapping[str, Firm]
    clients: int

    @cached_property
    def places(self) -> dict[str, int]:
        """Return at which place each prospect stands, from 0."""
        return {each.company.id: place for place, each in enumerate(self.prospects)}

    def find(self, company_id: str) -> Prospect:
        """Return one of the prospects. NotFound where it is none of the caller's."""
        place = self.places.get(company_id)
        if place is None:
            raise NotFound
        return self.prospects[place]

    @property
    def lacking(self) -> int:
        """Return how many clients are lacking before fit counts."""
        return max(0, FEWEST_CLIENTS - self.clients)


def ranking(actor: Actor) -> Ranking:
    """Return the caller's prospects ranked. One range of companies, one of contacts, one of signals; for what people there want
    and wrote, a call for about 100 of them."""
    every = {each.id: each for each in companies.every(actor)}
    tagged = {ident: each.payload for ident, each in every.items() if each.mine and each.payload.tag is not None}
    wanted = {ident: every[ident] for ident, payload in tagged.items() if payload.tag is Tag.PROSPECT}
    known = paths.at(actor, tagged) if wanted else []
    there = people(known, tagged)
    firms = {each.id: firm(each, there.titles.get(each.id, ())) for each in every.values()}
    fit = learned(list(firms.values())) if wanted else None
    shown = {ident: each.payload for ident, each in wanted.items()}
    reached = paths.strongest_among(actor, shown, known) if wanted else {}
    told = signals.all_told(actor) if wanted else {}
    found = [
        Prospect(
            each,
            _fit(fit, firms[ident]),
            _relationship(reached.get(ident)),
            _signals([*told.get(ident, ()), *there.signals.get(ident, ())]),
        )
        for ident, each in wanted.items()
    ]
    clients = sum(each.is_client for each in firms.values())
    return Ranking(sorted(found, key=lambda each: each.order), fit, firms, clients)


def firm(seen: Seen[CompanyPayload], titles: Iterable[str]) -> Firm:
    """Return the company as fit sees it."""
    payload = seen.payload
    return Firm(seen.id, payload.name.value, seen.mine, payload.tag is Tag.CLIENT, profile(payload, titles))


def _fit(fit: Fit | None, company: Firm) -> Part:
    if fit is None:
        return Part(None)
    found = [reasons.of_fit(each) for each in fit.contributions(company)]
    return Part(score_of(fit.bits(company)), found)


def _relationship(path: Path | None) -> Part:
    return Part(float(path.value), [reasons.of_path(path)]) if path else Part(0.0)


def _signals(found: Iterable[Signal]) -> Part:
    now = clock.now()
    weighed = sorted(((each.weight(now), each) for each in found), key=lambda one: (-one[0], one[1].id))
    told = [reasons.of_signal(each, weight, now) for weight, each in weighed]
    return Part(saturated(sum(weight for weight, _ in weighed)), told)
