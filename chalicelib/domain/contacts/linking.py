"""What a contact takes over from the company that it is linked with: its name, and whether colleagues may learn which it is."""

from typing import Any

from chalicelib.core import ids
from chalicelib.core.errors import VersionConflict
from chalicelib.core.ids import TenantId
from chalicelib.domain.companies.model import PREFIX, CompanyPayload, record_sk
from chalicelib.domain.companies.records import CompanyRecord
from chalicelib.domain.contacts.model import ContactPayload
from chalicelib.domain.sources import survivorship
from chalicelib.domain.sources.provenance import COMPANY_HIDDEN
from chalicelib.store import rows
from chalicelib.store.transactions import TransactItem

_MEMBERS = ("", COMPANY_HIDDEN)


def followed(payload: ContactPayload, company: CompanyPayload | None, at: str) -> ContactPayload:
    """Return the contact as its company is now, None where that has gone; the same object where that changes nothing.

    A name that is the contact's own stays.
    """
    if payload.company_id is None:
        return payload
    values = payload.values_of("company_name")
    company_from = payload.company_from
    if company is not None and company_from in _MEMBERS:
        company_from = COMPANY_HIDDEN if company.shared() is None else ""
    if company is None:
        values = survivorship.lend(values, {}, at)
    elif any(map(survivorship.is_lent, values)):
        values = survivorship.lend(values, company.lent_names(company_from), at)
    update: dict[str, Any] = {"company_from": company_from}
    if company is None:
        update = {"company_id": None, "company_from": ""}
    if values != payload.values_of("company_name"):
        update |= payload.with_values({"company_name": values})
    after = payload.model_copy(update=update)
    return payload if after == payload else after


def guard(tenant: TenantId, before: ContactPayload | None, after: ContactPayload, at: str) -> list[TransactItem]:
    """Return what must hold when a contact with another link of its member's is written: its company is as it was read here.

    The first contact that is linked with a company says so there. VersionConflict where the contact was made of another state
    of it."""
    if after.company_id is None or (before is not None and before.company_id == after.company_id):
        return []
    ident = ids.parse_owned(after.company_id, PREFIX)
    row = rows.get(CompanyRecord, tenant, record_sk(ident.owner, ident.local)) if ident else None
    if row is None:
        raise VersionConflict
    company = row.unsealed(CompanyPayload)
    if followed(after, company, at) is not after:
        raise VersionConflict
    if company.lends and company.linked:
        return [rows.VersionCheck(row)]
    row.reseal(company.model_copy(update={"lends": True, "linked": True}))
    return [rows.PutIf(row, visible=False)]
