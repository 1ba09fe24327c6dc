"""Bringing a draft into a contact: what the member set stands, gaps are filled, lists are united, sources are noted.

`merge` is for files: a value that is there is never replaced by another one, so bringing in the same file again, or rows of
one person that differ, changes nothing and depends on no order of runs. `follow` is for connections: what the source alone
vouched for is replaced by what it says now. Both let a value that only a CRM knows, and nobody else may see, give way to one
that may be seen: else a CRM would decide what colleagues see of other sources.
"""

from collections.abc import Iterator

from chalicelib.domain.contacts.draft import ContactDraft
from chalicelib.domain.contacts.model import LISTS, SINGLE, ContactPayload, Kept, exact_or_text, keep
from chalicelib.domain.sources.provenance import lent, shareable, source_is_hidden

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


def follow(payload: ContactPayload, draft: ContactDraft, source: str, at: str) -> ContactPayload:
    """The contact as the source has it now, at that time (RFC 3339); the same object where that changes nothing.

    A value that the source does not say any more goes with it, unless the member or another source vouches for it too.
    """
    alone = frozenset({source})
    changed: dict[str, object] = {}
    for name in SINGLE:
        there, brought = getattr(payload, name), getattr(draft, name).strip()[: LONGEST[name]]
        if there is not None and there.value != brought:
            there = there.without(alone)
        changed[name] = _one(there, brought, source, at)
    for name in LISTS:
        present = {exact for _, exact in draft.keyed(name)}
        left = list(_still(name, getattr(payload, name), present, alone))
        changed[name] = _united(name, left, draft, source, at)
    if draft.source_id and draft.source_id not in payload.source_ids:
        changed["source_ids"] = [*payload.source_ids, draft.source_id]
    if draft.opted_out:
        changed["opted_out"] = True
    if payload.company_id is None or payload.company_from == source:
        # One that the source does not name (any more) is not linked; the same one again keeps whoever linked it first.
        changed |= {"company_id": draft.company_id, "company_from": source if draft.company_id else ""}
    after = payload.model_copy(update=changed)
    return payload if after == payload else stamped(payload, after, at)


def without_sources(payload: ContactPayload, sources: frozenset[str]) -> ContactPayload:
    """The contact without what only these connections (as sources of values) say, and without their names for it. Its times
    are as they were; nobody may be left."""
    linked = payload.company_from in sources
    return payload.model_copy(
        update={
            **{name: kept.without(sources) if (kept := getattr(payload, name)) else None for name in SINGLE},
            **{name: list(_still(name, getattr(payload, name), set(), sources)) for name in LISTS},
            "source_ids": [name for name in payload.source_ids if name.rpartition(":")[0] not in sources],
            "seen": {source: at for source, at in payload.seen.items() if source not in sources},
            **({"company_id": None, "company_from": ""} if linked else {}),
        }
    )


def _still(name: str, there: list[Kept], present: set[str], sources: frozenset[str]) -> Iterator[Kept]:
    """The values that are present, or that others than these sources vouch for."""
    for kept in there:
        left = kept if exact_or_text(name, kept.value) in present else kept.without(sources)
        if left is not None:
            yield left


def stamped(before: ContactPayload, after: ContactPayload, at: str) -> ContactPayload:
    """`after` with its times set: those of what is shown move only where a colleague could see a difference."""
    update = {"updated_at": at}
    was, shown = (payload.shown(with_companies=True) for payload in (before, after))
    if was != shown:
        update["shown_at"] = at
    if was is None and shown is not None and at != after.created_at:
        update["shown_from"] = at
    return after.model_copy(update=update)


def _one(there: Kept | None, brought: str, source: str, at: str) -> Kept | None:
    if not brought:
        return there
    if there is not None and there.value == brought:
        return there.also(source, at)
    return keep(brought, source, at) if there is None or _gives_way(there, source) else there


def _gives_way(there: Kept, source: str) -> bool:
    """Whether others may see what the source says, and not what is there. The name of a company that the member linked stays."""
    return shareable(there) is None and not source_is_hidden(source) and not lent(there)


def _united(name: str, there: list[Kept], draft: ContactDraft, source: str, at: str) -> list[Kept]:
    known = {exact_or_text(name, kept.value): kept for kept in there}
    for value, exact in draft.keyed(name):
        if exact in known:
            spelt = value if _gives_way(known[exact], source) else known[exact].value
            known[exact] = known[exact].also(source, at).model_copy(update={"value": spelt})
        elif len(known) < MOST[name]:
            known[exact] = Kept(value=value, sources={source: at})
    return list(known.values())
