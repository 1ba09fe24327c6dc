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

_UNREADABLE = "owned_row_unreadable"


def companies(actor: Actor) -> Iterator[tuple[str, CompanyPayload | None]]:
    """Yield each of the member's companies with its id; None for one whose row cannot be read."""
    for row in rows.every(CompanyRecord, actor.tenant, ids.key_range(COMPANY, actor.code)):
        yield str(ids.owned_of(PREFIX, row.sk)), row.sound(CompanyPayload, _UNREADABLE)


def contacts(actor: Actor) -> Iterator[ContactPayload | None]:
    """Yield each of the member's contacts; None for one whose row cannot be read."""
    for row in rows.every(ContactRecord, actor.tenant, ids.key_range(CONTACT, actor.code)):
        yield row.sound(ContactPayload, _UNREADABLE)
