"""What of a provider's record is kept: checked and cleaned as an import does it, and a digest that tells two alike."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass

from chalicelib.connectors.port import Organization, Person
from chalicelib.core.identifiers import EmailAddress, InvalidIdentifier, is_person_page, profile_url
from chalicelib.domain.companies.model import bare_host
from chalicelib.domain.companies.source_updates import LONGEST_NAME, CompanyDraft
from chalicelib.domain.contacts.draft import ContactDraft
from chalicelib.domain.contacts.sanitize import without_addresses
from chalicelib.domain.ingest.linked import Skip

_RULES = "1"  # part of every digest: another value stores everything once more, by the rules as they are then
_LONGEST_PHONE, _LONGEST_URL = 60, 500


@dataclass(frozen=True)
class Linked:
    """The member's company that a record's reference leads to: its public id and its name."""

    company_id: str
    name: str


def contact(person: Person, source: str, linked: Linked | None) -> ContactDraft | Skip:
    """The draft, or why there is none. Addresses of functions and such that are none are left out."""
    first, in_first = without_addresses(person.first_name)
    last, in_last = without_addresses(person.last_name)
    written = [*person.emails, *in_first, *in_last]
    emails = tuple(_addresses(written))
    phones = tuple(p for phone in person.phones if 0 < len(p := without_addresses(phone)[0]) <= _LONGEST_PHONE)
    draft = ContactDraft(
        first_name=first,
        last_name=last,
        emails=emails,
        phones=phones,
        profile_urls=tuple(_profiles(person.profile_urls)),
        title=without_addresses(person.title)[0],
        company_name=without_addresses(person.company_name)[0] or (linked.name if linked else ""),
        source_id=f"{source}:{person.external_id}",
        company_id=linked.company_id if linked else None,
        opted_out=person.opted_out,
    )
    identified = emails or draft.profile_urls or any(draft.keyed("phones"))
    if not identified and any(text.strip() for text in written):
        return Skip.ADDRESS
    return draft if identified or first or last else Skip.NOBODY


def company(organization: Organization, source: str) -> CompanyDraft | Skip:
    """The draft, or why there is none. One without a name goes by its domain."""
    try:
        domain = bare_host(organization.domain) if organization.domain else ""
    except ValueError:
        domain = ""
    name = without_addresses(organization.name)[0][:LONGEST_NAME].strip() or domain
    return CompanyDraft(name, domain, f"{source}:{organization.external_id}") if name else Skip.NOBODY


def digest(record: Person | Organization, linked: Linked | None = None) -> str:
    """Equal for two records of one id that would be stored alike."""
    content = [_RULES, *vars(record).values(), linked and vars(linked)]
    canonical = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()[:32]


def _addresses(written: Iterable[str]) -> Iterable[EmailAddress]:
    for text in written:
        try:
            address = EmailAddress.parse(text)
        except InvalidIdentifier:
            continue
        if not address.is_role:
            yield address


def _profiles(written: Iterable[str]) -> Iterable[str]:
    for text in written:
        try:
            url = profile_url(text) if len(text) <= _LONGEST_URL else ""
        except InvalidIdentifier:
            continue
        if is_person_page(url):
            yield url
