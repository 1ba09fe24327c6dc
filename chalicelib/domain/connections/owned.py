"""All companies and contacts of one member, for what is counted of them."""

from collections.abc import Iterator
from typing import TypeVar

from chalicelib.core import ids, log
from chalicelib.core.actor import Actor
from chalicelib.core.errors import SealBroken
from chalicelib.domain.companies.model import KIND as COMPANY
from chalicelib.domain.companies.model import PREFIX, CompanyPayload
from chalicelib.domain.companies.records import CompanyRecord
from chalicelib.domain.contacts.model import KIND as CONTACT
from chalicelib.domain.contacts.model import ContactPayload
from chalicelib.domain.contacts.records import ContactRecord
from chalicelib.store import rows

P = TypeVar("P", CompanyPayload, ContactPayload)


def companies(actor: Actor) -> Iterator[tuple[str, CompanyPayload | None]]:
    """Yield each of the member's companies with its id; None for one whose row cannot be read."""
    for row in rows.every(CompanyRecord, actor.tenant, ids.key_range(COMPANY, actor.code)):
        yield str(ids.owned_of(PREFIX, row.sk)), _opened(row, CompanyPayload)


def contacts(actor: Actor) -> Iterator[ContactPayload | None]:
    """Yield each of the member's contacts; None for one whose row cannot be read."""
    for row in rows.every(ContactRecord, actor.tenant, ids.key_range(CONTACT, actor.code)):
        yield _opened(row, ContactPayload)


def _opened(row: CompanyRecord | ContactRecord, payload: type[P]) -> P | None:
    try:
        return row.unsealed(payload)
    except SealBroken as error:  # one row must not keep the others from being counted, nor a connection from stopping
        log.failure("owned_row_unreadable", error, tenant=row.tenant, kind=row.declared.kind)
        return None
