"""Erasing a person: the contact that holds its addresses goes; out of the texts of another one the person is cut."""

from chalicelib.core import clock
from chalicelib.core.ids import SortKey, TenantId
from chalicelib.domain.audit.model import SHORTEST_LIFE_DAYS, Action, By, Cause
from chalicelib.domain.contacts import repository, sole_trader
from chalicelib.domain.contacts.merge import stamped
from chalicelib.domain.contacts.model import ContactPayload
from chalicelib.domain.contacts.records import ContactRecord
from chalicelib.domain.redaction.texts import Cut, with_texts_redacted
from chalicelib.domain.suppression.model import Subject
from chalicelib.store import rows
from chalicelib.vault import tags

# Clients must hear of it; the log never shows what the system did, so it need not last longer than they are told.
_ERASED, _CUT = (
    Cause(action, By.SYSTEM, SHORTEST_LIFE_DAYS) for action in (Action.CONTACT_DELETED, Action.CONTACT_UPDATED)
)


def subject_of(tenant: TenantId, record_sk: SortKey, tag: str | None = None) -> Subject | None:
    """Return name and marks of a contact, read before it is erased. None where it has gone, or does not hold (any more)
    what the index tag was made of.

    A pointer alone proves nothing: one that a killed or overtaken change left behind must not delete who is there now.
    """
    row = rows.get(ContactRecord, tenant, record_sk)
    return _subject(row, tag) if row else None


def erase_contact(tenant: TenantId, record_sk: SortKey, tag: str | None = None) -> bool:
    """Delete the contact, then its pointers; before it, its company where that is the person. False where the contact has
    gone, or does not answer to the tag (any more).

    VersionConflict where it keeps changing.
    """

    def write(row: ContactRecord) -> bool:
        if _subject(row, tag) is None:
            return False
        sole_trader.erase(tenant, row.unsealed(ContactPayload))
        repository.remove(row, _ERASED, forget=True)
        return True

    return bool(rows.settle(rows.Key(ContactRecord, tenant, record_sk), write))


def redact_texts(tenant: TenantId, record_sk: SortKey, cut: Cut) -> bool:
    """Write the contact with its texts redacted; return whether they changed. VersionConflict where it changes
    meanwhile."""
    row = rows.get(ContactRecord, tenant, record_sk)
    before = row.unsealed(ContactPayload) if row else None
    after = with_texts_redacted(before, cut) if before else None
    if row is None or before is None or after is None:
        return False
    repository.rewrite(row, stamped(before, after, clock.rfc3339(clock.now())), _CUT, at_once=True)
    return True


def _subject(row: ContactRecord, tag: str | None) -> Subject | None:
    payload = row.unsealed(ContactPayload)
    marks = payload.held()
    found_by = (tags.subject_tags("index", mark.kind, mark.exact) for mark in (*marks, *payload.named()))
    if tag is not None and not any(tag in each for each in found_by):
        return None
    name, *also = payload.names() or [("", "")]
    companies, company_marks = sole_trader.of(row.tenant, payload)
    return Subject(payload.created_at, name, (*marks, *company_marks), tuple(also), companies)
