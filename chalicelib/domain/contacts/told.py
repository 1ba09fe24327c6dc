"""What a contact's person may learn of it, each value with its sources; and what it says is right, put in as the member's word.

Nothing of the member's notes, tags or company is told, and of a source never whose account or file it was.
"""

from collections.abc import Iterator, Sequence

from chalicelib.core import ids
from chalicelib.core.actor import Actor
from chalicelib.core.ids import SortKey, TenantId
from chalicelib.core.told import Changes, Ground, Said, SourceKind, Told
from chalicelib.domain.contacts import repository
from chalicelib.domain.contacts.model import KIND, LISTS, PREFIX, SINGLE, ContactPayload, key_of
from chalicelib.domain.contacts.records import ContactRecord
from chalicelib.domain.sources.provenance import COMPANY, COMPANY_HIDDEN, CRM_FILE, DROPPED, FILE, KEPT, MEMBER, Kept
from chalicelib.store import rows

_REPLACED = ("phones", "profile_urls")  # one of these is right instead of the others; an address is one more


def told(tenant: TenantId, record_sk: SortKey) -> Sequence[Told]:
    """Return every value that the contact holds of its person, shown or not; nothing where it has gone."""
    row = rows.get(ContactRecord, tenant, record_sk)
    return [] if row is None else of(row.unsealed(ContactPayload))


def of(payload: ContactPayload) -> list[Told]:
    """Return the same of a contact that was read."""
    values = [_told(name, kept) for name in (*SINGLE, *LISTS) for kept in payload.values_of(name)]
    heard = [payload.last_heard_at] if payload.last_heard_at else []
    noted = Said(source=SourceKind.SERVICE, at=payload.created_at, ground=Ground.HOLDER)
    others = [("kept_since", payload.created_at), *(("last_heard_at", at) for at in heard)]
    if payload.opted_out:
        others.append(("opted_out", "true"))
    return [
        *(each for each in values if each is not None),
        *(Told(kind=KIND, field=field, value=value, sources=[noted]) for field, value in others),
    ]


def correct(actor: Actor, record_sk: SortKey, changes: Changes) -> bool:
    """Put what the person says is right into the actor's own contact, as its member's word, which stands above every source.
    Return whether that changed anything. NotFound, AddressNotStorable, Unprocessable."""
    row = rows.get(ContactRecord, actor.tenant, record_sk)
    before = row.unsealed(ContactPayload) if row else ContactPayload()
    fields: dict[str, object] = {name: changes[name] for name in SINGLE if changes.get(name)}
    for name in LISTS:
        if changes.get(name):
            fields[name] = _with(before, name, changes[name])
    ident = ids.owned_of(PREFIX, record_sk)
    after = repository.update(actor, str(ident), fields).unsealed(ContactPayload)
    return after.own_view() != before.own_view()


def _with(before: ContactPayload, name: str, value: str) -> list[str]:
    key = key_of(name)
    others = [] if name in _REPLACED else [kept.value for kept in getattr(before, name)]
    return [value, *(other for other in others if key(other) != key(value))]


def _told(name: str, kept: Kept) -> Told | None:
    """One value; None where it says only that a value was taken away."""
    sources = list(_said(kept))
    return Told(kind=KIND, field=name, value=str(kept.value), sources=sources) if kept.value and sources else None


def _said(kept: Kept) -> Iterator[Said]:
    for source, at in sorted(kept.sources.items(), key=lambda item: (item[1], item[0])):
        if source not in DROPPED:
            kind, connector = _kind_of(source)
            yield Said(source=kind, connector=connector, at=at, ground=Ground.HOLDER)


def _kind_of(source: str) -> tuple[SourceKind, str]:
    """Whose word a source is, and by what: the layout of a file, the provider of an account; never which one."""
    if source in (MEMBER, *KEPT):
        return SourceKind.MEMBER, ""
    if source in (COMPANY, COMPANY_HIDDEN):
        return SourceKind.COMPANY, ""
    if source.startswith(FILE):
        return SourceKind.FILE, source.removeprefix(CRM_FILE).removeprefix(FILE)
    return SourceKind.CONNECTION, source.partition(":")[0]
