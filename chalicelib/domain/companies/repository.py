"""Writing companies: conditional, with pointers for whoever their texts name."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from chalicelib.core import clock, ids
from chalicelib.core.actor import Actor
from chalicelib.core.codes import FieldCode
from chalicelib.core.errors import (
    FieldError,
    Unprocessable,
)
from chalicelib.core.ids import SortKey, TenantId
from chalicelib.core.versions import Versions
from chalicelib.domain.audit import journal as audit
from chalicelib.domain.audit.model import Action, Cause, Entry
from chalicelib.domain.companies import lent_names, queries
from chalicelib.domain.companies.model import FIELDS, KIND, PREFIX, CompanyPayload, Tag, record_sk, stamped
from chalicelib.domain.companies.records import CompanyRecord
from chalicelib.domain.redaction.mentions import held
from chalicelib.domain.redaction.texts import storable
from chalicelib.domain.sources import survivorship
from chalicelib.domain.sources.provenance import MEMBER, Kept, KeptSize
from chalicelib.domain.suppression.tombstones import index_pointers
from chalicelib.store import pointers, rows
from chalicelib.store.pointers import Pointer
from chalicelib.store.records import TenantRecord

T = TypeVar("T")
# Rows to be written with a deletion, of the tenant, the company's sort key and its names at its sources.
Closing = Callable[[TenantId, SortKey, Sequence[str]], Sequence[TenantRecord]]


def create(actor: Actor, fields: Mapping[str, Any], beside: rows.TransactItems = ()) -> CompanyRecord:
    """Create a company of the actor, with the rows `beside` it, and return it. Erased people are cut out of its texts."""
    at = clock.rfc3339(clock.now())
    made = CompanyPayload(name=Kept(value=""), created_at=at)
    payload = _storable(actor.tenant, stamped(None, _changed(made, fields, at), at))
    ident = ids.new_owned(PREFIX, actor.member, ids.timeless())
    record = CompanyRecord.build(actor.tenant, record_sk(ident.owner, ident.local), payload)
    pointers.write(pointers_of(record.tenant, record.sk, payload))
    rows.put_new(record, [*_noted(record, None, payload, _cause(actor, Action.COMPANY_CREATED)), *beside])
    return record


def update(
    actor: Actor,
    company_id: str,
    fields: Mapping[str, Any],
    if_match: Versions | None = None,
    action: Action = Action.COMPANY_UPDATED,
) -> CompanyRecord:
    """Set these fields of the company (None clears), and return it. NotFound, Forbidden(not_owner), PreconditionFailed
    where `if_match` names other versions."""

    def write(record: CompanyRecord) -> CompanyRecord:
        at = clock.rfc3339(clock.now())
        before = record.unsealed(CompanyPayload)
        after = _storable(actor.tenant, _changed(before, fields, at))
        if after != before:
            rewrite(record, stamped(before, after, at), _cause(actor, action))
        return record

    return queries.VIEW.change_own(actor, company_id, if_match, write)


def set_tag(actor: Actor, company_id: str, tag: Tag | None, if_match: Versions | None = None) -> CompanyRecord:
    """Give the company the tag, or none, and return it. Errors as in `update`."""
    action = Action.COMPANY_TAGGED if tag else Action.COMPANY_UNTAGGED
    return update(actor, company_id, {"tag": tag}, if_match, action)


def delete(actor: Actor, company_id: str, if_match: Versions | None = None, closing: Closing | None = None) -> bool:
    """Delete the company, then its pointers, with the rows of `closing` in the same call. Return whether contacts may have been
    linked with it. Errors as in `update`."""

    def write(record: CompanyRecord) -> bool:
        payload = record.unsealed(CompanyPayload)
        transact = closing(record.tenant, record.sk, payload.source_ids) if closing else ()
        remove(record, _cause(actor, Action.COMPANY_DELETED), transact)
        return payload.lends

    return queries.VIEW.change_own(actor, company_id, if_match, write)


def remove(
    record: CompanyRecord, cause: Cause, transact: rows.TransactItems = (), holding: TenantRecord | None = None
) -> None:
    """Delete the version of the company that was read, and in the same write enter it in the journal and do `transact`;
    then delete its pointers.

    VersionConflict, also where `holding` does not stand at its version any more.
    """
    payload = record.unsealed(CompanyPayload)
    beside = [*_noted(record, payload, None, cause), *_asking(record, None), *transact, *rows.version_check(holding)]
    rows.delete_if_unchanged(record, beside)
    pointers.delete(pointers_of(record.tenant, record.sk, payload, every_version=True))


def pointers_of(
    tenant: TenantId, sk: SortKey, payload: CompanyPayload, *, every_version: bool = False
) -> list[Pointer]:
    """Return the pointers of whoever a company's texts name; under every key version where they are to be deleted."""
    return index_pointers(tenant, sk, (), payload.mentioned(), every_version=every_version)


