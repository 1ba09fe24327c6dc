"""Bringing a draft into a contact: what the member set stands, gaps are filled, lists are united, sources are noted.

A value that is there is never replaced by another one, so bringing in the same file again, or rows of one person that
differ, changes nothing and depends on no order of runs.
"""

from chalicelib.domain.contacts.drafts import ContactDraft
from chalicelib.domain.contacts.model import LISTS, SINGLE, ContactPayload, Kept, exact_or_text, keep

LONGEST = {"first_name": 200, "last_name": 200, "title": 300, "company_name": 300}
MOST = {"emails": 20, "phones": 20, "profile_urls": 20}


def merge(payload: ContactPayload, draft: ContactDraft, source: str, at: str) -> ContactPayload | None:
    """The contact with the draft brought in at that time (RFC 3339), or None where the draft changes nothing.

    Values equal to what is there only add the source. Texts are cut at their longest, lists at 20 values.
    """
    changed: dict[str, object] = {}
    for name in SINGLE:
        there, brought = getattr(payload, name), getattr(draft, name).strip()[: LONGEST[name]]
        single = _one(there, brought, source, at)
        if single is not there:
            changed[name] = single
    for name in LISTS:
        united = _united(name, getattr(payload, name), draft, source, at)
        if united != getattr(payload, name):
            changed[name] = united
    if draft.source_id and draft.source_id not in payload.source_ids:
        changed["source_ids"] = [*payload.source_ids, draft.source_id]
    if not changed:
        return None
    return stamped(payload, payload.model_copy(update=changed), at)


def stamped(before: ContactPayload, after: ContactPayload, at: str) -> ContactPayload:
    """`after` with its times set: `shown_at` moves only where a colleague could see a difference."""
    fresh = after.model_copy(update={"updated_at": at})
    shown = [payload.shown(with_companies=True) for payload in (before, after)]
    return fresh.model_copy(update={"shown_at": at}) if shown[0] != shown[1] else fresh


def _one(there: Kept | None, brought: str, source: str, at: str) -> Kept | None:
    if not brought:
        return there
    if there is None:
        return keep(brought, source, at)
    return there.also(source, at) if there.value == brought else there


def _united(name: str, there: list[Kept], draft: ContactDraft, source: str, at: str) -> list[Kept]:
    known = {exact_or_text(name, kept.value): kept for kept in there}
    for value, exact in draft.keyed(name):
        if exact in known:
            known[exact] = known[exact].also(source, at)
        elif len(known) < MOST[name]:
            known[exact] = Kept(value=value, sources={source: at})
    return list(known.values())
