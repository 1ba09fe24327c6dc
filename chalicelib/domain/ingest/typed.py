"""What a member types in meets what the member has: the same question as for files and connections, before a contact is made."""

from collections.abc import Mapping
from itertools import count
from typing import Any

from chalicelib.core import clock, ids
from chalicelib.core.actor import Actor
from chalicelib.core.codes import FieldCode
from chalicelib.core.errors import AlreadyThere, FieldError, Unprocessable
from chalicelib.domain.audit.model import Cause
from chalicelib.domain.contacts import linking, queries, repository
from chalicelib.domain.contacts.merge import MOST
from chalicelib.domain.contacts.model import KIND, LISTS, MEMBER, PREFIX, ContactPayload, key_of
from chalicelib.domain.contacts.records import ContactRecord
from chalicelib.domain.ingest import at_once, identity, notes, upsert
from chalicelib.domain.ingest.contacts import ContactItem, Contacts
from chalicelib.domain.ingest.upsert import GONE, Item, Origin
from chalicelib.store import batch, rows
from chalicelib.store.transactions import TransactItems


def add(actor: Actor, fields: Mapping[str, Any], *, merge: bool = False) -> tuple[ContactRecord, bool]:
    """Create a contact of the actor, or bring the fields into the one that is this person already, if `merge`. Return the
    contact, and whether it is new.

    AlreadyThere with its id where it is there and `merge` is not said; only the actor's own contacts are asked. Other
    refusals as in `repository.checked`.
    """
    tries = count()
    return rows.retry(lambda: _add(actor, fields, next(tries), merge=merge))


def _add(actor: Actor, fields: Mapping[str, Any], tried: int, *, merge: bool) -> tuple[ContactRecord, bool]:
    at = clock.rfc3339(clock.now())
    payload = repository.checked(actor, None, fields, at)
    who = identity.who_is(payload)
    beside = at_once.conditions(actor, (f"{KIND}\0{mark.kind}\0{mark.exact}" for mark in who.own), tried=tried)
    known = _known(actor, who)
    if known is not None and not merge:
        raise AlreadyThere(str(ids.owned_of(PREFIX, known.sk)))
    if known is not None:
        found: ContactItem = Item([], known.sk, known, known.unsealed(ContactPayload))
        way = _Typing(actor, fields, at)
        way.bring(found)
        upsert.put(Contacts(way.origin), [found], way, at)
        if found.skip != GONE and found.row is not None:
            return found.row, False
    return repository.create(actor, payload, beside), True


class _Typing:
    """How what a member types is brought into a contact: texts over those that stand, list values beside them."""

    told_first = False
    holding = None

    def __init__(self, actor: Actor, fields: Mapping[str, Any], at: str) -> None:
        self._actor, self._fields, self._at = actor, fields, at
        self.origin = Origin(
            tenant=actor.tenant,
            owner=actor.code,
            source=MEMBER,
            lives=lambda _: actor.lives,
            cause=lambda action: Cause(action, days=actor.audit_days),
        )

    def bring(self, item: ContactItem) -> None:
        """Set the item's new payload. Errors as in `repository.checked`; Unprocessable(too_many, too_long) where there is no
        room beside what stands."""
        before = item.before or ContactPayload(created_at=self._at)
        item.after = repository.checked(self._actor, before, _together(before, self._fields), self._at)

    def with_change(self, item: ContactItem) -> TransactItems:
        """Return what must hold of the company that it is linked with anew."""
        return linking.guard(self.origin.tenant, item.before, item.wanted, self._at)


def _known(actor: Actor, who: identity.Who) -> ContactRecord | None:
    """The actor's contact that is this person; none that is past its life."""
    (sks,) = identity.Holders(actor.tenant, actor.code).candidates([who])
    if not sks:
        return None
    own = queries.VIEW.ranges(actor)[0]
    found = batch.get_all(ContactRecord, [(actor.tenant, sk) for sk in sks]).values()
    rows = {row.sk: row for row in found if queries.VIEW.see(own, row) is not None}
    chosen = identity.chosen(who, {sk: row.unsealed(ContactPayload) for sk, row in rows.items()})
    return rows[chosen] if chosen is not None else None


def _together(before: ContactPayload, fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields as a change of the contact that clears nothing, and neither takes a value of a list away nor moves one: the
    first address stays the first."""
    told = {name: value for name, value in fields.items() if value}
    errors: list[FieldError] = []
    for name in LISTS:
        if name in told:
            key, there = key_of(name), getattr(before, name)
            sent = {key(text): text for text in map(str.strip, told[name])}
            told[name] = [*(sent.pop(key(kept.value), kept.value) for kept in there), *sent.values()]
            if len(told[name]) > max(MOST[name], len(there)):
                errors.append(FieldError(name, FieldCode.TOO_MANY, f"A contact has at most {MOST[name]} of these."))
    if "notes" in told:
        told["notes"], wrong = notes.below(before.notes, told["notes"])
        errors += wrong
    if errors:
        raise Unprocessable(errors)
    return told