def rewrite(
    record: CompanyRecord,
    after: CompanyPayload,
    cause: Cause,
    holding: TenantRecord | None = None,
    transact: rows.TransactItems = (),
    *,
    at_once: bool = False,
) -> None:
    """Write the company over the version that was read, and the journal and the rows `transact` with it: new pointers before,
    dropped ones after, or in the same write where `at_once` asks for that.

    VersionConflict, also where `holding` does not stand at its version any more."""
    before = record.unsealed(CompanyPayload)
    noted, visible = _noted(record, before, after, cause), before.own_view() != after.own_view()
    going = pointers.going(record, before, after, pointers_of) if at_once else ()
    beside: rows.TransactItems = [*noted, *_asking(record, after), *transact, *going, *rows.version_check(holding)]
    pointers.rewrite(
        record, CompanyPayload, after, pointers_of, lambda: rows.put_if_unchanged(record, beside, visible=visible)
    )


def _asking(record: CompanyRecord, after: CompanyPayload | None) -> list[TenantRecord]:
    """Return what says that contacts must follow the change, where they must."""
    follows = lent_names.changed(record.unsealed(CompanyPayload), after)
    return [lent_names.asking(record.tenant, ids.owner_of(record.sk))] if follows else []


def _cause(actor: Actor, action: Action) -> Cause:
    return Cause(action, days=actor.audit_days)


def entry(sk: SortKey, before: CompanyPayload | None, after: CompanyPayload | None) -> Entry:
    """Return what the journal says of a change. None: the company did not exist before, or is gone after."""
    others = audit.effect(*(payload and payload.shown() for payload in (before, after)))
    own = audit.effect(before and before.own_view(), after and after.own_view())
    return Entry(
        kind=KIND,
        id=str(ids.owned_of(PREFIX, sk)),
        own=own,
        others=others,
        shared_by=CompanyRecord.declared.shared_by,
        since=before.first_shown if before else "",
    )


def _noted(
    record: CompanyRecord, before: CompanyPayload | None, after: CompanyPayload | None, cause: Cause
) -> list[TenantRecord]:
    return audit.told(record.tenant, ids.owner_of(record.sk), cause, [entry(record.sk, before, after)])


def _changed(before: CompanyPayload, fields: Mapping[str, Any], at: str) -> CompanyPayload:
    update: dict[str, Any] = {name: fields[name] or None for name in ("tag", "notes") if name in fields}
    errors = []
    values: dict[str, list[Kept]] = {}
    for name in FIELDS:
        if name not in fields:
            continue
        value, there = fields[name], getattr(before, name)
        errors += held(name, value) if name == "domain" else []
        if (there.value if there else None) == (None if value == "" else value):
            continue  # what is sent again keeps its sources
        if name == "size":
            update[name] = None if value in (None, "") else KeptSize(value=value, sources={MEMBER: at})
        else:
            every = before.values_of(name)
            values[name] = survivorship.write(every, value, at) if value else survivorship.clear(every, at)
    update |= before.with_values(values)
    if not fields.get("name", before.name):
        errors.append(FieldError("name", FieldCode.MISSING, "A company needs a name."))
    if errors:
        raise Unprocessable(errors)
    return before.model_copy(update=update)


def _storable(tenant: TenantId, payload: CompanyPayload) -> CompanyPayload:
    return storable(tenant, payload, ())[0] or payload
