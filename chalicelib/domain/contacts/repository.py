"""Writing contacts: checked against the tombstones, pointers before the record, what is dropped after it."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from chalicelib.core import clock, ids
from chalicelib.core.actor import Actor
from chalicelib.core.errors import AddressNotStorable
from chalicelib.core.identifiers import EmailAddress
from chalicelib.core.ids import SortKey, TenantId
from chalicelib.core.versions import Versions
from chalicelib.domain.audit import journal as audit
from chalicelib.domain.audit.model import VIEWS, Action, Cause, Entry
from chalicelib.domain.contacts import edits, linking, queries
from chalicelib.domain.contacts.correspondence import exchange_sk
from chalicelib.domain.contacts.merge import restricted_as
from chalicelib.domain.contacts.model import KIND, PREFIX, ContactPayload, record_sk, seen_of
from chalicelib.domain.contacts.records import ContactRecord, ExchangeRecord
from chalicelib.domain.redaction.likeness import also_meant
from chalicelib.domain.redaction.texts import storable
from chalicelib.domain.sources import links
from chalicelib.domain.sources.model import Fate
from chalicelib.domain.suppression.model import marks_of
from chalicelib.domain.suppression.tombstones import index_pointers
from chalicelib.store import pointers, rows
from chalicelib.store.pointers import Pointer
from chalicelib.store.records import TenantRecord
from chalicelib.store.transactions import MOST_AT_ONCE

T = TypeVar("T")
_POINTERS_WITHIN = (
    MOST_AT_ONCE - 3 - len(VIEWS)
)  # beside the record, its company, the journal, and what colleagues are told


def checked(actor: Actor, before: ContactPayload | None, fields: Mapping[str, Any], at: str) -> ContactPayload:
    """Return what these fields make of a contact of the actor, or of a new one, at that time (RFC 3339); the same object where
    they change nothing. Nothing is written. AddressNotStorable for a role's or an erased address, all alike;
    Unprocessable where a field is invalid, which goes before, or nobody is named."""
    payload = edits.changed(actor, before or ContactPayload(created_at=at), fields, at)
    kept, restricted = _storable(actor.tenant, payload, fields.get("emails"))
    return restricted_as(kept, at, restricted=restricted)


def create(actor: Actor, payload: ContactPayload, beside: rows.TransactItems = ()) -> ContactRecord:
    """Write a new contact of the actor, which `checked` has made, with the rows `beside` it, and return it."""
    ident = ids.new_owned(PREFIX, actor.member, ids.timeless())
    record, held = prepare(actor.tenant, record_sk(ident.owner, ident.local), payload)
    room = _POINTERS_WITHIN - len(beside)
    before, within = held[room:], held[:room]
    if before:
        pointers.write(before)
    noted = _noted(record, None, payload, Cause(Action.CONTACT_CREATED, days=actor.audit_days))
    guard = linking.guard(actor.tenant, None, payload, payload.created_at)
    rows.put_new(record, [*noted, *guard, *beside, *(pointer.as_record() for pointer in within)])
    return record


def update(actor: Actor, contact_id: str, fields: Mapping[str, Any], if_match: Versions | None = None) -> ContactRecord:
    """Set these fields of the contact (None clears), and return it. NotFound, Forbidden(not_owner), PreconditionFailed
    where `if_match` names other versions; refusals as in `checked`. What makes one person's contacts of two is a member's own
    affair: nothing is joined, and nothing refused."""

    def write(record: ContactRecord) -> ContactRecord:
        before = record.unsealed(ContactPayload)
        at = clock.rfc3339(clock.now())
        after = checked(actor, before, fields, at)
        if after != before:
            guard = linking.guard(actor.tenant, before, after, at)
            rewrite(record, after, Cause(Action.CONTACT_UPDATED, days=actor.audit_days), transact=guard)
        return record

    return queries.VIEW.change_own(actor, contact_id, if_match, write)


def delete(actor: Actor, contact_id: str, if_match: Versions | None = None) -> None:
    """Delete the contact, then its pointers; a connection that shows it does not bring it back. Errors as in `update`."""
    cause = Cause(Action.CONTACT_DELETED, days=actor.audit_days)
    queries.VIEW.change_own(actor, contact_id, if_match, lambda record: remove(record, cause, fate=Fate.DROPPED))


def prepare(tenant: TenantId, sk: SortKey, payload: ContactPayload) -> tuple[ContactRecord, list[Pointer]]:
    """Return a new contact's row and its pointers, for bulk writing: pointers first. Nothing is written or checked
    here."""
    return ContactRecord.build(tenant, sk, payload), pointers_of(tenant, sk, payload)


def pointers_of(
    tenant: TenantId, sk: SortKey, payload: ContactPayload, *, every_version: bool = False
) -> list[Pointer]:
    """Return the contact's pointers; under every key version where they are to be deleted."""
    holds = (*payload.held(), *payload.named())
    return index_pointers(tenant, sk, holds, payload.mentioned(), every_version=every_version)


