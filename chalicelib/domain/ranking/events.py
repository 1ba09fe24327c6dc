"""What happened at one company: what its owner told, and what follows from what sources say of people there."""

from chalicelib.core.actor import Actor
from chalicelib.domain.companies import queries as companies
from chalicelib.domain.contacts import queries as contacts
from chalicelib.domain.ranking import people
from chalicelib.domain.signals import repository
from chalicelib.domain.signals.model import Signal


def of_company(actor: Actor, company_id: str) -> list[Signal]:
    """Return the signals of a company, the last first; none of a colleague's. NotFound where the caller may not see it."""
    seen = companies.get(actor, company_id)
    if not seen.mine:
        return []
    tags = {company_id: seen.payload.tag}
    there = people.people(contacts.every_own(actor, tags.get), {company_id: seen.payload})
    found = there.signals.get(company_id, ())
    return repository.newest_first([*repository.told(actor, company_id), *found])
