"""A company that a member types in meets those that the member has: the same question as for files and connections."""

from collections.abc import Mapping
from itertools import count
from typing import Any

from chalicelib.core import ids
from chalicelib.core.actor import Actor
from chalicelib.core.errors import AlreadyThere, NotFound, Unprocessable
from chalicelib.domain.companies import queries, repository
from chalicelib.domain.companies.model import KIND, PREFIX, CompanyPayload
from chalicelib.domain.companies.records import CompanyRecord
from chalicelib.domain.ingest import at_once, notes
from chalicelib.store import rows


def add(actor: Actor, fields: Mapping[str, Any], *, merge: bool = False) -> tuple[CompanyRecord, bool]:
    """Create a company of the actor, or bring the fields into the one that has its domain already, if `merge`. Return the
    company, and whether it is new.

    AlreadyThere with its id where it is there and `merge` is not said; only the actor's own companies are asked. A name alone
    is no reason.
    """
    tries = count()
    return rows.retry(lambda: _add(actor, fields, next(tries), merge=merge))


def _add(actor: Actor, fields: Mapping[str, Any], tried: int, *, merge: bool) -> tuple[CompanyRecord, bool]:
    domain = fields.get("domain")
    if not domain:
        return repository.create(actor, fields), True
    beside = at_once.conditions(actor, [f"{KIND}\0{domain}"], tried=tried)
    known = _known(actor, domain)
    if known is None:
        return repository.create(actor, fields, beside), True
    ident = str(ids.owned_of(PREFIX, known.sk))
    if not merge:
        raise AlreadyThere(ident)
    try:
        return repository.update(actor, ident, _together(known.unsealed(CompanyPayload), fields)), False
    except NotFound:
        return repository.create(actor, fields, beside), True


def _known(actor: Actor, domain: str) -> CompanyRecord | None:
    """The oldest of the actor's companies with that domain; none that is past its life."""
    own = queries.VIEW.ranges(actor)[0]
    found = []
    for row in rows.every(CompanyRecord, actor.tenant, ids.key_range(KIND, actor.code)):
        payload = row.unsealed(CompanyPayload)
        if payload.domain is not None and payload.domain.value == domain and queries.VIEW.see(own, row) is not None:
            found.append((payload.created_at, row.sk, row))
    return min(found, key=lambda each: each[:2])[2] if found else None


def _together(before: CompanyPayload, fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields as a change of the company that clears nothing; notes stand below those that are there."""
    told = {name: value for name, value in fields.items() if value not in (None, "")}
    if "notes" in told:
        told["notes"], wrong = notes.below(before.notes, told["notes"])
        if wrong:
            raise Unprocessable(wrong)
    return told
