"""All companies and contacts of one member, for what is counted of them."""

from collections.abc import Iterator

from chalicelib.core import ids
from chalicelib.core.actor import Actor
from chalicelib.domain.companies.model import KIND as COMPANY
from chalicelib.domain.companies.model import PREFIX, CompanyPayload
from chalicelib.domain.companies.records import CompanyRecord
from chalicelib.domain.contacts.model import KIND as CONTACT
from chalicelib.domain.contacts.model import ContactPayload
from chalicelib.domain.contacts.records import ContactRecord
from chalicelib.store import rows


def companies(actor: Actor) -> Iterator[tuple[str, CompanyPayload]]:
    """Yield each of the member's companies with its id."""
    for row in rows.every(CompanyRecord, actor.tenant, ids.key_range(COMPANY, actor.code)):
        yield str(ids.owned_of(PREFIX, row.sk)), row.unsealed(CompanyPayload)


def contacts(actor: Actor) -> Iterator[ContactPayload]:
    """Yield each of the member's contacts."""
    for row in rows.every(ContactRecord, actor.tenant, ids.key_range(CONTACT, actor.code)):
        yield row.unsealed(ContactPayload)