def rewrite(
    record: ContactRecord,
    after: ContactPayload,
    cause: Cause,
    holding: TenantRecord | None = None,
    transact: rows.TransactItems = (),
    *,
    at_once: bool = False,
) -> None:
    """Write the contact over the version that was read, and the journal and the rows `transact` with it: new pointers before,
    dropped ones after, or in the same write where `at_once` asks for that.

    VersionConflict, also where `holding` does not stand at its version any more."""
    before = record.unsealed(ContactPayload)
    noted, visible = _noted(record, before, after, cause), before.own_view() != after.own_view()
    going = pointers.going(record, before, after, pointers_of) if at_once else ()
    beside: rows.TransactItems = [*noted, *transact, *going, *rows.version_check(holding)]
    pointers.rewrite(
        record, ContactPayload, after, pointers_of, lambda: rows.put_if_unchanged(record, beside, visible=visible)
    )


def remove(
    record: ContactRecord,
    cause: Cause,
    *,
    fate: Fate | None = None,
    forget: bool = False,
    holding: TenantRecord | None = None,
) -> None:
    """Delete the version that was read, and with it what hangs on it, and write the journal; then its pointers go.

    `fate` is what the connections that show it are told of it; `forget`: they know nothing of it any more, so that what they
    show is as new; without either that is left to the caller. VersionConflict, also where `holding` does not stand at its
    version any more."""
    payload = record.unsealed(ContactPayload)
    transact: list[TenantRecord | rows.DeleteIfPresent] = [
        *_noted(record, payload, None, cause),
        rows.DeleteIfPresent(ExchangeRecord, exchange_sk(record.sk)),
    ]
    if fate is not None:
        transact += links.closing(record.tenant, record.sk, payload.source_ids, fate)
    elif forget:
        transact += links.going(record.tenant, KIND, payload.source_ids)
    rows.delete_if_unchanged(record, [*transact, *rows.version_check(holding)])
    pointers.delete(pointers_of(record.tenant, record.sk, payload, every_version=True))


def absorb(
    record: ContactRecord, after: ContactPayload, gone: ContactRecord, cause: Cause, transact: rows.TransactItems
) -> None:
    """Write the contact over the version that was read and delete `gone`, which is a part of it now, with the journal and the
    rows `transact`, in one call; then delete its pointers. VersionConflict where either does not stand as it was read."""
    payload = gone.unsealed(ContactPayload)
    rewrite(
        record, after, cause, transact=[rows.DeleteIfUnchanged(gone), *_noted(gone, payload, None, cause), *transact]
    )
    pointers.delete(pointers_of(gone.tenant, gone.sk, payload, every_version=True))


def part(
    record: ContactRecord, after: ContactPayload, back: ContactRecord, cause: Cause, transact: rows.TransactItems
) -> None:
    """Write the contact over the version that was read and the new row `back` beside it, which was a part of it, with the journal
    and the rows `transact`, in one call; its pointers before. VersionConflict as in `absorb`, and where `back` is there."""
    payload = back.unsealed(ContactPayload)
    pointers.write(pointers_of(back.tenant, back.sk, payload))
    rewrite(record, after, cause, transact=[rows.PutIf(back, new=True), *_noted(back, None, payload, cause), *transact])


def entry(sk: SortKey, before: ContactPayload | None, after: ContactPayload | None) -> Entry:
    """Return what the journal says of a change. None: the contact did not exist before, or is gone after."""
    both = (before, after)
    bare = full = audit.effect(*seen_of(*both, with_companies=True))
    if any(payload and payload.names_company for payload in both):
        bare = audit.effect(*seen_of(*both, with_companies=False))
    views = both if before is None or after is None else (before.own_view(), after.own_view())
    own = audit.effect(*views)
    ident = str(ids.owned_of(PREFIX, sk))
    since = before.first_shown if before else ""
    shared_by = ContactRecord.declared.shared_by
    return Entry(kind=KIND, id=ident, own=own, others=full, bare=bare, shared_by=shared_by, since=since)


def _noted(
    record: ContactRecord, before: ContactPayload | None, after: ContactPayload | None, cause: Cause
) -> list[TenantRecord]:
    return audit.told(record.tenant, ids.owner_of(record.sk), cause, [entry(record.sk, before, after)])


def _storable(tenant: TenantId, payload: ContactPayload, sent: Sequence[str] | None) -> tuple[ContactPayload, bool]:
    """Return what may be stored of it, erased people cut out of its texts, and whether its person is restricted.

    AddressNotStorable after the same question to the suppression whether an address is a role's or erased, or may mean one that
    is: nothing tells them apart."""
    addresses = [EmailAddress.parse(text) for text in sent or ()]
    role = any(each.is_role for each in addresses)
    meant = [EmailAddress.parse(other) for each in addresses for other in also_meant(each)]
    held = payload.held()
    kept, restricted = storable(tenant, payload, [*held, *marks_of(meant)], [*held, *payload.named()])
    if kept is None or role:
        raise AddressNotStorable
    return kept, restricted
