"""Who of the member's own contacts is at which company, as far as ranking may use it: nobody whose data are restricted, or who
objected to such a use."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from chalicelib.domain.companies.model import CompanyPayload
from chalicelib.domain.contacts.model import ContactPayload
from chalicelib.domain.network.companies import Sought, exact
from chalicelib.domain.ranking import titles
from chalicelib.domain.signals import derived
from chalicelib.domain.signals.model import Signal
from chalicelib.domain.suppression import wishes
from chalicelib.domain.suppression.wishes import Use
from chalicelib.domain.visibility.ranges import Seen

_MOST_TITLED = 5  # people of a company whose titles count: enough for a mix, and few to ask of


@dataclass(frozen=True)
class People:
    """By the ids of companies: the titles of people there, and the signals that follow from what sources say of them."""

    titles: Mapping[str, Sequence[str]]
    signals: Mapping[str, Sequence[Signal]]


def people(there: Iterable[Seen[ContactPayload]], sought: Mapping[str, CompanyPayload]) -> People:
    """Return the people at the companies that are `sought`, of who is there or elsewhere; no colleagues' contacts. A call for
    about 50 people who count."""
    where = Sought(sought)
    titled: dict[str, list[ContactPayload]] = defaultdict(list)
    signalled: dict[str, list[tuple[ContactPayload, Signal]]] = defaultdict(list)
    for seen in there:
        for ident in sorted(where.of(seen.payload)) if seen.mine and not seen.payload.restricted else ():
            signalled[ident] += [(seen.payload, each) for each in _signals(seen, sought[ident])]
            if len(titled[ident]) < _MOST_TITLED and _says(seen.payload):
                titled[ident].append(seen.payload)
    asked = [each for found in titled.values() for each in found]
    asked += [contact for found in signalled.values() for contact, _ in found]
    forbidden = wishes.forbidden(Use.SCORING, exact(asked))

    def may_count(contact: ContactPayload) -> bool:
        return forbidden.isdisjoint(exact([contact]))

    return People(
        {ident: [_title(each) for each in found if may_count(each)] for ident, found in titled.items()},
        {ident: [each for contact, each in found if may_count(contact)] for ident, found in signalled.items()},
    )


def _signals(seen: Seen[ContactPayload], company: CompanyPayload) -> Iterator[Signal]:
    return derived.of_contact(seen.id, seen.payload, company.created_at)


def _title(contact: ContactPayload) -> str:
    return contact.title.value if contact.title else ""


def _says(contact: ContactPayload) -> bool:
    return titles.function_of(_title(contact)) is not None
