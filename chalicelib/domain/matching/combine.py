"""One contact out of two, and two out of one again: pure functions of what is sealed.

Every source's value is kept with its source and so with its privacy class; which is shown is settled by sources.survivorship, as
for every contact. What the two sides bar from use (an opt-out, a restriction) holds for the one.
"""

from collections.abc import Mapping, Sequence
from typing import TypeVar

from chalicelib.core.written import LONGEST_NOTES
from chalicelib.domain.contacts.merge import stamped
from chalicelib.domain.contacts.model import LISTS, SINGLE, ContactPayload
from chalicelib.domain.sources import survivorship
from chalicelib.domain.sources.provenance import COMPANY_HIDDEN, Kept

K = TypeVar("K", bound=Kept)
_OWN_LINKS = ("", COMPANY_HIDDEN)


class TooLong(Exception):
    """The notes of both have no room in one."""


def contacts(first: ContactPayload, second: ContactPayload, at: str) -> ContactPayload:
    """Return `first` with all of `second` in it, merged at that time (RFC 3339). TooLong."""
    linked = _whose_link(first, second)
    values: dict[str, list[Kept]] = {}
    for name in (*SINGLE, *LISTS):
        ours, theirs = first.values_of(name), second.values_of(name)
        if name == "company_name":
            ours = ours if linked is first else survivorship.lend(ours, {}, at)
            theirs = theirs if linked is second else survivorship.lend(theirs, {}, at)
        values[name] = joined(ours, theirs)
    free = first.model_copy(update={"restricted": first.restricted or second.restricted})
    both_kept = bool(first.kept_at and second.kept_at)
    update: dict[str, object] = {
        **free.with_values(values),
        "source_ids": list(dict.fromkeys([*first.source_ids, *second.source_ids])),
        "company_id": linked.company_id,
        "company_from": linked.company_from,
        "notes": _notes(first.notes, second.notes),
        "last_heard_at": max(first.last_heard_at or "", second.last_heard_at or "") or None,
        "seen": _latest(first.seen, second.seen),
        "opted_out": first.opted_out or second.opted_out,
        "over_at": first.over_at if first.over_at and second.over_at else "",
        "kept_at": first.kept_at if both_kept else "",
        "kept_from": sorted({*first.kept_from, *second.kept_from}),
    }
    return stamped(first, free.model_copy(update=update), at)


def parted(
    first: ContactPayload, merged: ContactPayload, now: ContactPayload, gone: frozenset[str], at: str
) -> ContactPayload:
    """Return what of a contact stays when another leaves it: `first` as it was before they were `merged`, with what was written
    `now` since, by its member, by files, and by connections but those that go with the other (`gone`, as sources)."""
    values = {
        name: since(first.values_of(name), merged.values_of(name), now.values_of(name), gone)
        for name in (*SINGLE, *LISTS)
    }
    update: dict[str, object] = {
        **first.with_values(values),
        "source_ids": _since(first.source_ids, merged.source_ids, now.source_ids, gone),
        "seen": {**first.seen, **{source: now.seen[source] for source in first.seen if source in now.seen}},
        "opted_out": first.opted_out or (now.opted_out and not merged.opted_out),
        "last_heard_at": first.last_heard_at if now.last_heard_at == merged.last_heard_at else now.last_heard_at,
        "notes": first.notes if now.notes == merged.notes else now.notes,
    }
    if (now.company_id, now.company_from) != (merged.company_id, merged.company_from):
        update |= {"company_id": now.company_id, "company_from": now.company_from}
    return stamped(now, first.model_copy(update=update), at)


def joined(ours: Sequence[K], theirs: Sequence[K]) -> list[K]:
    """Return the values of both, one for each text, with the sources and times of both."""
    found = list(ours)
    for kept in theirs:
        at = next((index for index, each in enumerate(found) if each.value == kept.value), None)
        if at is None:
            found.append(kept)
        else:
            found[at] = _also(found[at], kept)
    return found


def since(first: Sequence[K], merged: Sequence[K], now: Sequence[K], gone: frozenset[str]) -> list[K]:
    """Return the first's values of a field, with what was said since the merge and without what was taken back since."""
    before, after = _said(merged), _said(now)
    dropped = before - after
    left = [
        kept
        for each in first
        if (kept := each.without(frozenset(s for s in each.sources if (each.value, s) in dropped))) is not None
    ]
    fresh = [
        kept
        for each in now
        if (kept := each.without(frozenset(s for s in each.sources if (each.value, s) in before or s in gone)))
        is not None
    ]
    return joined(left, fresh)


def _said(values: Sequence[Kept]) -> set[tuple[str, str]]:
    return {(str(kept.value), source) for kept in values for source in kept.sources}


def _since(first: Sequence[str], merged: Sequence[str], now: Sequence[str], gone: frozenset[str]) -> list[str]:
    fresh = [each for each in now if each not in merged and each.rpartition(":")[0] not in gone]
    return [*(each for each in first if each in now), *fresh]


def _also(kept: K, other: K) -> K:
    for source, at in other.sources.items():
        kept = kept.also(
            source, at, other.changed_at(source, among_shared=False), other.changed_at(source, among_shared=True)
        )
    return kept


def _whose_link(first: ContactPayload, second: ContactPayload) -> ContactPayload:
    """The one whose company stays linked: a link of the member's own goes before one that a connection made."""
    linked = [each for each in (first, second) if each.company_id is not None]
    own = [each for each in linked if each.company_from in _OWN_LINKS]
    return next(iter([*own, *linked]), first)


def _notes(first: str | None, second: str | None) -> str | None:
    said = list(dict.fromkeys(note for note in (first, second) if note))
    whole = "\n\n".join(said)
    if len(whole) > LONGEST_NOTES:
        raise TooLong
    return whole or None


def _latest(first: Mapping[str, str], second: Mapping[str, str]) -> dict[str, str]:
    return {source: max(first.get(source, ""), second.get(source, "")) for source in {**first, **second}}
