"""A company that is a person: linked with a contact and called by the contact's name, as CRMs keep customers who are no firm.

It is erased with the contact, and what its sources show of it stays out; a name alone makes nobody of a company.
"""

import re

from chalicelib.core import ids
from chalicelib.core.ids import SortKey, TenantId
from chalicelib.domain.audit.model import SHORTEST_LIFE_DAYS, Action, By, Cause
from chalicelib.domain.companies import repository
from chalicelib.domain.companies.model import KIND, PREFIX, CompanyPayload, record_sk, source_marks
from chalicelib.domain.companies.records import CompanyRecord
from chalicelib.domain.contacts.model import ContactPayload
from chalicelib.domain.redaction.folding import MARKS, fold
from chalicelib.domain.sources import links
from chalicelib.domain.suppression.model import Mark
from chalicelib.store import rows

_LETTER = re.compile(rf"(?:[^\W_]|[{MARKS}])+")
_ERASED = Cause(Action.COMPANY_DELETED, By.SYSTEM, SHORTEST_LIFE_DAYS)


def of(tenant: TenantId, contact: ContactPayload) -> tuple[tuple[SortKey, ...], tuple[Mark, ...]]:
    """Return the sort key of the contact's company, where it is the contact, and the marks by which it stays out; nothing
    elsewhere."""
    row = _company(tenant, contact)
    payload = row.unsealed(CompanyPayload) if row else None
    return ((row.sk,), source_marks(payload.source_ids)) if row and payload and _is(payload, contact) else ((), ())


def erase(tenant: TenantId, contact: ContactPayload) -> None:
    """Delete the contact's company where it is the contact. Safe to repeat. VersionConflict where it keeps changing."""

    def write(row: CompanyRecord) -> None:
        payload = row.unsealed(CompanyPayload)
        if _is(payload, contact):
            repository.remove(row, _ERASED, links.going(tenant, KIND, payload.source_ids))

    found = _company(tenant, contact)
    if found is not None:
        rows.settle(found, write)


def _company(tenant: TenantId, contact: ContactPayload) -> CompanyRecord | None:
    linked = ids.parse_owned(contact.company_id or "", PREFIX)
    return rows.get(CompanyRecord, tenant, record_sk(linked.owner, linked.local)) if linked else None


def _is(company: CompanyPayload, contact: ContactPayload) -> bool:
    called = {_letters(kept.value) for kept in company.values_of("name")}
    whole = [(first, last) for first, last in contact.names() if len(f"{first} {last}".split()) > 1]
    return any({_letters(first + last), _letters(last + first)} & called for first, last in whole)


def _letters(name: str) -> str:
    return "".join(_LETTER.findall(fold(name)))
