"""Erasing a person: the contacts that hold its addresses go; what notes say of it is cut, and the rest of them stays."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

from chalicelib.core import clock
from chalicelib.core.errors import VersionConflict
from chalicelib.domain.audit.model import SHORTEST_LIFE_DAYS, Action, By, Cause
from chalicelib.domain.companies import repository as companies
from chalicelib.domain.companies.model import KIND as COMPANY_KIND
from chalicelib.domain.companies.model import CompanyPayload
from chalicelib.domain.companies.model import stamped as company_stamped
from chalicelib.domain.companies.records import CompanyRecord
from chalicelib.domain.contacts import repository
from chalicelib.domain.contacts.merge import stamped
from chalicelib.domain.contacts.model import KIND, ContactPayload
from chalicelib.domain.contacts.records import ContactRecord
from chalicelib.domain.redaction.names import PersonName
from chalicelib.domain.redaction.prose import redacted
from chalicelib.domain.sources import links
from chalicelib.domain.suppression.model import Mark, with_aliases
from chalicelib.domain.suppression.tombstones import index_pointers
from chalicelib.store import pointers, rows
from chalicelib.store.pointers import Pointer, Role
from chalicelib.vault import tags
from chalicelib.vault.tags import Identifier

# Clients must hear of it; the log never shows what the system did, so it need not last longer than they are told.
_ERASED, _CUT, _COMPANY_CUT = (
    Cause(action, By.SYSTEM, SHORTEST_LIFE_DAYS)
    for action in (Action.CONTACT_DELETED, Action.CONTACT_UPDATED, Action.COMPANY_UPDATED)
)
_ATTEMPTS = 5  # at a row that its member keeps changing; the caller's next pass comes again


@dataclass(frozen=True)
class ErasedContact:
    """What an erased contact was known by: what is tombstoned within its tenant, and cut from notes there."""

    name: PersonName
    marks: tuple[Mark, ...]
    created_at: str

    def answers_to(self, tag: str) -> bool:
        """Whether the contact holds what this index tag was made of. A pointer alone does not prove it: one that a
        killed or overtaken change left behind must not delete the person who is there now."""
        return any(_has_tag(mark, (tag,)) for mark in self.marks)


def subject_of(tenant: str, record_sk: str) -> ErasedContact | None:
    """Name and marks of a contact, read before it is erased, so that they can be kept first. None where it has gone."""
    row = rows.get(ContactRecord, tenant, record_sk)
    return None if row is None else _subject(row)


def erase_contact(tenant: str, record_sk: str, tag: str | None = None) -> ErasedContact | None:
    """Delete the contact, then its pointers; None where it has gone, or does not answer to the tag (any more).

    VersionConflict where it keeps changing.
    """
    for _ in range(_ATTEMPTS):
        row = rows.get(ContactRecord, tenant, record_sk)
        if row is None:
            return None
        subject = _subject(row)
        if tag is not None and not subject.answers_to(tag):
            return None
        try:
            repository.remove(row, _ERASED, forget=True)
        except VersionConflict:
            continue
        return subject
    raise VersionConflict


def forget_copies(tenant: str, marks: Iterable[Mark]) -> None:
    """Delete what is kept of the records of connections that these marks name. Safe to repeat."""
    links.drop(tenant, KIND, [mark.exact for mark in marks if mark.kind is Identifier.SOURCE])


def cut_mentions(
    tenant: str,
    record_sk: str,
    marks: Iterable[Mark],
    names: Sequence[PersonName],
    *,
    tagged: Collection[str] = (),
    settled: bool = True,
) -> bool:
    """Cut these identifiers, those with these index tags, and the names, from the notes of a contact or company; whether
    they changed.

    The pointers by which the notes were found go too; where record or mention are not there, only once it is `settled`
    that no write under way, whose pointers come first, is still to bring them. Safe to repeat.
    VersionConflict where the record keeps changing.
    """
    wanted = with_aliases(marks)

    def redact(note: str) -> str:
        return redacted(note, wanted, names, lambda mark: _has_tag(mark, tagged))

    cut = {KIND: _cut_contact, COMPANY_KIND: _cut_company}[record_sk.split("#", 1)[0]]
    for _ in range(_ATTEMPTS):
        try:
            changed = cut(tenant, record_sk, redact)
        except VersionConflict:
            continue
        if changed or settled:
            gone = index_pointers(tenant, record_sk, (), wanted, every_version=True)
            pointers.delete([*gone, *(Pointer(tenant, tag, Role.MENTIONS, record_sk) for tag in tagged)])
        return changed
    raise VersionConflict


def _has_tag(mark: Mark, tagged: Collection[str]) -> bool:
    return any(tag in tagged for tag in tags.subject_tags("index", mark.kind, mark.exact))


def _subject(row: ContactRecord) -> ErasedContact:
    payload = row.unsealed(ContactPayload)
    first, last = (kept.value if kept else "" for kept in (payload.first_name, payload.last_name))
    return ErasedContact(PersonName(first, last), payload.held(), payload.created_at)


def _cut_contact(tenant: str, sk: str, redact: Callable[[str], str]) -> bool:
    row = rows.get(ContactRecord, tenant, sk)
    before = row.unsealed(ContactPayload) if row else None
    if row is None or before is None or before.notes is None:
        return False
    notes = redact(before.notes)
    if notes == before.notes:
        return False
    after = before.model_copy(update={"notes": notes})
    repository.rewrite(row, stamped(before, after, clock.rfc3339(clock.now())), _CUT)
    return True


def _cut_company(tenant: str, sk: str, redact: Callable[[str], str]) -> bool:
    row = rows.get(CompanyRecord, tenant, sk)
    before = row.unsealed(CompanyPayload) if row else None
    if row is None or before is None or before.notes is None:
        return False
    notes = redact(before.notes)
    if notes == before.notes:
        return False
    after = before.model_copy(update={"notes": notes})
    companies.rewrite(row, company_stamped(before, after, clock.rfc3339(clock.now())), _COMPANY_CUT)
    return True
