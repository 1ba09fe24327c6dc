"""A member's own words outlive their source: what is left of a contact whose connections no longer show it.

Where nobody else vouches for a contact that its member annotated, it stays as the member's own, with all that it showed. One
whose name and address the member gave itself is its own already, and loses what the connections added. What
only sources for the owner alone said, and what stays only for the sake of words that others do not see, nobody else sees.
"""

from collections.abc import Callable, Sequence

from chalicelib.domain.contacts.merge import without_sources
from chalicelib.domain.contacts.model import LISTS, SINGLE, ContactPayload, Kept, key_of
from chalicelib.domain.sources import survivorship
from chalicelib.domain.sources.provenance import (
    COMPANY,
    COMPANY_HIDDEN,
    DROPPED,
    KEPT,
    MEMBER,
    MEMBER_HIDDEN,
    MEMBER_KEPT,
    is_hidden,
)

Tagged = Callable[[str], bool]  # whether the member's company of that id has a tag
_WHO = ("first_name", "last_name", *LISTS)
_OWN_LINKS = ("", COMPANY_HIDDEN)  # company_from of what the member linked itself
_OURS = frozenset({MEMBER, COMPANY, COMPANY_HIDDEN, *KEPT, *DROPPED})


def is_annotated(payload: ContactPayload, tagged: Tagged) -> bool:
    """Return whether there are words of the member's own: a note, a value typed in, a link to a company or that company's tag."""
    linked = payload.company_id is not None and payload.company_from in _OWN_LINKS
    if linked or payload.notes is not None or _is_typed(payload):
        return True
    return payload.company_id is not None and tagged(payload.company_id)


def asks_for_tag(payload: ContactPayload) -> bool:
    """Return whether the tag of its company decides what stays."""
    return payload.company_id is not None and payload.company_from not in _OWN_LINKS


def left(
    payload: ContactPayload, sources: frozenset[str], at: str, tagged: Tagged, *, silent: bool = False
) -> ContactPayload | None:
    """Return what is left of the contact without these connections (as sources of values) at that time (RFC 3339), None where
    that is nobody; its times of changes are as they were. `silent`: they may show it again, so their names for it stay with
    what stays."""
    rest = without_sources(payload, sources)
    openly = _is_typed(payload) and not _is_vouched_for(rest, among_shared=True)
    wholly = not _is_vouched_for(rest) and is_annotated(payload, tagged)
    kept = {
        name: values
        for name in (*SINGLE, *LISTS)
        if (values := _kept(payload, rest, name, at, openly=openly, wholly=wholly)) != rest.values_of(name)
    }
    update: dict[str, object] = {}
    if kept:
        update = {"kept_from": sorted({*rest.kept_from, *(sources & _known(payload))})}
        update |= {"kept_at": rest.kept_at or at} if wholly else {}
    if payload.company_id is not None and payload.company_from in sources and tagged(payload.company_id):
        update |= {"company_id": payload.company_id, "company_from": MEMBER_HIDDEN}
        kept["company_name"] = _lent(payload, rest, at)
    if silent and update:
        update["source_ids"] = payload.source_ids
    after = rest.model_copy(update={**rest.with_values(kept), **update})
    return after if after.says_who else None


def without(payload: ContactPayload, sources: frozenset[str]) -> ContactPayload | None:
    """Return the same where the member wants nothing to be kept, nor what was kept of these connections before: None where
    neither the member nor anybody else gives a name or an address."""
    ours = KEPT if sources & set(payload.kept_from) else frozenset[str]()
    rest = without_sources(payload, sources | ours)
    stands = rest.first_name or rest.last_name or rest.emails or rest.profile_urls
    return rest.model_copy(update={"kept_at": "", "kept_from": []}) if stands and ours else rest if stands else None


def _is_typed(payload: ContactPayload) -> bool:
    return any(MEMBER in kept.sources for kept in payload.values())


def _is_vouched_for(payload: ContactPayload, *, among_shared: bool = False) -> bool:
    """Whether a file or a connection says who it is, or the member all by itself: a name and an address."""

    def saying(*names: str) -> set[str]:
        found = {source for name in names for kept in payload.values_of(name) for source in kept.sources} - DROPPED
        return {source for source in found if not (among_shared and is_hidden(source))}

    if saying(*_WHO) - _OURS:
        return True
    return bool(saying("first_name", "last_name") and saying("emails"))


def _known(payload: ContactPayload) -> set[str]:
    """The connections that it is known from."""
    return {*payload.seen, *(name.rpartition(":")[0] for name in payload.source_ids)}


def _kept(
    payload: ContactPayload, rest: ContactPayload, name: str, at: str, *, openly: bool, wholly: bool
) -> list[Kept]:
    """The values of a field that stay: what others say of it, and what was shown, to others `openly`, to the owner `wholly`."""
    left, every = rest.values_of(name), payload.values_of(name)
    for group in survivorship.elements(every, key_of(name)) if name in LISTS else [every]:
        shared = survivorship.chosen(group, among_shared=True, lends=False) if openly else None
        shown = survivorship.chosen(group) if wholly else None
        if shared is not None and not any(_says(kept, shared) and not _is_hidden(kept) for kept in left):
            left = _with(left, shared, MEMBER_KEPT, at)
        if shown is not None and not any(_says(kept, shown) for kept in left):
            left = _with(left, shown, MEMBER_HIDDEN, at)
    return left


def _says(kept: Kept, other: Kept) -> bool:
    return kept.value == other.value


def _is_hidden(kept: Kept) -> bool:
    return all(map(is_hidden, kept.sources))


def _with(values: Sequence[Kept], shown: Kept, source: str, at: str) -> list[Kept]:
    if any(_says(kept, shown) for kept in values):
        return [kept.also(source, at) if _says(kept, shown) else kept for kept in values]
    return [*values, Kept(value=shown.value, sources={source: at})]


def _lent(payload: ContactPayload, rest: ContactPayload, at: str) -> list[Kept]:
    """The names of the company, which its owner alone sees from now on."""
    lent = [kept for kept in payload.values_of("company_name") if survivorship.is_lent(kept)]
    own = next((kept for kept in lent if COMPANY_HIDDEN in kept.sources), lent[0] if lent else None)
    names = {COMPANY_HIDDEN: own.value} if own else {}
    return survivorship.lend(rest.values_of("company_name"), names, at)
