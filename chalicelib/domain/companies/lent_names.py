"""Names that companies lend to contacts: each change of one is written down with the change, and carried by due work."""

from chalicelib.core import clock, ids
from chalicelib.core.ids import OwnerCode, SortKey, TenantId
from chalicelib.domain.companies.model import CompanyPayload
from chalicelib.domain.companies.records import LENT_NAMES_DUE, LENT_PREFIX, LentNamesPayload, LentNamesRecord
from chalicelib.store.due import Due, ensure

_LOCAL = "0" * 26  # one row for all companies of a member: one walk over the contacts carries every name


def due_of(tenant: TenantId, owner: OwnerCode) -> Due:
    """Return the piece of work that carries the names of this member's companies."""
    return Due(LENT_NAMES_DUE, f"{tenant}.{LENT_PREFIX}_{owner}{_LOCAL}")


def record_sk(owner: OwnerCode) -> SortKey:
    """Return the sort key of the row that asks for it."""
    return ids.sort_key(LENT_NAMES_DUE, owner, _LOCAL)


def changed(before: CompanyPayload, after: CompanyPayload | None) -> bool:
    """Return whether contacts that are linked with the company have to follow; None: it goes."""
    return before.lends and (after is None or before.lent_names() != after.lent_names())


def asking(tenant: TenantId, owner: OwnerCode) -> LentNamesRecord:
    """Make the work due, and return the row that is to be written with the change. At most two calls.

    Due first, so that a kill after the change is harmless; without the row the work finds nothing to do.
    """
    ensure(due_of(tenant, owner), clock.now())
    return LentNamesRecord.build(tenant, record_sk(owner), LentNamesPayload())
