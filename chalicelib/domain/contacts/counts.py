"""How much a member has of its own: companies by their tags, and contacts."""

from collections import Counter
from dataclasses import dataclass

from chalicelib.core.actor import Actor
from chalicelib.domain.companies import queries as companies
from chalicelib.domain.companies.model import Tag
from chalicelib.domain.contacts import queries as contacts


@dataclass(frozen=True, slots=True)
class Counts:
    """What lists of one's own would show; `restricted` are those of the contacts whose person wants no more than that they are
    kept."""

    companies: int
    clients: int
    prospects: int
    contacts: int
    restricted: int


def counts(actor: Actor) -> Counts:
    """Return how much the caller has. One range of companies, one of contacts."""
    tags = {each.id: each.payload.tag for each in companies.every_own(actor)}
    tagged = Counter(tags.values())
    found = Counter(each.payload.restricted for each in contacts.every_own(actor, tags.get))
    return Counts(len(tags), tagged[Tag.CLIENT], tagged[Tag.PROSPECT], found.total(), found[True])
