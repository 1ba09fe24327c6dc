"""Which contacts are somebody at a company, whosever they are: by the link, by the domain of an address, by the company's name.

Of a colleague's contacts only what is shown of them is looked at. An address at a provider that is open to all says nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from chalicelib.core.identifiers import EmailAddress, InvalidIdentifier
from chalicelib.core.identifiers.domains import OPEN_TO_ALL
from chalicelib.domain.companies.model import CompanyPayload
from chalicelib.domain.contacts.model import ContactPayload
from chalicelib.domain.redaction.folding import words


class Sought:
    """The companies that are asked about, as the caller sees them, by what tells their people."""

    def __init__(self, companies: Mapping[str, CompanyPayload]) -> None:
        self._ids = frozenset(companies)
        self._by_domain: dict[str, set[str]] = defaultdict(set)
        self._by_name: dict[tuple[str, ...], set[str]] = defaultdict(set)
        for ident, payload in companies.items():
            if domain := _domain(payload):
                self._by_domain[domain].add(ident)
            if name := words(payload.name.value):
                self._by_name[name].add(ident)

    def of(self, contact: ContactPayload) -> frozenset[str]:
        """Return the companies at which the contact is, as far as it says so."""
        found = {contact.company_id} & self._ids if contact.company_id else set[str]()
        for domain in domains(contact):
            found |= self._by_domain.get(domain, frozenset())
        name = contact.company_name
        if name is not None:
            found |= self._by_name.get(words(name.value), frozenset())
        return frozenset(found)


def domains(contact: ContactPayload) -> Iterator[str]:
    """Yield the domains of the contact's addresses, and those above them, but for mail providers open to all."""
    for address in addresses(contact):
        labels = address.domain.split(".")
        if address.domain not in OPEN_TO_ALL:
            yield from (".".join(labels[at:]) for at in range(len(labels) - 1))


def addresses(contact: ContactPayload) -> Iterator[EmailAddress]:
    """Yield the contact's addresses."""
    for kept in contact.emails:
        try:
            yield EmailAddress.parse(kept.value, historic=True)
        except InvalidIdentifier:
            continue


def exact(contacts: Iterable[ContactPayload]) -> list[str]:
    """Return the addresses of these contacts in exact form, each once."""
    return list(dict.fromkeys(address.exact for each in contacts for address in addresses(each)))


def _domain(company: CompanyPayload) -> str:
    """The company's domain as it stands in addresses; empty where it has none that tells its people."""
    try:
        domain = EmailAddress.parse(f"x@{company.domain.value}").domain if company.domain else ""
    except InvalidIdentifier:
        return ""
    return "" if domain in OPEN_TO_ALL else domain
